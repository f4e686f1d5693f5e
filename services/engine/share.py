"""What of a case is a viewer's own, when it reached their institution only to be reviewed there (policy.md 6).

An application is reviewed for one post, and after a rejection for another at another place. Who was asked about the
first reads that, not what others say of the second; the case's later ways are none of theirs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement, and_, cast, func, or_, select, true
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine.cases import CaseFile, EventRow
from db.engine.people import Person
from db.engine.tasks import SeatRow, TaskRow
from services.engine.permissions import OBJECT, Viewer


@dataclass(frozen=True)
class Share:
    """`hidden` and `foreign` are the tasks, and the objects of tasks, that are not the viewer's.

    `gone_on`: the case has left the viewer; only `own` and `objects` are theirs. The empty share hides nothing.
    `reader` reads, of a case in part, their own comments and those written from the institutions `near`.
    """

    hidden: frozenset[str] = frozenset()
    foreign: frozenset[str] = frozenset()
    gone_on: bool = False
    own: frozenset[str] = field(default_factory=frozenset)
    objects: frozenset[str] = field(default_factory=frozenset)
    reader: str = ""
    near: frozenset[str] = field(default_factory=frozenset)

    def shows(self, task: str | None) -> bool:
        """Whether what belongs to a task, or with None to the case as a whole, is the viewer's to read."""
        return (task in self.own) if self.gone_on else task not in self.hidden

    def lines(self) -> ColumnElement[bool]:
        """The lines of the file that the viewer may read."""
        body = cast(EventRow.body, JSONB)
        task = func.coalesce(body["task"].astext, "")
        about = func.coalesce(body["refs"][OBJECT].astext, "")
        if self.gone_on:
            return or_(task.in_(self.own), about.in_(self.objects))
        if not self.hidden:
            return true()
        return and_(task.not_in(self.hidden), about.not_in(self.foreign), self._not_said_elsewhere(body))

    def _not_said_elsewhere(self, body: ColumnElement[Any]) -> ColumnElement[bool]:
        """A comment names no task and no object: what other places say to each other is known by who wrote it."""
        actor = func.coalesce(body["actor"].astext, "")
        nearby = select(Person.id).where(Person.institution.in_(self.near))
        return or_(body["event"].astext != "commented", actor == self.reader, actor.in_(nearby))


async def share_of(session: AsyncSession, case: CaseFile, viewer: Viewer) -> Share:
    """The whole case for its subject and for whom the case's own institution is in reach; else what was asked there.

    Who reaches no task of it by a role and sits at none now has only what they were asked themselves.
    """
    if case.subject == viewer.person or case.institution in viewer.reached:
        return Share()
    tasks = (await session.scalars(select(TaskRow).where(TaskRow.case_id == case.id))).all()
    seats = select(SeatRow.task_id, SeatRow.open).join(TaskRow, TaskRow.id == SeatRow.task_id)
    seats = seats.where(TaskRow.case_id == case.id, SeatRow.person == viewer.person)
    sat = [(task, seated) for task, seated in await session.execute(seats)]
    reached = {task.id for task in tasks if task.institution in viewer.reached}
    asked = reached | {task for task, _ in sat}
    if not reached and not any(seated for _, seated in sat):
        return Share(frozenset(task.id for task in tasks) - asked, gone_on=True, own=frozenset(asked))
    near = viewer.reached | {viewer.institution, case.institution or ""}
    return replace(_share(tasks, asked), reader=viewer.person, near=near)


def _share(tasks: Sequence[TaskRow], asked: set[str]) -> Share:
    about = {task.id: task.refs[OBJECT] for task in tasks if task.refs.get(OBJECT)}
    objects = {about[task] for task in asked if task in about}
    if not objects:
        return Share()
    own = asked | {task for task, thing in about.items() if thing in objects}
    latest = max((task for task in tasks if task.id in about), key=lambda task: task.opened_at)
    return Share(
        frozenset(set(about) - own),
        frozenset(set(about.values()) - objects),
        about[latest.id] not in objects,
        frozenset(own),
        frozenset(objects),
    )
