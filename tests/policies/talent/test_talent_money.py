"""The funds of a year and single payments: windows, the fixed total, the highest, own cost, purposes, holds."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.engine.pack import Pack
from policies.talent.funds import (
    AllocationDecision,
    AllocationFacts,
    BalanceFacts,
    Floated,
    FloatFacts,
    HospitalFacts,
    allocation_is_decided,
    allocation_is_kept,
    float_is_kept,
    funds_balance,
    hospital_is_within,
    share_covers_paid,
)
from policies.talent.payments import (
    CostFacts,
    Hold,
    OwnRewardFacts,
    PaymentFacts,
    PetitionFacts,
    Project,
    ProjectsFacts,
    PurposeFacts,
    cost_is_split,
    highest_applies,
    own_reward_is_open,
    payment_may_go,
    petition_is_decided,
    purpose_is_open,
)

HOSPITALS = ("旗人民医院", "旗第二人民医院", "旗蒙医综合医院")
FIRST, LAST = date(2026, 3, 1), date(2027, 2, 28)


def allocation(*amounts: str) -> AllocationFacts:
    hospitals = zip(HOSPITALS, amounts, strict=True)
    return AllocationFacts(tuple(HospitalFacts(name, Decimal(wan)) for name, wan in hospitals))


def floats(*pairs: tuple[str, str | None], settled: str = "") -> FloatFacts:
    hospitals = tuple(
        Floated(name, Decimal(adjusted), None if floated is None else Decimal(floated))
        for name, (adjusted, floated) in zip(HOSPITALS, pairs, strict=True)
    )
    return FloatFacts(hospitals, settled)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wan", "outcome"),
    [("80", "within_window"), ("79.9", "outside_window"), ("120", "within_window"), ("120.1", "outside_window"),
     ("79.9999999999999999999", "outside_window"), ("120.00", "within_window")],
)  # fmt: skip
def test_as_74_a_hospital_stays_within_a_fifth_of_its_hundred(talent: Pack, wan: str, outcome: str) -> None:
    found = hospital_is_within(HospitalFacts(HOSPITALS[0], Decimal(wan)), talent)
    assert (found.outcome, found.effect) == (outcome, "allow" if outcome == "within_window" else "block")
    assert (found.figures["least"], found.figures["most"]) == (Fraction(80), Fraction(120))


@pytest.mark.parametrize(
    ("amounts", "outcome"),
    [
        (("120", "90", "90"), "kept"),
        (("120", "100", "100"), "total_differs"),
        (("100", "100", "99.99"), "total_differs"),
        (("140", "80", "80"), "outside_window"),
    ],
)
def test_as_75_each_within_its_window_and_together_the_fixed_total(
    talent: Pack, amounts: tuple[str, ...], outcome: str
) -> None:
    found = allocation_is_kept(allocation(*amounts), talent)
    assert (found.outcome, found.effect) == (outcome, "allow" if outcome == "kept" else "block")
    assert "PD" in found.defaults, "20 % of what is not in the text"


def test_a_year_names_each_of_the_three_hospitals_once(talent: Pack) -> None:
    two = AllocationFacts(allocation("100", "100", "100").hospitals[:2])
    twice = AllocationFacts((*two.hospitals, two.hospitals[0]))
    other = hospital_is_within(HospitalFacts("旗中医院", Decimal(100)), talent)
    found = [*(allocation_is_kept(each, talent) for each in (two, twice)), other]
    assert [each.outcome for each in found] == ["hospitals_unfit", "hospitals_unfit", "hospital_unknown"]
    assert {each.effect for each in found} == {"block"}


def test_an_adjustment_holds_once_finance_has_approved_it(talent: Pack) -> None:
    said = [AllocationDecision(False, "approve"), AllocationDecision(True), AllocationDecision(True, "return")]
    said += [AllocationDecision(True, "return", "超出预算"), AllocationDecision(True, "approve")]
    found = [allocation_is_decided(each, talent) for each in said]
    outcomes = ["not_proposed", "pending", "reason_missing", "returned", "approved"]
    assert [each.outcome for each in found] == outcomes
    assert [each.effect for each in found] == ["block"] * 4 + ["allow"]


def test_g_14_adjustment_and_float_never_multiply(talent: Pack) -> None:
    """120 x 1.2 = 144 and 80 x 0.8 = 64 are outside: both twenties are one window."""
    for grown in ("144", "120.01"):
        above = float_is_kept(floats(("120", grown), ("90", "90"), ("90", "66")), talent)
        assert (above.outcome, above.effect) == ("outside_window", "block")
    below = float_is_kept(floats(("80", "64"), ("110", "110"), ("110", "110")), talent)
    assert (below.outcome, below.effect) == ("outside_window", "block")


def test_g_14_a_sum_above_the_fixed_total_is_asked_with_both_readings(talent: Pack) -> None:
    grown = (("100", "120"),) * 3
    asked = float_is_kept(floats(*grown), talent)
    assert (asked.outcome, asked.effect, asked.figures["total"]) == (None, "ask", 360)
    assert [each.outcome for each in asked.readings] == ["above_total", "above_total_settled"]
    assert float_is_kept(floats(*grown, settled="fixed"), talent).effect == "block"
    assert float_is_kept(floats(*grown, settled="on_top"), talent).effect == "warn"


def test_g_14_no_float_is_computed_for_want_of_a_formula(talent: Pack) -> None:
    asked = float_is_kept(floats(("120", "110"), ("90", None), ("90", "90")), talent)
    assert (asked.outcome, asked.range) == (None, (Fraction(80), Fraction(120)))
    assert HOSPITALS[1] in asked.explanation.zh
    assert float_is_kept(floats(("120", "110"), ("90", "80"), ("90", "90")), talent).outcome == "kept"
    assert float_is_kept(floats(("100", "120"), ("100", "90"), ("100", "90")), talent).outcome == "kept", "exactly 300"


@given(st.lists(st.decimals("60", "150", places=2), min_size=6, max_size=6))
def test_g_14_nothing_is_kept_outside_the_window_or_above_the_total(talent: Pack, amounts: list[Decimal]) -> None:
    pairs = [(str(one), str(other)) for one, other in zip(amounts[:3], amounts[3:], strict=True)]
    outcome = float_is_kept(floats(*pairs), talent).outcome
    within = all(80 <= each <= 120 for each in amounts)
    assert (outcome == "kept") == (within and sum(amounts[3:]) <= 300)
    assert (outcome == "outside_window") == (not within)


def test_ot_5b_proposed_funds_cover_what_is_paid(talent: Pack) -> None:
    paid, requested = (Decimal(90), Decimal("4.99")), (Decimal(5),)
    said = [("94.98", "below_paid"), ("94.99", "below_requested"), ("99.98", "below_requested"), ("99.99", "covered")]
    for funds, outcome in said:
        found = share_covers_paid(BalanceFacts(HOSPITALS[0], Decimal(funds), paid, requested), talent)
        assert found.outcome == outcome, funds
    assert share_covers_paid(BalanceFacts(HOSPITALS[0], Decimal(94), paid), talent).effect == "block"
    assert share_covers_paid(BalanceFacts(HOSPITALS[0], None), talent).effect == "ask"
    assert share_covers_paid(BalanceFacts("旗中医院", Decimal(1)), talent).effect == "block"


def test_a_balance_is_exact_and_nothing_is_carried_over(talent: Pack) -> None:
    facts = BalanceFacts(HOSPITALS[0], Decimal(100), (Decimal("33.33"), Decimal("0.01")), (Decimal(5),), Decimal(40))
    found = funds_balance(facts, talent)
    assert (found.figures["balance"], found.figures["left_last_year"]) == (Decimal("66.66"), Decimal(40))
    assert funds_balance(BalanceFacts(HOSPITALS[0], None), talent).effect == "ask"
    overdrawn = funds_balance(BalanceFacts(HOSPITALS[0], Decimal(1), (Decimal(2),)), talent)
    assert (overdrawn.outcome, overdrawn.effect) == ("overdrawn", "block")
    assert funds_balance(BalanceFacts(HOSPITALS[0], Decimal(2), (Decimal(2),)), talent).outcome == "balanced"
    assert funds_balance(BalanceFacts("旗中医院", Decimal(1)), talent).effect == "block"


@pytest.mark.parametrize(
    ("balance", "payment", "outcome", "funded"),
     [("12.5", "12.5", "from_funds", "12.5"), ("12.5", "20", "split", "12.5"),
     ("0", "20", "own_cost", "0"), ("-3", "20", "own_cost", "0")],
)  # fmt: skip
def test_what_the_balance_does_not_cover_is_the_employers_own_cost(
    talent: Pack, balance: str, payment: str, outcome: str, funded: str
) -> None:
    found = cost_is_split(CostFacts(Decimal(balance), Decimal(payment)), talent)
    assert (found.outcome, found.effect) == (outcome, "allow" if outcome == "from_funds" else "warn")
    assert found.figures["left"] == Decimal(balance) - Decimal(funded)
    assert (found.figures["from_funds"], found.figures["own_cost"]) == (
        Decimal(funded),
        Decimal(payment) - Decimal(funded),
    )
    assert cost_is_split(CostFacts(None, Decimal(payment)), talent).effect == "ask"
    assert cost_is_split(CostFacts(Decimal(balance), Decimal(0)), talent).effect == "block"


def test_cor_23_two_purposes_draw_on_the_same_funds_and_no_third(talent: Pack) -> None:
    assert purpose_is_open(PurposeFacts("人才奖补"), talent).outcome == "open"
    assert purpose_is_open(PurposeFacts("患者就诊相关费用补贴"), talent).outcome == "open"
    assert purpose_is_open(PurposeFacts("设备购置"), talent).effect == "block"


def projects(*each: tuple[str, str, date, date], role: str = "team_leader") -> ProjectsFacts:
    found = tuple(Project(employer, Decimal(wan), first, last) for employer, wan, first, last in each)
    return ProjectsFacts(role, found)  # type: ignore[arg-type]


def test_as_77_two_projects_of_one_leader_have_the_highest_and_not_the_sum(talent: Pack) -> None:
    found = highest_applies(projects((HOSPITALS[0], "20", FIRST, LAST), (HOSPITALS[1], "30", FIRST, LAST)), talent)
    assert (found.outcome, found.figures["payable"], found.figures["payers"]) == ("highest", 30, (HOSPITALS[1],))


def test_more_than_one_project_is_two_or_more(talent: Pack) -> None:
    found = highest_applies(projects((HOSPITALS[0], "20", FIRST, LAST)), talent)
    assert (found.outcome, found.figures["payable"], found.basis) == ("single", 20, "text")
    assert highest_applies(projects(), talent).effect == "block"


def test_projects_whose_terms_overlap_in_part_are_asked_and_apart_they_stand_alone(talent: Pack) -> None:
    later = (date(2027, 3, 1), date(2027, 12, 31))
    partly = projects((HOSPITALS[0], "20", FIRST, LAST), (HOSPITALS[1], "30", LAST, later[1]))
    asked = highest_applies(partly, talent)
    assert (asked.outcome, asked.range) == (None, (30, 50))
    apart = projects((HOSPITALS[1], "30", *later), (HOSPITALS[0], "20", FIRST, LAST))
    assert highest_applies(apart, talent).outcome == "apart"


def test_a_core_member_of_two_teams_is_not_in_the_text(talent: Pack) -> None:
    both = projects((HOSPITALS[0], "20", FIRST, LAST), (HOSPITALS[1], "30", FIRST, LAST), role="core_member")
    assert highest_applies(both, talent).effect == "ask"


def test_whether_a_team_counts_once_or_by_its_people_is_asked_with_every_reading_and_figure(talent: Pack) -> None:
    """OT-N2 counts a person or a team's leader; of a core member it says nothing. 40 among four are 10 each."""
    own, team = (Project(place, Decimal(funds), FIRST, LAST) for place, funds in (("a", "15"), ("b", "40")))
    asked = highest_applies(ProjectsFacts("core_member", (own, replace(team, people=4))), talent)
    assert [one.outcome for one in asked.readings] == ["highest", "highest_each", "apart"]
    assert [asked.figures[name] for name in ("highest", "highest_each", "added")] == [40, 15, 55]
    leader = highest_applies(ProjectsFacts("team_leader", (own, replace(team, people=4))), talent)
    assert (leader.outcome, leader.figures["payable"]) == ("highest", 40)


def test_ot63f_benefits_that_a_person_has_stopped_stop_payments_whatever_else_is_said(talent: Pack) -> None:
    holds: tuple[Hold, ...] = ("", "pay")
    for hold in holds:
        facts = PaymentFacts(True, "qualified", open_ground=True, stopped=True, hold=hold, reason="已完成")
        found = payment_may_go(facts, talent)
        assert (found.outcome, found.effect, found.rule_ids[0]) == ("stopped", "block", "OT-6.3f")


@pytest.mark.parametrize(
    ("facts", "outcome", "effect"),
    [
        (PaymentFacts(True, "qualified"), "may_go", "allow"),
        (PaymentFacts(True, "none_due"), "may_go", "allow"),
        (PaymentFacts(True, "pending"), "result_pending", "warn"),
        (PaymentFacts(False, "qualified"), "reason_missing", "block"),
        (PaymentFacts(False, "qualified", reason="材料在途"), "paid_with_reason", "warn"),
        (PaymentFacts(True, "unqualified"), None, "ask"),
        (PaymentFacts(True, "unqualified", hold="pay"), "may_go", "allow"),
        (PaymentFacts(True, "qualified", hold="hold"), "held", "block"),
    ],
)
def test_file_and_result_stand_behind_a_payment(
    talent: Pack, facts: PaymentFacts, outcome: str | None, effect: str
) -> None:
    found = payment_may_go(facts, talent)
    assert (found.outcome, found.effect) == (outcome, effect)


def test_g_11_an_open_ground_stops_no_payment_by_itself_and_lets_none_go_by_itself(talent: Pack) -> None:
    asked = payment_may_go(PaymentFacts(True, "qualified", open_ground=True), talent)
    assert (asked.outcome, [each.outcome for each in asked.readings]) == (None, ["may_go", "held"])
    assert payment_may_go(PaymentFacts(True, "qualified", open_ground=True, hold="pay"), talent).outcome == "may_go"
    assert payment_may_go(PaymentFacts(True, "qualified", open_ground=True, hold="hold"), talent).effect == "block"


def test_rewards_for_titles_are_the_employers_own_and_petitions_go_by_the_commission(talent: Pack) -> None:
    assert own_reward_is_open(OwnRewardFacts("市级重点学科"), talent).outcome == "open"
    assert own_reward_is_open(OwnRewardFacts("市级重点学科", own_funds=False), talent).effect == "ask"
    assert own_reward_is_open(OwnRewardFacts(""), talent).effect == "block"
    answers = (PetitionFacts(), PetitionFacts("granted"), PetitionFacts("refused", "纪要3"))
    found = [petition_is_decided(each, talent) for each in answers]
    assert [each.outcome for each in found] == ["pending", "document_missing", "refused"]
    assert {each.effect for each in found} == {"block"}
    assert petition_is_decided(PetitionFacts("granted", "纪要3"), talent).effect == "allow"
