"""The working calendar as it stands: overrides and official notices of the record, then the package, else inferred."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

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
                self._calendar, self._read_at = await calendar_of(session), now
        return self._calendar


async def calendar_of(session: AsyncSession) -> WorkingCalendar:
    """The same calendar, for who holds a session already."""
    rows = await session.scalars(select(CalendarDay))
    days = {row.day: Day(row.day, row.working, Source(row.source)) for row in rows}
    return WorkingCalendar(DayBook(days, package_day))
