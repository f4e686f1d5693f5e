"""What a term still needs and by when: the facts of the record put to the forecast (`policies/forecast.py`)."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import cast

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.attendance import attended_before, attended_so_far
from activities.credited import days_before
from activities.grading import EXCELLENT, NOMINATED, cohort_facts
from activities.opening import IMPORTED, absences_before
from activities.served import served
from db.engine.almanac import calendar_of
from db.engine.cases import CaseFile
from db.engine.tasks import TaskRow
from db.evaluation import Grade, listed
from db.segments import SITE_SINCE
from db.service import Absence, ServiceActivity, absence_asked_in
from db.term_start import first_day_of
from policies.absence import AbsenceFacts, Incident, State
from policies.engine.pack import Pack
from policies.engine.words import Words
from policies.forecast import ForecastFacts, Prospect, excellence_waits, outlook, slots_left
from policies.term import TermFacts
from policies.vocabulary import Programme
from workflows.term.opening import due_before

IN_SERVICE = "in_service"
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Waiting:
    """A question of the term that is open: its title, and until when (UTC)."""

    title: Words
    due_at: datetime | None


@dataclass(frozen=True)
class Forecast:
    """What is ahead of a term, line by line, and whom it waits for. `on`: the local day on which it was made."""

    on: date
    prospects: tuple[Prospect, ...]
    waits: tuple[Waiting, ...]


async def forecast_of(session: AsyncSession, case: CaseFile, pack: Pack, *, today: date) -> Forecast:
    """What is ahead of a term that runs, on a local day; of one that does not, only whom it waits for."""
    open_ = select(TaskRow).where(TaskRow.case_id == case.id, TaskRow.status == "open").order_by(TaskRow.opened_at)
    waits = tuple(Waiting(pack.tasks[row.name].title, row.due_at) for row in await session.scalars(open_))
    if grade := await session.get(Grade, case.id):
        return Forecast(today, await _slots(session, grade, pack), waits)
    first_day = await first_day_of(session, case.id)
    if first_day is None or case.stage != IN_SERVICE:
        return Forecast(today, (), waits)
    days, calendar = (first_day, today - _ONE_DAY), await calendar_of(session)
    attended = await attended_so_far(session, case.id, days, pack=pack, calendar=calendar)
    attended += await attended_before(session, case, pack=pack, calendar=calendar)
    since = date.fromisoformat(case.facts.get(SITE_SINCE) or first_day.isoformat())
    term = await served(session, case, (since, days[1]), pack=pack, attended=attended)
    before = await days_before(session, case, since, pack=pack, calendar=calendar)
    term = replace(term, before_days=term.before_days + before)
    facts = await _facts(session, case, pack, term=term, today=today, first_day=first_day)
    return Forecast(today, outlook(facts, pack), waits)


async def _slots(session: AsyncSession, grade: Grade, pack: Pack) -> tuple[Prospect, ...]:
    """Of a term that is being evaluated: what its cohort leaves; nothing once its grade is settled."""
    if grade.state == "settled":
        return ()
    mine = select(Grade.case_id).where(
        Grade.group == grade.group, Grade.year == grade.year, Grade.state == NOMINATED, ~listed(Grade.case_id)
    )
    waits = (excellence_waits(grade.year),) if grade.state == NOMINATED else ()
    nominated = dict.fromkeys(await session.scalars(mine), EXCELLENT)
    return (*waits, slots_left(await cohort_facts(session, grade.group, grade.year, nominated), pack))


async def _facts(
    session: AsyncSession, case: CaseFile, pack: Pack, *, term: TermFacts, today: date, first_day: date
) -> ForecastFacts:
    missed = await session.scalars(select(Absence).where(absence_asked_in == case.id).order_by(Absence.id))
    incidents = (Incident(row.id, row.days, cast("State", row.state), row.times) for row in missed if not _split(row))
    recorded = select(ServiceActivity.half_days).where(
        ServiceActivity.case_id == case.id, ServiceActivity.state == "recorded"
    )
    asked = select(TaskRow.name, TaskRow.outcome).where(TaskRow.case_id == case.id)
    tasks = [(name, outcome) for name, outcome in await session.execute(asked)]
    quarters, before = [name for name, _ in tasks].count("check_in"), 0
    if IMPORTED in case.facts:
        months = pack.parameters["check_in_every_months"].whole
        before = due_before(dict(case.facts), first_day, months)
    assessed = [name for name, _ in tasks].count("performance_assessment")
    return ForecastFacts(
        today,
        first_day,
        term,
        AbsenceFacts(cast("Programme", case.programme), (*await absences_before(session, case), *incidents)),
        pending_half_days=sum(await session.scalars(recorded)),
        check_ins=before + quarters,
        quarters_waiting=quarters - assessed if "assessment_every_check_ins" in case.facts else 0,
        certified=("certify_term", "certify") in tasks,
    )


def _split(row: Absence) -> bool:
    return row.state == "split"
