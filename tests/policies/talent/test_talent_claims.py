"""How much agreed time a claim of force majeure can speak of (G-13)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from policies.talent.claims import agreed_in, most_claimable
from policies.talent.force_majeure import Claim, Loss
from policies.talent.working_time import Due, Unit, WorkingTimeFacts

JULY, OCTOBER, LAST = date(2026, 7, 1), date(2026, 10, 1), date(2026, 12, 31)
QUARTERS = (Due(JULY, date(2026, 9, 30), Decimal(25)), Due(OCTOBER, LAST, Decimal(23)))
FACTS = WorkingTimeFacts("sessions", JULY, LAST, Decimal(48), LAST, schedule=QUARTERS)


def lost(units: int, state: Claim = "claimed", first: date = JULY, last: date = JULY) -> Loss:
    return Loss(first, last, Decimal(units), state)


def test_as_44_five_sessions_of_one_week_are_within_what_the_quarter_agrees() -> None:
    assert most_claimable(FACTS, date(2026, 9, 1), date(2026, 9, 5)) == 25


def test_no_more_is_claimed_than_the_quarters_agree_that_the_days_touch() -> None:
    assert most_claimable(FACTS, date(2026, 9, 30), OCTOBER) == 48
    assert most_claimable(replace(FACTS, schedule=()), JULY, JULY) == 48


@pytest.mark.parametrize(("state", "left"), [("claimed", 5), ("confirmed", 5), ("dismissed", 25)])
def test_what_others_claim_of_the_same_quarter_is_claimed_once(state: Claim, left: int) -> None:
    facts = replace(FACTS, losses=(lost(20, state), lost(9, first=OCTOBER, last=OCTOBER)))
    assert most_claimable(facts, JULY, JULY) == left
    assert most_claimable(replace(FACTS, losses=(lost(26),)), JULY, JULY) == 0


def test_a_loss_over_two_quarters_takes_its_days_of_each() -> None:
    across = lost(10, first=date(2026, 9, 26), last=date(2026, 10, 5))
    assert most_claimable(replace(FACTS, losses=(across,)), JULY, JULY) == 20


@pytest.mark.parametrize(("unit", "most"), [("days", 3), ("half_days", 6), ("hours", 25), ("sessions", 25)])
def test_days_hold_no_more_than_days_can(unit: Unit, most: int) -> None:
    assert most_claimable(replace(FACTS, unit=unit), JULY, date(2026, 7, 3)) == most


def test_the_share_of_the_days_is_for_comparing_only() -> None:
    assert agreed_in(FACTS, JULY, date(2026, 9, 30)) == 25
    assert agreed_in(FACTS, JULY, date(2026, 7, 23)) == Decimal("6.25")
