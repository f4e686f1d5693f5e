"""What is asked about an early end and about a transfer (EXC-07, EXC-08)."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from db.engine.people import Institution
from db.term_changes import TermChange
from services.engine.decisions import Answer, Asked, Form, FormCheck
from services.engine.tasks import FormReader
from services.field_problems import FieldProblem
from services.forms.parsing import Fields, ensure, parsed
from services.forms.term_readers import last_answer, placement

SETS_DAYS = "set_transfer_days"


class TransferDays(Fields):
    """The last local day at the present institution, and the first one at the other."""

    last_day: date
    starts_on: date


async def transfer_days(session: AsyncSession, asked: Asked, answer: Answer) -> Form:
    """A last day that has not passed, and a first day after it; none for a refusal."""
    if answer.choice != SETS_DAYS:
        return Form()
    form = parsed(TransferDays, {name: value for name, value in answer.form.items() if value})
    problems = [FieldProblem("last_day", "last_day_past")] if form.last_day < asked.today else []
    problems += [FieldProblem("starts_on", "start_before_end")] if form.starts_on <= form.last_day else []
    ensure(problems)
    days = form.model_dump(mode="json")
    return Form(days, days)


async def change(session: AsyncSession, asked: Asked) -> dict[str, object]:
    """Where the person serves, and what is proposed, by whom and why."""
    row = await session.get_one(TermChange, asked.task.refs["change"])
    names = ("kind", "occasion", "last_day", "words", "proposed_at")
    return await placement(session, asked) | {"change": {name: getattr(row, name) for name in names}}


async def transfer(session: AsyncSession, asked: Asked) -> dict[str, object]:
    """The same, with where the person is to go, and the days once the group has set them."""
    row = await session.get_one(TermChange, asked.task.refs["change"])
    there = await session.get_one(Institution, row.destination)
    days = await _set_days(session, asked)
    return await change(session, asked) | {"destination": there.name, "days": days}


async def _set_days(session: AsyncSession, asked: Asked) -> dict[str, date]:
    if asked.task.name != "transfer_filing":
        return {}
    said = await last_answer(session, asked, "transfer_days")
    return {name: date.fromisoformat(said.form[name]) for name in TransferDays.model_fields} if said else {}


FORMS: Mapping[str, FormCheck] = {"transfer_days": transfer_days}
READERS: Mapping[str, FormReader] = {
    "early_end": change,
    "transfer": transfer,
    "transfer_days": transfer,
    "transfer_filing": transfer,
}
