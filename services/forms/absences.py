"""Confirming an absence, splitting it, and how often a longer one counts (DQ-3.2.2d, COR-14)."""

from datetime import date
from decimal import Decimal
from math import ceil
from typing import Annotated

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from db.service import Absence
from policies.absence import IncidentFacts, times_of
from services.engine.decisions import Answer, Asked, Form
from services.field_problems import FieldProblem
from services.forms.parsing import Fields, ensure, parsed

HALF = Decimal("0.5")


class Part(Fields):
    """One of several absences that were recorded as one."""

    first_day: date
    last_day: date
    days: Annotated[Decimal, Field(ge=HALF)]


class Parts(Fields):
    """The absences in the place of one."""

    parts: tuple[Part, ...] = Field(min_length=2, max_length=31)


class Times(Fields):
    """How often the group counts a longer absence."""

    times: int = Field(ge=1, le=99)


async def confirmation(session: AsyncSession, asked: Asked, answer: Answer) -> Form:
    """Whether the rule asks the group when it is confirmed; the parts when it is split."""
    absence = await session.get_one(Absence, asked.task.refs["absence"])
    if answer.choice == "split_absence":
        parts = parsed(Parts, answer.form).parts
        ensure(_misfits(absence, parts))
        return Form({"parts": [part.model_dump(mode="json") for part in parts]})
    found = times_of(IncidentFacts(absence.days, leave_papers=False), asked.pack)
    return Form(refs={"longer": "yes" if found.ask else "no"})


def _misfits(absence: Absence, parts: tuple[Part, ...]) -> list[FieldProblem]:
    """Parts lie in the whole, one after the other, and are together no longer than it was."""
    problems, free_from = [], absence.first_day
    for number, part in enumerate(parts):
        if part.first_day < free_from or part.last_day < part.first_day or part.last_day > absence.last_day:
            problems.append(FieldProblem(f"parts-{number}-first_day", "part_outside"))
        free_from = max(free_from, part.last_day)
    if sum((part.days for part in parts), Decimal(0)) > absence.days:
        problems.append(FieldProblem("parts", "parts_longer"))
    return problems


async def times(session: AsyncSession, asked: Asked, answer: Answer) -> Form:
    """Between once and once a day."""
    absence = await session.get_one(Absence, asked.task.refs["absence"])
    form = parsed(Times, answer.form)
    ensure([] if form.times <= ceil(absence.days) else [FieldProblem("times", "times_wrong")])
    return Form(form.model_dump(), {"times": str(form.times)})
