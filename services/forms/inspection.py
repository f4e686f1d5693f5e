"""What the bureau writes down after an inspection, and what an institution answers to an order (F-23, DQ-3.2.3b)."""

from collections.abc import Mapping
from datetime import date

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine.people import Institution
from db.engine.tasks import DecisionRow, TaskRow
from policies.engine.calendar import CHINA
from services.engine.attachments import attached_to
from services.engine.decisions import Answer, Asked, Form, FormCheck
from services.engine.tasks import FormReader
from services.field_problems import FieldProblem
from services.forms.evidence import Evidenced, evidence_problems
from services.forms.parsing import Fields, ensure, parsed

ORDER, NOT_YET = "order", "not_yet"
Content = Mapping[str, object]


class Order(Fields):
    """What is to be put right, and until when; without a day the pack's working days run."""

    problems: tuple[str, ...] = ()
    until: str = Field(default="", max_length=10)


class Again(Fields):
    """Until when what is not yet put right is to be; without a day the pack's working days run again."""

    until: str = Field(default="", max_length=10)


async def findings(session: AsyncSession, asked: Asked, answer: Answer) -> Form:
    """An order names what is wrong in the words of the clause; its day, if one is set, lies ahead."""
    if answer.choice != ORDER:
        return Form()
    form = parsed(Order, answer.form)
    named = asked.pack.parameters["inspection_problems"].listed
    problems = [] if form.problems else [FieldProblem("problems", "missing")]
    problems += [
        FieldProblem(f"problems-{number}", "choice_unknown", (("choices", "、".join(named)),))
        for number, one in enumerate(form.problems)
        if one not in named
    ]
    ensure([*problems, *await _day_problems(session, asked, form.until)])
    return Form(form.model_dump(mode="json"), _until(form.until))


async def verification(session: AsyncSession, asked: Asked, answer: Answer) -> Form:
    """What goes back may have a new day."""
    if answer.choice != NOT_YET:
        return Form()
    form = parsed(Again, answer.form)
    ensure(await _day_problems(session, asked, form.until))
    return Form(form.model_dump(mode="json"), _until(form.until))


async def rectification(session: AsyncSession, _asked: Asked, answer: Answer) -> Form:
    """An answer to an order has its evidence."""
    form = parsed(Evidenced, answer.form)
    ensure(await evidence_problems(session, answer, form))
    return Form(form.model_dump(mode="json"))


def _until(written: str) -> Mapping[str, str]:
    return {"until": written} if written else {}


async def _day_problems(session: AsyncSession, asked: Asked, written: str) -> list[FieldProblem]:
    """A day that is set comes after the day on which the bureau was asked."""
    if not written:
        return []
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return [FieldProblem("until", "date_wrong")]
    opened = (await session.get_one(TaskRow, asked.task.id)).opened_at
    return [] if day > opened.astimezone(CHINA).date() else [FieldProblem("until", "date_past")]


async def shown(session: AsyncSession, asked: Asked) -> Content:
    """place: the institution; what it is about; ordered and answered: the words, kinds and evidence of the decisions
    that this question rests on; kinds: what an order may name.
    """
    facts = asked.case.facts
    institution = await session.get_one(Institution, facts["institution"])
    refs = asked.task.refs
    ordered = await _said(session, asked, refs.get("ordered", refs.get("of", "")))
    answered = await _said(session, asked, refs["of"]) if "ordered" in refs else {}
    return {
        "place": institution.name,
        "inspected_on": date.fromisoformat(facts["inspected_on"]),
        "occasion": facts["occasion"],
        "concerns": facts["concerns"],
        "kinds": asked.pack.parameters["inspection_problems"].listed,
        "problems": await _problems(session, asked),
        "ordered": ordered,
        "answered": answered,
    }


async def _said(session: AsyncSession, asked: Asked, local: str) -> Content:
    """The words and the scan of the last answer of another task of the case."""
    row = await _last(session, asked, f"{asked.case.id}.{local}")
    return {"words": row.words or "", "evidence": row.evidence or attached_to(row.form)} if row else {}


async def _last(session: AsyncSession, asked: Asked, task: str) -> DecisionRow | None:
    query = select(DecisionRow).where(DecisionRow.case_id == asked.case.id, DecisionRow.task_id == task)
    found: DecisionRow | None = await session.scalar(query.order_by(DecisionRow.decided_at.desc()).limit(1))
    return found


async def _problems(session: AsyncSession, asked: Asked) -> list[str]:
    """What the order named."""
    query = select(DecisionRow.form).where(DecisionRow.case_id == asked.case.id, DecisionRow.choice == ORDER)
    form = await session.scalar(query.limit(1))
    return list((form or {}).get("problems", []))


FORMS: Mapping[str, FormCheck] = {
    "inspection": findings,
    "rectification": rectification,
    "verification": verification,
}
READERS: Mapping[str, FormReader] = dict.fromkeys((*FORMS, "inspection_result"), shown)
