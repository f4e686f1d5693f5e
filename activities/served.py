"""What the record has of a term, as the clocks see it: read by the effects and by whoever foretells (DQ-3.2.1b)."""

from collections.abc import Sequence
from datetime import date
from typing import cast

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.opening import with_opening
from db.attendance_reads import span_of
from db.service import Absence, Leave, ServiceActivity
from db.standstills import stood_days
from policies.days import DayKind, weight_of
from policies.engine.pack import Pack
from policies.term import Activity, Away, Certified, Missed, TermFacts, served_at_site


async def served(
    session: AsyncSession,
    case: str,
    days: tuple[date, date],
    *,
    pack: Pack,
    attended: Sequence[Away],
    certified: Certified | None = None,
) -> TermFacts:
    """From the first day of service to a day that has ended: approved leave, confirmed absence, confirmed activities,
    the days of attendance as they were weighed, and those on which the term stood still.
    """
    approved = select(Leave).where(Leave.case_id == case, Leave.state == "approved")
    missed = select(Absence).where(Absence.case_id == case, Absence.state == "confirmed")
    confirmed = select(ServiceActivity).where(ServiceActivity.case_id == case, ServiceActivity.state == "confirmed")
    facts = served_at_site(
        *days,
        leaves=[
            *(_away(row, pack) for row in await session.scalars(approved)),
            *attended,
            *(Away(span.first_day, span.last_day, "pauses") for span in await stood_days(session, case, days[1])),
        ],
        absences=[Missed(row.first_day, row.days) for row in await session.scalars(missed)],
        activities=[_counted(row) for row in await session.scalars(confirmed.order_by(ServiceActivity.id))],
        certified=certified,
    )
    return await with_opening(session, case, facts, days[0])


def _away(row: Leave, pack: Pack) -> Away:
    """As long as was approved, or less for who came back early; the site's clock as it was weighed."""
    span, days = span_of(row), (row.last_day - row.first_day).days + 1
    weight = weight_of(cast("DayKind", row.kind), days, pack, answer=row.weighs)
    return Away(span.first_day, span.last_day, row.weighs, weight.accumulated)


def _counted(row: ServiceActivity) -> Activity:
    return Activity(row.id, row.form, row.day, row.half_days, group_approved=row.group_approved is True)
