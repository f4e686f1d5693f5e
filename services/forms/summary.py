"""The yearly summary with its figures from the record, and an exchange that was held (F-24, DQ-4.3a, b)."""

from collections.abc import Mapping
from datetime import date

from pydantic import Field
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.demand import DemandLine, SupplyLine, TraineeLine
from db.engine.cases import CaseFile
from db.engine.people import Institution, Person
from db.engine.tasks import DecisionRow
from db.posting import Post, PostMatch
from services.engine.decisions import Answer, Asked, Form, FormCheck
from services.engine.tasks import FormReader
from services.field_problems import FieldProblem
from services.forms.parsing import Fields, ensure, parsed

SUBMIT = "submit_summary"
Content = Mapping[str, object]
Counts = dict[str, int]


class Summary(Fields):
    """What was done, what is wrong, what is proposed; the figures are added from the record."""

    experience: str = Field(default="", max_length=4000)
    problems: str = Field(default="", max_length=4000)
    proposals: str = Field(default="", max_length=4000)


class Held(Fields):
    """An exchange: its form, its day, what was said."""

    form: str = Field(default="", max_length=60)
    held_on: str = Field(default="", max_length=10)
    said: str = Field(default="", max_length=4000)


async def summary(session: AsyncSession, asked: Asked, answer: Answer) -> Form:
    """Experience and problems are both written; the figures of the day go with them. A step sent back needs none."""
    if answer.choice != SUBMIT:
        return Form()
    form = parsed(Summary, answer.form)
    ensure(FieldProblem(name, "missing") for name in ("experience", "problems") if not getattr(form, name))
    counts = await counted(session, asked.case.facts["institution"], asked.case.facts["year"])
    return Form({**form.model_dump(mode="json"), "counts": counts})


async def exchange(_session: AsyncSession, asked: Asked, answer: Answer) -> Form:
    """Form, day of the year and words are all there."""
    form = parsed(Held, answer.form)
    ensure(held_problems(form, year=int(asked.case.facts["year"])))
    return Form(form.model_dump(mode="json"))


def held_problems(form: Held, *, year: int) -> list[FieldProblem]:
    """What is wrong with an exchange of a year."""
    problems = [FieldProblem(name, "missing") for name in ("form", "held_on", "said") if not getattr(form, name)]
    if form.held_on:
        try:
            day = date.fromisoformat(form.held_on)
        except ValueError:
            return [*problems, FieldProblem("held_on", "date_wrong")]
        problems += [] if day.year == year else [FieldProblem("held_on", "year_other", (("year", str(year)),))]
    return problems


async def counted(session: AsyncSession, institution: str, year: str) -> Counts:
    """The year's figures of an institution, from the record: counts only."""
    of_year = CaseFile.facts["year"].astext == year
    here = (of_year, CaseFile.institution == institution)
    posts = select(func.count(Post.id)).join(CaseFile, CaseFile.id == Post.cycle)
    posts = posts.where(of_year, Post.institution == institution, Post.placement.is_(None))
    filed = select(func.count()).select_from(CaseFile).where(CaseFile.lifecycle == "PostingCase", of_year)
    filed = filed.where(CaseFile.outcome == "filed")
    received = filed.join(PostMatch, PostMatch.case_id == CaseFile.id).join(Post, Post.id == PostMatch.post)
    sent = filed.join(Person, Person.id == CaseFile.subject)
    inspected = select(func.count()).select_from(CaseFile).where(CaseFile.lifecycle == "InspectionRectification")
    inspected = inspected.where(CaseFile.facts["institution"].astext == institution)
    queries = {
        "places_asked_for": select(func.sum(DemandLine.headcount)).join(CaseFile).where(*here),
        "posts_published": posts,
        "people_received": received.where(Post.institution == institution),
        "people_listed": select(func.count()).select_from(SupplyLine).join(CaseFile).where(*here),
        "people_sent": sent.where(Person.institution == institution),
        "trainees_reported": select(func.count()).select_from(TraineeLine).join(CaseFile).where(*here),
        "inspections": inspected.where(CaseFile.facts["inspected_on"].astext.startswith(f"{year}-")),
    }
    return {name: int(await session.scalar(query) or 0) for name, query in queries.items()}


async def summary_shown(session: AsyncSession, asked: Asked) -> Content:
    """counts: the figures now; drafted: what the step before, or the version before, has written."""
    facts = asked.case.facts
    return {
        "place": (await session.get_one(Institution, facts["institution"])).name,
        "year": facts["year"],
        "counts": await counted(session, facts["institution"], facts["year"]),
        "drafted": await _last(session, asked),
    }


async def review_shown(session: AsyncSession, asked: Asked) -> Content:
    """The summary as it was sent, with the figures that went with it."""
    sent = await _last(session, asked)
    return {**await summary_shown(session, asked), "counts": sent.get("counts", {}), "sent": sent}


async def exchange_shown(_session: AsyncSession, asked: Asked) -> Content:
    """forms: those that the clause names; year: of which one is missing."""
    return {"forms": asked.pack.parameters["exchange_forms"].listed, "year": asked.case.facts["year"]}


async def _last(session: AsyncSession, asked: Asked) -> dict[str, object]:
    query = select(DecisionRow.form).where(DecisionRow.case_id == asked.case.id, DecisionRow.choice == SUBMIT)
    return dict(await session.scalar(query.order_by(DecisionRow.decided_at.desc()).limit(1)) or {})


FORMS: Mapping[str, FormCheck] = {"summary": summary, "exchange": exchange}
READERS: Mapping[str, FormReader] = {
    "summary": summary_shown,
    "summary_review": review_shown,
    "exchange": exchange_shown,
}
