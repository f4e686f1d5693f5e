"""What is asked while a term stands still: whether the service goes on (EXC-09)."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from db.standstills import Standstill
from services.engine.decisions import Answer, Asked, Form, FormCheck
from services.engine.tasks import FormReader
from services.field_problems import FieldProblem
from services.forms.parsing import Fields, ensure, parsed
from services.forms.term_readers import placement


class Resuming(Fields):
    """The first day on which the service goes on."""

    resumes_on: date


async def review(session: AsyncSession, asked: Asked, answer: Answer) -> Form:
    """A day from the first one of the standstill on; none while it stands."""
    if answer.choice != "resume_term":
        return Form()
    row = await session.get_one(Standstill, asked.task.refs["standstill"])
    form = parsed(Resuming, {name: value for name, value in answer.form.items() if value})
    ensure([] if form.resumes_on >= row.first_day else [FieldProblem("resumes_on", "resumes_too_early")])
    return Form(form.model_dump(mode="json"))


async def standstill(session: AsyncSession, asked: Asked) -> dict[str, object]:
    """Where the person serves, and what stands still since when and why."""
    row = await session.get_one(Standstill, asked.task.refs["standstill"])
    names = ("kind", "first_day", "evidence", "words")
    return await placement(session, asked) | {"standstill": {name: getattr(row, name) for name in names}}


FORMS: Mapping[str, FormCheck] = {"standstill": review}
READERS: Mapping[str, FormReader] = {"standstill": standstill}
