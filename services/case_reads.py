"""The desk at which programs read cases, as codes: what a service account started, what a person may see."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased, defer

from db.engine.base import Sessions
from db.engine.cases import CaseFile, EventRow
from db.engine.clock import Clock
from db.engine.people import Person
from db.engine.tasks import TaskRow
from services.engine.acts import CaseUnknown
from services.engine.keys import ServiceAccount
from services.engine.permissions import LEAVING, Viewer, present_to, reads_why_left, visible_to
from services.engine.share import Share, share_of

# What a list of cases does without: each is as large as all the rest together.
_LARGE = (CaseFile.facts, CaseFile.shapes, CaseFile.snapshot)

IMPORTED_ON = CaseFile.facts["imported_on"].astext

Asker = Viewer | ServiceAccount


@dataclass(frozen=True)
class CaseFilter:
    """Which cases to list, from after an id on; None narrows nothing."""

    lifecycle: str | None = None
    state: str | None = None
    stage: str | None = None
    institution: str | None = None
    changed_since: datetime | None = None
    after: str = ""
    limit: int = 50


@dataclass(frozen=True)
class TaskBrief:
    """An open question of a case: asked of which role where, until when. No person's name."""

    id: str
    case_id: str
    name: str
    role: str
    institution: str | None
    revision: int
    opened_at: datetime
    due_at: datetime | None
    overdue: bool
    escalated: bool
    vacant: bool


@dataclass(frozen=True)
class CaseBrief:
    """Where a case stands, in the pack's own codes.

    imported_on: the local day on which it was imported while it ran, None for one that was opened here (COR-17).
    """

    id: str
    lifecycle: str
    programme: str
    pack: str
    pack_version: str
    pack_sha256: str
    cycle: str
    institution: str | None
    person: str | None
    state: str
    stage: str
    outcome: str
    started_at: datetime
    changed_at: datetime
    tasks: tuple[TaskBrief, ...] = ()
    imported_on: date | None = None


@dataclass(frozen=True)
class FileLine:
    """One line of a case's file without the words and persons in it."""

    number: int
    at: datetime
    event: str
    task: str
    role: str
    institution: str
    channel: str
    rule_ids: tuple[str, ...] = ()
    refs: Mapping[str, str] = field(default_factory=dict)


class CaseReadDesk:
    """Reads cases for programs."""

    def __init__(self, sessions: Sessions, *, clock: Clock) -> None:
        """A desk over the record."""
        self._sessions, self._clock = sessions, clock

    async def cases(self, asker: Asker, wanted: CaseFilter) -> list[CaseBrief]:
        """Cases in the order of their ids, without their tasks."""
        query = select(CaseFile, IMPORTED_ON).where(_open_to(asker), CaseFile.id > wanted.after).order_by(CaseFile.id)
        query = query.options(*(defer(part, raiseload=True) for part in _LARGE))
        for name in ("lifecycle", "state", "stage", "institution"):
            if value := getattr(wanted, name):
                query = query.where(getattr(CaseFile, name) == value)
        if wanted.changed_since:
            query = query.where(CaseFile.changed_at >= wanted.changed_since)
        async with self._sessions() as session:
            rows = await session.execute(query.limit(wanted.limit))
            return [_brief(case, (), imported=imported) for case, imported in rows]

    async def case(self, asker: Asker, case_id: str) -> CaseBrief:
        """One case with its open tasks; CaseUnknown for one that is not there or not for this asker."""
        async with self._sessions() as session:
            case = await _found(session, case_id, _open_to(asker))
            open_tasks = select(TaskRow).where(TaskRow.case_id == case_id, TaskRow.status == "open")
            tasks = await session.scalars(open_tasks.order_by(TaskRow.opened_at, TaskRow.id))
            return _brief(case, [self._task(task) for task in tasks], imported=case.facts.get("imported_on"))

    async def timeline(self, asker: Asker, case_id: str, *, after: int = 0, limit: int = 50) -> list[FileLine]:
        """The lines of the file from after a number on, as far as they are the asker's; CaseUnknown for a case that is
        not there or never was for this asker.
        """
        lines = select(EventRow).where(EventRow.case_id == case_id, EventRow.number > after)
        async with self._sessions() as session:
            case = await _found(session, case_id, visible_to(asker) if isinstance(asker, Viewer) else _open_to(asker))
            share = await share_of(session, case, asker) if isinstance(asker, Viewer) else Share()
            lines = lines.where(share.lines()).order_by(EventRow.number).limit(limit)
            home = await session.scalar(select(Person.institution).where(Person.id == case.subject)) or ""
            rows = await session.scalars(lines)
            return [_line(row, asker, subject=case.subject or "", home=home) for row in rows]

    async def open_tasks(self, asker: Asker, *, after: str = "", limit: int = 50) -> list[TaskBrief]:
        """Open tasks of all the asker's cases, in the order of their ids."""
        query = select(TaskRow).join(CaseFile, CaseFile.id == TaskRow.case_id)
        query = query.where(_open_to(asker), TaskRow.status == "open", TaskRow.id > after)
        async with self._sessions() as session:
            return [self._task(task) for task in await session.scalars(query.order_by(TaskRow.id).limit(limit))]

    def _task(self, row: TaskRow) -> TaskBrief:
        return TaskBrief(
            id=row.id,
            case_id=row.case_id,
            name=row.name,
            role=row.role,
            institution=row.institution,
            revision=row.revision,
            opened_at=row.opened_at,
            due_at=row.due_at,
            overdue=row.due_at is not None and row.due_at <= self._clock.now(),
            escalated=row.escalated,
            vacant=row.vacant,
        )


def _open_to(asker: Asker) -> ColumnElement[bool]:
    """A service account reads what it started, and what a cycle that it started has opened (R-31)."""
    if isinstance(asker, Viewer):
        return present_to(asker)
    cycle = aliased(CaseFile)
    started = select(cycle.id).where(cycle.started_by == asker.id)
    return or_(CaseFile.started_by == asker.id, CaseFile.cycle.in_(started))


async def _found(session: AsyncSession, case_id: str, open_to: ColumnElement[bool]) -> CaseFile:
    case = await session.scalar(select(CaseFile).where(CaseFile.id == case_id, open_to))
    if case is None:
        raise CaseUnknown(case=case_id)
    return case


def _brief(case: CaseFile, tasks: Sequence[TaskBrief], *, imported: str | None) -> CaseBrief:
    return CaseBrief(
        id=case.id,
        lifecycle=case.lifecycle,
        programme=case.programme,
        pack=case.pack,
        pack_version=case.pack_version,
        pack_sha256=case.pack_sha256,
        cycle=case.cycle,
        institution=case.institution,
        person=case.subject,
        state=case.state,
        stage=case.stage,
        outcome=case.outcome,
        started_at=case.started_at,
        changed_at=case.changed_at,
        tasks=tuple(tasks),
        imported_on=date.fromisoformat(imported) if imported else None,
    )


def _line(row: EventRow, asker: Asker, *, subject: str, home: str) -> FileLine:
    """A program reads no reason for a person's leaving (R-31)."""
    body: dict[str, Any] = json.loads(row.body)
    hidden = LEAVING.get(body["event"], frozenset())
    known = {"subject": subject, "home": home, "actor": body.get("actor", "")}
    if isinstance(asker, Viewer) and reads_why_left(asker, **known):
        hidden = frozenset()
    return FileLine(
        number=row.number,
        at=row.at,
        event=body["event"],
        task=body.get("task", ""),
        role=body.get("role", ""),
        institution=body.get("institution", ""),
        channel=body.get("channel", ""),
        rule_ids=tuple(body.get("rule_ids", ())),
        refs={name: value for name, value in body.get("refs", {}).items() if name not in hidden},
    )
