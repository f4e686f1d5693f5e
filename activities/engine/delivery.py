"""Bringing to a case what the record holds for it: its start, answers, acts, notices. Safe to repeat; the request id
is the Update's id.

What cannot be delivered now stays pending; the caretaker tries again. What the case refuses is kept with its
reason.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update
from temporalio import activity
from temporalio.client import Client, WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.common import (
    SearchAttributeKey,
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from activities.engine.bell import CourierBell
from activities.engine.messages import Act, CaseStart, Decide, Notice, Recorded
from activities.engine.snapshots import as_start
from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.tasks import InboxRow
from policies.engine.refusals import CaseClosed, WithdrawalTooLate

LIFECYCLE = SearchAttributeKey.for_keyword("PinyongLifecycle")
PROGRAMME = SearchAttributeKey.for_keyword("PinyongProgramme")
INSTITUTION = SearchAttributeKey.for_keyword("PinyongInstitution")
CYCLE = SearchAttributeKey.for_keyword("PinyongCycle")
# A worker that died in the middle of a workflow task is noticed after this; longer than any of our tasks takes.
TASK_TIMEOUT = timedelta(seconds=5)
WAIT = timedelta(seconds=5)
# What the SDK says, in a bare RuntimeError, of a server that a client has not reached even once.
NEVER_REACHED = "Failed client connect"
# What the server says of an update that was let in when its run was ended: the case has decided nothing.
CUT_OFF = "AcceptedUpdateCompletedWorkflow"
AT_ONCE, BATCH = 20, 100


@dataclass(frozen=True)
class Outcome:
    """What became of a delivery: applied, pending (try again) or refused with the refusal's name and facts."""

    state: str
    refusal: str = ""
    facts: tuple[tuple[str, str], ...] = ()


APPLIED, PENDING = Outcome("applied"), Outcome("pending")


class Delivery:
    """Talks to Temporal on behalf of the record."""

    def __init__(self, client: Client, sessions: Sessions, *, task_queue: str, bell: CourierBell | None = None) -> None:
        """A delivery over one namespace and task queue; without a bell letters wait for the caretaker's round."""
        self._client, self._sessions, self._task_queue = client, sessions, task_queue
        self._bell = bell

    async def set_going(self, *, starts: Sequence[str], notices: Sequence[str], letters: bool = False) -> None:
        """After a commit: start what it created, tell whom it told, wake the courier if it wrote letters.

        What fails, or is too much at once, the caretaker does.
        """
        if letters:
            self.wake_courier()
        for case_id in starts[:AT_ONCE]:
            await self.start(case_id)
        if notices:
            async with self._sessions() as session:
                query = select(InboxRow).where(InboxRow.request.in_(notices[:AT_ONCE]))
                rows = (await session.scalars(query)).all()
            await asyncio.gather(*(self.deliver(row) for row in rows))

    def wake_courier(self) -> None:
        """Have waiting letters sent soon; returns at once and never fails."""
        if self._bell:
            self._bell.ring()

    @activity.defn
    async def start_opened(self, case_id: str) -> int:
        """Start every case that a case has opened and that has not been started yet; the number of them."""
        started, last = 0, ""
        while cases := await self._opened_by(case_id, after=last):
            await self._start_all(cases)
            started, last = started + len(cases), cases[-1].id
            activity.heartbeat(started)
        return started

    async def _opened_by(self, case_id: str, *, after: str) -> Sequence[CaseFile]:
        query = (
            select(CaseFile)
            .where(CaseFile.cycle == case_id, CaseFile.state == "starting", CaseFile.id > after)
            .order_by(CaseFile.id)
            .limit(BATCH)
        )
        async with self._sessions() as session:
            return (await session.scalars(query)).all()

    async def _start_all(self, cases: Sequence[CaseFile]) -> None:
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(case: CaseFile) -> None:
            async with gate:
                with suppress(WorkflowAlreadyStartedError):
                    await self._start(case)

        await asyncio.gather(*(one(case) for case in cases))

    async def start(self, case_id: str) -> bool:
        """Start the workflow of a case that the record has; False when Temporal cannot be reached."""
        async with self._sessions() as session:
            case = await session.get_one(CaseFile, case_id)
        try:
            await self._start(case)
        except WorkflowAlreadyStartedError:
            return True
        except (RPCError, RuntimeError) as fault:
            _raise_unless_away(fault)
            return False
        return True

    async def rebuild(self, case_id: str) -> bool:
        """Start an open case that Temporal has lost from what its last commit left; one that still runs is left alone.

        False when Temporal cannot be reached, or the case has closed and has nothing to go on with. What was answered
        and not committed is still pending in the inbox and is delivered again.
        """
        async with self._sessions() as session:
            case = await session.get_one(CaseFile, case_id)
        if case.state == "closed":
            return False
        try:
            await self._start(case, reuse=WorkflowIDReusePolicy.ALLOW_DUPLICATE)
        except (RPCError, RuntimeError) as fault:
            _raise_unless_away(fault)
            return False
        return True

    async def _start(
        self, case: CaseFile, *, reuse: WorkflowIDReusePolicy = WorkflowIDReusePolicy.REJECT_DUPLICATE
    ) -> None:
        await self._client.start_workflow(
            case.lifecycle,
            start_of(case),
            id=case.id,
            task_queue=self._task_queue,
            task_timeout=TASK_TIMEOUT,
            id_reuse_policy=reuse,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            search_attributes=_search_attributes(case),
            rpc_timeout=WAIT,
        )

    async def deliver(self, row: InboxRow) -> Outcome:
        """Bring one inbox row to its case, and keep a refusal on the row."""
        outcome = await self._send(row)
        if outcome.state == "refused":
            async with self._sessions.begin() as session:
                await session.execute(
                    update(InboxRow)
                    .where(InboxRow.request == row.request, InboxRow.state == "pending")
                    .values(state="refused", refusal=outcome.refusal, attempts=InboxRow.attempts + 1)
                )
        return outcome

    async def _send(self, row: InboxRow) -> Outcome:
        handle = self._client.get_workflow_handle(row.case_id)
        try:
            if row.verb == "notice":
                notice = Notice(row.request, row.message["name"], row.message["refs"])
                await handle.signal("notice", notice, rpc_timeout=WAIT)
            else:
                name = "decide" if row.verb == "decide" else "act"
                await handle.execute_update(
                    name, message_of(row), id=row.request, rpc_timeout=WAIT, result_type=Recorded
                )
        except WorkflowUpdateFailedError as failed:
            return _refusal(failed)
        except WorkflowUpdateRPCTimeoutOrCancelledError:
            return PENDING
        except RuntimeError as fault:
            _raise_unless_away(fault)
            return PENDING
        except RPCError as error:
            return await self._unreachable(row, error)
        return APPLIED

    async def _unreachable(self, row: InboxRow, error: RPCError) -> Outcome:
        """NOT_FOUND means a closed case, unless its workflow has yet to be started."""
        if error.status is not RPCStatusCode.NOT_FOUND:
            return PENDING
        async with self._sessions() as session:
            case = await session.get(CaseFile, row.case_id)
        if case is None or case.state != "closed":
            return PENDING
        # A closed case that still holds its key binds the person: it was filed (DEF-14).
        bound = row.verb == "withdraw" and case.open_key is not None
        refusal = WithdrawalTooLate if bound else CaseClosed
        return Outcome("refused", refusal.__name__, (("case", row.case_id),))


def start_of(case: CaseFile) -> CaseStart:
    """What the workflow of a case is started with."""
    return as_start(
        {
            "case_id": case.id,
            "pack": {"id": case.pack, "version": case.pack_version, "sha256": case.pack_sha256},
            "shapes": case.shapes,
            "facts": case.facts,
            "state": case.snapshot,
        }
    )


def message_of(row: InboxRow) -> Decide | Act:
    """The update's argument for an inbox row."""
    refs, person = dict(row.message.get("refs", {})), row.person or ""
    if row.verb == "decide":
        return Decide(
            row.request,
            row.message["task"],
            person,
            row.message["choice"],
            row.message["revision"],
            row.received_at,
            row.channel,
            refs,
        )
    return Act(row.request, row.verb, person, row.received_at, row.message.get("task", ""), refs)


def _raise_unless_away(fault: RPCError | RuntimeError) -> None:
    """A server that was never reached is as away as one that was lost; any other RuntimeError is a bug."""
    if isinstance(fault, RuntimeError) and not str(fault).startswith(NEVER_REACHED):
        raise fault


def _refusal(failed: WorkflowUpdateFailedError) -> Outcome:
    cause = failed.cause
    if not isinstance(cause, ApplicationError) or not cause.type:
        raise failed
    if cause.type == CUT_OFF:
        return PENDING
    facts = cause.details[0] if cause.details and isinstance(cause.details[0], dict) else {}
    return Outcome("refused", cause.type, tuple(sorted((str(name), str(value)) for name, value in facts.items())))


def _search_attributes(case: CaseFile) -> TypedSearchAttributes:
    pairs = [SearchAttributePair(LIFECYCLE, case.lifecycle), SearchAttributePair(PROGRAMME, case.programme)]
    if case.institution:
        pairs.append(SearchAttributePair(INSTITUTION, case.institution))
    if case.cycle:
        pairs.append(SearchAttributePair(CYCLE, case.cycle))
    return TypedSearchAttributes(pairs)
