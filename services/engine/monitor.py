"""The desk of the HR monitor: which cases stand where, who holds what until when, and what did not go through."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import load_only

from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.clock import Clock
from db.engine.packs import PackShelf
from db.engine.people import Person
from db.engine.post import LetterRow
from db.engine.tasks import InboxRow, SeatRow, TaskRow
from policies.engine.words import Words
from services.engine import said
from services.engine.permissions import Right, Viewer, ensure, present_to, touches
from services.engine.places import Places

PAGE = 50
# Of a case nothing but what stands in the list: its facts and where it goes on from are large.
_SHOWN = (
    CaseFile.id,
    CaseFile.lifecycle,
    CaseFile.institution,
    CaseFile.subject,
    CaseFile.pack,
    CaseFile.pack_version,
    CaseFile.state,
    CaseFile.stage,
    CaseFile.started_at,
    CaseFile.changed_at,
)
Listed = Select[CaseFile, str | None]
_LISTED: Listed = (
    select(CaseFile, Person.name)
    .outerjoin(Person, Person.id == CaseFile.subject)
    .options(load_only(*_SHOWN, raiseload=True))
)
STUCK_AFTER = timedelta(seconds=60)
SORTS = ("due", "started", "changed", "case", "stage")


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; "" narrows nothing. `text` is looked for in the case number."""

    programme: str = ""
    lifecycle: str = ""
    stage: str = ""
    state: str = ""
    institution: str = ""
    overdue: bool = False
    vacant: bool = False
    escalated: bool = False
    text: str = ""
    sort: str = "due"
    page: int = 1


@dataclass(frozen=True)
class Held:
    """An open task of a case in the list."""

    task: str
    title: Words
    role: Words
    institution: Words
    holders: tuple[str, ...]
    due: said.Due | None
    vacant: bool
    escalated: bool


@dataclass(frozen=True)
class CaseLine:
    """One case in the list."""

    case: str
    lifecycle: str
    programme: Words
    stage: Words
    stage_name: str
    state: str
    institution: Words
    subject: str
    started_at: datetime
    changed_at: datetime
    held: tuple[Held, ...]


@dataclass(frozen=True)
class Counts:
    """How many, over everything that the viewer may see."""

    cases: int
    overdue: int
    escalated: int
    vacant: int
    by_stage: tuple[tuple[str, Words, int], ...]


@dataclass(frozen=True)
class Trouble:
    """What did not go through: kind letter_refused, letter_waiting, answer_pending or answer_refused."""

    kind: str
    case: str
    at: datetime
    what: str
    institution: Words


@dataclass(frozen=True)
class Cases:
    """A page of the list; `more` says whether another follows."""

    lines: tuple[CaseLine, ...]
    more: bool


class MonitorDesk:
    """Reads the record for those who watch over it."""

    def __init__(self, sessions: Sessions, *, shelf: PackShelf, clock: Clock, places: Places) -> None:
        """A desk over the record."""
        self._sessions, self._shelf, self._clock, self._places = sessions, shelf, clock, places

    async def cases(self, viewer: Viewer, filters: Filters, *, limit: int = PAGE) -> Cases:
        """The cases that a person may see, narrowed, sorted, one page."""
        query = self._narrowed(_LISTED, filters)
        query = query.where(present_to(viewer)).order_by(*_order(filters.sort), CaseFile.id)
        query = query.limit(limit + 1).offset((max(filters.page, 1) - 1) * limit)
        async with self._sessions() as session:
            rows = (await session.execute(query)).all()
            held = await self._held(session, [case.id for case, _ in rows[:limit]])
        lines = [await self._line(viewer, case, name, held.get(case.id, ())) for case, name in rows[:limit]]
        return Cases(tuple(lines), more=len(rows) > limit)

    async def counts(self, viewer: Viewer) -> Counts:
        """Figures over all open cases in reach of a monitoring role."""
        ensure(viewer, Right.MONITOR)
        reach = touches(viewer.reached_for(Right.MONITOR))
        open_task = and_(TaskRow.case_id == CaseFile.id, TaskRow.status == "open")
        late = exists().where(open_task, TaskRow.due_at <= self._clock.now())
        query = select(
            CaseFile.pack,
            CaseFile.pack_version,
            CaseFile.stage,
            func.count(),
            func.count().filter(late),
            func.count().filter(exists().where(open_task, TaskRow.escalated)),
            func.count().filter(exists().where(open_task, TaskRow.vacant)),
        )
        query = query.where(CaseFile.state != "closed", reach).group_by(
            CaseFile.pack, CaseFile.pack_version, CaseFile.stage
        )
        async with self._sessions() as session:
            rows = (await session.execute(query)).all()
        stages: dict[str, tuple[Words, int]] = {}
        for pack, version, stage, number, *_ in rows:
            words = said.stage(await self._shelf.pack(pack, version), stage)
            stages[stage] = (words, stages.get(stage, (words, 0))[1] + number)
        return Counts(
            sum(row[3] for row in rows),
            sum(row[4] for row in rows),
            sum(row[5] for row in rows),
            sum(row[6] for row in rows),
            tuple((stage, words, number) for stage, (words, number) in stages.items()),
        )

    async def troubles(self, viewer: Viewer) -> list[Trouble]:
        """Letters that were refused or wait for more than a minute, answers that do, and answers that did not count."""
        ensure(viewer, Right.MONITOR)
        reach = touches(viewer.reached_for(Right.MONITOR))
        old = self._clock.now() - STUCK_AFTER
        waiting = and_(LetterRow.state.in_(("waiting", "sending")), LetterRow.not_before < old)
        letters = select(LetterRow.state, LetterRow.created_at, LetterRow.kind, CaseFile.id, CaseFile.institution)
        letters = letters.join(CaseFile, CaseFile.id == LetterRow.case_id)
        letters = letters.where(reach, or_(LetterRow.state == "refused", waiting)).order_by(LetterRow.created_at)
        pending = and_(InboxRow.state == "pending", InboxRow.received_at < old)
        answers = select(InboxRow.state, InboxRow.received_at, InboxRow.refusal, CaseFile.id, CaseFile.institution)
        answers = answers.join(CaseFile, CaseFile.id == InboxRow.case_id)
        answers = answers.where(reach, or_(pending, InboxRow.state == "refused")).order_by(InboxRow.received_at.desc())
        places = await self._places.now()
        async with self._sessions() as session:
            found = [
                Trouble(f"letter_{_letter(state)}", case, at, kind, places.name(place))
                for state, at, kind, case, place in await session.execute(letters.limit(PAGE))
            ]
            found += [
                Trouble(f"answer_{state}", case, at, refusal, places.name(place))
                for state, at, refusal, case, place in await session.execute(answers.limit(PAGE))
            ]
        return found

    async def lifecycles(self) -> list[tuple[str, str, str]]:
        """(lifecycle, programme, stage) that occur: what the list can be narrowed to."""
        async with self._sessions() as session:
            query = select(CaseFile.lifecycle, CaseFile.programme, CaseFile.stage).distinct()
            return [(lifecycle, programme, stage) for lifecycle, programme, stage in await session.execute(query)]

    def _narrowed(self, query: Listed, filters: Filters) -> Listed:
        asked: Mapping[str, tuple[str, ColumnElement[bool]]] = {
            "programme": (filters.programme, CaseFile.programme == filters.programme),
            "lifecycle": (filters.lifecycle, CaseFile.lifecycle == filters.lifecycle),
            "stage": (filters.stage, CaseFile.stage == filters.stage),
            "state": (filters.state, CaseFile.state == filters.state),
            "institution": (filters.institution, touches([filters.institution])),
            "text": (filters.text, CaseFile.id.contains(filters.text.strip(), autoescape=True)),
        }
        query = query.where(*(condition for value, condition in asked.values() if value))
        open_task = and_(TaskRow.case_id == CaseFile.id, TaskRow.status == "open")
        if filters.overdue:
            query = query.where(exists().where(open_task, TaskRow.due_at <= self._clock.now()))
        if filters.vacant:
            query = query.where(exists().where(open_task, TaskRow.vacant))
        return query.where(exists().where(open_task, TaskRow.escalated)) if filters.escalated else query

    async def _held(self, session: AsyncSession, cases: list[str]) -> dict[str, list[tuple[TaskRow, list[str]]]]:
        names = func.array_remove(func.array_agg(Person.name), None)
        query = (
            select(TaskRow, names)
            .outerjoin(SeatRow, and_(SeatRow.task_id == TaskRow.id, SeatRow.open))
            .outerjoin(Person, Person.id == SeatRow.person)
            .where(TaskRow.case_id.in_(cases), TaskRow.status == "open")
            .group_by(TaskRow.id)
            .order_by(TaskRow.due_at)
        )
        found: dict[str, list[tuple[TaskRow, list[str]]]] = {}
        for task, people in await session.execute(query) if cases else ():
            found.setdefault(task.case_id, []).append((task, people))
        return found

    async def _line(
        self,
        viewer: Viewer,
        case: CaseFile,
        name: str | None,
        tasks: "list[tuple[TaskRow, list[str]]] | tuple[()]",
    ) -> CaseLine:
        pack, places = await self._shelf.pack(case.pack, case.pack_version), await self._places.now()
        touched = {code for code in (case.institution, *(task.institution for task, _ in tasks)) if code}
        names = viewer.may(Right.NAMES, touched)
        held = [
            Held(
                task.id,
                pack.tasks[task.name].title,
                said.role(pack, task.role),
                places.name(task.institution),
                tuple(people) if names else (),
                said.due(pack, task, now=self._clock.now()),
                task.vacant,
                task.escalated,
            )
            for task, people in tasks
        ]
        return CaseLine(
            case.id,
            case.lifecycle,
            pack.title,
            said.stage(pack, case.stage),
            case.stage,
            case.state,
            places.name(case.institution),
            name if name and (names or case.subject == viewer.person) else "",
            case.started_at,
            case.changed_at,
            tuple(held),
        )


def _order(sort: str) -> tuple[ColumnElement[Any], ...]:
    soonest = (
        select(func.min(TaskRow.due_at))
        .where(TaskRow.case_id == CaseFile.id, TaskRow.status == "open")
        .correlate(CaseFile)
        .scalar_subquery()
    )
    columns: Mapping[str, ColumnElement[Any]] = {
        "due": soonest.asc().nulls_last(),
        "started": CaseFile.started_at.desc(),
        "changed": CaseFile.changed_at.desc(),
        "case": CaseFile.id.asc(),
        "stage": CaseFile.stage.asc(),
    }
    return (columns.get(sort, columns["due"]),)


def _letter(state: str) -> str:
    return "refused" if state == "refused" else "waiting"
