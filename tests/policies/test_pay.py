"""DQ-3.4: pay during the term."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from policies.engine.pack import Pack
from policies.pay import (
    MonthEndsFacts,
    MonthFacts,
    PayerFacts,
    PaymentFacts,
    PoolFacts,
    Sender,
    TotalFacts,
    VirtualFacts,
    average_headcount,
    employer_stays,
    month_average,
    pay_total,
    payment_is_covered,
    pool_suffices,
    to_the_fen,
    virtual_institution,
)

A = Sender("H01", Decimal("12.5"), Decimal(96000))
B = Sender("H02", Decimal("4.0"), Decimal(88000))


def test_as_34_the_total_is_the_sum_over_sending_institutions_with_its_working(pack: Pack) -> None:
    finding = pay_total(TotalFacts((A, B)), pack)

    assert finding.figures == {"total_yuan": 1552000, "parts_yuan": {"H01": 1200000, "H02": 352000}}
    assert (finding.outcome, finding.basis) == ("proposed", "default")


def test_two_rows_of_one_institution_are_added(pack: Pack) -> None:
    finding = pay_total(TotalFacts((B, B)), pack)

    assert finding.figures == {"total_yuan": 704000, "parts_yuan": {"H02": 704000}}


def test_a_figure_that_is_not_final_makes_the_total_provisional(pack: Pack) -> None:
    assert pay_total(TotalFacts((A, replace(B, per_capita_is_final=False))), pack).outcome == "provisional"


def test_a_missing_pay_per_head_is_asked_and_not_taken_as_nothing(pack: Pack) -> None:
    finding = pay_total(TotalFacts((A, replace(B, per_capita_yuan=None))), pack)

    assert (finding.outcome, finding.figures) == (None, {})


def test_as_35_the_average_headcount_is_the_mean_of_the_months(pack: Pack) -> None:
    months = tuple(Decimal(each) for each in [10] * 6 + [14] * 6)

    finding = average_headcount(MonthFacts(months), pack)

    assert finding.figures["average_headcount"] == 12
    assert finding.basis == "default"


def test_an_average_is_never_rounded(pack: Pack) -> None:
    months = tuple(Decimal(each) for each in [1] + [0] * 11)

    assert average_headcount(MonthFacts(months), pack).figures["average_headcount"] == Fraction(1, 12)


@pytest.mark.parametrize("count", [11, 13])
def test_an_average_needs_twelve_months(pack: Pack, count: int) -> None:
    assert average_headcount(MonthFacts((Decimal(1),) * count), pack).outcome == "months_missing"


@pytest.mark.parametrize(("payment", "outcome"), [("100", "covered"), ("100.01", "above_total")])
def test_payments_stay_within_the_approved_total(pack: Pack, payment: str, outcome: str) -> None:
    facts = PaymentFacts(Decimal(1000), Decimal(900), Decimal(payment))

    assert payment_is_covered(facts, pack).outcome == outcome


def test_nothing_is_paid_before_a_total_is_approved(pack: Pack) -> None:
    assert payment_is_covered(PaymentFacts(None, Decimal(0), Decimal(1)), pack).effect == "block"


def test_a_posting_keeps_the_employer_of_record(pack: Pack) -> None:
    assert employer_stays(PayerFacts("H01", "H01"), pack).effect == "allow"
    assert employer_stays(PayerFacts("H01", "T01"), pack).effect == "block"


def test_the_share_of_the_pool_is_asked_and_a_shortfall_shown(pack: Pack) -> None:
    unknown = PoolFacts(Decimal(100), None, Decimal(20))

    assert pool_suffices(unknown, pack).outcome is None
    assert pool_suffices(replace(unknown, from_tiered_care_yuan=Decimal(79)), pack).figures == {"shortfall_yuan": 1}
    assert pool_suffices(replace(unknown, from_tiered_care_yuan=Decimal(80)), pack).outcome == "covered"


def test_as_35_twelve_months_are_the_average_and_stand_in_the_finding(pack: Pack) -> None:
    months = tuple(Decimal(each) for each in [10] * 6 + [14] * 6)

    finding = pay_total(TotalFacts((Sender("H01", None, Decimal(96000), months=months),)), pack)

    assert finding.figures["total_yuan"] == 1152000
    assert str(finding.inputs).count("Decimal('14')") == 6


def test_a_sender_without_twelve_months_has_no_total(pack: Pack) -> None:
    finding = pay_total(TotalFacts((Sender("H01", None, Decimal(1), months=(Decimal(1),) * 11),)), pack)

    assert (finding.outcome, finding.effect) == ("months_missing", "block")


def test_a_month_that_has_not_ended_makes_the_total_provisional(pack: Pack) -> None:
    assert pay_total(TotalFacts((A, replace(B, months_estimated=1))), pack).outcome == "provisional"


def test_what_may_be_paid_of_a_total_is_never_more_than_the_total() -> None:
    assert to_the_fen(Fraction(2000, 3)) == Decimal("666.66")


def test_a_months_average_is_the_mean_of_its_ends(pack: Pack) -> None:
    found = month_average(MonthEndsFacts(Decimal(10), Decimal(11)), pack)

    assert (found.figures["month_average"], found.basis) == (Fraction(21, 2), "default")


def test_cor_23_what_the_text_leaves_open_is_asked_with_both_readings(pack: Pack) -> None:
    assert [each.outcome for each in virtual_institution(VirtualFacts(), pack).readings] == ["group", "county"]
    assert [each.outcome for each in virtual_institution(VirtualFacts("group"), pack).readings] == ["yes", "no"]
    assert virtual_institution(VirtualFacts("group", "yes"), pack).effect == "allow"
    assert virtual_institution(VirtualFacts("group", "no"), pack).effect == "warn"
