"""The batch that the group submits, and the bureau's verdict on each person in it (DQ-3.1.3c)."""

from typing import Literal

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.posting import BatchItem
from services.engine.decisions import Answer, Asked, Form
from services.field_problems import FieldProblem
from services.forms.parsing import Fields, ensure, parsed


class Batch(Fields):
    """The cases that go to the bureau now."""

    included: tuple[str, ...] = Field(default=())


class Verdict(Fields):
    """What is decided for one person; a return or an objection says why."""

    case: str
    verdict: Literal["file", "return", "object"]
    reason: str = Field(default="", max_length=1000)


class Verdicts(Fields):
    """One verdict for everybody in the batch."""

    verdicts: tuple[Verdict, ...] = ()


async def batch(session: AsyncSession, asked: Asked, answer: Answer) -> Form:
    """At least one person; only persons who are in the batch."""
    form = parsed(Batch, answer.form)
    members = await _members(session, asked.case.id)
    problems = [] if form.included else [FieldProblem("included", "missing")]
    problems += [
        FieldProblem(f"included-{number}", "case_unknown")
        for number, case in enumerate(form.included)
        if case not in members
    ]
    ensure(problems)
    return Form(form.model_dump(mode="json"))


async def verdicts(session: AsyncSession, asked: Asked, answer: Answer) -> Form:
    """Every person has one verdict; a return or an objection has its reason. A step sent back needs none."""
    if answer.choice == "send_back":
        return Form()
    form = parsed(Verdicts, answer.form)
    members = await _members(session, asked.case.id)
    given = [one.case for one in form.verdicts]
    problems = [FieldProblem("verdicts", "verdict_missing")] if sorted(given) != sorted(members) else []
    problems += [
        FieldProblem(f"verdicts-{number}-reason", "missing")
        for number, one in enumerate(form.verdicts)
        if one.verdict != "file" and not one.reason
    ]
    ensure(problems)
    objected = any(one.verdict == "object" for one in form.verdicts)
    return Form(form.model_dump(mode="json"), {"objected": "yes" if objected else "no"})


async def _members(session: AsyncSession, batch_id: str) -> set[str]:
    return set(await session.scalars(select(BatchItem.case_id).where(BatchItem.batch == batch_id)))
