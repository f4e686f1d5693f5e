"""附件3 How much agreed time a claim of force majeure can speak of: no more than was agreed (OT-S3, G-13)."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from policies.talent.force_majeure import Loss
from policies.talent.working_time import Due, Unit, WorkingTimeFacts, agreed_until

# What a single day can hold of a unit; a day may have any number of sessions.
A_DAY: dict[Unit, int] = {"days": 1, "half_days": 2, "hours": 24}
# What may be recorded of one day. A session has no length: a quarter of an hour each is our default against slips (PD).
RECORDED_A_DAY: dict[Unit, int] = {**A_DAY, "sessions": 96}


def most_claimable(facts: WorkingTimeFacts, first_day: date, last_day: date) -> Fraction:
    """G-13 The most that these days can have lost: what is agreed for the periods that they touch, without what other
    claims take there that are not dismissed, and no more than the days can hold.

    A schedule says what is agreed for a period and not for a day, so that the commission settles what lies between.
    """
    periods = facts.schedule or (Due(facts.first_day, facts.last_day, facts.agreed),)
    touched = [each for each in periods if each.first_day <= last_day and each.last_day >= first_day]
    agreed = sum((Fraction(each.agreed) for each in touched), Fraction(0))
    taken = sum((_taken(loss, touched) for loss in facts.losses if loss.state != "dismissed"), Fraction(0))
    left = max(agreed - taken, Fraction(0))
    a_day = A_DAY.get(facts.unit)
    return left if a_day is None else min(left, Fraction(a_day * ((last_day - first_day).days + 1)))


def agreed_in(facts: WorkingTimeFacts, first_day: date, last_day: date) -> Fraction:
    """What is agreed for these days alone, pro-rated by days: for the commission to compare with, never a bound."""
    upto, _ = agreed_until(facts, last_day)
    before, _ = agreed_until(facts, date.fromordinal(first_day.toordinal() - 1))
    return upto - before


def _taken(loss: Loss, periods: Sequence[Due]) -> Fraction:
    """What a loss takes of these periods, by its days."""
    days = sum(
        max((min(loss.last_day, one.last_day) - max(loss.first_day, one.first_day)).days + 1, 0) for one in periods
    )
    return Fraction(loss.amount) * Fraction(days, (loss.last_day - loss.first_day).days + 1)
