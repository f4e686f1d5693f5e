"""When a task reminds and escalates: the pack's ladder laid over one deadline (DEF-06, COR-07).

Silence never decides (DEF-07): a rung tells people something and does nothing else.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count

from policies.engine.calendar import Deadline, WorkingCalendar
from policies.engine.pack_parts import LadderType, RungType, WeeklyType

_WEEK = 7
_MAY_BE_LATE = 4
_NO_DAYS: Mapping[str, str] = {}


@dataclass(frozen=True)
class Timed:
    """One rung at its instant (UTC); skipped when that had passed before the task opened: recorded, never mailed."""

    name: str
    kind: str
    to: tuple[str, ...]
    at: datetime
    skipped: bool = False


def instants(
    ladder: LadderType,
    deadline: Deadline,
    calendar: WorkingCalendar,
    *,
    opened_at: datetime,
    refs: Mapping[str, str] = _NO_DAYS,
) -> tuple[Timed, ...]:
    """The fixed rungs of a task in the order in which they fire, each at the ladder's local time of a working day.

    refs: those of the task, for rungs that count from a day that it names; without that day such a rung has no instant.
    """
    known = [rung for rung in ladder.rungs if not rung.since or refs.get(rung.since)]
    timed = (_timed(rung, _day_of(rung, deadline, calendar, refs), ladder, calendar) for rung in known)
    return tuple(
        Timed(rung.name, rung.kind, rung.to, rung.at, skipped=rung.at <= opened_at)
        for rung in sorted(timed, key=lambda rung: rung.at)
    )


def weekly_after(ladder: LadderType, deadline: Deadline, calendar: WorkingCalendar, *, after: datetime) -> Timed | None:
    """The first weekly rung later than an instant, named by its number (weekly_1 …); None when the ladder has none.

    Weeks are counted from the working day on which `weekly.after` working days are overdue; a repeat that falls on a
    rest day fires on the next working day, and two that meet there fire as one.
    """
    if ladder.weekly is None:
        return None
    repeats = _repeats(ladder, ladder.weekly, deadline, calendar, after=after)
    return next(rung for rung in repeats if rung.at > after)


def _day_of(rung: RungType, deadline: Deadline, calendar: WorkingCalendar, refs: Mapping[str, str]) -> date:
    """Reminders count back from the internal target, the overdue ones from the last day that is not late (COR-16).

    One that counts from a named day fires on the working day before a rest day: never later than it says.
    """
    if rung.since:
        return calendar.recommended_latest(date.fromisoformat(refs[rung.since]) + timedelta(days=rung.offset))
    if rung.offset > 0:
        return calendar.shift(calendar.late_after(deadline.last_day), rung.offset)
    return calendar.shift(calendar.recommended_latest(deadline.last_day), rung.offset)


def _timed(rung: RungType, day: date, ladder: LadderType, calendar: WorkingCalendar) -> Timed:
    return Timed(rung.name, rung.kind, rung.to, calendar.instant(day, ladder.at))


def _repeats(
    ladder: LadderType, weekly: WeeklyType, deadline: Deadline, calendar: WorkingCalendar, *, after: datetime
) -> Iterator[Timed]:
    first = calendar.shift(calendar.late_after(deadline.last_day), weekly.after)
    period = _WEEK * weekly.every_weeks
    # A repeat planned inside a long holiday fires after it, so the last few planned ones may still be to come.
    passed = max((calendar.local_day(after) - first).days // period - _MAY_BE_LATE, 0)
    for number in count(passed + 1):
        planned = first + timedelta(days=period * number)
        day = planned if calendar.days(planned).working else calendar.shift(planned, 1)
        yield Timed(f"weekly_{number}", weekly.kind, weekly.to, calendar.instant(day, ladder.at))
