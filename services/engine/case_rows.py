"""Reading a case from the record, as far as one viewer may."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import cast, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine.cases import CaseFile, EventRow, FindingRow
from db.engine.people import Person
from db.engine.tasks import DecisionRow, InboxRow, SeatRow, TaskRow
from services.engine.acts import CaseUnknown
from services.engine.permissions import Viewer, visible_to
from services.engine.share import Share, share_of
from services.engine.taken import Taken, taken

TIMELINE = 100
# What of a line is a person: who handed a task over, and who took it.
PEOPLE = frozenset(
    {("handed_over", "from"), ("handed_over", "to"), ("seat_added", "to"), ("seat_recalled", "to"), ("copied", "to")}
)


@dataclass
class Gathered:
    """The rows of one case, cut to the viewer's share; `events` are the shown lines of the file, the newest first."""

    case: CaseFile
    share: Share
    subject: Person | None
    tasks: dict[str, TaskRow]
    seats: list[tuple[SeatRow, Person]]
    decisions: list[Taken]
    inbox: list[InboxRow]
    noticed: list[InboxRow]
    events: list[dict[str, Any]]
    stages: set[str]
    older: int
    newer: bool
    findings: list[FindingRow]
    people: dict[str, Person]


async def gather(session: AsyncSession, case_id: str, viewer: Viewer, *, before: int) -> Gathered:
    """All that a page of the case needs, read at one time. Raises CaseUnknown for a case that is not this viewer's."""
    query = select(CaseFile, Person).outerjoin(Person, Person.id == CaseFile.subject)
    row = (await session.execute(query.where(CaseFile.id == case_id, visible_to(viewer)))).first()
    if row is None:
        raise CaseUnknown(case=case_id)
    case, subject = row
    share = await share_of(session, case, viewer)
    tasks = await session.scalars(select(TaskRow).where(TaskRow.case_id == case_id).order_by(TaskRow.opened_at))
    events = await _lines(session, case_id, before, share)
    inbox = select(InboxRow).where(InboxRow.case_id == case_id, InboxRow.verb != "notice")
    noticed = select(InboxRow).where(InboxRow.request.in_(_behind(events)), InboxRow.verb == "notice")
    findings = select(FindingRow).where(FindingRow.case_id == case_id).order_by(FindingRow.id)
    named = {each["actor"] for each in events if each.get("actor")}
    named |= {each["refs"][name] for each in events for event, name in PEOPLE if each["event"] == event}
    people = await session.scalars(select(Person).where(Person.id.in_(named))) if named else ()
    return Gathered(
        case,
        share,
        subject,
        {task.id: task for task in tasks if share.shows(task.id)},
        [pair for pair in await _seats(session, case_id) if share.shows(pair[0].task_id)],
        [each for each in await taken(session, DecisionRow.case_id == case_id) if share.shows(each.row.task_id)],
        [each for each in await session.scalars(inbox.order_by(InboxRow.received_at)) if share.shows(each.task_id)],
        list(await session.scalars(noticed)),
        events,
        set() if share.gone_on else await _stages(session, case_id),
        await _older(session, case_id, events, share),
        before > 0,
        list(await session.scalars(findings)),
        {person.id: person for person in people},
    )


async def _seats(session: AsyncSession, case_id: str) -> list[tuple[SeatRow, Person]]:
    query = select(SeatRow, Person).join(Person, Person.id == SeatRow.person)
    query = query.join(TaskRow, TaskRow.id == SeatRow.task_id).where(TaskRow.case_id == case_id)
    return [(seat, person) for seat, person in await session.execute(query)]


async def _lines(session: AsyncSession, case_id: str, before: int, share: Share) -> list[dict[str, Any]]:
    """The newest lines of the file, or those before a number, the newest first."""
    lines = select(EventRow).where(EventRow.case_id == case_id, share.lines())
    lines = lines.order_by(EventRow.number.desc()).limit(TIMELINE)
    if before:
        lines = lines.where(EventRow.number < before)
    return [_event(each) for each in await session.scalars(lines)]


async def _older(session: AsyncSession, case_id: str, shown: list[dict[str, Any]], share: Share) -> int:
    """How many lines stand before those that are shown."""
    first = shown[-1]["number"] if shown else 0
    lines = select(func.count()).select_from(EventRow).where(EventRow.case_id == case_id, share.lines())
    return await session.scalar(lines.where(EventRow.number < first)) or 0


async def _stages(session: AsyncSession, case_id: str) -> set[str]:
    """Every stage that the case has been at, whichever lines are shown."""
    body = cast(EventRow.body, JSONB)
    moves = select(body["refs"]["from"].astext, body["refs"]["to"].astext)
    moves = moves.where(EventRow.case_id == case_id, body["event"].astext == "stage")
    return {stage for move in await session.execute(moves) for stage in move}


def _event(row: EventRow) -> dict[str, Any]:
    return {**json.loads(row.body), "number": row.number, "at": row.at}


def _behind(events: list[dict[str, Any]]) -> set[str]:
    """The requests to which lines of the file go back; a notice may have reached another case first."""
    return {each["refs"]["by_request"] for each in events if "by_request" in each.get("refs", {})}
