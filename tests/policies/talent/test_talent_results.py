"""Goals of a year, when an assessment is due, conclusions, acceptance, files and the report of what has ended."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.engine.pack import Pack
from policies.talent.early_end import PartFacts, part_is_assessed
from policies.talent.files import FileFacts, ReportFacts, ending_is_reported, file_is_complete
from policies.talent.periods import Basis, Period, PeriodFacts, assessment_is_due, periods_of
from policies.talent.results import (
    AcceptanceFacts,
    ConsequenceFacts,
    GradeFacts,
    PartOpinion,
    ResultFacts,
    acceptance_grade_is_given,
    acceptance_is_complete,
    consequences_are_decided,
    result_is_filed,
)
from policies.talent.targets import DepartmentFacts, HospitalYear, YearFacts, department_is_named, year_reaches_goal

PARTS = ("项目完成情况", "人员到位情况", "建设资金使用情况")
JULY, JUNE = date(2027, 7, 1), date(2027, 6, 30)


def year(*hospitals: tuple[int, int, int], today: date = JUNE) -> YearFacts:
    return YearFacts(today, tuple(HospitalYear(f"医院{at}", *each) for at, each in enumerate(hospitals)))


def test_the_goal_of_ten_and_ten_is_reported_and_reminded_of_from_the_middle_of_the_year(talent: Pack) -> None:
    short = year_reaches_goal(year((5, 9, 10)), talent)
    assert (short.outcome, short.effect, short.figures["remind"]) == ("not_reached", "report", False)
    assert year_reaches_goal(year((5, 9, 10), today=JULY), talent).figures["remind"] is True
    assert year_reaches_goal(year((5, 10, 9)), talent).outcome == "not_reached"
    reached = year_reaches_goal(year((10, 10, 10), today=JULY), talent)
    assert (reached.outcome, reached.effect, reached.readings) == ("reached", "report", ())
    assert reached.figures["remind"] is False


def test_a_contract_for_one_of_the_three_named_departments_is_reported_as_such(talent: Pack) -> None:
    named = department_is_named(DepartmentFacts("旗蒙医综合医院骨伤科"), talent)
    other = department_is_named(DepartmentFacts("旗蒙医综合医院内科"), talent)
    assert [(each.outcome, each.effect) for each in (named, other)] == [("named", "report"), ("other", "report")]


def test_members_of_teams_and_teams_are_both_counted_and_each_hospital_is_shown(talent: Pack) -> None:
    found = year_reaches_goal(year((2, 7, 6), (3, 3, 4)), talent)
    assert (found.figures["people"], found.figures["contracts"], found.figures["trained"]) == (10, 5, 10)
    assert found.figures["hospitals"] == {
        "医院0": {"people": 7, "contracts": 2, "trained": 6},
        "医院1": {"people": 3, "contracts": 3, "trained": 4},
    }
    assert [each.outcome for each in found.readings] == ["reached", "not_reached", "not_reached"]
    assert "PD" in found.defaults


@pytest.mark.parametrize(
    ("facts", "period"),
    [
        # Seven months in 2026, then whole calendar years, then two months that stand alone.
        (PeriodFacts(date(2026, 6, 1), date(2028, 2, 28), date(2026, 12, 31), "calendar_year"), None),
        (PeriodFacts(date(2026, 6, 1), date(2028, 2, 28), date(2027, 1, 1), "calendar_year"),
         (date(2026, 6, 1), date(2026, 12, 31))),
        # Six months on the day are enough.
        (PeriodFacts(date(2026, 7, 1), date(2027, 6, 30), date(2027, 1, 1), "calendar_year"),
         (date(2026, 7, 1), date(2026, 12, 31))),
        # A day less is merged with the next year.
        (PeriodFacts(date(2026, 7, 2), date(2027, 12, 31), date(2027, 1, 1), "calendar_year"), None),
        (PeriodFacts(date(2026, 7, 2), date(2027, 12, 31), date(2028, 1, 1), "calendar_year"),
         (date(2026, 7, 2), date(2027, 12, 31))),
        # Three months and three months: merged, and assessed once, at the end.
        (PeriodFacts(date(2026, 10, 1), date(2027, 3, 31), date(2027, 1, 1), "calendar_year"), None),
        (PeriodFacts(date(2026, 10, 1), date(2027, 3, 31), date(2027, 4, 1), "calendar_year"),
         (date(2026, 10, 1), date(2027, 3, 31))),
        # A contract of two months all the same has one assessment.
        (PeriodFacts(date(2026, 10, 1), date(2026, 11, 30), date(2026, 12, 1), "calendar_year"),
         (date(2026, 10, 1), date(2026, 11, 30))),
        (PeriodFacts(date(2026, 3, 1), date(2028, 2, 29), date(2027, 2, 28), "contract_year"), None),
        (PeriodFacts(date(2026, 3, 1), date(2028, 2, 29), date(2027, 3, 1), "contract_year"),
         (date(2026, 3, 1), date(2027, 2, 28))),
    ],
)  # fmt: skip
def test_cor_24_a_year_with_less_than_six_months_is_merged_with_the_next(
    talent: Pack, facts: PeriodFacts, period: tuple[date, date] | None
) -> None:
    found = assessment_is_due(facts, talent)
    if period is None:
        assert found.outcome == "not_due"
    else:
        assert (found.outcome, found.figures["first_day"], found.figures["last_day"]) == ("due", *period)


def test_cor_24_a_last_part_that_can_be_merged_with_nothing_is_asked(talent: Pack) -> None:
    facts = PeriodFacts(date(2026, 6, 1), date(2027, 2, 28), date(2027, 3, 1), "calendar_year")
    asked = assessment_is_due(facts, talent)
    assert (asked.outcome, asked.figures["first_day"]) == (None, date(2027, 1, 1))
    assert {each.outcome for each in asked.readings} == {"due", "left_to_acceptance"}


def test_g_9_a_plan_without_a_year_of_assessment_is_asked_where_the_years_differ(talent: Pack) -> None:
    contract = (date(2026, 3, 1), date(2029, 2, 28))
    asked = assessment_is_due(PeriodFacts(*contract, date(2027, 1, 4)), talent)
    assert (asked.effect, [each.outcome for each in asked.readings]) == ("ask", ["due", "not_due"])
    assert "assessment_basis" in asked.inputs["parameters"]  # type: ignore[operator]
    assert assessment_is_due(PeriodFacts(*contract, date(2026, 12, 1)), talent).outcome == "not_due"
    one_day = PeriodFacts(date(2026, 5, 4), date(2026, 5, 4), date(2026, 5, 5))
    assert assessment_is_due(one_day, talent).outcome == "due", "both years end with the contract"
    whole_year = PeriodFacts(date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 4))
    assert assessment_is_due(whole_year, talent).outcome == "due", "both years are one here"
    assert assessment_is_due(PeriodFacts(contract[1], contract[0], contract[0]), talent).effect == "ask"


DAYS = st.dates(date(2026, 1, 1), date(2029, 12, 31))


@given(DAYS, DAYS, st.sampled_from(["calendar_year", "contract_year"]))
def test_g_9_periods_cover_a_contract_without_gap_and_there_is_at_least_one(
    talent: Pack, one: date, other: date, basis: Basis
) -> None:
    first, last = min(one, other), max(one, other)
    periods = periods_of(PeriodFacts(first, last, last, basis), basis, talent.parameters["assessment_months"])
    assert periods[0].first_day == first
    assert periods[-1].last_day == last
    assert not periods[0].is_stub
    assert [each.is_stub for each in periods[:-1]] == [False] * (len(periods) - 1)
    for before, after in pairwise(periods):
        assert (after.first_day - before.last_day).days == 1
    assert Period(first, last) in periods or len(periods) > 1


@pytest.mark.parametrize(
    ("facts", "outcome", "effect"),
    [
        (ResultFacts("quarterly", False), "copied", "allow"),
        (ResultFacts("final", False, "consent"), "not_concluded", "block"),
        (ResultFacts("final", True), "pending", "block"),
        (ResultFacts("final", True, "return"), "reason_missing", "block"),
        (ResultFacts("final", True, "return", "佐证不足"), "returned", "block"),
        (ResultFacts("final", True, "consent"), "filed", "allow"),
    ],
)
def test_cor_01_the_employer_concludes_and_the_commission_consents_and_files(
    talent: Pack, facts: ResultFacts, outcome: str, effect: str
) -> None:
    found = result_is_filed(facts, talent)
    assert (found.outcome, found.effect) == (outcome, effect)


def test_g_1_the_three_parts_of_an_acceptance_make_no_grade(talent: Pack) -> None:
    asked = acceptance_grade_is_given(GradeFacts("employer", reason="三部分均完成"), talent)
    assert (asked.outcome, asked.effect) == (None, "ask")
    assert acceptance_grade_is_given(GradeFacts("employer", "unqualified", "资金"), talent).outcome == "unqualified"


def test_two_grades_given_by_the_employer_with_a_reason(talent: Pack) -> None:
    given = acceptance_grade_is_given(GradeFacts("employer", "qualified", "三部分均完成"), talent)
    assert (given.outcome, given.effect, given.figures["grade"]) == ("qualified", "allow", "合格")
    refused = (GradeFacts("commission", "qualified", "理由"), GradeFacts("employer", "qualified", " "))
    found = [acceptance_grade_is_given(each, talent) for each in refused]
    assert [(each.outcome, each.effect) for each in found] == [
        ("not_the_employer", "block"),
        ("reason_missing", "block"),
    ]


def test_the_acceptance_comes_after_the_term_and_has_three_parts(talent: Pack) -> None:
    last = date(2027, 2, 28)
    whole = tuple(PartOpinion(part, "已完成") for part in PARTS)
    early = acceptance_is_complete(AcceptanceFacts(last, last, whole), talent)
    assert (early.outcome, early.effect) == ("term_open", "block")
    after = date(2027, 3, 1)
    assert acceptance_is_complete(AcceptanceFacts(last, after, whole), talent).outcome == "complete"
    blank = (*whole[:2], PartOpinion(PARTS[2], " "))
    short = acceptance_is_complete(AcceptanceFacts(last, after, blank), talent)
    assert (short.effect, short.figures["missing"]) == ("block", (PARTS[2],))


def test_what_follows_from_a_grade_is_decided_by_people(talent: Pack) -> None:
    assert consequences_are_decided(ConsequenceFacts("unqualified"), talent).effect == "ask"
    assert consequences_are_decided(ConsequenceFacts("qualified", "as_agreed"), talent).effect == "ask"
    assert consequences_are_decided(ConsequenceFacts("qualified", "as_agreed", "yes"), talent).outcome == "decided"
    assert consequences_are_decided(ConsequenceFacts("unqualified", "as_agreed", "yes"), talent).outcome == "decided"


def test_one_person_has_one_file_and_what_is_missing_only_warns(talent: Pack) -> None:
    held = ("推荐申报表", "备案表", "合同书")
    assert file_is_complete(FileFacts("signed", held), talent).outcome == "complete"
    missing = file_is_complete(FileFacts("executing", held), talent)
    assert (missing.effect, missing.figures["missing"]) == ("warn", ("季度小结", "到岗记录"))
    assert file_is_complete(FileFacts("filed", ()), talent).figures["missing"] == held[:2]
    assert file_is_complete(FileFacts("assessed", (*held, "季度小结", "到岗记录")), talent).figures["missing"] == (
        "年度考核表",
    )
    assert file_is_complete(FileFacts("signed", held, people=4, files=3, team_cover=True), talent).effect == "warn"
    assert file_is_complete(FileFacts("signed", held, people=4, files=4), talent).outcome == "file_missing"
    assert file_is_complete(FileFacts("signed", held, 4, 4, team_cover=True), talent).outcome == "complete"


ENDED = date(2027, 2, 28)


@pytest.mark.parametrize(
    ("facts", "outcome", "in_time"),
    [
        (ReportFacts(ENDED, 5), "to_report", True),
        (ReportFacts(ENDED, 6), "overdue", False),
        (ReportFacts(ENDED, 5, ENDED), "reported", True),
        (ReportFacts(ENDED, 6, ENDED), "reported", False),
        (ReportFacts(ENDED, 5, ENDED, True), "filed", True),
        (ReportFacts(ENDED, 9, ENDED, True), "filed", False),
    ],
)
def test_as_81_a_completed_contract_is_to_be_reported_within_five_working_days(
    talent: Pack, facts: ReportFacts, outcome: str, *, in_time: bool
) -> None:
    found = ending_is_reported(facts, talent)
    assert (found.outcome, found.figures["in_time"]) == (outcome, in_time)
    assert found.effect == ("allow" if outcome == "filed" else "block")


@pytest.mark.parametrize(
    ("part", "outcome", "months"),
    [
        (PartFacts(date(2026, 1, 1), date(2026, 9, 30), 1), None, 9),
        (PartFacts(date(2026, 1, 1), date(2026, 6, 29), 0), None, 5),
        (PartFacts(date(2026, 1, 1), date(2025, 12, 31), 1), "covered", None),
    ],
)
def test_g9_the_last_part_of_a_contract_that_ended_early_is_asked_with_both_readings(
    talent: Pack, part: PartFacts, outcome: str | None, months: int | None
) -> None:
    found = part_is_assessed(part, talent)
    assert (found.outcome, found.figures.get("months")) == (outcome, months)
    assert [one.outcome for one in found.readings] == ([] if outcome else ["due", "not_held"])
