"""The method that a group submits (F-16): its title, the tasks that it must set, its text as a scan (DQ-3.3.2b, d)."""

from collections.abc import Mapping
from typing import Any, cast

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine.people import Institution
from db.engine.tasks import DecisionRow, TaskRow
from policies.engine.pack import Pack
from policies.method_filing import AreasFacts, sent_down_areas_are_set
from policies.vocabulary import SENT_DOWN, Programme
from services.engine.attachments import attached_to, is_kept
from services.engine.decisions import Answer, Asked, Form, FormCheck
from services.engine.tasks import FormReader
from services.field_problems import FieldProblem
from services.forms.parsing import Fields, ensure, parsed

SUBMIT = "submit_to_bureaus"
DRAFTS = ("method_draft", "method_revision")
LONGEST = 4000


class Method(Fields):
    """The method as it goes to the four bureaus; `attachment` is the hash of a file that was kept before."""

    title: str = Field(min_length=1, max_length=200)
    areas: dict[str, str] = Field(default_factory=dict)
    other: str = Field(default="", max_length=LONGEST)
    attachment: str = ""


def areas_of(pack: Pack, programme: str) -> tuple[str, ...]:
    """The areas for which the method must set tasks."""
    name = "method_areas_sent_down" if programme == SENT_DOWN else "method_areas_trainees"
    return pack.parameters[name].listed


async def method(session: AsyncSession, asked: Asked, answer: Answer) -> Form:
    """Complete by the rule; a file that the form names was attached here. Dropping it needs no form."""
    if answer.choice != SUBMIT:
        return Form()
    form = parsed(Method, answer.form)
    programme = cast("Programme", asked.case.facts["programme"])
    known = areas_of(asked.pack, programme)
    problems = [FieldProblem(f"areas-{name}", "field_unknown") for name in form.areas if name not in known]
    problems += [
        FieldProblem(f"areas-{name}", "too_long", (("limit", str(LONGEST)),))
        for name, text in form.areas.items()
        if len(text) > LONGEST
    ]
    areas = {name: text.strip() for name, text in form.areas.items() if text.strip()}
    finding = sent_down_areas_are_set(AreasFacts(programme, tuple(areas)), asked.pack)
    problems += [
        FieldProblem(f"areas-{name}", "missing") for name in cast("tuple[str, ...]", finding.figures.get("missing", ()))
    ]
    if form.attachment and not await is_kept(session, form.attachment):
        problems.append(FieldProblem("attachment", "attachment_unknown"))
    ensure(problems)
    return Form(form.model_dump() | {"areas": areas})


async def method_content(session: AsyncSession, asked: Asked) -> Mapping[str, object]:
    """areas: those to write on. before: what was submitted last. returned: why the bureaus returned it."""
    submitted = await last_submitted(session, asked.case.id)
    return {
        "areas": areas_of(asked.pack, asked.case.facts["programme"]),
        "programme": asked.case.facts["programme"],
        "version": asked.case.facts["version"],
        "before": submitted,
        "returned": await returns(session, asked.case.id),
    }


async def filing_content(session: AsyncSession, asked: Asked) -> Mapping[str, object]:
    """What the bureaus are asked about, and which submission of the case it is."""
    content = await method_content(session, asked)
    submitted = await last_submitted(session, asked.case.id)
    return {**content, "submission": asked.task.refs["submission"], "attachment": attached_to(submitted)}


async def last_submitted(session: AsyncSession, case_id: str) -> Mapping[str, Any]:
    """The form that the group submitted last."""
    query = select(DecisionRow.form).where(DecisionRow.case_id == case_id, DecisionRow.choice == SUBMIT)
    return dict(await session.scalar(query.order_by(DecisionRow.decided_at.desc()).limit(1)) or {})


async def returns(session: AsyncSession, case_id: str) -> list[dict[str, str]]:
    """Every return of what was submitted last: by which bureau, and why."""
    query = (
        select(TaskRow, DecisionRow.words)
        .join(DecisionRow, DecisionRow.task_id == TaskRow.id)
        .where(TaskRow.case_id == case_id, DecisionRow.choice == "return")
        .order_by(DecisionRow.decided_at)
    )
    found = [(task.refs, words or "") for task, words in await session.execute(query)]
    last = max((int(refs["submission"]) for refs, _ in found), default=0)
    codes = {refs["bureau"] for refs, _ in found}
    places = await session.scalars(select(Institution).where(Institution.code.in_(codes)))
    names = {place.code: place.name for place in places}
    return [
        {"bureau": names[refs["bureau"]], "words": words} for refs, words in found if refs["submission"] == str(last)
    ]


FORMS: Mapping[str, FormCheck] = {"method": method}
READERS: Mapping[str, FormReader] = {"method": method_content, "method_filing": filing_content}
