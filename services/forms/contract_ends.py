"""What is asked about the end of a flexible-talent contract, with the figures and words that it rests on."""

from collections.abc import Mapping
from datetime import date

from pydantic import Field
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.contract_ends import end_kind
from db.engine.almanac import calendar_of
from db.engine.people import Institution, Person
from db.engine.tasks import PAPER_REQUEST, DecisionRow, InboxRow, PaperDecision, TaskRow
from db.talent_contracts import TalentContract, TalentFigure
from policies.engine.calendar import CHINA
from policies.talent.figures import amount, percent, shown
from services.end_clock import EndClock, end_clock
from services.end_wishes import bound_since
from services.engine.attachments import attached_to
from services.engine.decisions import Answer, Asked, Form, FormCheck
from services.engine.tasks import FormReader
from services.field_problems import FieldProblem
from services.forms.evidence import Evidenced, evidence_problems
from services.forms.parsing import Fields, ensure, parsed

Content = Mapping[str, object]
STATED, APPLIED = "ground_stated", "apply_in_writing"
# Decisions of the same matter that a later question shows.
SHOWN = (
    "confirm_ground",
    "force_majeure_ground",
    "expired_ground",
    "recommend_termination",
    "expert_recommendation",
    "termination_application",
    "termination_revision",
    "application_day",
    "application_without_ground",
    "cured_question",
    "termination_review",
    "open_inquiry",
    "verify_cause",
    "expert_reply",
    "decide_rescission",
    "stop_benefits",
    "pursue_liability",
    "confirm_cannot_continue",
    "ended_report",
    "ended_filing",
)


class Learned(Fields):
    """The day on which the employer itself learned of the ground, where that was before the notice."""

    learned_on: str = Field(default="", max_length=10)


async def ground(session: AsyncSession, asked: Asked, answer: Answer) -> Form:
    """An earlier day of learning counts from then; a later one than the notice counts for nothing (OT-6.3k)."""
    if answer.choice != "ground_confirmed":
        return Form()
    form = parsed(Learned, answer.form)
    if not form.learned_on:
        return Form()
    try:
        day = date.fromisoformat(form.learned_on)
    except ValueError:
        ensure([FieldProblem("learned_on", "date_wrong")])
        raise
    noticed = date.fromisoformat(asked.case.facts["learned_on"])
    ensure([FieldProblem("learned_on", "learned_after_notice")] if day > noticed else [])
    contract = await session.get_one(TalentContract, asked.case.facts["contract"])
    since = bound_since(contract)
    ensure([FieldProblem("learned_on", "before_contract", (("since", since.isoformat()),))] if day < since else [])
    return Form(form.model_dump(mode="json"), {"learned_on": day.isoformat()})


async def cause(session: AsyncSession, _asked: Asked, answer: Answer) -> Form:
    """A ground to rescind is verified with its evidence."""
    if answer.choice != "cause_verified":
        return Form()
    form = parsed(Evidenced, answer.form)
    ensure(await evidence_problems(session, answer, form))
    return Form(form.model_dump(mode="json"))


async def view(session: AsyncSession, asked: Asked) -> Content:
    """The contract, the ground with its clause, the figure, what was stated when it was raised and said so far."""
    facts = asked.case.facts
    contract = await session.get(TalentContract, facts["contract"])
    employer = await session.get_one(Institution, facts["employer"])
    clause = asked.pack.clauses[f"OT-6.3{facts['ground']}" if facts.get("ground") else "OT-6.2b"]
    return {
        "contract": facts["contract"],
        "number": contract.number if contract else "",
        "employer": employer.name,
        "term": (contract.first_day, contract.last_day) if contract else (None, None),
        "ground": clause,
        "kind": await end_kind(session, asked.case.id, facts),
        "ended_on": date.fromisoformat(facts["ended_on"]) if facts.get("ended_on") else None,
        "clock": await _clock(session, asked),
        "figure": await _figure(session, facts, asked.task.refs.get("figure") or facts.get("figure", "")),
        "handed_in": await _handed_in(session, asked.case.id),
        "stated": await _stated(session, asked.case.id),
        "said": await _said(session, asked),
    }


async def _clock(session: AsyncSession, asked: Asked) -> EndClock | None:
    facts = asked.case.facts
    if "learned_on" not in facts:
        return None
    calendar = await calendar_of(session)
    return await end_clock(session, asked.case.id, facts, pack=asked.pack, calendar=calendar, today=asked.today)


async def _figure(session: AsyncSession, facts: Mapping[str, str], number: str) -> Content:
    """The judgement that is spoken of, raw and adjusted, as it was recorded; {} for none."""
    row = await session.get(TalentFigure, (facts["contract"], int(number))) if number else None
    if row is None:
        return {}
    contract = await session.get_one(TalentContract, facts["contract"])
    return {
        "as_of": row.as_of,
        "unit": contract.unit,
        "provisional": row.provisional,
        "agreed": amount(row.agreed),
        "worked": amount(row.worked),
        "excused": amount(row.excused),
        "raw": shown(percent(row.worked, row.agreed)),
        "adjusted": shown(percent(row.worked, row.agreed - row.excused)),
    }


async def _stated(session: AsyncSession, case: str) -> Content:
    """The words with which somebody raised it; {} where the contract itself did."""
    query = select(InboxRow).where(InboxRow.case_id == case, InboxRow.message["name"].astext == STATED)
    row = await session.scalar(query.order_by(InboxRow.received_at).limit(1))
    return {"words": row.words or "", "at": row.received_at.astimezone(CHINA).date()} if row else {}


async def _handed_in(session: AsyncSession, case: str) -> Content:
    """The days of the application where it came on paper, and who stands for them (COR-04); {} where it did not."""
    query = select(DecisionRow, PaperDecision.recorded_at).where(DecisionRow.case_id == case)
    query = query.join(PaperDecision, DecisionRow.request == func.concat(PAPER_REQUEST, PaperDecision.id))
    row = (await session.execute(query.where(DecisionRow.choice == APPLIED))).first()
    if row is None:
        return {}
    decision, recorded_at = row
    people = select(Person.id, Person.name).where(Person.id.in_((decision.recorded_by, decision.checked_by)))
    names = {one.id: one.name for one in (await session.execute(people)).all()}
    return {
        "stated": decision.decided_on,
        "recorded": recorded_at.astimezone(CHINA).date(),
        "recorder": names.get(decision.recorded_by, ""),
        "checker": names.get(decision.checked_by, ""),
        "scan": decision.evidence,
    }


async def _said(session: AsyncSession, asked: Asked) -> list[Content]:
    """What was decided in the matter so far, oldest first, each with its words."""
    query = select(DecisionRow, TaskRow.name, Institution.name)
    query = query.join(TaskRow, TaskRow.id == DecisionRow.task_id)
    query = query.outerjoin(Institution, Institution.code == TaskRow.institution)
    query = query.where(DecisionRow.case_id == asked.case.id, TaskRow.name.in_(SHOWN), TaskRow.id != asked.task.id)
    rows = (await session.execute(query.order_by(DecisionRow.decided_at, DecisionRow.request))).all()
    return [
        {
            "title": asked.pack.tasks[task].title,
            "choice": asked.pack.choices[row.choice].label if row.choice in asked.pack.choices else None,
            "place": place or "",
            "words": row.words or "",
            "on": row.decided_on,
            "late": row.late,
            "evidence": row.evidence or attached_to(row.form),
        }
        for row, task, place in rows
    ]


FORMS: Mapping[str, FormCheck] = {"ground": ground, "cause": cause}
READERS: Mapping[str, FormReader] = dict.fromkeys(("ground", "cause", "ground_view", "application_to_end"), view)
