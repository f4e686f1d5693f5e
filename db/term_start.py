"""Since when a term of service runs, as its file has it (DQ-3.2.1b)."""

from datetime import date

from sqlalchemy import cast, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine.cases import EventRow


async def first_day_of(session: AsyncSession, case_id: str) -> date | None:
    """The local day on which the service began; None while it has not."""
    body = cast(EventRow.body, JSONB)
    started = select(body["refs"]["first_day"].astext).where(
        EventRow.case_id == case_id, body["event"].astext == "service_started"
    )
    found = await session.scalar(started)
    return date.fromisoformat(found) if found else None
