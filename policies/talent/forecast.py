"""What must still be worked so that the ratio stays at or above 70 %, and from when it cannot be reached (OT-6.3g).

A forecast decides nothing. Without a maximum that can be delivered, it only says what is needed: no capacity is ever
assumed.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Annotated

from policies.engine.pack_parts import Pack
from policies.engine.words import Words
from policies.talent.figures import amount
from policies.talent.quarters import At, Checkpoint, checkpoints
from policies.talent.working_time import (
    LINE,
    UNITS,
    WorkingTimeFacts,
    agreed_until,
    contradicts,
    lost_until,
    measured,
)

_HUNDRED = 100
_ONE_DAY = timedelta(days=1)
# What comes only as one piece: half a session cannot be worked.
_PIECES = ("sessions", "half_days")


@dataclass(frozen=True)
class OutlookFacts:
    """Working time up to a day, and the most that can be delivered within any so many days; None if nobody said."""

    working: Annotated[WorkingTimeFacts, Words("工作时间", "working time")]
    most: Annotated[Decimal | None, Words("最多可安排的量", "most that can be delivered")] = None
    within_days: Annotated[int, Words("上述量对应的连续天数,如 7", "within any so many days, e.g. 7")] = 7


@dataclass(frozen=True)
class Need:
    """One checkpoint ahead: the cumulative amount agreed by then, and what is still to be worked from now on.

    needed: for the raw ratio; needed_adjusted: for the one without confirmed force majeure. judged: whether a low ratio
    would be more than a warning there (G-2). lost_from: the first day from which the raw ratio can no longer be
    reached, if nothing is worked before it; None where it is reached already or no maximum is on record. lost: it
    already cannot be. `defaults` are the ids of our own choices in it.
    """

    day: date
    at: At
    judged: bool
    agreed: Fraction
    needed: Fraction
    needed_adjusted: Fraction
    provisional: bool
    lost_from: date | None
    lost: bool
    said: Words
    rule: str = "OT-6.3g"
    defaults: tuple[str, ...] = ("G-2",)


def needs(facts: OutlookFacts, pack: Pack) -> tuple[Need, ...]:
    """OT-6.3g Every coming checkpoint with what is still needed for 70 %; none where the schedule contradicts."""
    working = facts.working
    if contradicts(working):
        return ()
    ahead = (each for each in checkpoints(working.first_day, working.last_day, pack) if each.day > working.until)
    return tuple(_need(each, facts, pack) for each in ahead)


def cannot_be_reached_from(facts: OutlookFacts, pack: Pack) -> date | None:
    """The earliest day from which some judged checkpoint can no longer be met; None if none, or no maximum is known.

    Where it is lost already, that is the day after the one up to which was counted.
    """
    days = [each.lost_from for each in needs(facts, pack) if each.judged and each.lost_from]
    return min(days, default=None)


def _need(point: Checkpoint, facts: OutlookFacts, pack: Pack) -> Need:
    working = facts.working
    agreed, provisional = agreed_until(working, point.day)
    lost = lost_until(working, point.day, "confirmed")
    needed = _still(agreed, facts, pack)
    lost_from = _lost_from(point.day, needed, facts)
    is_lost = lost_from is not None and lost_from <= working.until + _ONE_DAY
    return Need(
        day=point.day,
        at=point.at,
        judged=point.after_full_quarter,
        agreed=agreed,
        needed=needed,
        needed_adjusted=_still(agreed - lost, facts, pack),
        provisional=provisional,
        lost_from=lost_from,
        lost=is_lost,
        said=_said(point.day, needed, lost_from, is_lost=is_lost, facts=facts),
    )


def _still(agreed: Fraction, facts: OutlookFacts, pack: Pack) -> Fraction:
    share = pack.parameters[LINE].number / _HUNDRED
    needed = max(share * agreed - measured(facts.working, pack).worked, Fraction(0))
    return Fraction(ceil(needed)) if facts.working.unit in _PIECES else needed


def _lost_from(day: date, needed: Fraction, facts: OutlookFacts) -> date | None:
    """Of `most` within any so many days, so many whole stretches and one day of the last are the least that suffices.

    It is a bound that cannot be beaten, so that "out of reach" is never said too early.
    """
    tomorrow = facts.working.until + _ONE_DAY
    if not needed or facts.most is None or not facts.within_days:
        return None
    if not facts.most:
        return tomorrow
    stretches = ceil(needed / Fraction(facts.most))
    latest_start = day - timedelta(days=(stretches - 1) * facts.within_days)
    return max(latest_start + _ONE_DAY, tomorrow)


def _said(day: date, needed: Fraction, lost_from: date | None, *, is_lost: bool, facts: OutlookFacts) -> Words:
    if not needed:
        return _NONE_NEEDED.filled(day=day)
    if is_lost:
        words = _LOST
    elif lost_from is not None:
        words = _LOST_FROM
    else:
        words = _NO_MAXIMUM
    written = {"day": str(day), "needed": amount(needed), "lost_from": str(lost_from), "most": amount(facts.most or 0)}
    written["within"] = str(facts.within_days)
    places = {name: Words(each, each) for name, each in written.items()}
    return words.filled_by(unit=UNITS[facts.working.unit], **places)


_NONE_NEEDED = Words("到{day}已够70%,不再需要", "by {day} 70 % are reached without any more")
_NO_MAXIMUM = Words(
    "到{day}还须完成{needed}{unit}才不低于70%;未登记最多可安排多少,不作能否达到的预计",
    "{needed} more {unit} are needed by {day} for 70 %; no maximum is on record, so none is assumed",
)
_LOST_FROM = Words(
    "到{day}还须完成{needed}{unit}才不低于70%;按每{within}天最多{most}{unit},{lost_from}起再开始即不能达到",
    "{needed} more {unit} are needed by {day} for 70 %; with at most {most} within {within} days a start on "
    "{lost_from} would be too late",
)
_LOST = Words(
    "到{day}还须完成{needed}{unit}才不低于70%;按每{within}天最多{most}{unit},已不能达到",
    "{needed} more {unit} are needed by {day} for 70 %; with at most {most} within {within} days that is out of reach",
)
