"""Decisions taken on paper or in a meeting (代录, COR-04).

An HR officer records, a second person checks, then the case is answered.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, aliased

from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.clock import Clock
from db.engine.packs import PackShelf
from db.engine.people import Person
from db.engine.roles import seat_is_held
from db.engine.tasks import PAPER_REQUEST, Evidence, InboxRow, PaperDecision, SeatRow, TaskRow
from policies.engine.calendar import CHINA
from policies.engine.refusals import NotYourTask, Refusal, RoleEnded, TaskClosed, TaskUnknown
from policies.engine.tasks import ADDED
from policies.engine.words import Words
from services.engine import said, scans
from services.engine.decisions import PAPER, Answer, Asked, DecisionDesk, NotCounted, Paper, Receipt
from services.engine.permissions import NotForYou, Right, Viewer
from services.engine.reading import reads_scan
from services.engine.scans import Scan
from services.engine.tasks import FormReader


class DecidedInFuture(Refusal):
    """A decision cannot have been taken on a day that has not come."""


class SignerOutOfOffice(Refusal):
    """Who signed did not hold the role of their seat on the day of the decision."""


class SecondPersonNeeded(Refusal):
    """Neither the recorder nor the signer may check the record of a decision on paper (COR-04)."""


class PaperSettled(Refusal):
    """This record was checked already."""


@dataclass(frozen=True)
class Recording:
    """What the recorder states about a decision taken on paper. Words and form are those on the paper."""

    task: str
    signer: str
    choice: str
    decided_on: date
    minutes: str = ""
    words: str = ""
    form: Mapping[str, Any] = field(default_factory=dict)
    scan: Scan | None = None


@dataclass(frozen=True)
class Sheet:
    """The form of the task as its template reads it: which one, the choices for each item, what stands in it."""

    form: str
    items: tuple[said.Option, ...]
    refs: Mapping[str, str]
    context: Mapping[str, object]


@dataclass(frozen=True)
class Waiting:
    """A recorded paper decision that waits for its check; `sheet` is there when its form has something in it."""

    id: str
    task: str
    case: str
    title: Words
    signer: str
    recorder: str
    recorder_id: str
    choice: Words
    decided_on: date
    recorded_at: datetime
    minutes: str
    words: str
    form: Mapping[str, Any]
    evidence: str
    chosen: str
    sheet: Sheet | None
    may_check: bool


@dataclass(frozen=True)
class Signers:
    """The task for which a paper decision may be recorded: those asked, and the closed list of choices."""

    task: str
    case: str
    title: Words
    people: tuple[tuple[str, str], ...]
    choices: tuple[said.Option, ...]
    sheet: Sheet


class PaperDesk:
    """Records and checks."""

    def __init__(
        self,
        sessions: Sessions,
        decisions: DecisionDesk,
        *,
        shelf: PackShelf,
        clock: Clock,
        readers: Mapping[str, FormReader],
    ) -> None:
        """A desk over the record and the desk that takes answers; `readers` give what a form shows."""
        self._sessions, self._decisions = sessions, decisions
        self._shelf, self._clock, self._readers = shelf, clock, readers

    async def signers(self, task_id: str, viewer: Viewer) -> Signers:
        """Who may have signed. Raises TaskUnknown, TaskClosed or NotForYou."""
        async with self._sessions() as session:
            task, case = await self._task(session, task_id, viewer)
            query = select(Person.id, Person.name).join(SeatRow, SeatRow.person == Person.id)
            people = await session.execute(query.where(*_signs(task_id)).order_by(Person.name))
            named = tuple((person, name) for person, name in people if person != viewer.person)
            asked = await self._asked(task, case)
            sheet = await self._sheet(session, asked)
        title = asked.pack.tasks[task.name].title
        return Signers(task.id, case.id, title, named, said.options(asked.pack, task), sheet)

    async def record(self, viewer: Viewer, recording: Recording) -> str:
        """Keep the recording with its scan until the second person has looked; returns its id.

        What could not be counted as a decision is refused here already: a choice outside of the closed list, a reason
        or a field of the form that is missing.
        """
        kind = scans.kind_of(recording.scan)
        now = self._clock.now()
        if recording.decided_on > now.astimezone(CHINA).date():
            raise DecidedInFuture(task=recording.task)
        async with self._sessions.begin() as session:
            task, case = await self._task(session, recording.task, viewer)
            seat = select(SeatRow, seat_is_held(recording.decided_on)).join(TaskRow, TaskRow.id == SeatRow.task_id)
            seat = seat.join(CaseFile, CaseFile.id == TaskRow.case_id)
            seat = seat.where(*_signs(task.id), SeatRow.person == recording.signer)
            found = (await session.execute(seat)).first()
            if found is None or recording.signer == viewer.person:
                raise NotYourTask(task=task.id)
            seated, held = found
            if not held:
                raise SignerOutOfOffice(task=task.id)
            asked = await self._asked(task, case)
            await self._decisions.ensure_fit(asked, _stated(recording, seated.revision))
            digest = await scans.keep(session, recording.scan, kind, case=case.id, person=viewer.person, at=now)
            row = PaperDecision(
                id=secrets.token_hex(12),
                task_id=task.id,
                revision=seated.revision,
                signer=recording.signer,
                choice=recording.choice,
                decided_on=recording.decided_on,
                minutes=recording.minutes.strip(),
                words=recording.words.strip() or None,
                form=dict(recording.form),
                evidence=digest,
                recorded_by=viewer.person,
                recorded_at=now,
            )
            session.add(row)
        return row.id

    async def waiting(self, viewer: Viewer) -> list[Waiting]:
        """The recordings that nobody has checked yet, of tasks whose own place is in the viewer's reach.

        Until it counts it is a draft of that place: not the other side's to read, nor the person's whose case it is.
        """
        reach = viewer.reached_for(Right.CHECK_PAPER) | viewer.reached_for(Right.RECORD_PAPER)
        if not reach:
            return []
        signer, recorder = aliased(Person), aliased(Person)
        query = (
            select(PaperDecision, TaskRow, CaseFile, signer.name, recorder.name)
            .join(TaskRow, TaskRow.id == PaperDecision.task_id)
            .join(CaseFile, CaseFile.id == TaskRow.case_id)
            .join(signer, signer.id == PaperDecision.signer)
            .join(recorder, recorder.id == PaperDecision.recorded_by)
            .where(or_(PaperDecision.verdict == "", _cut_off()))
            .where(func.coalesce(TaskRow.institution, CaseFile.institution).in_(reach))
            .where(CaseFile.subject.is_distinct_from(viewer.person))
            .order_by(PaperDecision.recorded_at)
        )
        async with self._sessions() as session:
            found = []
            for paper, task, case, *names in (await session.execute(query)).all():
                asked = await self._asked(task, case)
                sheet = await self._sheet(session, asked) if paper.form else None
                found.append(_waiting(viewer, paper, asked, people=tuple(names), sheet=sheet, at=task.institution))
        return found

    async def check(self, paper_id: str, viewer: Viewer, *, agrees: bool) -> Receipt | None:
        """The second person confirms, and the case is answered as the signer's; or throws the recording out (None)."""
        async with self._sessions.begin() as session:
            paper = await session.get(PaperDecision, paper_id, with_for_update=True)
            if paper is None:
                raise TaskUnknown(task=paper_id)
            if viewer.person in (paper.recorded_by, paper.signer):
                raise SecondPersonNeeded(task=paper.task_id)
            await self._ensure_reach(session, paper.task_id, viewer, Right.CHECK_PAPER)
            if paper.verdict == "rejected" or (paper.verdict and not agrees):
                raise PaperSettled(task=paper.task_id)
            if not paper.verdict:
                verdict = "confirmed" if agrees else "rejected"
                settled = update(PaperDecision).where(PaperDecision.id == paper_id)
                await session.execute(
                    settled.values(verdict=verdict, checked_by=viewer.person, checked_at=self._clock.now())
                )
        return await self._counted(paper, viewer.person) if agrees else None

    async def _counted(self, paper: PaperDecision, checker: str) -> Receipt:
        """What is refused before it is kept waits on, so that it can be thrown out and recorded anew."""
        try:
            return await self._decisions.answer(_answer(paper, checker))
        except NotCounted:
            raise
        except Refusal as refusal:
            async with self._sessions.begin() as session:
                again = update(PaperDecision).where(PaperDecision.id == paper.id)
                await session.execute(again.values(verdict="", checked_by=None, checked_at=None))
            if isinstance(refusal, RoleEnded):
                raise SignerOutOfOffice(task=paper.task_id) from refusal
            raise

    async def scan(self, digest: str, viewer: Viewer) -> tuple[str, bytes]:
        """(media type, content) of a scan that the viewer may read; one scan may serve several cases."""
        async with self._sessions() as session:
            readable = await reads_scan(session, self._shelf, digest, viewer)
            row = await session.get(Evidence, digest) if readable else None
        if row is None:
            raise TaskUnknown(task=digest)
        return row.media_type, row.content

    async def _task(self, session: AsyncSession, task_id: str, viewer: Viewer) -> tuple[TaskRow, CaseFile]:
        task, case = await self._ensure_reach(session, task_id, viewer, Right.RECORD_PAPER)
        if task.status != "open":
            raise TaskClosed(task=task_id, outcome=task.outcome)
        return task, case

    async def _ensure_reach(
        self, session: AsyncSession, task_id: str, viewer: Viewer, right: Right
    ) -> tuple[TaskRow, CaseFile]:
        query = select(TaskRow, CaseFile).join(CaseFile, CaseFile.id == TaskRow.case_id).where(TaskRow.id == task_id)
        row = (await session.execute(query)).first()
        if row is None:
            raise TaskUnknown(task=task_id)
        task, case = row
        if case.subject == viewer.person or not viewer.may(right, [task.institution or case.institution or ""]):
            raise NotForYou(right=right.value)
        return task, case

    async def _asked(self, task: TaskRow, case: CaseFile) -> Asked:
        pack = await self._shelf.pack(case.pack, case.pack_version)
        return Asked.of(task, case, pack, now=self._clock.now())

    async def _sheet(self, session: AsyncSession, asked: Asked) -> Sheet:
        form = asked.pack.tasks[asked.task.name].form
        reader = self._readers.get(form)
        context = await reader(session, asked) if reader else {}
        return Sheet(form, said.items(asked.pack, asked.task.name), asked.task.refs, context)


def _waiting(
    viewer: Viewer, paper: PaperDecision, asked: Asked, *, people: tuple[str, ...], sheet: Sheet | None, at: str | None
) -> Waiting:
    task, case, pack = asked.task, asked.case, asked.pack
    there = [at or case.institution or ""]
    return Waiting(
        paper.id,
        task.id,
        case.id,
        pack.tasks[task.name].title,
        people[0],
        people[1],
        paper.recorded_by,
        said.choice(pack, paper.choice),
        paper.decided_on,
        paper.recorded_at,
        paper.minutes,
        paper.words or "",
        paper.form,
        paper.evidence,
        paper.choice,
        sheet,
        may_check=viewer.may(Right.CHECK_PAPER, there) and viewer.person not in (paper.recorded_by, paper.signer),
    )


def _cut_off() -> ColumnElement[bool]:
    """Confirmed, and then the process died before the answer was kept: to be confirmed once more."""
    kept = exists().where(InboxRow.request == func.concat(PAPER_REQUEST, PaperDecision.id))
    return and_(PaperDecision.verdict == "confirmed", TaskRow.status == "open", ~kept)


def _stated(recording: Recording, revision: int) -> Answer:
    """The recording as the answer that it will become; nothing is kept under it."""
    return Answer(
        request="",
        task_id=recording.task,
        person=recording.signer,
        revision=revision,
        choice=recording.choice,
        words=recording.words,
        form=recording.form,
        channel=PAPER,
    )


def _answer(paper: PaperDecision, checker: str) -> Answer:
    proof = Paper(paper.decided_on, paper.recorded_by, checker, paper.evidence, paper.minutes)
    return Answer(
        request=f"{PAPER_REQUEST}{paper.id}",
        task_id=paper.task_id,
        person=paper.signer,
        revision=paper.revision,
        choice=paper.choice,
        words=paper.words or "",
        form=paper.form,
        channel=PAPER,
        paper=proof,
    )


def _signs(task: str) -> tuple[ColumnElement[bool] | InstrumentedAttribute[bool], ...]:
    """The open seats of who may have decided on paper: who was asked beside decides nothing."""
    return SeatRow.task_id == task, SeatRow.open, SeatRow.why.not_in(sorted(ADDED))
