"""OT-S1, S2, S4 to S11: each item by its own bands, every gap a range (G-7, G-8, G-12)."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import get_args

import pytest

from policies.engine.finding import Finding
from policies.engine.pack import Pack
from policies.talent.growth_items import GrowthFacts, income_earns, visits_earn
from policies.talent.judged_items import CapacityFacts, GivenBy, StaffFacts, capacity_earns, staff_satisfaction_earns
from policies.talent.mentoring_item import MentoringFacts, Rating, mentoring_earns
from policies.talent.research_items import PaperFacts, ResearchFacts, Work, papers_earn, research_earns
from policies.talent.technique_items import (
    Established,
    IntroductionFacts,
    SpecialtyFacts,
    TechniqueFacts,
    introduction_earns,
    specialty_earns,
    techniques_earn,
)


def points(finding: Finding) -> int | tuple[int, int]:
    """The exact points, or the range while the item is open; that the finding says the same everywhere is proved."""
    found, least, most = (finding.figures[name] for name in ("points", "least", "most"))
    assert isinstance(least, Fraction)
    assert isinstance(most, Fraction)
    if found is None:
        assert finding.outcome is None or not finding.outcome.startswith("points_")
        assert finding.range in {None, (least, most)}
        assert (finding.ask is None) == (finding.range is None)
        return int(least), int(most)
    assert isinstance(found, Fraction)
    assert (found, found) == (least, most)
    assert finding.outcome == f"points_{found}"
    return int(found)


def growth(percent: str) -> GrowthFacts:
    return GrowthFacts(1000 + Decimal(percent) * 10, Decimal(1000))


@pytest.mark.parametrize(
    ("percent", "earned"),
    [("-5", 0), ("15.0", 0), ("15.1", (0, 10)), ("19.9", (0, 10)), ("20.0", 10), ("29.9", 10), ("30.0", 15)],
)
def test_as_54_the_bands_of_the_growth_of_visits(talent: Pack, percent: str, earned: int | tuple[int, int]) -> None:
    assert points(visits_earn(growth(percent), talent)) == earned


@pytest.mark.parametrize(
    ("percent", "earned"),
    [("10.0", 0), ("10.1", (0, 10)), ("15", (0, 10)), ("19.9", (0, 10)), ("20.0", 10), ("29.9", 10), ("30.0", 15)],
)
def test_the_gap_of_income_begins_above_10_percent(talent: Pack, percent: str, earned: int | tuple[int, int]) -> None:
    assert points(income_earns(growth(percent), talent)) == earned


def test_visits_and_income_share_no_number(talent: Pack) -> None:
    of_visits = {name for name, each in talent.parameters.items() if each.rule == "OT-S1"}
    of_income = {name for name, each in talent.parameters.items() if each.rule == "OT-S2"}
    changed = {name: replace(talent.parameters[name], value=1) for name in of_visits}
    other = replace(talent, parameters=talent.parameters | changed)

    assert (len(of_visits), len(of_income), of_visits & of_income) == (5, 5, set())
    assert income_earns(growth("30"), other) == income_earns(growth("30"), talent)
    assert points(visits_earn(growth("30"), other)) == 1


def test_g_7_a_growth_in_the_gap_shows_both_readings_and_asks_the_commission(talent: Pack) -> None:
    finding = visits_earn(growth("18"), talent)

    assert (finding.effect, finding.basis) == ("ask", "default")
    assert [each.outcome for each in finding.readings] == ["points_0", "points_10"]
    assert finding.ask is not None
    assert "旗卫健委" in finding.ask.zh
    assert "高于15%、低于20%" in finding.explanation.zh


def test_a_growth_just_beyond_a_line_never_reads_as_on_it(talent: Pack) -> None:
    finding = visits_earn(GrowthFacts(Decimal("1150.01"), Decimal(1000)), talent)

    assert points(finding) == (0, 10)
    assert "15.01%" in finding.explanation.zh


@pytest.mark.parametrize(
    "facts",
    [GrowthFacts(), GrowthFacts(Decimal(5)), GrowthFacts(None, Decimal(5)), GrowthFacts(Decimal(5), Decimal(0))],
)
def test_without_a_base_nothing_is_scored(talent: Pack, facts: GrowthFacts) -> None:
    assert points(visits_earn(facts, talent)) == (0, 15)
    assert points(income_earns(facts, talent)) == (0, 15)


def test_the_same_months_of_a_part_year_are_shown_and_confirmed_by_people(talent: Pack) -> None:
    facts = replace(growth("25"), months="same_months")

    assert points(visits_earn(facts, talent)) == (0, 15)
    assert "25.00%" in visits_earn(facts, talent).explanation.zh
    assert points(visits_earn(replace(facts, comparison="confirmed"), talent)) == 10


def test_a_figure_that_two_experts_share_is_asked(talent: Pack) -> None:
    facts = replace(growth("25"), experts=2)

    assert points(visits_earn(facts, talent)) == (0, 15)
    assert visits_earn(facts, talent).readings[0].outcome == "points_10"
    assert points(visits_earn(replace(facts, shared="confirmed"), talent)) == 10


RATINGS = (
    Rating("mentee", "m1", Decimal(9)),
    Rating("mentee", "m2", Decimal(7)),
    Rating("department_head", "h", Decimal(8)),
    Rating("expert", "e", Decimal(10)),
)
ONE_PERSON = (
    Rating("department_head", "h", Decimal(8), "p-1"),
    Rating("expert", "e", Decimal(10), "p-1"),
)
PANEL = MentoringFacts(RATINGS, ("p1", "p2"), Decimal("8.5"), "带教计划全部完成")


def test_the_ratings_are_shown_and_never_averaged(talent: Pack) -> None:
    heard = mentoring_earns(replace(PANEL, points=None), talent)

    assert points(heard) == (0, 10)
    assert heard.figures["mentee"] == (9, 7)
    assert heard.figures["expert"] == (10,)
    given = mentoring_earns(PANEL, talent)
    assert given.figures["points"] == Fraction(17, 2)
    assert mentoring_earns(replace(PANEL, ratings=(*RATINGS[:3], Rating("expert", "e", Decimal(0)))), talent).figures[
        "points"
    ] == Fraction(17, 2)


def test_def_12_people_are_told_apart_by_who_they_are_and_a_name_alone_only_asks_for_a_reason(talent: Pack) -> None:
    known = (Rating("department_head", "王芳", Decimal(8), "p-1"), Rating("expert", "王芳", Decimal(10), "p-2"))
    assert mentoring_earns(replace(PANEL, ratings=(RATINGS[0], *known)), talent).effect != "block"
    namesake = replace(PANEL, ratings=(Rating("mentee", "王芳", Decimal(9)), *known))
    assert mentoring_earns(namesake, talent).outcome == "same_name_unexplained"
    assert mentoring_earns(replace(namesake, same_name="护理部王芳"), talent).effect != "block"


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        (replace(PANEL, ratings=RATINGS[:3]), "ratings_missing"),
        (replace(PANEL, ratings=(*RATINGS[:2], *ONE_PERSON)), "raters_not_apart"),
        (replace(PANEL, ratings=(*RATINGS[:2], *ONE_PERSON), same_name="同名"), "raters_not_apart"),
        (replace(PANEL, ratings=(Rating("mentee", "h", Decimal(9)), *RATINGS[1:])), "same_name_unexplained"),
        (replace(PANEL, panel=("p1", "e")), "same_name_unexplained"),
        (replace(PANEL, points=Decimal("10.5")), "unfit_points"),
        (replace(PANEL, ratings=(*RATINGS, Rating("mentee", "m3", Decimal(11)))), "unfit_points"),
        (replace(PANEL, reason=" "), "reason_missing"),
    ],
)
def test_what_does_not_fit_gives_no_points(talent: Pack, facts: MentoringFacts, outcome: str) -> None:
    finding = mentoring_earns(facts, talent)

    assert (finding.outcome, finding.effect, points(finding)) == (outcome, "block", (0, 10))


@pytest.mark.parametrize(("number", "earned"), [(0, 0), (1, 0), (2, 5), (3, 8), (4, 8), (5, 10), (9, 10)])
def test_as_57_applications_for_new_techniques(talent: Pack, number: int, earned: int) -> None:
    assert points(techniques_earn(TechniqueFacts(number), talent)) == earned


def test_applications_at_a_higher_level_are_asked_where_they_matter(talent: Pack) -> None:
    assert points(techniques_earn(TechniqueFacts(1, higher_level=1), talent)) == (0, 5)
    assert points(techniques_earn(TechniqueFacts(3, higher_level=1), talent)) == 8
    assert points(techniques_earn(TechniqueFacts(), talent)) == (0, 10)


@pytest.mark.parametrize(
    ("introduced", "pilot", "earned"),
    [
        (True, True, 10),
        (False, False, 0),
        (True, False, (0, 10)),
        (False, True, (0, 10)),
        (True, None, (0, 10)),
        (None, None, (0, 10)),
        (False, None, (0, 10)),
    ],
)
def test_as_62_g_8_a_technique_introduced_and_no_pilot_is_asked(
    talent: Pack, *, introduced: bool | None, pilot: bool | None, earned: int | tuple[int, int]
) -> None:
    assert points(introduction_earns(IntroductionFacts(introduced, pilot), talent)) == earned


def test_as_61_applied_for_and_not_established_gives_nothing(talent: Pack) -> None:
    finding = specialty_earns(SpecialtyFacts("not_established", assisted=True), talent)

    assert (points(finding), finding.basis) == (0, "text")


def test_g_8_a_specialty_gives_full_marks_on_proof_and_else_is_asked(talent: Pack) -> None:
    for established in get_args(Established):
        for assisted in (True, False, None):
            expected: int | tuple[int, int] = (0, 10)
            if established == "not_established":
                expected = 0
            elif (established, assisted) == ("in_year", True):
                expected = 10
            assert points(specialty_earns(SpecialtyFacts(established, assisted), talent)) == expected


@pytest.mark.parametrize(
    ("counted", "unsettled", "earned"), [(1, 0, 0), (2, 0, 5), (0, 1, 0), (1, 1, (0, 5)), (2, 3, 5), (None, 0, (0, 5))]
)
def test_as_60_g_8_papers(talent: Pack, counted: int | None, unsettled: int, earned: int | tuple[int, int]) -> None:
    assert points(papers_earn(PaperFacts(counted, unsettled), talent)) == earned


PAPER = Work("paper", "yes", "yes")
PROJECT = Work("project", "yes", "yes")


@pytest.mark.parametrize(
    ("works", "earned"),
    [
        (None, (0, 5)),
        ((), 0),
        ((PAPER,), 5),
        ((PROJECT,), 5),
        ((replace(PAPER, fits="no"),), 0),
        ((replace(PAPER, fits="open"),), (0, 5)),
        ((replace(PROJECT, employer_first="no"),), 0),
        ((replace(PROJECT, employer_first="open"),), (0, 5)),
        ((replace(PAPER, employer_first="no"),), (0, 5)),
        ((replace(PAPER, employer_first="no"), PROJECT), 5),
        ((replace(PAPER, used_in_item_8=True),), (0, 5)),
        ((replace(PAPER, used_in_item_8=True, agreed="yes"),), 5),
        ((replace(PAPER, used_in_item_8=True, agreed="no"),), 0),
    ],
)
def test_g_8_research_gives_full_marks_on_proof_and_what_is_unclear_is_asked(
    talent: Pack, works: tuple[Work, ...] | None, earned: int | tuple[int, int]
) -> None:
    assert points(research_earns(ResearchFacts(works), talent)) == earned


def test_g_8_whether_the_first_unit_binds_papers_shows_both_readings(talent: Pack) -> None:
    finding = research_earns(ResearchFacts((replace(PAPER, employer_first="no"),)), talent)

    assert [each.outcome for each in finding.readings] == ["points_0", "points_5"]
    assert "是否也约束论文" in (finding.ask.zh if finding.ask else "")


def survey(percent: str) -> StaffFacts:
    return StaffFacts(Decimal(percent), 3, 10, 60)


@pytest.mark.parametrize(
    ("percent", "earned"),
    [("59.9", 0), ("60.0", 0), ("69.9", 0), ("70.0", 2), ("79.9", 2), ("80.0", 3), ("90.0", 5)],
)
def test_as_58_g_12_the_bands_of_staff_satisfaction(talent: Pack, percent: str, earned: int) -> None:
    finding = staff_satisfaction_earns(survey(percent), talent)

    assert points(finding) == earned
    assert finding.figures["sample"] == 73


@pytest.mark.parametrize("changed", ["leaders", "middle", "staff"])
@pytest.mark.parametrize("number", [None, 0])
def test_a_survey_without_one_of_the_three_groups_is_asked(talent: Pack, changed: str, number: int | None) -> None:
    facts = StaffFacts(**(vars(survey("95")) | {changed: number}))

    assert points(staff_satisfaction_earns(facts, talent)) == (0, 5)
    assert points(staff_satisfaction_earns(StaffFacts(), talent)) == (0, 5)


def test_a_gap_that_a_pack_leaves_is_asked_and_never_taken_for_nothing(talent: Pack) -> None:
    """Another text may leave a gap where this one has none."""
    lower = {name: replace(talent.parameters[name], value=0) for name in ("staff_none", "techniques_none")}
    other = replace(talent, parameters=talent.parameters | lower)

    assert points(staff_satisfaction_earns(survey("65"), other)) == (0, 5)
    assert points(techniques_earn(TechniqueFacts(1), other)) == (0, 10)


def test_more_than_all_cannot_be_satisfied(talent: Pack) -> None:
    assert staff_satisfaction_earns(survey("100.1"), talent).outcome == "percent_unfit"


@pytest.mark.parametrize("by", get_args(GivenBy))
def test_as_66_only_the_commission_gives_the_points_of_item_11(talent: Pack, by: GivenBy) -> None:
    finding = capacity_earns(CapacityFacts(Decimal(4), by, "日常监管"), talent)

    assert points(finding) == (4 if by == "commission" else (0, 5))
    assert finding.outcome == ("points_4" if by == "commission" else "not_the_commission")
    assert finding.effect == ("allow" if by == "commission" else "block")


def test_item_11_has_a_reason_and_at_most_five_points(talent: Pack) -> None:
    assert points(capacity_earns(CapacityFacts(), talent)) == (0, 5)
    assert capacity_earns(CapacityFacts(Decimal(6), "commission", "x"), talent).outcome == "unfit_points"
    assert capacity_earns(CapacityFacts(Decimal(5), "commission"), talent).outcome == "reason_missing"
