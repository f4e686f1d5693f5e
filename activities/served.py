"""What the record has of a term, as the clocks see it: read by the effects and by whoever foretells (DQ-3.2.1b)."""

from collections.abc import Sequence
from datetime import date
from typing import cast

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.opening import with_opening
from db.attendance_reads import span_of
from db.engine.cases import CaseFile
from db.segments import days_between, earlier_segments, segments_of
from db.service import Absence, Leave, ServiceActivity
from db.standstills import stood_days
from db.term_start import first_day_of
from policies.days import DayKind, weight_of
from policies.engine.pack import Pack
from policies.term import Activity, Away, Certified, Missed, TermFacts, served_at_site


async def served(
    session: AsyncSession,
    case: CaseFile,
    days: tuple[date, date],
    *,
    pack: Pack,
    attended: Sequence[Away],
    certified: Certified | None = None,
) -> TermFacts:
    """From the first day of service to a day that has ended: approved leave, confirmed absence, confirmed activities,
    the days of attendance as they were weighed, and those on which the term stood still.

    What earlier segments have of these is among them, and so are the days between two of them; the rule takes of it
    what lies in the days (EXC-08).
    """
    segments = segments_of(case)
    approved = select(Leave).where(Leave.case_id.in_(segments), Leave.state == "approved")
    missed = select(Absence).where(Absence.case_id.in_(segments), Absence.state == "confirmed")
    confirmed = select(ServiceActivity).where(
        ServiceActivity.case_id.in_(segments), ServiceActivity.state == "confirmed"
    )
    facts = served_at_site(
        *days,
        leaves=[
            *(_away(row, pack) for row in await session.scalars(approved)),
            *attended,
            *await _idle(session, case, days[1]),
        ],
        absences=[Missed(row.first_day, row.days) for row in await session.scalars(missed)],
        activities=[_counted(row) for row in await session.scalars(confirmed.order_by(ServiceActivity.id))],
        certified=certified,
    )
    return await with_opening(session, case, facts)


async def _idle(session: AsyncSession, case: CaseFile, last_day: date) -> list[Away]:
    """When the service stood still, or lay between two institutions."""
    earlier = await earlier_segments(session, case)
    still = await stood_days(session, case.id, last_day)
    for each in earlier:
        # What would have stood still later is the next segment's own.
        still += await stood_days(session, each.case, min(each.last_day, last_day), until=each.last_day)
    found = [Away(span.first_day, span.last_day, "pauses") for span in still]
    own = await first_day_of(session, case.id)
    between = days_between(earlier, own) if own else []
    return found + [Away(*gap, "pauses") for gap in between]


def _away(row: Leave, pack: Pack) -> Away:
    """As long as was approved, or less for who came back early; the site's clock as it was weighed."""
    span, days = span_of(row), (row.last_day - row.first_day).days + 1
    weight = weight_of(cast("DayKind", row.kind), days, pack, answer=row.weighs)
    return Away(span.first_day, span.last_day, row.weighs, weight.accumulated)


def _counted(row: ServiceActivity) -> Activity:
    return Activity(row.id, row.form, row.day, row.half_days, group_approved=row.group_approved is True)
