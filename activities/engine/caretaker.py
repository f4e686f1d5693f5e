"""The caretaker: makes good what was cut off between the record and Temporal, and looks whether the two still agree.

Starts that stopped half way, answers that could not be delivered, authors who were not told of a refusal, letters that
nobody was woken for, cases that Temporal has lost. Seals what has been written.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import timedelta

import structlog
from sqlalchemy import ColumnElement, exists, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from temporalio import activity
from temporalio.client import Client, WorkflowExecutionDescription, WorkflowExecutionStatus, WorkflowFailureError
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory
from temporalio.service import RPCError, RPCStatusCode

from activities.engine.casebook import RUNS_MIXED
from activities.engine.delivery import PENDING, Delivery
from activities.engine.reseating import tell_of_ended_roles
from activities.engine.sealing import Sealer
from activities.engine.upkeep import CARETAKER, COURIER, Reconciled, Swept
from db.engine.access import Upkeep
from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.clock import Clock
from db.engine.post import LetterRow
from db.engine.tasks import InboxRow
from mail.facts import Kind

CUT_OFF_AFTER = timedelta(seconds=3)
PAUSE = timedelta(seconds=5)
RECONCILE_EVERY = timedelta(minutes=5)
# A case that has just moved may not be in Temporal's lists yet.
SETTLED_AFTER = timedelta(minutes=1)
BATCH, AT_ONCE = 100, 8
ROUND = 720
RUNNING_CASES = f"ExecutionStatus = 'Running' AND WorkflowType != '{COURIER}' AND WorkflowType != '{CARETAKER}'"

log = structlog.get_logger(__name__)


class Caretaker:
    """Looks after what nobody waits for."""

    def __init__(self, client: Client, sessions: Sessions, *, delivery: Delivery, sealer: Sealer, clock: Clock) -> None:
        """A caretaker of one record and one namespace."""
        self._client, self._sessions = client, sessions
        self._delivery, self._sealer, self._clock = delivery, sealer, clock

    @activity.defn
    async def keep_house(self) -> None:
        """Sweep until all is done, seal, compare when it is time, and come again in five seconds.

        Coming again is Temporal's retry of this activity: it adds no line to the history, where a loop of timers would
        add a gigabyte a year. After an hour it returns, and the case begins anew.
        """
        while (await self.sweep()).more:
            activity.heartbeat()
        activity.heartbeat()
        while await self._sealer.seal():
            activity.heartbeat()
        activity.heartbeat()
        if await self._is_time_to_reconcile():
            await self._compare()
        if activity.info().attempt >= ROUND:
            return
        raise ApplicationError(
            "nothing left for now", type="NothingLeft", next_retry_delay=PAUSE, category=ApplicationErrorCategory.BENIGN
        )

    async def _compare(self) -> None:
        """Roles with seats, and Temporal with the record. What goes wrong at the one does not stop the other."""
        try:
            await self.look_at_roles()
        except Exception:
            await self.reconcile()
            raise
        activity.heartbeat()
        await self.reconcile()

    @activity.defn
    async def sweep(self) -> Swept:
        """Start, deliver and tell what has waited too long; a hundred of each at most."""
        started, starting = await self._start_cut_off()
        activity.heartbeat()
        delivered, pending = await self._deliver_pending()
        activity.heartbeat()
        told = await self._tell_refused()
        activity.heartbeat()
        await self._wake_courier(told)
        await self._mark("sweep")
        more = (starting == BATCH and started > 0) or (pending == BATCH and delivered > 0) or told == BATCH
        return Swept(started, delivered, told, more)

    async def _start_cut_off(self) -> tuple[int, int]:
        """(started, found). From the last id down: who opened many cases at once starts them from the first."""
        query = (
            select(CaseFile.id)
            .where(CaseFile.state == "starting", CaseFile.started_at <= self._clock.now() - CUT_OFF_AFTER)
            .order_by(CaseFile.started_at, CaseFile.id.desc())
            .limit(BATCH)
        )
        async with self._sessions() as session:
            cases = (await session.scalars(query)).all()
        done = await _few_at_once([self._starter(case) for case in cases])
        return sum(done), len(cases)

    def _starter(self, case_id: str) -> Callable[[], Awaitable[int]]:
        async def start() -> int:
            return int(await self._delivery.start(case_id))

        return start

    async def _deliver_pending(self) -> tuple[int, int]:
        """(delivered or refused, found). One row of a case at a time, in the order of their coming."""
        async with self._sessions() as session:
            query = (
                select(InboxRow).where(self._is_due()).order_by(InboxRow.attempts, InboxRow.received_at).limit(BATCH)
            )
            rows = (await session.scalars(query)).all()
        by_case: dict[str, list[InboxRow]] = {}
        for row in sorted(rows, key=lambda row: row.received_at):
            by_case.setdefault(row.case_id, []).append(row)
        done = await _few_at_once([self._bringer(waiting) for waiting in by_case.values()])
        return sum(done), len(rows)

    def _is_due(self) -> ColumnElement[bool]:
        """What a case does not take is tried ever more rarely, so that it holds up nothing else."""
        now = self._clock.now()
        doublings = func.power(2, func.least(InboxRow.attempts, 8))
        return (InboxRow.state == "pending") & (InboxRow.received_at + CUT_OFF_AFTER * doublings <= now)

    def _bringer(self, rows: Sequence[InboxRow]) -> Callable[[], Awaitable[int]]:
        async def bring() -> int:
            done = 0
            for row in rows:
                outcome = await self._delivery.deliver(row)
                if outcome == PENDING:
                    await self._count_attempt(row.request)
                    break
                done += 1
            return done

        return bring

    async def _count_attempt(self, request: str) -> None:
        async with self._sessions.begin() as session:
            await session.execute(
                update(InboxRow)
                .where(InboxRow.request == request, InboxRow.state == "pending")
                .values(attempts=InboxRow.attempts + 1)
            )

    async def _tell_refused(self) -> int:
        """A letter to each author whose answer was not counted; letter and mark in one transaction, so once."""
        query = (
            select(InboxRow)
            .where(InboxRow.state == "refused", InboxRow.refusal_told.is_(False), InboxRow.person.is_not(None))
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
        async with self._sessions.begin() as session:
            rows = (await session.scalars(query)).all()
            if rows:
                await session.execute(insert(LetterRow), [self._refusal(row) for row in rows])
            for row in rows:
                row.refusal_told = True
        return len(rows)

    def _refusal(self, row: InboxRow) -> dict[str, object]:
        now = self._clock.now()
        return {
            "id": f"{row.request}.refused",
            "case_id": row.case_id,
            "task_id": row.task_id,
            "person": row.person,
            "kind": Kind.RECEIVED_REFUSED,
            "revision": row.message.get("revision", 0),
            "details": {"refusal": row.refusal},
            "created_at": now,
            "not_before": now,
        }

    async def _wake_courier(self, told: int) -> None:
        """Also for letters that a lost signal, or a courier that died with them, left lying."""
        now = self._clock.now()
        lying = or_(
            (LetterRow.state == "waiting") & (LetterRow.not_before <= now - CUT_OFF_AFTER),
            (LetterRow.state == "sending") & (LetterRow.leased_until <= now),
        )
        async with self._sessions() as session:
            if told or await session.scalar(select(exists().where(lying))):
                self._delivery.wake_courier()

    async def _mark(self, name: str) -> None:
        now = self._clock.now()
        statement = upsert(Upkeep).values(name=name, at=now)
        async with self._sessions.begin() as session:
            await session.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"at": now}))

    async def look_at_roles(self) -> int:
        """Tell the cases whose people sit in roles that have ended, by a date or unsaid; the number of cases."""
        async with self._sessions.begin() as session:
            return await tell_of_ended_roles(session, at=self._clock.now())

    # Whether Temporal and the record still agree.

    async def _is_time_to_reconcile(self) -> bool:
        async with self._sessions() as session:
            last = await session.get(Upkeep, "reconcile")
        return last is None or last.at <= self._clock.now() - RECONCILE_EVERY

    @activity.defn
    async def reconcile(self) -> Reconciled:
        """Find open cases that Temporal does not run: what was lost, or has failed because the record went on without
        it, is rebuilt from its snapshot; what somebody ended, or has failed by itself, is shown.
        """
        rebuilt, stray = [], []
        for case_id in await self._not_running():
            activity.heartbeat()
            found = await self._described(case_id)
            if found is None or await self._went_on_without(found):
                if await self._delivery.rebuild(case_id):
                    rebuilt.append(case_id)
                    log.warning("case_rebuilt_from_snapshot", case=case_id)
            elif found.status is not WorkflowExecutionStatus.RUNNING and await self._is_open(case_id):
                stray.append(case_id)
                log.error("case_ended_in_temporal_only", case=case_id, status=found.status.name if found.status else "")
        await self._mark("reconcile")
        return Reconciled(tuple(rebuilt), tuple(stray))

    async def _not_running(self) -> list[str]:
        """Open cases that are not in Temporal's list. Equal numbers are believed: a whole list costs seconds."""
        async with self._sessions() as session:
            unclosed = await session.scalar(select(func.count()).where(CaseFile.state != "closed"))
        if (await self._client.count_workflows(RUNNING_CASES)).count == unclosed:
            return []
        running = {found.id async for found in self._client.list_workflows(RUNNING_CASES, page_size=1000)}
        settled = CaseFile.changed_at <= self._clock.now() - SETTLED_AFTER
        async with self._sessions() as session:
            query = select(CaseFile.id).where(CaseFile.state == "open", settled).order_by(CaseFile.id)
            return [case_id for case_id in await session.scalars(query) if case_id not in running]

    async def _described(self, case_id: str) -> WorkflowExecutionDescription | None:
        """How the case stands in Temporal; None when it knows none of this id. The lists may lag, this does not."""
        try:
            return await self._client.get_workflow_handle(case_id).describe()
        except RPCError as unknown:
            if unknown.status is RPCStatusCode.NOT_FOUND:
                return None
            raise

    async def _went_on_without(self, found: WorkflowExecutionDescription) -> bool:
        """Whether a run failed because the record had gone on without it, or the record has moved since it failed.

        What failed for another reason would only fail again from the same snapshot.
        """
        if found.status is not WorkflowExecutionStatus.FAILED:
            return False
        async with self._sessions() as session:
            query = select(CaseFile.changed_at).where(CaseFile.id == found.id)
            changed_at = await session.scalar(query)
        if changed_at and found.close_time and changed_at > found.close_time:
            return True
        run = self._client.get_workflow_handle(found.id, run_id=found.run_id)
        try:
            await run.result(follow_runs=False)
        except WorkflowFailureError as failed:
            return _says_runs_mixed(failed)
        return False

    async def _is_open(self, case_id: str) -> bool:
        async with self._sessions() as session:
            return await session.scalar(select(CaseFile.state).where(CaseFile.id == case_id)) == "open"


def _says_runs_mixed(failed: BaseException) -> bool:
    reason: BaseException | None = failed
    while reason and not (isinstance(reason, ApplicationError) and reason.type == RUNS_MIXED):
        reason = reason.__cause__
    return reason is not None


async def _few_at_once(works: Iterable[Callable[[], Awaitable[int]]]) -> list[int]:
    """Do all of it, eight at a time; each result in its place."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(work: Callable[[], Awaitable[int]]) -> int:
        async with gate:
            done = await work()
            activity.heartbeat()
            return done

    return await asyncio.gather(*(one(work) for work in works))
