"""What the title office decides: each claimed stretch of service, and the exception to the year (DQ-3.1.1a, COR-15)."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.credit import ServiceCredit
from db.engine.cases import FindingRow
from services.engine.decisions import Answer, Asked, Form, FormCheck
from services.engine.tasks import FormReader
from services.field_problems import FieldProblem
from services.forms.evidence import Evidenced, evidence_problems
from services.forms.parsing import Fields, ensure, parsed

GRANT, COUNTED, NOT_COUNTED = "grant_exception", "counted", "not_counted"
Content = Mapping[str, object]


class Verdict(Fields):
    """The word on one claim, by its id; what does not count says why."""

    case: str
    verdict: Literal["counted", "not_counted"]
    reason: str = Field(default="", max_length=1000)


class Verdicts(Fields):
    """One verdict for every claim."""

    verdicts: tuple[Verdict, ...] = ()


async def claims(session: AsyncSession, asked: Asked, answer: Answer) -> Form:
    """Every claim of the person has one verdict; who decides is not whom it is about (DEF-12 sees to that)."""
    form = parsed(Verdicts, answer.form)
    known = [row.id for row in await _claimed(session, asked)]
    given = [one.case for one in form.verdicts]
    problems = [] if sorted(given) == sorted(known) else [FieldProblem("verdicts", "claim_verdict_missing")]
    problems += [
        FieldProblem(f"verdicts-{number}-reason", "missing")
        for number, one in enumerate(form.verdicts)
        if one.verdict == NOT_COUNTED and not one.reason
    ]
    ensure(problems)
    return Form(form.model_dump(mode="json"))


async def exception(session: AsyncSession, _asked: Asked, answer: Answer) -> Form:
    """An exception has its evidence (DEF-10)."""
    if answer.choice != GRANT:
        return Form()
    form = parsed(Evidenced, answer.form)
    ensure(await evidence_problems(session, answer, form))
    return Form(form.model_dump(mode="json"))


async def shown(session: AsyncSession, asked: Asked) -> Content:
    """target_title; claims that wait for a word; credits that count; finding: what the rule last made of them."""
    rows = await session.scalars(
        select(ServiceCredit)
        .where(ServiceCredit.person == asked.case.facts["person"])
        .order_by(ServiceCredit.first_day, ServiceCredit.id)
    )
    lines = [_line(row) for row in rows]
    found = select(FindingRow.finding).where(FindingRow.case_id == asked.case.id).order_by(FindingRow.id.desc())
    return {
        "target_title": asked.case.facts["target_title"],
        "claims": [one for one in lines if one["verdict"] == ""],
        "credits": [one for one in lines if one["verdict"] == COUNTED],
        "finding": await session.scalar(found.limit(1)),
    }


async def _claimed(session: AsyncSession, asked: Asked) -> list[ServiceCredit]:
    query = select(ServiceCredit).where(ServiceCredit.person == asked.case.facts["person"], ServiceCredit.verdict == "")
    return list(await session.scalars(query))


def _line(row: ServiceCredit) -> dict[str, object]:
    return {
        "case": row.id,
        "kind": row.kind,
        "first_day": row.first_day,
        "last_day": row.last_day,
        "source": row.source or "",
        "evidence": row.evidence or "",
        "verdict": row.verdict,
    }


FORMS: Mapping[str, FormCheck] = {"service_claims": claims, "promotion": exception}
READERS: Mapping[str, FormReader] = dict.fromkeys(FORMS, shown)
