"""Confirming accumulated service, and what the page shows of it (DQ-3.2.1b, F-14)."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.service import Absence, Leave, ServiceActivity
from policies.accumulated import OTHER
from services.engine.decisions import Answer, Asked, Form, FormCheck
from services.engine.tasks import FormReader
from services.forms.term_readers import placement

SHOWN = ("form", "other_form", "day", "part", "half_days", "place", "witness", "words", "evidence")


async def confirmation(session: AsyncSession, asked: Asked, _answer: Answer) -> Form:
    """Whether the group is asked once it is confirmed: only of a form that the text does not name."""
    row = await session.get_one(ServiceActivity, asked.task.refs["activity"])
    return Form(refs={"other": "yes" if row.form == OTHER else "no"})


async def activity(session: AsyncSession, asked: Asked) -> Mapping[str, object]:
    """The activity that is asked about; `away`: whether leave or absence on record has the same day;
    `listed`: the forms that the text names.
    """
    row = await session.get_one(ServiceActivity, asked.task.refs["activity"])
    shown = {name: getattr(row, name) for name in SHOWN}
    listed = asked.pack.parameters["accumulated_forms"].listed
    return await placement(session, asked) | {"activity": shown, "listed": listed, "away": await _away(session, row)}


async def _away(session: AsyncSession, row: ServiceActivity) -> bool:
    on_leave = select(Leave.id).where(Leave.case_id == row.case_id, Leave.state != "refused")
    on_leave = on_leave.where(Leave.first_day <= row.day, Leave.last_day >= row.day)
    missed = select(Absence.id).where(Absence.case_id == row.case_id, Absence.state.in_(("recorded", "confirmed")))
    missed = missed.where(Absence.first_day <= row.day, Absence.last_day >= row.day)
    return bool(await session.scalar(on_leave.limit(1)) or await session.scalar(missed.limit(1)))


FORMS: Mapping[str, FormCheck] = {"activity": confirmation}
READERS: Mapping[str, FormReader] = {"activity": activity, "activity_form": activity}
