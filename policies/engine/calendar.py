"""Working days and the deadlines counted in them (DEF-01, DEF-02, COR-16).

A day is a local day of the programme's time zone, an instant is in UTC. Which days are worked is given as a function:
nothing here knows a year's holidays but those fixed by date, and nothing here reads a clock.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")

# DEF-02: of an unpublished year only these are known; lunar holidays and swapped days are never predicted.
FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5
_LONGEST_REST = 366


class Source(StrEnum):
    """Where it is known from whether a day is worked; the first that knows wins."""

    OVERRIDE = "override"
    OFFICIAL = "official"
    PACKAGE = "package"
    PROVISIONAL = "provisional"


class Basis(StrEnum):
    """Whether a deadline rests on published years only, or also on days that are still inferred (暂按推算)."""

    OFFICIAL = "official"
    PROVISIONAL = "provisional"


class InstantWithoutZone(ValueError):
    """A deadline was to be counted from an instant that does not say its time zone."""


class NoWorkingDaysGiven(ValueError):
    """A deadline in working days needs at least one of them."""


class NoWorkingDayInAYear(Exception):
    """The calendar that was given has no working day for more than a year."""


@dataclass(frozen=True)
class Day:
    """One local day: worked or not, and who says so."""

    date: date
    working: bool
    source: Source


@dataclass(frozen=True)
class Deadline:
    """The instant (UTC) at which the last local day has ended at 24:00, that day, and what the count rests on."""

    due: datetime
    basis: Basis
    last_day: date


@dataclass(frozen=True)
class DayBook:
    """Days by precedence: the office's overrides, the notices loaded, the package, else inferred (DEF-02)."""

    rows: Mapping[date, Day]
    package: Callable[[date], Day | None]

    def __call__(self, day: date) -> Day:
        """What is known about this day; rows hold overrides and official notices, one a day, the override winning."""
        return self.rows.get(day) or self.package(day) or inferred_day(day)


def inferred_day(day: date) -> Day:
    """A day of a year that is not published: Monday to Friday without the holidays fixed by date (DEF-02)."""
    working = day.weekday() < _SATURDAY and (day.month, day.day) not in FIXED_HOLIDAYS
    return Day(day, working, Source.PROVISIONAL)


@dataclass(frozen=True)
class WorkingCalendar:
    """Counts working days over the days given."""

    days: Callable[[date], Day]
    zone: ZoneInfo = CHINA

    def deadline_after(self, start: datetime, working_days: int) -> Deadline:
        """The end of the n-th working day after the event; the day of the event is not counted (DEF-04).

        Raises InstantWithoutZone for a naive start and NoWorkingDaysGiven for less than one day.
        """
        if working_days < 1:
            raise NoWorkingDaysGiven(working_days)
        opened = self.local_day(start)
        last = self._stepped(opened, working_days)
        return Deadline(self.end_of(last), self._basis(opened + _ONE_DAY, last), last)

    def deadline_on(self, last_day: date) -> Deadline:
        """The end of a day that is given (a window, months by DEF-04); a rest day does not move it (COR-16)."""
        return Deadline(self.end_of(last_day), self._basis(last_day, last_day), last_day)

    def shift(self, day: date, working_days: int) -> date:
        """The n-th working day after (negative: before) a day; with 0 the day itself or the working day before it."""
        return self._stepped(day, working_days) if working_days else self.recommended_latest(day)

    def recommended_latest(self, last_day: date) -> date:
        """The internal target: the last day, or the working day before it when it is a rest day (COR-16)."""
        return last_day if self.days(last_day).working else self._stepped(last_day, -1)

    def late_after(self, last_day: date) -> date:
        """The day after whose end an answer is late: the last day, or the working day after it (COR-16, art. 203)."""
        return last_day if self.days(last_day).working else self._stepped(last_day, 1)

    def end_of(self, day: date) -> datetime:
        """24:00 local time of a day, as an instant in UTC (DEF-01)."""
        return self.instant(day + _ONE_DAY, time())

    def instant(self, day: date, at: time) -> datetime:
        """A local time of a local day, as an instant in UTC."""
        return datetime.combine(day, at, tzinfo=self.zone).astimezone(UTC)

    def local_day(self, instant: datetime) -> date:
        """The local day on which an instant falls; InstantWithoutZone when it does not say its zone."""
        if instant.tzinfo is None:
            raise InstantWithoutZone(instant.isoformat())
        return instant.astimezone(self.zone).date()

    def _stepped(self, day: date, working_days: int) -> date:
        step = _ONE_DAY if working_days > 0 else -_ONE_DAY
        for _ in range(abs(working_days)):
            day = self._next_working(day, step)
        return day

    def _next_working(self, day: date, step: timedelta) -> date:
        for distance in range(1, _LONGEST_REST + 1):
            if self.days(day + distance * step).working:
                return day + distance * step
        raise NoWorkingDayInAYear(day.isoformat())

    def _basis(self, first: date, last: date) -> Basis:
        counted = (first + timedelta(days=n) for n in range((last - first).days + 1))
        inferred = any(self.days(day).source is Source.PROVISIONAL for day in counted)
        return Basis.PROVISIONAL if inferred else Basis.OFFICIAL
