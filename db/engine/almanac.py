"""The working calendar as it stands: overrides and official notices of the record, then the package, else inferred."""

from datetime import datetime, timedelta

from sqlalchemy import select

from db.engine.access import CalendarDay
from db.engine.base import Sessions, at_once
from db.engine.clock import Clock
from db.engine.package_calendar import package_day
from policies.engine.calendar import Day, DayBook, Source, WorkingCalendar

FRESH_FOR = timedelta(seconds=10)


class Almanac:
    """Gives the calendar; rows are read again after ten seconds, so that an office's change is soon seen by every
    process.
    """

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        """An almanac over the record."""
        self._reading, self._clock = at_once(sessions), clock
        self._read_at: datetime | None = None
        self._calendar = WorkingCalendar(DayBook({}, package_day))

    async def calendar(self) -> WorkingCalendar:
        """The calendar for counting deadlines now."""
        now = self._clock.now()
        if self._read_at is None or abs(now - self._read_at) > FRESH_FOR:
            async with self._reading() as session:
                rows = (await session.scalars(select(CalendarDay))).all()
            days = {row.day: Day(row.day, row.working, Source(row.source)) for row in rows}
            self._calendar, self._read_at = WorkingCalendar(DayBook(days, package_day)), now
        return self._calendar
