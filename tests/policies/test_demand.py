"""DQ-2, DQ-3.1.2, DQ-3.1.3, DQ-4.3b: goals, demand and supply, two-way choice, filing."""

from dataclasses import replace
from datetime import date

import pytest

from policies.demand import (
    BalanceFacts,
    FactorText,
    Part,
    PartsFacts,
    Places,
    ReportFacts,
    gap_table,
    is_balanced,
    is_complete,
    reported_in_time,
)
from policies.engine.pack import Pack
from policies.selection import (
    ApplicationFacts,
    Filing,
    FilingFacts,
    Review,
    ReviewFacts,
    is_matched,
    may_apply,
    may_start,
)
from policies.targets import (
    BedFacts,
    DepartmentFacts,
    ExchangeFacts,
    beds_reach_goal,
    departments_reach_goal,
    exchange_is_held,
)

CLOSES = date(2026, 1, 31)
DEMAND = (Places("T01", "儿科", 2), Places("T02", "儿科", 1), Places("T01", "中医", 1))
SUPPLY = (Places("H01", "儿科", 1), Places("H01", "外科", 1))


@pytest.mark.parametrize(
    ("reported", "today", "outcome"),
    [
        (CLOSES, date(2026, 2, 9), "on_time"),
        (date(2026, 2, 1), date(2026, 2, 9), None),
        (None, CLOSES, "awaited"),
        (None, date(2026, 2, 1), None),
    ],
)
def test_a_late_report_is_asked_and_never_taken_as_nil(
    pack: Pack, reported: date | None, today: date, outcome: str | None
) -> None:
    assert reported_in_time(ReportFacts(reported, CLOSES, today), pack).outcome == outcome


@pytest.mark.parametrize(
    ("demand", "trainees", "outcome"),
    [("filled", "nil", "complete"), ("nil", "nil", "complete"), ("filled", "missing", "incomplete")],
)
def test_both_parts_are_reported_together(pack: Pack, demand: Part, trainees: Part, outcome: str) -> None:
    assert is_complete(PartsFacts(demand, trainees), pack).outcome == outcome


def test_the_gap_table_shows_each_specialty_with_its_institutions() -> None:
    rows = {row.specialty: row for row in gap_table(DEMAND, SUPPLY)}

    assert {name: row.gap for name, row in rows.items()} == {"儿科": 2, "中医": 1, "外科": -1}
    assert (rows["儿科"].wanted, rows["儿科"].offered) == ({"T01": 2, "T02": 1}, {"H01": 1})


def test_balancing_needs_all_four_factors_and_a_reason_for_what_stays_open(pack: Pack) -> None:
    factors = tuple(FactorText(each, "已考虑") for each in pack.parameters["balancing_factors"].listed)
    facts = BalanceFacts(DEMAND, SUPPLY, factors)

    assert is_balanced(replace(facts, factors=factors[:3]), pack).figures["missing"] == ("公益性评价结果运用",)
    assert (
        is_balanced(replace(facts, factors=(*factors[:3], FactorText(factors[3].factor, " "))), pack).effect == "block"
    )
    assert is_balanced(facts, pack).outcome == "reason_missing"
    assert is_balanced(replace(facts, reason="无儿科人选"), pack).outcome == "unbalanced_with_reason"
    assert is_balanced(BalanceFacts(DEMAND, DEMAND, factors), pack).outcome == "balanced"


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        (ApplicationFacts("open"), "may_apply"),
        (ApplicationFacts("filled"), "post_not_open"),
        (ApplicationFacts("closed"), "post_not_open"),
        (ApplicationFacts("open", active_applications=1), "application_open"),
        (ApplicationFacts("open", choices=2), "may_apply"),
        (ApplicationFacts("open", choices=3), "choices_unfit"),
        (ApplicationFacts("open", choices=0), "choices_unfit"),
    ],
)
def test_one_open_application_to_an_open_post(pack: Pack, facts: ApplicationFacts, outcome: str) -> None:
    assert may_apply(facts, pack).outcome == outcome


@pytest.mark.parametrize(
    ("sending", "receiving", "outcome"),
    [
        ("agree", "agree", "matched"),
        ("agree", "pending", "pending"),
        ("pending", "reject", "not_matched"),
        ("agree", "reject", "not_matched"),
        ("return", "agree", "returned"),
    ],
)
def test_both_sides_must_agree_and_silence_is_no_consent(
    pack: Pack, sending: Review, receiving: Review, outcome: str
) -> None:
    assert is_matched(ReviewFacts(sending, receiving), pack).outcome == outcome


def test_def_12_one_person_cannot_agree_for_both_sides(pack: Pack) -> None:
    assert is_matched(ReviewFacts("agree", "agree", same_person=True), pack).outcome == "one_person_twice"


@pytest.mark.parametrize(
    ("filing", "reason", "outcome"),
    [
        ("file", "", "may_start"),
        ("pending", "", "pending"),
        ("object", "资格不符", "objected"),
        ("object", " ", "reason_missing"),
        ("return", "", "reason_missing"),
        ("return", "缺材料", "returned"),
    ],
)
def test_service_starts_only_once_filed(pack: Pack, filing: Filing, reason: str, outcome: str) -> None:
    assert may_start(FilingFacts(filing, reason), pack).outcome == outcome


@pytest.mark.parametrize(("occupied", "outcome"), [(6996, "not_reached"), (6999, "not_reached"), (7000, "reached")])
def test_def_03_occupancy_is_compared_exactly_and_only_reported(pack: Pack, occupied: int, outcome: str) -> None:
    finding = beds_reach_goal(BedFacts(occupied, 10000), pack)

    assert (finding.outcome, finding.effect, finding.mark) == (outcome, "report", "TARGET")


def test_no_bed_days_are_asked(pack: Pack) -> None:
    assert beds_reach_goal(BedFacts(0, 0), pack).outcome is None


def test_each_kind_of_hospital_has_its_own_goal(pack: Pack) -> None:
    assert departments_reach_goal(DepartmentFacts("central", 0, 3), pack).outcome == "not_reached"
    assert departments_reach_goal(DepartmentFacts("central", 1, 0), pack).outcome == "reached"
    assert departments_reach_goal(DepartmentFacts("ordinary", 0, 1), pack).outcome == "reached"
    assert departments_reach_goal(DepartmentFacts("ordinary", 1, 0), pack).outcome == "reached"
    assert departments_reach_goal(DepartmentFacts("ordinary", 0, 0), pack).outcome == "not_reached"


@pytest.mark.parametrize(
    ("held", "today", "outcome"),
    [(1, date(2026, 12, 1), "held"), (0, date(2026, 10, 31), "awaited"), (0, date(2026, 11, 1), "reminder")],
)
def test_a_missing_exchange_is_shown_from_november(pack: Pack, held: int, today: date, outcome: str) -> None:
    assert exchange_is_held(ExchangeFacts(held, today), pack).outcome == outcome
