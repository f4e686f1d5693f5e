"""What the pages show beside the questions about an early end (EXC-07)."""

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from db.term_changes import TermChange
from services.engine.decisions import Asked
from services.engine.tasks import FormReader
from services.forms.term_readers import placement


async def change(session: AsyncSession, asked: Asked) -> dict[str, object]:
    """Where the person serves, and what is proposed, by whom and why."""
    row = await session.get_one(TermChange, asked.task.refs["change"])
    names = ("kind", "occasion", "last_day", "words", "proposed_at")
    return await placement(session, asked) | {"change": {name: getattr(row, name) for name in names}}


READERS: Mapping[str, FormReader] = {"early_end": change}
