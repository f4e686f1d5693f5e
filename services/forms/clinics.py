"""What the pages of clinics show: whose they are, where, and on which days (DQ-3.1.1c)."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from db.engine.people import Institution
from services.engine.decisions import Asked
from services.engine.tasks import FormReader


async def shown(session: AsyncSession, asked: Asked) -> Mapping[str, object]:
    """hospital, home, days; session: the day of the clinic that is to be recorded, None while the days are agreed."""
    facts, session_day = asked.case.facts, asked.task.refs.get("session")
    return {
        "hospital": (await session.get_one(Institution, facts["receiving"])).name,
        "home": (await session.get_one(Institution, facts["sending"])).name,
        "days": [date.fromisoformat(day) for day in facts["days"].split(",")],
        "session": date.fromisoformat(session_day) if session_day else None,
    }


READERS: Mapping[str, FormReader] = {"clinic": shown}
