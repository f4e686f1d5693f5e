"""Decisions taken on paper or in a meeting (代录, COR-04).

An HR officer records, a second person checks, then the case is answered.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import puremagic
from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.clock import Clock
from db.engine.packs import PackShelf
from db.engine.people import Person
from db.engine.tasks import Evidence, InboxRow, PaperDecision, SeatRow, TaskRow
from policies.engine.calendar import CHINA
from policies.engine.refusals import ChoiceUnknown, NotYourTask, ReasonMissing, Refusal, TaskClosed, TaskUnknown
from policies.engine.words import Words
from services.engine import said
from services.engine.decisions import PAPER, Answer, DecisionDesk, NotCounted, Paper, Receipt
from services.engine.permissions import NotForYou, Right, Viewer, touches, visible_to
from services.engine.places import Places

REQUEST = "paper."
LARGEST = 10 * 1024 * 1024
TAKEN = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}


class ScanUnfit(Refusal):
    """The scan is not a PDF, JPEG or PNG, or is larger than 10 MB."""


class ProofMissing(Refusal):
    """A decision on paper or in a meeting needs its scan: signature and seal, or the minutes."""


class DecidedInFuture(Refusal):
    """A decision cannot have been taken on a day that has not come."""


class SecondPersonNeeded(Refusal):
    """Neither the recorder nor the signer may check the record of a decision on paper (COR-04)."""


class PaperSettled(Refusal):
    """This record was checked already."""


@dataclass(frozen=True)
class Scan:
    """An uploaded file."""

    name: str
    content: bytes


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
class Waiting:
    """A recorded paper decision that waits for its check."""

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
    may_check: bool


@dataclass(frozen=True)
class Signers:
    """The task for which a paper decision may be recorded: those asked, and the closed list of choices."""

    task: str
    case: str
    title: Words
    people: tuple[tuple[str, str], ...]
    choices: tuple[said.Option, ...]
    form: str


class PaperDesk:
    """Records and checks."""

    def __init__(
        self, sessions: Sessions, decisions: DecisionDesk, *, shelf: PackShelf, clock: Clock, places: Places
    ) -> None:
        """A desk over the record and the desk that takes answers."""
        self._sessions, self._decisions = sessions, decisions
        self._shelf, self._clock, self._places = shelf, clock, places

    async def signers(self, task_id: str, viewer: Viewer) -> Signers:
        """Who may have signed. Raises TaskUnknown, TaskClosed or NotForYou."""
        async with self._sessions() as session:
            task, case = await self._task(session, task_id, viewer)
            query = select(Person.id, Person.name).join(SeatRow, SeatRow.person == Person.id)
            people = await session.execute(query.where(SeatRow.task_id == task_id, SeatRow.open).order_by(Person.name))
            named = tuple((person, name) for person, name in people if person != viewer.person)
        pack = await self._shelf.pack(case.pack, case.pack_version)
        asked = pack.tasks[task.name]
        return Signers(task.id, case.id, asked.title, named, said.options(pack, task), asked.form)

    async def record(self, viewer: Viewer, recording: Recording) -> str:
        """Keep the recording with its scan until the second person has looked; returns its id."""
        kind = _kind(recording.scan)
        now = self._clock.now()
        if recording.decided_on > now.astimezone(CHINA).date():
            raise DecidedInFuture(task=recording.task)
        async with self._sessions.begin() as session:
            task, case = await self._task(session, recording.task, viewer)
            seat = select(SeatRow).where(SeatRow.task_id == task.id, SeatRow.open, SeatRow.person == recording.signer)
            seated = await session.scalar(seat)
            if seated is None or recording.signer == viewer.person:
                raise NotYourTask(task=task.id)
            await self._ensure_choice(case, task, recording)
            digest = await _keep_scan(session, recording.scan, kind, case=case.id, person=viewer.person, at=now)
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
        """The recordings in the viewer's reach that nobody has checked yet."""
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
            .where(or_(PaperDecision.verdict == "", _cut_off()), touches(reach))
            .order_by(PaperDecision.recorded_at)
        )
        async with self._sessions() as session:
            rows = (await session.execute(query)).all()
        return [
            await self._waiting(viewer, paper, task, case, people=tuple(names)) for paper, task, case, *names in rows
        ]

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
        except Refusal:
            async with self._sessions.begin() as session:
                again = update(PaperDecision).where(PaperDecision.id == paper.id)
                await session.execute(again.values(verdict="", checked_by=None, checked_at=None))
            raise

    async def scan(self, digest: str, viewer: Viewer) -> tuple[str, bytes]:
        """(media type, content) of a scan in a case that the viewer may read; one scan may serve several cases."""
        recorded = select(PaperDecision.id).join(TaskRow, TaskRow.id == PaperDecision.task_id)
        recorded = recorded.join(CaseFile, CaseFile.id == TaskRow.case_id).where(PaperDecision.evidence == digest)
        async with self._sessions() as session:
            readable = await session.scalar(recorded.where(visible_to(viewer)).limit(1))
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

    async def _ensure_choice(self, case: CaseFile, task: TaskRow, recording: Recording) -> None:
        pack = await self._shelf.pack(case.pack, case.pack_version)
        option = next((each for each in said.options(pack, task) if each.name == recording.choice), None)
        if option is None:
            raise ChoiceUnknown(task=task.id, choice=recording.choice)
        if option.reason == "required" and not recording.words.strip():
            raise ReasonMissing(task=task.id, choice=recording.choice)

    async def _waiting(
        self, viewer: Viewer, paper: PaperDecision, task: TaskRow, case: CaseFile, *, people: tuple[str, ...]
    ) -> Waiting:
        pack = await self._shelf.pack(case.pack, case.pack_version)
        there = [task.institution or case.institution or ""]
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
            may_check=viewer.may(Right.CHECK_PAPER, there) and viewer.person not in (paper.recorded_by, paper.signer),
        )


def _cut_off() -> ColumnElement[bool]:
    """Confirmed, and then the process died before the answer was kept: to be confirmed once more."""
    kept = exists().where(InboxRow.request == func.concat(REQUEST, PaperDecision.id))
    return and_(PaperDecision.verdict == "confirmed", TaskRow.status == "open", ~kept)


def _kind(scan: Scan | None) -> str:
    """The media type that the content itself shows."""
    if scan is None or not scan.content:
        raise ProofMissing
    if len(scan.content) > LARGEST:
        raise ScanUnfit(reason="size")
    try:
        found = puremagic.from_string(scan.content[:4096], mime=True)
    except puremagic.PureError:
        found = ""
    if found not in TAKEN:
        raise ScanUnfit(reason="kind")
    return found


async def _keep_scan(
    session: AsyncSession, scan: Scan | None, kind: str, *, case: str, person: str, at: datetime
) -> str:
    if scan is None:
        raise ProofMissing
    digest = hashlib.sha256(scan.content).hexdigest()
    row = {
        "sha256": digest,
        "case_id": case,
        "name": f"{digest[:12]}{TAKEN[kind]}",
        "media_type": kind,
        "content": scan.content,
        "uploaded_by": person,
        "uploaded_at": at,
    }
    await session.execute(insert(Evidence).values(row).on_conflict_do_nothing())
    return digest


def _answer(paper: PaperDecision, checker: str) -> Answer:
    proof = Paper(paper.decided_on, paper.recorded_by, checker, paper.evidence)
    return Answer(
        request=f"{REQUEST}{paper.id}",
        task_id=paper.task_id,
        person=paper.signer,
        revision=paper.revision,
        choice=paper.choice,
        words=paper.words or "",
        form=paper.form,
        channel=PAPER,
        paper=proof,
    )
