"""Files that a person attaches to an answer: kept before the answer, which then names them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine.base import Sessions
from db.engine.clock import Clock
from db.engine.tasks import DecisionRow, Evidence, SeatRow, TaskRow
from policies.engine.refusals import NotYourTask, TaskClosed, TaskUnknown
from services.engine import scans
from services.engine.scans import Scan

# The part of a form that names an attached file by its hash.
ATTACHMENT = "attachment"


class AttachmentDesk:
    """Takes files for open tasks."""

    def __init__(self, sessions: Sessions, *, clock: Clock) -> None:
        """A desk over the record."""
        self._sessions, self._clock = sessions, clock

    async def keep(self, task_id: str, person: str, scan: Scan) -> str:
        """Keep the file and return its hash; the same file is kept once.

        Raises TaskUnknown, TaskClosed, NotYourTask for somebody who is not asked, ProofMissing, ScanUnfit.
        """
        kind = scans.kind_of(scan)
        async with self._sessions.begin() as session:
            task = await session.get(TaskRow, task_id)
            if task is None:
                raise TaskUnknown(task=task_id)
            if task.status != "open":
                raise TaskClosed(task=task_id, outcome=task.outcome)
            seat = select(SeatRow).where(SeatRow.task_id == task_id, SeatRow.person == person, SeatRow.open)
            if await session.scalar(seat) is None:
                raise NotYourTask(task=task_id)
            return await scans.keep(session, scan, kind, case=task.case_id, person=person, at=self._clock.now())


async def is_kept(session: AsyncSession, digest: str) -> bool:
    """Whether a form may name this file. The hash is known to those alone who have had the file, and the same file is
    kept once, for whichever case it came first.
    """
    return await session.scalar(select(Evidence.sha256).where(Evidence.sha256 == digest)) is not None


def attached_to(form: Mapping[str, Any]) -> str:
    """The hash of the file that a form names, or ""."""
    return str(form.get(ATTACHMENT) or "")


def names_file(digest: str) -> ColumnElement[bool]:
    """The decisions that a file proves, or whose form names it."""
    return or_(DecisionRow.evidence == digest, DecisionRow.form[ATTACHMENT].astext == digest)
