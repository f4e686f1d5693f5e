"""What is written in the evaluation of a term: summary, opinion, grade, notice of the excellent, formalities of a stay
(DQ-3.3.3a to d, DQ-3.5.3).
"""

from collections.abc import Mapping
from datetime import date
from typing import Literal, cast

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.evaluation import GRADES
from activities.grading import EXCELLENT, cohort_facts
from db.engine.almanac import calendar_of
from db.engine.tasks import DecisionRow, TaskRow
from db.evaluation import Grade, GradeItem
from policies.engine.refusals import BothSides, OwnCase, ReasonMissing, Refusal
from policies.evaluation import DimensionText, OpinionFacts, opinion_is_complete
from policies.grading import share_is_kept
from policies.public_notice import earliest_end, notice_is_kept, notice_of
from services.engine.decisions import PAPER, Answer, Asked, Form, FormCheck
from services.field_problems import FieldProblem
from services.forms.parsing import Fields, ensure, parsed
from services.forms.term_readers import last_answer

LONGEST = 4000
SEND_BACK = "send_back"
WHOLE = "whole"
UNQUALIFIED = "unqualified"
# What is wrong with a public notice: the field at which it is said, and the problem.
NOTICE_FAULTS: Mapping[str, tuple[str, str]] = {
    "backwards": ("to_day", "days_backwards"),
    "before_meeting": ("from_day", "notice_before_meeting"),
    "not_over": ("to_day", "notice_not_over"),
    "too_short": ("to_day", "notice_too_short"),
}
GradeName = Literal["excellent", "qualified", "unqualified"]


class QualifiedSettled(Refusal):
    """Qualified or above stands for this person; nobody is made unqualified by an objection or a list (COR-12)."""


class Summary(Fields):
    """COR-19: the person's own words."""

    summary: str = Field(min_length=1, max_length=LONGEST)


class Opinion(Fields):
    """DQ-3.3.3a: a text for each dimension; a grade is proposed for a whole term only."""

    dimensions: dict[str, str] = Field(default_factory=dict)
    proposed: Literal["excellent", "qualified", "unqualified", ""] = ""
    appraisal: str = Field(default="", max_length=LONGEST)


class Meeting(Fields):
    """DQ-3.3.3b: the meeting of the party committee."""

    minutes: str = Field(min_length=1, max_length=100)
    met_on: date


class Listed(Fields):
    """What the committee says of one nominated person; another grade than the nominated one has its reason."""

    case: str
    grade: GradeName
    reason: str = Field(default="", max_length=1000)


class GradeList(Meeting):
    """A word on everybody on the list."""

    grades: tuple[Listed, ...] = ()


class PublicNotice(Fields):
    """COR-20: the days on which the list hung out, what came, and what was made of it."""

    from_day: date
    to_day: date
    objections: str = Field(min_length=1, max_length=LONGEST)


class Return(Fields):
    """DQ-3.5.2a: the day on which a trainee was back."""

    returned_on: date


class Formalities(Fields):
    """COR-22: what the staffing office and the HR bureau have said to a stay."""

    staffing_office: str = Field(min_length=1, max_length=500)
    hr_bureau: str = Field(min_length=1, max_length=500)


async def summary(session: AsyncSession, asked: Asked, answer: Answer) -> Form:
    """The person's own words."""
    return Form(parsed(Summary, answer.form).model_dump())


async def opinion(session: AsyncSession, asked: Asked, answer: Answer) -> Form:
    """All dimensions in words (AS-29), and the proposed grade, which decides nothing (AS-30)."""
    if answer.choice == SEND_BACK:
        return Form()
    form = parsed(Opinion, answer.form)
    texts = tuple(DimensionText(name, text) for name, text in form.dimensions.items())
    finding = opinion_is_complete(OpinionFacts(texts), asked.pack)
    missing = cast("tuple[str, ...]", finding.figures.get("missing", ()))
    listed = asked.pack.parameters["opinion_dimensions"].listed
    problems = [FieldProblem(f"dimensions-{name}", "missing") for name in missing]
    problems += [FieldProblem(f"dimensions-{name}", "field_unknown") for name in form.dimensions if name not in listed]
    problems += [
        FieldProblem(f"dimensions-{name}", "too_long", (("limit", str(LONGEST)),))
        for name, text in form.dimensions.items()
        if len(text) > LONGEST
    ]
    if asked.task.refs["part"] == WHOLE and not form.proposed:
        problems.append(FieldProblem("proposed", "missing"))
    ensure(problems)
    return Form(form.model_dump())


async def grade(session: AsyncSession, asked: Asked, answer: Answer) -> Form:
    """The meeting that has decided; a grade other than the proposed one has its reason.

    Raises QualifiedSettled for "unqualified" once a nomination has settled more than that (decision 0015).
    """
    if GRADES[answer.choice] == UNQUALIFIED and asked.task.refs.get("at_least"):
        raise QualifiedSettled(task=asked.task.id)
    form = parsed(Meeting, _with_minutes(answer))
    ensure(_meeting_problems(form, asked))
    proposed = (await session.get_one(Grade, asked.case.id)).proposed
    if GRADES[answer.choice] != proposed and not answer.words.strip():
        raise ReasonMissing(task=asked.task.id, choice=answer.choice)
    return Form(form.model_dump(mode="json"))


async def grade_list(session: AsyncSession, asked: Asked, answer: Answer) -> Form:
    """Everybody who is on the list, excellent or qualified, within the share of the whole cohort (AS-09 to AS-13)."""
    form = parsed(GradeList, _with_minutes(answer))
    members = set(await session.scalars(select(GradeItem.case_id).where(GradeItem.batch == asked.case.id)))
    await _ensure_apart(session, members, answer.person, asked.task.id)
    given = [one.case for one in form.grades]
    problems = _meeting_problems(form, asked)
    problems += [] if sorted(given) == sorted(members) else [FieldProblem("grades", "verdict_missing")]
    problems += [
        FieldProblem(f"grades-{number}-grade", "qualified_settled")
        for number, one in enumerate(form.grades)
        if one.grade == UNQUALIFIED
    ]
    problems += [
        FieldProblem(f"grades-{number}-reason", "missing")
        for number, one in enumerate(form.grades)
        if one.grade != EXCELLENT and not one.reason
    ]
    ensure(problems)
    facts = asked.case.facts
    decided = {one.case: one.grade for one in form.grades}
    finding = share_is_kept(await cohort_facts(session, facts["group"], int(facts["year"]), decided), asked.pack)
    if finding.outcome != "within_cap":
        figures = tuple((name, str(finding.figures[name])) for name in ("excellent", "cohort", "cap"))
        ensure([FieldProblem("grades", "cap_exceeded", figures)])
    excellent = sum(grade == EXCELLENT for grade in decided.values())
    return Form(form.model_dump(mode="json"), {"excellent": str(excellent)})


async def _ensure_apart(session: AsyncSession, members: set[str], person: str, task: str) -> None:
    """DEF-12: nobody settles the list on which they stand, or on which somebody stands whom they have appraised."""
    if await session.scalar(select(Grade.case_id).where(Grade.case_id.in_(members), Grade.person == person).limit(1)):
        raise OwnCase(task=task)
    appraised = select(DecisionRow.request).join(TaskRow, TaskRow.id == DecisionRow.task_id)
    appraised = appraised.where(TaskRow.name == "term_opinion", DecisionRow.case_id.in_(members))
    if await session.scalar(appraised.where(DecisionRow.person == person).limit(1)):
        raise BothSides(task=task)


async def public_notice(session: AsyncSession, asked: Asked, answer: Answer) -> Form:
    """COR-20: after the meeting, over, and as long as the pack asks for by the calendar; and what came."""
    form = parsed(PublicNotice, answer.form)
    calendar, days = await calendar_of(session), (form.from_day, form.to_day)
    met_on = date.fromisoformat((await list_decided(session, asked)).form["met_on"])
    facts = notice_of(*days, met_on=met_on, today=asked.today, calendar=calendar)
    finding = notice_is_kept(facts, asked.pack)
    figures = {name: str(value) for name, value in finding.figures.items()} | {"met_on": met_on.isoformat()}
    if finding.outcome == "too_short":
        figures["until"] = earliest_end(form.from_day, int(figures["least"]), calendar).isoformat()
    fault = NOTICE_FAULTS.get(finding.outcome or "")
    ensure([FieldProblem(*fault, tuple(sorted(figures.items())))] if fault else [])
    return Form(form.model_dump(mode="json"))


async def list_decided(session: AsyncSession, asked: Asked) -> DecisionRow:
    """The committee's last word on a list, with its meeting: what goes to the public."""
    decided = await last_answer(session, asked, "close_grades")
    if decided is None:
        raise LookupError(asked.case.id)
    return decided


async def return_home(session: AsyncSession, asked: Asked, answer: Answer) -> Form:
    """A day that has come, after the training."""
    form = parsed(Return, answer.form)
    over = (await session.get_one(Grade, asked.case.id)).last_day
    problems = [FieldProblem("returned_on", "date_future")] if form.returned_on > asked.today else []
    problems += [FieldProblem("returned_on", "back_before_end")] if form.returned_on <= over else []
    ensure(problems)
    return Form(form.model_dump(mode="json"))


async def formalities(session: AsyncSession, asked: Asked, answer: Answer) -> Form:
    """Whoever agrees says what the other two offices have said."""
    if answer.choice != "agree_stay":
        return Form()
    return Form(parsed(Formalities, answer.form).model_dump())


def _with_minutes(answer: Answer) -> Mapping[str, object]:
    """A decision that came in from a meeting has its minutes and its day on the sheet already (COR-04)."""
    if answer.channel != PAPER or answer.paper is None:
        return answer.form
    sheet = {"minutes": answer.paper.minutes, "met_on": answer.paper.decided_on.isoformat()}
    return {**answer.form, **{name: value for name, value in sheet.items() if value and not answer.form.get(name)}}


def _meeting_problems(form: Meeting, asked: Asked) -> list[FieldProblem]:
    return [FieldProblem("met_on", "date_future")] if form.met_on > asked.today else []


FORMS: Mapping[str, FormCheck] = {
    "term_summary": summary,
    "opinion": opinion,
    "grade": grade,
    "close_grades": grade_list,
    "public_notice": public_notice,
    "stay_formalities": formalities,
    "return_home": return_home,
}
