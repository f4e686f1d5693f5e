"""What was cut off is made good, once: starts, answers, refusals, lost cases. Real record, real Temporal server."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

import pytest
from sqlalchemy import Select, event, func, select, text, update
from sqlalchemy.exc import ProgrammingError
from structlog.testing import capture_logs
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowFailureError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError
from temporalio.testing import ActivityEnvironment
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from activities.engine.bell import CourierBell
from activities.engine.caretaker import Caretaker
from activities.engine.casebook import Casebook
from activities.engine.delivery import Delivery
from activities.engine.sealing import Sealer
from activities.engine.upkeep import COURIER_ID, Reconciled, Swept
from db.engine.access import Upkeep
from db.engine.almanac import Almanac
from db.engine.base import Sessions, engine_of
from db.engine.cases import CaseFile, TransitionRow
from db.engine.clock import SystemClock
from db.engine.opening import NewCase, open_case
from db.engine.post import LetterRow
from db.engine.seals import SealLine
from db.engine.tasks import DecisionRow, InboxRow, SeatRow, TaskRow
from policies.engine.pack import Pack
from stack.temporal import TemporalServer, prepare_namespace
from tests.activities.desk import CASE, TASK, a_courier, a_town, case_of, rows, write_letter
from tests.activities.enquiry import Enquiry, Faulty
from tests.builders.county import settle_county
from vault.keyring import Keyring
from workflows.caretaker import Caretaker as CaretakerCase
from workflows.courier import Courier as CourierCase

PURE = SandboxRestrictions.default.with_passthrough_modules("policies", "activities", "workflows", "tests")
BOUND = 20.0


class MovableClock(SystemClock):
    """The machine's clock, put forward by a test."""

    ahead = timedelta()

    def now(self) -> datetime:
        return super().now() + self.ahead


@dataclass
class House:
    client: Client
    record: Sessions
    keyring: Keyring
    clock: MovableClock
    pack: Pack
    delivery: Delivery
    caretaker: Caretaker
    casebook: Casebook

    @asynccontextmanager
    async def worker(self) -> AsyncIterator[None]:
        worker = Worker(
            self.client,
            task_queue="q",
            workflows=[Enquiry],
            activities=[self.casebook.commit, self.delivery.start_opened],
            workflow_runner=SandboxedWorkflowRunner(restrictions=PURE),
        )
        async with worker:
            yield

    async def open(self) -> None:
        facts = {"group": "dq-jt1", "sending": "dq-h1", "person": "p-doctor"}
        new = NewCase(CASE, "Enquiry", self.pack, ("sending_review",), facts, institution="dq-h1", subject="p-doctor")
        async with self.record.begin() as session:
            await open_case(session, new, at=self.clock.now())

    async def answer(self, request: str, choice: str = "agree", *, revision: int = 1) -> None:
        """An answer that was kept and not delivered."""
        async with self.record.begin() as session:
            session.add(
                InboxRow(
                    request=request,
                    case_id=CASE,
                    verb="decide",
                    task_id=TASK,
                    person="p-h1-head",
                    message={"task": "t1", "choice": choice, "revision": revision},
                    form={},
                    words="同意",
                    channel="link",
                    received_at=self.clock.now(),
                )
            )

    async def sweep(self) -> Swept:
        swept: Swept = await ActivityEnvironment().run(self.caretaker.sweep)
        return swept

    async def reconcile(self) -> Reconciled:
        found: Reconciled = await ActivityEnvironment().run(self.caretaker.reconcile)
        return found

    def wait(self, **time: float) -> None:
        self.clock.ahead += timedelta(**time)

    async def asked(self) -> None:
        await seen(lambda: self.found(select(TaskRow).where(TaskRow.id == TASK)))

    async def found(self, query: Select[Any]) -> object:
        async with self.record() as session:
            return await session.scalar(query)

    async def closed(self) -> CaseFile:
        await seen(lambda: self.found(select(CaseFile).where(CaseFile.state == "closed")))
        return await case_of(self.record)


async def seen(fact: Callable[[], Awaitable[object]]) -> None:
    """Wait, with a bound, for something to become true."""
    async with asyncio.timeout(BOUND):
        while not await fact():  # noqa: ASYNC110  # the fact is in another process
            await asyncio.sleep(0.02)


@pytest.fixture
async def house(record: Sessions, keyring: Keyring, client: Client, stored_pack: Pack) -> House:
    await settle_county(record)
    clock = MovableClock()
    delivery = Delivery(client, record, task_queue="q")
    casebook = Casebook(record, keyring, almanac=Almanac(record, clock), effects={}, delivery=delivery)
    sealer = Sealer(record, keyring, clock=clock)
    caretaker = Caretaker(client, record, delivery=delivery, sealer=sealer, clock=clock)
    return House(client, record, keyring, clock, stored_pack, delivery, caretaker, casebook)


async def test_a_start_that_was_cut_off_is_made_good_after_three_seconds(house: House) -> None:
    await house.open()
    assert (await house.sweep()).started == 0
    house.wait(seconds=4)
    assert (await house.sweep()).started == 1
    async with house.worker():
        await house.asked()
    house.wait(seconds=4)
    assert (await house.sweep()).started == 0


async def test_an_answer_that_was_not_delivered_is_delivered_once_with_its_own_id(house: House) -> None:
    await house.open()
    await house.delivery.start(CASE)
    async with house.worker():
        await house.asked()
        await house.answer("r1")
        assert (await house.sweep()).delivered == 0
        house.wait(seconds=4)
        assert (await house.sweep()).delivered == 1
        assert (await house.closed()).outcome == "matched"
        house.wait(seconds=4)
        assert await house.sweep() == Swept(0, 0, 0, more=False)
    history = await house.client.get_workflow_handle(CASE).fetch_history()
    accepted = [
        event.workflow_execution_update_accepted_event_attributes.protocol_instance_id
        for event in history.events
        if event.HasField("workflow_execution_update_accepted_event_attributes")
    ]
    assert accepted == ["r1"]
    async with house.record() as session:
        assert await session.scalar(select(func.count()).select_from(DecisionRow)) == 1
        assert (await session.get_one(InboxRow, "r1")).state == "applied"
        assert (await session.get_one(Upkeep, "sweep")).at <= house.clock.now()


async def test_several_answers_to_one_case_come_one_after_the_other_and_the_first_counts(house: House) -> None:
    await house.open()
    await house.delivery.start(CASE)
    async with house.worker():
        await house.asked()
        for number in range(5):
            await house.answer(f"r{number}", "agree" if number == 0 else "reject")
        house.wait(seconds=4)
        await house.sweep()
        assert (await house.closed()).outcome == "matched"
    async with house.record() as session:
        states = list(await session.scalars(select(InboxRow.state).order_by(InboxRow.received_at)))
    assert states == ["applied", "refused", "refused", "refused", "refused"]


async def test_the_author_of_a_refused_answer_is_told_once(house: House) -> None:
    await house.open()
    await house.delivery.start(CASE)
    async with house.worker():
        await house.asked()
        await house.answer("r1", revision=7)
        house.wait(seconds=4)
        assert (await house.sweep()).told == 1
        house.wait(seconds=60)
        assert (await house.sweep()).told == 0
    letters = {letter: row for letter, row in (await rows(house.record)).items() if row.kind == "received_refused"}
    assert list(letters) == ["r1.refused"]
    assert letters["r1.refused"].details == {"refusal": "StaleRevision"}
    assert letters["r1.refused"].person == "p-h1-head"


async def test_what_a_case_does_not_take_is_tried_ever_more_rarely(house: House) -> None:
    await house.open()
    async with house.record.begin() as session:
        await session.execute(update(CaseFile).values(state="open"))
    await house.answer("r1")
    house.wait(seconds=4)
    await house.sweep()
    async with house.record() as session:
        assert (await session.get_one(InboxRow, "r1")).attempts == 1
    await house.sweep()
    async with house.record() as session:
        row = await session.get_one(InboxRow, "r1")
    assert (row.attempts, row.state) == (1, "pending")
    house.wait(seconds=3)
    await house.sweep()
    async with house.record() as session:
        assert (await session.get_one(InboxRow, "r1")).attempts == 2


async def test_a_lost_case_is_rebuilt_from_its_snapshot_and_goes_on(house: House, temporal: TemporalServer) -> None:
    await house.open()
    await house.delivery.start(CASE)
    async with house.worker():
        await house.asked()
        assert await house.reconcile() == Reconciled()
    temporal.kill()
    await temporal.start()
    await prepare_namespace(house.client)
    with pytest.raises(RPCError, match="not found"):
        await house.client.get_workflow_handle(CASE).describe()

    assert await house.reconcile() == Reconciled(), "a case that has just moved is left alone"
    house.wait(minutes=2)
    assert await house.reconcile() == Reconciled(rebuilt=(CASE,))
    async with house.worker():
        await house.answer("r1")
        house.wait(seconds=4)
        await house.sweep()
        assert (await house.closed()).outcome == "matched"
    async with house.record() as session:
        assert await session.scalar(select(func.count()).select_from(TaskRow)) == 1
        assert await session.scalar(select(func.count()).select_from(SeatRow)) == 1
        assert await session.scalar(select(func.count()).select_from(LetterRow).where(LetterRow.kind == "task")) == 1


async def test_a_case_that_only_temporal_has_ended_is_reported_and_not_started_again(house: House) -> None:
    await house.open()
    await house.delivery.start(CASE)
    async with house.worker():
        await house.asked()
    handle = house.client.get_workflow_handle(CASE)
    await handle.terminate()
    house.wait(minutes=2)

    async def listed_as_ended() -> bool:
        return not [one async for one in house.client.list_workflows("ExecutionStatus = 'Running'")]

    await seen(listed_as_ended)
    assert await house.reconcile() == Reconciled(stray=(CASE,))
    assert (await handle.describe()).status is WorkflowExecutionStatus.TERMINATED


async def failed_by_itself(house: House) -> datetime:
    """A case that asked, was lost, and then failed under a faulty release; when it failed."""
    await house.open()
    await house.delivery.start(CASE)
    async with house.worker():
        await house.asked()
    handle = house.client.get_workflow_handle(CASE)
    await handle.terminate()
    await house.delivery.rebuild(CASE)
    faulty = Worker(
        house.client,
        task_queue="q",
        workflows=[Faulty],
        workflow_runner=SandboxedWorkflowRunner(restrictions=PURE),
    )
    async with faulty:
        with pytest.raises(WorkflowFailureError):
            await asyncio.wait_for(handle.result(), BOUND)
    house.wait(minutes=2)
    failed_at = (await handle.describe()).close_time
    assert failed_at is not None
    return failed_at


async def test_a_case_that_failed_by_itself_is_reported_and_not_rebuilt_again_and_again(house: House) -> None:
    await failed_by_itself(house)

    async def shown() -> bool:
        return await house.reconcile() == Reconciled(stray=(CASE,))

    with capture_logs() as logs:
        await seen(shown)
    told = {"event": "case_ended_in_temporal_only", "case": CASE, "status": "FAILED", "log_level": "error"}
    assert told in logs
    assert "case_rebuilt_from_snapshot" not in [line["event"] for line in logs]


async def test_a_failed_case_whose_record_has_moved_since_is_rebuilt(house: House) -> None:
    failed_at = await failed_by_itself(house)
    async with house.record.begin() as session:
        await session.execute(update(CaseFile).values(changed_at=failed_at + timedelta(seconds=1)))

    async def rebuilt() -> bool:
        return await house.reconcile() == Reconciled(rebuilt=(CASE,))

    await seen(rebuilt)


async def test_a_case_whose_record_went_on_without_it_ends_and_is_rebuilt_from_the_record(house: House) -> None:
    """As when a former run's commit was still under way while the case was rebuilt."""
    await house.open()
    await house.delivery.start(CASE)
    async with house.worker():
        await house.asked()
        async with house.record.begin() as session:
            case = await session.get_one(CaseFile, CASE)
            case.seq, case.snapshot = 2, {**(case.snapshot or {}), "seq": 2}
            result: dict[str, Any] = {"seated": {}, "effects": {}, "further": {}, "retimed": {}}
            session.add(TransitionRow(case_id=CASE, seq=2, at=house.clock.now(), result=result))
        await house.answer("r1")
        house.wait(seconds=4)
        await house.sweep()
        handle = house.client.get_workflow_handle(CASE)
        with pytest.raises(WorkflowFailureError):
            await asyncio.wait_for(handle.result(), BOUND)
        async with house.record() as session:
            assert (await session.get_one(InboxRow, "r1")).state == "pending"
            assert await session.scalar(select(func.count()).select_from(DecisionRow)) == 0
        house.wait(minutes=2)

        async def rebuilt() -> bool:
            return await house.reconcile() == Reconciled(rebuilt=(CASE,))

        await seen(rebuilt)
        house.wait(seconds=4)
        await house.sweep()
        assert ((await house.closed()).outcome, (await case_of(house.record)).seq) == ("matched", 3)


async def test_fifty_rings_in_one_breath_are_one_signal_and_a_later_one_is_not_lost(client: Client) -> None:
    bell = CourierBell(client, task_queue="q")
    for _ in range(50):
        bell.ring()
    await seen(lambda: signals(client, at_least=1))
    assert await signals(client) == 1
    bell.ring()
    bell.ring()
    await seen(lambda: signals(client, at_least=2))
    assert await signals(client) == 2


async def test_a_ring_that_the_courier_no_longer_looks_at_is_passed_on(client: Client) -> None:
    bell = CourierBell(client, task_queue="q")
    with bell.heard() as rung:
        bell.ring()
        assert rung.is_set()
    await seen(lambda: signals(client, at_least=1))
    with bell.heard() as rung:
        bell.ring()
        rung.clear()
    assert not bell._coming


async def signals(client: Client, *, at_least: int = 0) -> int:
    try:
        history = await client.get_workflow_handle(COURIER_ID).fetch_history()
    except RPCError:
        return 0
    seen_now = sum(event.HasField("workflow_execution_signaled_event_attributes") for event in history.events)
    return seen_now if seen_now >= at_least else 0


async def test_a_letter_for_which_nobody_was_woken_wakes_the_courier_after_three_seconds(house: House) -> None:
    house.delivery._bell = CourierBell(house.client, task_queue="q")
    await house.open()
    await write_letter(house.record, house.keyring, "lying", at=house.clock.now(), task_id=None)
    await house.sweep()
    assert not house.delivery._bell._signals
    house.wait(seconds=4)
    await house.sweep()
    await seen(lambda: signals(house.client, at_least=1))


async def test_a_ring_with_no_server_is_no_failure() -> None:
    away = await Client.connect("127.0.0.1:1", lazy=True)
    bell = CourierBell(away, task_queue="q")
    bell.ring()
    (signal,) = bell._signals
    await asyncio.wait_for(signal, BOUND)


async def test_a_commit_that_writes_a_letter_has_it_sent(house: House, record: Sessions) -> None:
    bell = CourierBell(house.client, task_queue="q")
    house.delivery._bell = bell
    async with a_town() as town:
        courier = a_courier(record, house.keyring, town.port, clock=house.clock)
        upkeep = Worker(
            house.client,
            task_queue="q-ops",
            workflows=[CourierCase, CaretakerCase],
            activities=[courier.send_letters, house.caretaker.keep_house],
            workflow_runner=SandboxedWorkflowRunner(restrictions=PURE),
        )
        async with upkeep, house.worker():
            await house.open()
            await house.delivery.start(CASE)

            async def sent() -> bool:
                return bool(town.taken)

            await seen(sent)
            await seen(lambda: marked(record))
            history = await house.client.get_workflow_handle(COURIER_ID).fetch_history()
    assert town.addresses == ["p-h1-head@deqing.test"]
    assert len(history.events) < 20


async def marked(record: Sessions) -> bool:
    return all(row.state == "sent" for row in (await rows(record)).values())


async def test_the_caretaker_comes_again_without_a_line_in_its_history_and_seals_on_its_rounds(house: House) -> None:
    await house.open()
    worker = Worker(
        house.client,
        task_queue="q-ops",
        workflows=[CaretakerCase],
        activities=[house.caretaker.keep_house],
        workflow_runner=SandboxedWorkflowRunner(restrictions=PURE),
    )
    async with worker:
        await house.client.start_workflow("Caretaker", id="ops.caretaker", task_queue="q-ops")
        handle = house.client.get_workflow_handle("ops.caretaker")

        async def came_again() -> bool:
            waiting = (await handle.describe()).raw_description.pending_activities
            return bool(waiting) and waiting[0].attempt >= 2

        await seen(came_again)
        events = (await handle.fetch_history()).events
        assert len(events) <= 5
        (scheduled,) = [
            event.activity_task_scheduled_event_attributes
            for event in events
            if event.HasField("activity_task_scheduled_event_attributes")
        ]
        assert scheduled.heartbeat_timeout.seconds == 30, "longer than any statement may take"
    assert await house.found(select(Upkeep).where(Upkeep.name == "reconcile"))
    assert await house.found(select(SealLine.case_id).where(SealLine.seal == 1)) == CASE


async def test_a_look_at_roles_that_fails_stops_neither_seal_nor_comparison_and_is_said_after_them(
    house: House,
) -> None:
    await house.open()
    async with house.record.begin() as session:
        await session.execute(text("ALTER TABLE role_holding RENAME TO moved_away"))
    with pytest.raises(ProgrammingError, match="role_holding"):
        await ActivityEnvironment().run(house.caretaker.keep_house)
    assert await house.found(select(Upkeep).where(Upkeep.name == "reconcile"))
    assert await house.found(select(SealLine.case_id).where(SealLine.seal == 1)) == CASE


async def test_a_round_says_between_its_steps_that_it_lives(house: House) -> None:
    """Statements of one round together may take longer than the silence that is allowed."""
    steps: list[str] = []
    environment = ActivityEnvironment()
    environment.on_heartbeat = lambda *_: steps.append("beat")

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        steps.append(statement)

    engine = engine_of(house.record).sync_engine
    event.listen(engine, "before_cursor_execute", note)
    with pytest.raises(ApplicationError, match="nothing left"):
        await environment.run(house.caretaker.keep_house)
    event.remove(engine, "before_cursor_execute", note)
    silences = [list(run) for beat, run in groupby(steps, key="beat".__eq__) if not beat]
    assert len(silences) == 7, silences
