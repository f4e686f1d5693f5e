"""Whose words of a decision a viewer may read, on the page of the case and in the scan that proves it (policy.md 6)."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine.cases import CaseFile
from db.engine.packs import PackShelf
from db.engine.tasks import DecisionRow, PaperDecision, SeatRow, TaskRow
from policies.engine.pack import Pack
from services.engine.attachments import names_file
from services.engine.permissions import ASKED, OWN, Right, Viewer, visible_to
from services.engine.share import share_of

SHEET_DESK = frozenset({Right.RECORD_PAPER, Right.CHECK_PAPER})


@dataclass(frozen=True)
class Standing:
    """What a viewer may read in one case, and the tasks of it at which they sat; `near`: the case is their own, or lies
    where a role of theirs reads words.
    """

    viewer: Viewer
    rights: frozenset[Right]
    sat: frozenset[str]
    near: bool

    @classmethod
    def of(cls, viewer: Viewer, case: CaseFile, tasks: Iterable[TaskRow], sat: Iterable[str]) -> "Standing":
        """From the tasks that are the viewer's to see, and those among them at which the viewer sat."""
        touched = {task.institution for task in tasks} | {case.institution}
        rights, seated = viewer.rights(code for code in touched if code), frozenset(sat)
        near = case.institution in viewer.reached_for(Right.WORDS)
        if case.subject == viewer.person:
            rights, near = rights | OWN, True
        return cls(viewer, rights | ASKED if seated else rights, seated, near)

    def judges(self, pack: Pack, task: TaskRow) -> bool:
        """Whether what was said to this task is theirs to know, as far as it judges a person."""
        return self.near or task.id in self.sat or not pack.tasks[task.name].appraisal

    def weighs(self, pack: Pack, rule: str) -> bool:
        """Whether a finding of this rule is theirs to know, as far as it judges a person."""
        return self.near or rule not in {task.rule for task in pack.tasks.values() if task.appraisal}

    def reads(self, pack: Pack, task: TaskRow, row: DecisionRow) -> bool:
        """Reasons are read by both sides; a chain's drafts only where they were written."""
        if row.person == self.viewer.person:
            return True
        if not self.judges(pack, task):
            return False
        drafted = row.step < len(pack.tasks[task.name].steps) - 1
        at_home = bool(self.viewer.reached_for(Right.WORDS) & {task.institution or ""})
        return Right.WORDS in self.rights and (not drafted or at_home or task.id in self.sat)


async def reads_scan(session: AsyncSession, shelf: PackShelf, digest: str, viewer: Viewer) -> bool:
    """Whether the viewer reads a decision that the scan proves or that names it, or works at the desk where it was
    recorded.
    """
    return await _at_the_desk(session, digest, viewer) or await _reads_decision(session, shelf, digest, viewer)


async def _at_the_desk(session: AsyncSession, digest: str, viewer: Viewer) -> bool:
    """Who records or checks sheets at the task's own place, in another's case; nobody else sees what is unchecked."""
    recorded = select(TaskRow, CaseFile).join(PaperDecision, PaperDecision.task_id == TaskRow.id)
    recorded = recorded.join(CaseFile, CaseFile.id == TaskRow.case_id).where(PaperDecision.evidence == digest)
    return any(
        case.subject != viewer.person and viewer.rights([task.institution or case.institution or ""]) & SHEET_DESK
        for task, case in await session.execute(recorded)
    )


async def _reads_decision(session: AsyncSession, shelf: PackShelf, digest: str, viewer: Viewer) -> bool:
    decided = select(DecisionRow, TaskRow, CaseFile).join(TaskRow, TaskRow.id == DecisionRow.task_id)
    decided = decided.join(CaseFile, CaseFile.id == TaskRow.case_id).where(names_file(digest))
    for row, task, case in (await session.execute(decided.where(visible_to(viewer)))).all():
        share = await share_of(session, case, viewer)
        if not share.shows(task.id):
            continue
        tasks = [one for one in await _tasks(session, case) if share.shows(one.id)]
        sat = await session.scalars(select(SeatRow.task_id).where(SeatRow.person == viewer.person))
        standing = Standing.of(viewer, case, tasks, {one.id for one in tasks} & set(sat))
        if standing.reads(await shelf.pack(case.pack, case.pack_version), task, row):
            return True
    return False


async def _tasks(session: AsyncSession, case: CaseFile) -> list[TaskRow]:
    return list(await session.scalars(select(TaskRow).where(TaskRow.case_id == case.id)))
