"""What must be true after the kills, by the clients' own log: each accepted answer once, every other at most once."""

from collections import Counter
from collections.abc import Iterable
from email import message_from_bytes

from sqlalchemy import select
from temporalio.api.enums.v1 import EventType

from activities.engine.courier import LIVE
from bench.parts import Stand
from db import proof
from db.engine.cases import CaseFile, EventRow
from db.engine.post import LetterRow
from db.engine.tasks import DecisionRow, InboxRow
from tests.crash.clients import STEPS, Noted

UPDATE_ACCEPTED = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED
UPDATE_COMPLETED = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED


async def all_closed(stand: Stand) -> bool:
    """Whether every case has come to its end."""
    async with stand.record() as session:
        return await session.scalar(select(CaseFile.id).where(CaseFile.state != "closed").limit(1)) is None


async def nothing_waits(stand: Stand) -> bool:
    """Whether every answer that was kept has come to its case, and been taken or refused."""
    async with stand.record() as session:
        return await session.scalar(select(InboxRow.request).where(InboxRow.state == "pending").limit(1)) is None


async def all_sent(stand: Stand) -> bool:
    """Whether no letter waits any more."""
    async with stand.record() as session:
        return await session.scalar(select(LetterRow.id).where(LetterRow.state.in_(LIVE)).limit(1)) is None


async def each_accepted_answer_counts_once(stand: Stand, log: Iterable[Noted]) -> None:
    """In the decisions, in the file, and among the updates of the case's history."""
    async with stand.record() as session:
        rows = Counter(await session.scalars(select(DecisionRow.request)))
        steps = Counter(tuple(row) for row in await session.execute(select(DecisionRow.case_id, DecisionRow.step)))
        bodies = list(await session.scalars(select(EventRow.body)))
        inbox = {row.request: row.state for row in await session.scalars(select(InboxRow))}
        cases = list(await session.scalars(select(CaseFile.id)))
    assert set(steps.values()) == {1}
    assert len(steps) == len(cases) * STEPS
    applied = await _applied(stand, cases)
    counted = {request for request, times in rows.items() if times == 1}
    for noted in log:
        filed = sum(f'"request":"{noted.request}"' in body for body in bodies)
        assert filed == rows[noted.request] == applied[noted.request] <= 1, noted
        if noted.status == 200 or (noted.status == 202 and not _overtaken(noted, counted, inbox)):
            assert rows[noted.request] == 1, noted


def _overtaken(noted: Noted, counted: set[str], inbox: dict[str, str]) -> bool:
    """A kept answer may find that an earlier one of the same person, whose reply was lost, has counted."""
    other = noted.request.rpartition("-")[0]
    earlier = any(one != noted.request and one.startswith(f"{other}-") for one in counted)
    return inbox[noted.request] == "refused" and earlier


async def _applied(stand: Stand, cases: Iterable[str]) -> Counter[str]:
    """How often each request id was taken by a history.

    An answer that waits while the people of its task are looked up, as another one of the same person does, stands
    there as accepted, and as failed once the other has counted: it was refused, and its author told.
    """
    found: Counter[str] = Counter()
    for case in cases:
        history = await stand.client.get_workflow_handle(case).fetch_history()
        for event in history.events:
            if event.event_type == UPDATE_ACCEPTED:
                accepted = event.workflow_execution_update_accepted_event_attributes
                found[accepted.accepted_request.meta.update_id] += 1
            if event.event_type == UPDATE_COMPLETED:
                completed = event.workflow_execution_update_completed_event_attributes
                found[completed.meta.update_id] -= completed.outcome.HasField("failure")
    return found


async def files_are_whole(stand: Stand) -> None:
    """Every file verifies."""
    async with stand.record() as session:
        assert [damage async for damage in proof.verify(session, stand.keyring)] == []


async def every_letter_arrived(stand: Stand) -> int:
    """Every letter that was not made pointless by a decision is in the mailbox; the number of doubled ones."""
    async with stand.record() as session:
        letters = {row.id: row.state for row in await session.scalars(select(LetterRow))}
    assert set(letters.values()) <= {"sent", "skipped"}
    arrived = Counter(_message_ids(stand))
    sent = {letter for letter, state in letters.items() if state == "sent"}
    assert sent <= set(arrived)
    assert set(arrived) <= set(letters)
    return sum(arrived.values()) - len(arrived)


def _message_ids(stand: Stand) -> list[str]:
    folder = stand.settings.mailbox_folder / "new"
    names = (message_from_bytes(path.read_bytes())["Message-ID"] for path in folder.iterdir())
    return [str(name).strip("<>").rpartition("@")[0] for name in names]
