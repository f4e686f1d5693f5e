"""Coming back from leave (DQ-3.2.2c)."""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from db.service import Leave
from services.engine.decisions import Answer, Asked, Form
from services.field_problems import FieldProblem
from services.forms.parsing import Fields, ensure, parsed


class Return(Fields):
    """The day on which the person was back on post."""

    returned_on: date


async def closing(session: AsyncSession, asked: Asked, answer: Answer) -> Form:
    """A day after the first one of the leave that has come; a person may be back early."""
    leave = await session.get_one(Leave, asked.task.refs["leave"])
    form = parsed(Return, {name: value for name, value in answer.form.items() if value})
    problems = [] if form.returned_on > leave.first_day else [FieldProblem("returned_on", "back_too_early")]
    problems += [FieldProblem("returned_on", "date_future")] if form.returned_on > asked.today else []
    ensure(problems)
    return Form(form.model_dump(mode="json"))
