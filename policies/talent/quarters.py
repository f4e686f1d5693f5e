"""六(一) The quarters of a contract and the days on which its working time is looked at (OT-6.1c, DEF-17, G-2)."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from policies.engine.pack_parts import Pack

At = Literal["quarter_end", "year_end", "contract_end", ""]
_LAST_MONTH = 12
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Quarter:
    """One quarter that is summed up, both days counted; `merged`: the short first one is part of it (OT-6.1c)."""

    first_day: date
    last_day: date
    merged: bool = False


@dataclass(frozen=True)
class Checkpoint:
    """A day at whose end the ratio is judged; `after_full_quarter`: a calendar quarter lay wholly in the term before.

    Before that a low ratio is an early warning and no more (G-2).
    """

    day: date
    at: At
    after_full_quarter: bool


def quarter_end(day: date, pack: Pack) -> date:
    """The last day of the quarter in which a day lies (DEF-17)."""
    listed = pack.parameters["check_in_ends"].listed
    ends = (date.fromisoformat(f"{year}-{each}") for year in (day.year, day.year + 1) for each in sorted(listed))
    return next(each for each in ends if each >= day)


def quarters(first_day: date, last_day: date, pack: Pack) -> tuple[Quarter, ...]:
    """OT-6.1c The calendar quarters that end within a term; a first one too short by the pack joins the next.

    What lies behind the last quarter end belongs to the final acceptance. A short first quarter that no other follows
    stays what it is.
    """
    found: list[Quarter] = []
    begins = first_day
    while (ends := quarter_end(begins, pack)) <= last_day:
        found.append(Quarter(begins, ends))
        begins = ends + _ONE_DAY
    if len(found) > 1 and pack.parameters["check_in_merged_below"].holds_for(_days(found[0])):
        return (Quarter(first_day, found[1].last_day, merged=True), *found[2:])
    return tuple(found)


def checkpoints(first_day: date, last_day: date, pack: Pack) -> tuple[Checkpoint, ...]:
    """G-2 Every quarter end of a term, the year ends among them, and its last day."""
    full = _first_full_quarter_end(first_day, pack)
    days: list[date] = []
    day = quarter_end(first_day, pack)
    while day < last_day:
        days.append(day)
        day = quarter_end(day + _ONE_DAY, pack)
    return tuple(Checkpoint(each, _kind(each, last_day), each >= full) for each in (*days, last_day))


def checkpoint_on(day: date, first_day: date, last_day: date, pack: Pack) -> Checkpoint:
    """The checkpoint that falls on a day; a day between two of them has no kind and is never judged."""
    found = [each for each in checkpoints(first_day, last_day, pack) if each.day == day]
    return found[0] if found else Checkpoint(day, "", after_full_quarter=False)


def midterm_day(first_day: date, last_day: date) -> date:
    """OT-6.3j The first local day of the second half of a term: the text names a mid-term assessment and no day."""
    return first_day + ((last_day - first_day) + _ONE_DAY + _ONE_DAY) // 2


def _first_full_quarter_end(first_day: date, pack: Pack) -> date:
    before = first_day - _ONE_DAY
    own = quarter_end(first_day, pack)
    return own if quarter_end(before, pack) == before else quarter_end(own + _ONE_DAY, pack)


def _kind(day: date, last_day: date) -> At:
    if day == last_day:
        return "contract_end"
    return "year_end" if day.month == _LAST_MONTH else "quarter_end"


def _days(quarter: Quarter) -> int:
    return (quarter.last_day - quarter.first_day).days + 1
