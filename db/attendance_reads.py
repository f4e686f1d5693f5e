"""Days of attendance as they hold today, and what is stronger than they are: for the case, its pages, the imports."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from db.attendance import AttendanceDay
from db.service import Absence, Leave
from policies.days import OFF_POST, DayKind, Recorded, Span

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Held:
    """A day as the newest row has it, and how many rows it has."""

    recorded: Recorded
    revision: int


async def newest_days(
    session: AsyncSession, cases: Collection[str], first: date, last: date
) -> dict[str, dict[date, Held]]:
    """The days of some cases from a local day to another, both counted."""
    row = AttendanceDay
    query = select(row.case_id, row.day, row.morning, row.afternoon, row.revision)
    query = query.where(row.case_id.in_(cases), row.day.between(first, last))
    query = query.ext(distinct_on(row.case_id, row.day)).order_by(row.case_id, row.day, row.revision.desc())
    found: dict[str, dict[date, Held]] = {case: {} for case in cases}
    for case, day, morning, afternoon, revision in await session.execute(query):
        halves = (cast("DayKind", morning), cast("DayKind", afternoon))
        found[case][day] = Held(Recorded(day, *halves), revision)
    return found


async def judged_spans(session: AsyncSession, cases: Collection[str]) -> Mapping[str, list[Span]]:
    """Approved leave and confirmed absences of some cases: these speak for their days, whatever attendance says."""
    found: dict[str, list[Span]] = {case: [] for case in cases}
    approved = select(Leave).where(Leave.case_id.in_(cases), Leave.state == "approved")
    for leave in await session.scalars(approved):
        found[leave.case_id].append(span_of(leave))
    confirmed = select(Absence).where(Absence.case_id.in_(cases), Absence.state == "confirmed")
    for absence in await session.scalars(confirmed):
        found[absence.case_id].append(Span(absence.first_day, absence.last_day, OFF_POST))
    return found


def span_of(leave: Leave) -> Span:
    """As long as was approved, or less for who came back early."""
    back = leave.returned_on - _ONE_DAY if leave.returned_on else leave.last_day
    return Span(leave.first_day, min(leave.last_day, back), leave.kind)
