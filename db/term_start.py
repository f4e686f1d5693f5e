"""Since when a term of service runs, or is to run, as its file has it (DQ-3.2.1b)."""

from datetime import date

from sqlalchemy import cast, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine.cases import CaseFile, EventRow


async def first_day_of(session: AsyncSession, case_id: str) -> date | None:
    """The local day on which the service began; None while it has not."""
    body = cast(EventRow.body, JSONB)
    started = select(body["refs"]["first_day"].astext).where(
        EventRow.case_id == case_id, body["event"].astext == "service_started"
    )
    found = await session.scalar(started)
    return date.fromisoformat(found) if found else None


async def planned_start_of(session: AsyncSession, case: CaseFile) -> date:
    """The local day on which a service that has not begun is to begin: the planned one, or where it was moved to."""
    body = cast(EventRow.body, JSONB)
    moved = select(body["refs"]["starts_on"].astext).where(
        EventRow.case_id == case.id, body["event"].astext == "start_moved"
    )
    found = await session.scalar(moved.order_by(EventRow.number.desc()).limit(1))
    return date.fromisoformat(found or case.facts["planned_start"])
