"""The desk at which people read what is asked of them: their list, and one task behind a letter's link or a sign-in."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import DateTime, Integer, Select, bindparam, exists, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased, defer

from db.engine.base import Sessions, Straight, at_once
from db.engine.cases import CaseFile
from db.engine.clock import Clock
from db.engine.packs import PackShelf
from db.engine.people import Person
from db.engine.post import LetterRow, LinkRow
from db.engine.roles import seat_is_held
from db.engine.tasks import DecisionRow, InboxRow, SeatRow, TaskRow
from mail.links import fingerprint, token
from policies.engine.calendar import CHINA
from policies.engine.refusals import NotYourTask, TaskUnknown
from policies.engine.tasks import ADDED, AFTER
from policies.engine.words import Words
from services.engine import said
from services.engine.decisions import Asked
from services.engine.permissions import gone_on
from services.engine.places import Places
from services.engine.sign_in import LinkExpired, LinkUnknown
from services.engine.taken import taken
from services.engine.task_page import Found, Seated, TaskPage, page_of
from vault.keyring import Keyring, Purpose

DECIDE = "decide"
PAGE = 50

# What a task's form shows beyond the task itself, by the pack's form name; plain values for the template.
FormReader = Callable[[AsyncSession, Asked], Awaitable[Mapping[str, object]]]


@dataclass(frozen=True)
class TaskLine:
    """One line of my-tasks."""

    task: str
    case: str
    title: Words
    ask: Words
    programme: Words
    role: Words
    institution: Words
    subject: str
    due: said.Due | None
    revision: int
    form: str
    refs: Mapping[str, str]


@dataclass(frozen=True)
class MyTasks:
    """A page of the list; `after` is the cursor of the next one, "" at the end."""

    lines: tuple[TaskLine, ...]
    after: str


@dataclass(frozen=True)
class Opened:
    """What a letter's link leads to; `newer` is the token of a later revision's letter to the same person, else ""."""

    person: str
    task: str
    revision: int
    newer: str


class TaskDesk:
    """Reads tasks; nothing here changes anything."""

    def __init__(
        self,
        sessions: Sessions,
        keyring: Keyring,
        *,
        shelf: PackShelf,
        clock: Clock,
        places: Places,
        readers: Mapping[str, FormReader],
    ) -> None:
        """A desk over the record; `readers` give what a form's page shows beyond its task."""
        self._reading, self._straight, self._keyring = at_once(sessions), Straight(sessions), keyring
        self._shelf, self._clock, self._places, self._readers = shelf, clock, places, readers

    async def my_tasks(self, person: str, *, after: str = "", limit: int = PAGE) -> MyTasks:
        """What is asked of a person now, the soonest due first. One query over the index of open seats."""
        instant, _, task = after.partition("~")
        beyond: dict[str, object] = {"due": datetime.fromisoformat(instant)} if instant else {}
        beyond |= {"task": task} if after else {}
        page = (_NEXT if instant else _UNDATED) if after else _FIRST
        rows = await self._straight.rows(page, person=person, limit=limit + 1, **beyond)
        seats = [_Seat._make(row) for row in rows]
        lines = [await self._line(seat) for seat in seats[:limit]]
        last = seats[limit - 1] if len(seats) > limit else None
        return MyTasks(tuple(lines), f"{last.due_at.isoformat() if last.due_at else ''}~{last.task}" if last else "")

    async def open_link(self, secret: str) -> Opened:
        """Whom and what a letter's link is for. Raises LinkUnknown or LinkExpired; uses nothing up."""
        async with self._reading() as session:
            link = await session.get(LinkRow, fingerprint(secret))
            if link is None or link.purpose != DECIDE or link.task_id is None:
                raise LinkUnknown
            if link.expires_at <= self._clock.now():
                raise LinkExpired
            newer = await self._newer(session, link)
        return Opened(link.person, link.task_id, link.revision, newer)

    async def page(self, task_id: str, person: str) -> TaskPage:
        """The page of a task. Raises TaskUnknown, or NotYourTask for somebody who was never asked."""
        async with self._reading() as session:
            found = await self._found(session, task_id, person)
            pack = await self._shelf.pack(found.case.pack, found.case.pack_version)
            asked = Asked.of(found.task, found.case, pack, now=self._clock.now())
            reader = self._readers.get(asked.pack.tasks[found.task.name].form)
            open_now = found.task.status == "open" and found.seat.open
            context = await reader(session, asked) if reader and open_now else {}
        return page_of(found, asked.pack, places=await self._places.now(), now=self._clock.now(), context=context)

    async def mine_about(self, person: str, ref: str, value: str) -> list[TaskPage]:
        """My open tasks that refer to one thing (a post), each as its page."""
        query = select(SeatRow.task_id).join(TaskRow, TaskRow.id == SeatRow.task_id)
        query = query.where(SeatRow.person == person, SeatRow.open, TaskRow.refs[ref].astext == value)
        async with self._reading() as session:
            ids = list(await session.scalars(query.order_by(TaskRow.opened_at, TaskRow.id)))
        return [await self.page(task_id, person) for task_id in ids]

    async def _found(self, session: AsyncSession, task_id: str, person: str) -> Found:
        today = self._clock.now().astimezone(CHINA).date()
        query = (
            select(TaskRow, CaseFile, SeatRow, Person, _ACTED_FOR, seat_is_held(today))
            .join(CaseFile, CaseFile.id == TaskRow.case_id)
            .outerjoin(SeatRow, (SeatRow.task_id == TaskRow.id) & (SeatRow.person == person))
            .outerjoin(Person, Person.id == CaseFile.subject)
            .outerjoin(_ACTED_FOR, _ACTED_FOR.id == SeatRow.acting_for)
            .where(TaskRow.id == task_id)
            .order_by(SeatRow.revision.desc())
            .limit(1)
            .options(defer(CaseFile.snapshot, raiseload=True), defer(CaseFile.shapes, raiseload=True))
        )
        row = (await session.execute(query)).first()
        if row is None:
            raise TaskUnknown(task=task_id)
        task, case, seat, subject, acted_for, held = row
        if seat is None:
            raise NotYourTask(task=task_id)
        decisions = await taken(session, DecisionRow.task_id == task_id)
        inbox = await _inbox(session, task_id, person)
        asked_now = task.status == "open" and seat.open
        elsewhere = [] if asked_now else await _asked_elsewhere(session, task, person)
        left = await _has_left(session, case, seat, held=held)
        beside = await _beside(session, task) if asked_now else []
        return Found(task, case, seat, subject, decisions, inbox, elsewhere, held, left, beside, acted_for)

    async def _newer(self, session: AsyncSession, link: LinkRow) -> str:
        query = (
            select(LinkRow, LetterRow)
            .join(LetterRow, LetterRow.id == LinkRow.letter_id)
            .where(LinkRow.task_id == link.task_id, LinkRow.person == link.person, LinkRow.purpose == DECIDE)
            .where(LinkRow.revision > link.revision)
            .order_by(LinkRow.revision.desc(), LetterRow.created_at.desc())
            .limit(1)
        )
        row = (await session.execute(query)).first()
        if row is None:
            return ""
        newest, letter = row
        key = self._keyring.key(Purpose.LINK, letter.link_key)
        return token(
            key,
            task=newest.task_id or "",
            person=newest.person,
            revision=newest.revision,
            purpose=DECIDE,
            letter=letter.id,
        )

    async def _line(self, seat: "_Seat") -> TaskLine:
        pack, places = await self._shelf.pack(seat.pack, seat.pack_version), await self._places.now()
        asked = pack.tasks[seat.name]
        return TaskLine(
            seat.task,
            seat.case,
            asked.title,
            asked.ask,
            pack.title,
            said.role(pack, seat.role),
            places.name(seat.institution),
            seat.subject or "",
            said.due(pack, seat, now=self._clock.now()),
            seat.revision,
            asked.form,
            seat.refs,
        )


_ACTED_FOR = aliased(Person)


class _Seat(NamedTuple):
    """An open seat with its task and case, as my-tasks asks for it."""

    task: str
    role: str
    institution: str | None
    due_at: datetime | None
    case: str
    name: str
    status: str
    step: int
    revision: int
    refs: dict[str, str]
    due_basis: str
    pack: str
    pack_version: str
    subject: str | None


_AFTER = tuple_(bindparam("due", type_=DateTime(timezone=True)), bindparam("task"))
_SEATS = (
    select(SeatRow.task_id, SeatRow.role, SeatRow.institution, SeatRow.due_at)
    .where(SeatRow.person == bindparam("person"), SeatRow.open)
    .order_by(SeatRow.due_at, SeatRow.task_id)
    .limit(bindparam("limit", type_=Integer()))
)


def _with_tasks(seats: Select[str, str, str | None, datetime | None]) -> Select[*tuple[Any, ...]]:
    """One page of seats, and only then their tasks and cases: somebody may hold hundreds."""
    page = seats.subquery()
    of_task = (TaskRow.case_id, TaskRow.name, TaskRow.status, TaskRow.step, TaskRow.revision, TaskRow.refs)
    return (
        select(*page.c, *of_task, TaskRow.due_basis, CaseFile.pack, CaseFile.pack_version, Person.name)
        .join_from(page, TaskRow, TaskRow.id == page.c.task_id)
        .join(CaseFile, CaseFile.id == TaskRow.case_id)
        .outerjoin(Person, Person.id == CaseFile.subject)
        .order_by(page.c.due_at, page.c.task_id)
    )


_FIRST = _with_tasks(_SEATS)
# What has no deadline, because its case stands still, comes last.
_LATER = or_(tuple_(SeatRow.due_at, SeatRow.task_id) > _AFTER, SeatRow.due_at.is_(None))
_NEXT = _with_tasks(_SEATS.where(_LATER))
_UNDATED = _with_tasks(_SEATS.where(SeatRow.due_at.is_(None), SeatRow.task_id > bindparam("task")))


async def _asked_elsewhere(session: AsyncSession, task: TaskRow, person: str) -> list[TaskRow]:
    """The open tasks of the same case at which the person sits."""
    query = select(TaskRow).join(SeatRow, (SeatRow.task_id == TaskRow.id) & (SeatRow.person == person) & SeatRow.open)
    query = query.where(TaskRow.case_id == task.case_id, TaskRow.id != task.id, TaskRow.status == "open")
    return list(await session.scalars(query.order_by(TaskRow.opened_at, TaskRow.id)))


async def _beside(session: AsyncSession, task: TaskRow) -> list[Seated]:
    """Who was asked beside the people of the present step, and has not been taken back."""
    theirs = (SeatRow.task_id == task.id, SeatRow.revision == task.revision, SeatRow.why.in_(ADDED))
    spoken = exists().where(
        DecisionRow.task_id == task.id,
        DecisionRow.person == SeatRow.person,
        DecisionRow.revision == task.revision,
    )
    query = select(SeatRow, Person).join(Person, Person.id == SeatRow.person)
    query = query.where(*theirs, or_(SeatRow.open, SeatRow.why == AFTER, spoken)).order_by(SeatRow.person)
    return [Seated(*row) for row in await session.execute(query)]


async def _has_left(session: AsyncSession, case: CaseFile, seat: SeatRow, *, held: bool) -> bool:
    """Whether the case has gone on from what this seat was asked about, and is not at home where the seat is held."""
    if seat.person == case.subject or (held and seat.institution == case.institution):
        return False
    return await session.scalar(_GONE_ON, {"task": seat.task_id}) is not None


_LEFT = aliased(TaskRow)
_GONE_ON = select(_LEFT.id).where(_LEFT.id == bindparam("task"), gone_on(_LEFT))


async def _inbox(session: AsyncSession, task_id: str, person: str) -> list[InboxRow]:
    query = select(InboxRow).where(InboxRow.task_id == task_id, InboxRow.person == person, InboxRow.verb == DECIDE)
    return list(await session.scalars(query.order_by(InboxRow.received_at.desc())))
