"""Who may be recruited: classes, people treated by reference, teams, reviews, the same person nominated twice."""

from datetime import date

import pytest

from policies.engine.pack import Pack
from policies.talent.classes import (
    HonourFacts,
    ReferenceFacts,
    SeniorFacts,
    class_one_fits,
    class_three_fits,
    class_two_fits,
    reference_is_open,
)
from policies.talent.reviews import (
    DuplicateFacts,
    OtherProject,
    ReviewsFacts,
    contract_may_be_made,
    person_is_nominated_once,
)
from policies.talent.teams import (
    Member,
    TeamFacts,
    ages_are_mixed,
    core_titles_suffice,
    masters_suffice,
    team_is_complete,
)
from policies.vocabulary import Title

WITH = Member("full_senior", True, True, 55)
WITHOUT = Member("associate_senior", False, False, 40)
DEGREE_ONLY = Member("associate_senior", False, True, 33)
UNKNOWN = Member("associate_senior")


@pytest.mark.parametrize(
    ("facts", "first", "second"),
    [
        (HonourFacts("discipline_leader", "province", True), "class_1", None),
        (HonourFacts("discipline_leader", "city", True), "level_short", "class_2"),
        (HonourFacts("discipline_leader", "national", True), None, None),
        (HonourFacts("famous_doctor", "province", True), "class_1", "class_2"),
        (HonourFacts("famous_doctor", "county", True), "level_short", "level_short"),
        (HonourFacts("famous_doctor", "province", False), "evidence_missing", "evidence_missing"),
        (HonourFacts("committee_officer", "province", True, None), None, None),
        (HonourFacts("committee_officer", "province", True, False), "post_short", "post_short"),
        (HonourFacts("committee_officer", "city", True, True, "yes"), "level_short", "class_2"),
        (HonourFacts("committee_officer", "province", True, True, "no"), "not_in_class", "not_in_class"),
    ],
)
def test_classes_one_and_two_go_by_level_and_proof(
    talent: Pack, facts: HonourFacts, first: str | None, second: str | None
) -> None:
    for found, outcome in ((class_one_fits(facts, talent), first), (class_two_fits(facts, talent), second)):
        assert found.outcome == outcome
        assert found.effect == {"class_1": "allow", "class_2": "allow", None: "ask"}.get(outcome, "block")


def test_whether_a_branch_is_of_level_two_or_above_is_asked_with_both_readings(talent: Pack) -> None:
    asked = class_one_fits(HonourFacts("committee_officer", "province", True, True), talent)
    assert (asked.effect, [each.outcome for each in asked.readings]) == ("ask", ["class_1", "not_in_class"])


@pytest.mark.parametrize(
    ("since", "outcome", "effect"),
    [
        (date(2021, 3, 2), "years_short", "block"),
        (date(2021, 3, 1), None, "ask"),
        (None, None, "ask"),
    ],
)
def test_as_78_five_years_are_five_full_years_and_ability_is_for_people(
    talent: Pack, since: date | None, outcome: str | None, effect: str
) -> None:
    """2021-03-02 to 2026-03-01: 4 years and 364 days have ended on the day before the nomination."""
    found = class_three_fits(SeniorFacts("grade_3a", "associate_senior", since, date(2026, 3, 1)), talent)
    assert (found.outcome, found.effect) == (outcome, effect)


def test_as_78_ability_is_found_by_people_alone(talent: Pack) -> None:
    def found(**said: str) -> str | None:
        facts = {"home": "grade_3a", "title": "full_senior", "senior_since": date(2020, 1, 1), "on": date(2026, 3, 1)}
        finding = class_three_fits(SeniorFacts(**(facts | said)), talent)  # type: ignore[arg-type]
        assert finding.effect == {"class_3": "allow", None: "ask"}.get(finding.outcome, "block")
        return finding.outcome

    assert found() is None
    assert (found(ability="yes"), found(ability="no")) == ("class_3", "ability_not_found")
    assert found(ability="yes", title="intermediate") == "title_short"
    assert found(ability="yes", home="other") is None, "and others: the text leaves the kinds open"
    assert found(ability="yes", home="other", home_settled="yes") == "class_3"
    assert found(ability="yes", home="other", home_settled="no") == "home_unfit"


def test_people_of_this_city_are_asked_about_and_equal_conditions_are_for_the_commission(talent: Pack) -> None:
    asked = reference_is_open(ReferenceFacts(from_own_city=True, equal_conditions="yes"), talent)
    assert (asked.effect, {each.outcome for each in asked.readings}) == ("ask", {"own_city", "by_reference"})
    assert reference_is_open(ReferenceFacts(None, "yes"), talent).effect == "ask"
    assert reference_is_open(ReferenceFacts(False), talent).effect == "ask"
    assert reference_is_open(ReferenceFacts(False, "yes"), talent).outcome == "by_reference"
    refused = reference_is_open(ReferenceFacts(False, "no"), talent)
    assert (refused.outcome, refused.effect) == ("not_equal", "block")
    assert reference_is_open(ReferenceFacts(True, "yes", "yes"), talent).outcome == "by_reference"
    left_out = reference_is_open(ReferenceFacts(True, "yes", "no"), talent)
    assert (left_out.outcome, left_out.effect) == ("own_city", "block")


@pytest.mark.parametrize(
    ("leaders", "core", "outcome", "effect"),
    [(1, 2, "team_small", "warn"), (1, 3, "complete", "allow"), (0, 3, "leaders_unfit", "warn"),
     (2, 3, "leaders_unfit", "warn")],
)  # fmt: skip
def test_as_69_a_team_has_one_leader_and_three_core_members(
    talent: Pack, leaders: int, core: int, outcome: str, effect: str
) -> None:
    found = team_is_complete(TeamFacts((WITH,) * leaders, (WITH,) * core), talent)
    assert (found.outcome, found.effect) == (outcome, effect)


@pytest.mark.parametrize(
    ("title", "outcome"), [("associate_senior", "titles_suffice"), ("intermediate", "title_short")]
)
def test_core_members_are_associate_senior_and_the_leader_goes_by_the_classes(
    talent: Pack, title: Title, outcome: str
) -> None:
    team = TeamFacts((Member("none"),), (WITH, WITH, Member(title)))
    found = core_titles_suffice(team, talent)
    assert (found.outcome, found.effect) == (outcome, "allow" if outcome == "titles_suffice" else "warn")


def test_as_70_sixty_percent_is_reached_on_both_bases(talent: Pack) -> None:
    found = masters_suffice(TeamFacts((WITH,), (WITH,) * 3 + (WITHOUT,) * 2), talent)
    assert (found.outcome, found.effect, found.readings) == ("share_reached", "allow", ())
    assert (found.figures["core_share"], found.figures["whole_with"], found.figures["whole"]) == (60, 4, 6)


def test_as_72_both_bases_below_sixty_percent_warn(talent: Pack) -> None:
    found = masters_suffice(TeamFacts((WITH,), (WITH,) * 2 + (WITHOUT,) * 3), talent)
    assert (found.outcome, found.effect) == ("share_below", "warn")
    assert (found.figures["core_share"], found.figures["whole_share"]) == (40, 50)


def test_where_the_two_bases_differ_the_commission_is_asked(talent: Pack) -> None:
    """Three of five core members are 60 %; with a leader without it, three of six are 50 %."""
    team = TeamFacts((WITHOUT,), (WITH,) * 3 + (WITHOUT,) * 2)
    asked = masters_suffice(team, talent)
    assert (asked.outcome, [each.outcome for each in asked.readings]) == (None, ["share_reached", "share_below"])
    assert masters_suffice(TeamFacts(team.leaders, team.core, base="core"), talent).outcome == "share_reached"
    assert masters_suffice(TeamFacts(team.leaders, team.core, base="whole"), talent).outcome == "share_below"


@pytest.mark.parametrize("open_member", [DEGREE_ONLY, Member("full_senior", True, False), UNKNOWN])
def test_a_degree_without_graduate_education_is_asked_where_it_matters(talent: Pack, open_member: Member) -> None:
    matters = TeamFacts((WITH,), (WITH,) * 2 + (open_member,) + (WITHOUT,) * 2)
    assert masters_suffice(matters, talent).effect == "ask"
    does_not = TeamFacts((WITH,), (WITH,) * 4 + (open_member,))
    assert masters_suffice(does_not, talent).outcome == "share_reached"


def test_what_is_settled_of_one_of_the_two_holds_and_the_unknown_stays_open(talent: Pack) -> None:
    def outcome(member: Member, settled: str) -> str | None:
        core = (WITH,) * 2 + (member,) + (WITHOUT,) * 2
        return masters_suffice(TeamFacts((WITH,), core, one_of_two=settled), talent).outcome  # type: ignore[arg-type]

    assert (outcome(DEGREE_ONLY, "yes"), outcome(DEGREE_ONLY, "no")) == ("share_reached", "share_below")
    assert (outcome(UNKNOWN, "yes"), outcome(UNKNOWN, "no")) == (None, None)
    assert outcome(Member("full_senior", None, True), "yes") == "share_reached"
    assert outcome(Member("full_senior", None, False), "no") == "share_below"
    assert masters_suffice(TeamFacts((WITH,), ()), talent).effect == "ask"


def test_ages_are_shown_and_judged_by_people(talent: Pack) -> None:
    team = TeamFacts((WITH,), (WITHOUT, DEGREE_ONLY, UNKNOWN))
    asked = ages_are_mixed(team, talent)
    assert (asked.effect, asked.figures) == ("ask", {"ages": (33, 40, 55), "unknown": 1})
    assert ages_are_mixed(TeamFacts(team.leaders, team.core, ages="no"), talent).effect == "warn"
    assert ages_are_mixed(TeamFacts(team.leaders, team.core, ages="yes"), talent).outcome == "mixed"


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        (ReviewsFacts(), "pending"),
        (ReviewsFacts("pass", "pass", "pass"), "pending"),
        (ReviewsFacts("pass", "pass", "pass", "filed"), "may_contract"),
        (ReviewsFacts("pass", "pending", "pass"), "out_of_order"),
        (ReviewsFacts("pass", "pass", "pending", "filed"), "out_of_order"),
        (ReviewsFacts("fail"), "reason_missing"),
        (ReviewsFacts("fail", reason="资格不符"), "not_selected"),
        (ReviewsFacts("pass", "return", reason="补材料"), "returned"),
    ],
)
def test_three_reviews_and_the_filing_stand_in_order_before_a_contract(
    talent: Pack, facts: ReviewsFacts, outcome: str
) -> None:
    found = contract_may_be_made(facts, talent)
    assert (found.outcome, found.effect) == (outcome, "allow" if outcome == "may_contract" else "block")


def test_the_step_that_is_open_is_named(talent: Pack) -> None:
    steps = [ReviewsFacts(), ReviewsFacts("pass"), ReviewsFacts("pass", "pass"), ReviewsFacts("pass", "pass", "pass")]
    named = [contract_may_be_made(each, talent).figures["step"] for each in steps]
    assert named == ["资格审核", "初步遴选", "综合评价", "备案"]


FIRST, LAST = date(2026, 3, 1), date(2027, 2, 28)


@pytest.mark.parametrize(
    ("other", "outcome", "effect"),
    [
        ((None, None), "second_project", "warn"),
        ((date(2027, 3, 1), None), "second_project", "warn"),
        ((None, date(2026, 2, 28)), "second_project", "warn"),
        ((date(2025, 3, 1), date(2026, 2, 28)), "no_overlap", "allow"),
        ((date(2025, 3, 1), FIRST), None, "ask"),
        ((FIRST, LAST), "second_project", "warn"),
        ((date(2027, 3, 1), date(2027, 12, 31)), "no_overlap", "allow"),
        ((date(2027, 2, 28), date(2027, 12, 31)), None, "ask"),
    ],
)
def test_a_second_project_in_the_banner_is_said_at_the_nomination(
    talent: Pack, other: tuple[date | None, date | None], outcome: str | None, effect: str
) -> None:
    found = person_is_nominated_once(DuplicateFacts("甲", FIRST, LAST, (OtherProject("乙", *other),)), talent)
    assert (found.outcome, found.effect) == (outcome, effect)
    assert found.figures["projects"] == 2
    assert person_is_nominated_once(DuplicateFacts("甲", FIRST, LAST), talent).outcome == "only_project"


def test_of_several_projects_one_that_overlaps_in_part_is_enough_to_ask(talent: Pack) -> None:
    apart = OtherProject("乙", date(2028, 1, 1), date(2028, 12, 31))
    same, partly = OtherProject("丙", FIRST, LAST), OtherProject("丁", LAST, date(2027, 12, 31))

    def effect(*others: OtherProject) -> str:
        return person_is_nominated_once(DuplicateFacts("甲", FIRST, LAST, others), talent).effect

    assert (effect(apart, same), effect(apart, partly), effect(same, partly)) == ("warn", "ask", "ask")
    assert (effect(apart), effect(apart, apart)) == ("allow", "allow")
