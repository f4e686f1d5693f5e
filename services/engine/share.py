"""What of a case is a viewer's own, when it reached their institution only to be reviewed there (policy.md 6).

An application is reviewed for one post, and after a rejection for another at another place. Who was asked about the
first reads that, not what others say of the second; the case's later ways are none of theirs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, and_, cast, func, or_, select, true
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine.cases import CaseFile, EventRow
from db.engine.tasks import SeatRow, TaskRow
from services.engine.permissions import OBJECT, Viewer


@dataclass(frozen=True)
class Share:
    """`hidden` and `foreign` are the tasks, and the objects of tasks, that are not the viewer's.

    `gone_on`: the case has left the viewer; only `own` and `objects` are theirs. The empty share hides nothing.
    """

    hidden: frozenset[str] = frozenset()
    foreign: frozenset[str] = frozenset()
    gone_on: bool = False
    own: frozenset[str] = field(default_factory=frozenset)
    objects: frozenset[str] = field(default_factory=frozenset)

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
        return and_(task.not_in(self.hidden), about.not_in(self.foreign))


async def share_of(session: AsyncSession, case: CaseFile, viewer: Viewer) -> Share:
    """The whole case for its subject and for whom the case's own institution is in reach; else what was asked there."""
    if case.subject == viewer.person or case.institution in viewer.reached:
        return Share()
    tasks = (await session.scalars(select(TaskRow).where(TaskRow.case_id == case.id))).all()
    seats = select(SeatRow.task_id).join(TaskRow, TaskRow.id == SeatRow.task_id)
    seats = seats.where(TaskRow.case_id == case.id, SeatRow.person == viewer.person)
    sat = set(await session.scalars(seats))
    return _share(tasks, {task.id for task in tasks if task.institution in viewer.reached or task.id in sat})


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
