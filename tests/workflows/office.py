"""A test's office: real record and desks, a Temporal whose time can be skipped, people who answer at the real desk."""

import asyncio
import shutil
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import Executable, Select, select
from sqlalchemy.dialects.postgresql import insert
from temporalio.api.enums.v1 import EventType, IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.client import WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxRestrictions

from activities.engine.casebook import Casebook
from activities.engine.delivery import CYCLE, INSTITUTION, LIFECYCLE, PROGRAMME, Delivery, start_of
from activities.engine.messages import CaseState
from activities.registry import EFFECTS
from db import proof
from db.engine.almanac import Almanac
from db.engine.base import Sessions
from db.engine.cases import CaseFile, EventRow
from db.engine.damage import Damage
from db.engine.packs import PackShelf
from db.engine.post import LetterRow
from db.engine.tasks import InboxRow, SeatRow, TaskRow
from services.clinics import ClinicDesk
from services.credits import CreditDesk
from services.demand import CycleDesk
from services.engine.acts import ActDesk, Done, Wish
from services.engine.decisions import Answer, DecisionDesk, Receipt
from services.engine.places import Places
from services.engine.sessions import SessionDesk
from services.forms import FORMS
from services.inspection import InspectionDesk
from services.methods import MethodDesk
from services.pay_desks import PayDesks, pay_desks
from services.posting import ApplicationDesk
from stack.runner import Runner
from tests.conftest import StandingClock
from tests.workflows.memory import Found, Memory
from tests.workflows.sandbox import SharedSandbox
from vault.keyring import Keyring
from vault.payloads import data_converter
from worker import LIFECYCLES, PURE

QUEUE = "office"
BOUND = 30.0
ASK_AGAIN_AFTER = timedelta(seconds=5)
# Without an answer in time: as the server says it, and as the client does.
UNANSWERED = (RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED)
# Every office opens on the same Monday at nine, so that no test depends on the day on which it is run.
OPENS = datetime(2040, 3, 5, 1, 0, tzinfo=UTC)
# Third parties come in as they are; ours stays in the full sandbox, so that a stray clock call in a rule fails here.
THIRD_PARTIES = ("sqlalchemy", "asyncpg", "cryptography", "chinese_calendar", "pydantic", "pydantic_core")
FULL = SharedSandbox(restrictions=SandboxRestrictions.default.with_passthrough_modules(*THIRD_PARTIES))
# As the worker has it: behind pages and interfaces, where one case is like the other and every rule has been tried.
PRODUCTION = Runner(restrictions=PURE.with_passthrough_modules("tests"))


__all__ = ["FULL", "LIFECYCLES", "OPENS", "PRODUCTION", "Office", "opened_office"]


class Shift:
    """The worker on duty: one may go, and another one come who remembers nothing of the cases."""

    def __init__(self, hire: Callable[[], Worker]) -> None:
        self._hire, self._on_duty = hire, AsyncExitStack()

    async def begin(self) -> None:
        await self._on_duty.enter_async_context(self._hire())

    async def end(self) -> None:
        await self._on_duty.aclose()


@dataclass
class Office:
    """What a test says and sees."""

    env: WorkflowEnvironment
    record: Sessions
    clock: StandingClock
    keyring: Keyring
    delivery: Delivery
    decisions: DecisionDesk
    acts: ActDesk
    sessions: SessionDesk
    cycles: CycleDesk
    applications: ApplicationDesk
    inspections: InspectionDesk
    credits: CreditDesk
    clinics: ClinicDesk
    shift: Shift
    methods: MethodDesk
    pay: PayDesks
    memory: Memory | None = None
    requests: Iterator[int] = field(default_factory=lambda: count(1))

    async def after(self, what: str, steps: Callable[[], Awaitable[Found]]) -> Found:
        """What the steps find: taken here, or put back where the same ones were taken before from the same record."""
        return await (self.memory.recall(self, what, steps) if self.memory else steps())

    async def answer(
        self,
        task: str,
        person: str,
        choice: str,
        words: str = "",
        *,
        form: Mapping[str, Any] | None = None,
        case: str = "",
    ) -> Receipt:
        """The person answers the open task with this name, or this id, and the record has it."""
        receipt = await self.say(task, person, choice, words, form=form, case=case)
        await self.recorded(receipt.request)
        return receipt

    async def say(
        self,
        task: str,
        person: str,
        choice: str,
        words: str = "",
        *,
        form: Mapping[str, Any] | None = None,
        case: str = "",
    ) -> Receipt:
        """The person answers, and the case has taken it; its commit may still be under way."""
        row, revision = await self.asked(task, person, case=case)
        await self.tell_time()
        answer = Answer(self.request(), row.id, person, revision, choice, words, form or {}, signed_in=True)
        return await self.decisions.answer(answer)

    async def recorded(self, request: str) -> None:
        """Waits until the commit has written what the case has taken."""
        await self.seen(select(InboxRow).where(InboxRow.request == request, InboxRow.state == "applied"))

    def request(self) -> str:
        return f"r{next(self.requests)}"

    async def act(self, verb: str, person: str, case: str, **more: str) -> Done:
        """The person does something else to a case, with the rights of the roles held that day."""
        await self.tell_time()
        viewer = await self.sessions.viewer(person)
        assert viewer is not None
        wish = Wish(self.request(), verb, case, **more)
        done = await self.acts.act(viewer, wish)
        await self.recorded(wish.request)
        return done

    async def notify(self, case: str, name: str, /, request: str = "", **refs: str) -> str:
        """A notice reaches a case, as a fact about its person or from another case."""
        row = {
            "request": request or self.request(),
            "case_id": case,
            "verb": "notice",
            "message": {"name": name, "refs": refs},
            "form": {},
            "received_at": self.clock.now(),
        }
        async with self.record.begin() as session:
            await session.execute(insert(InboxRow).values(row).on_conflict_do_nothing())
        async with self.record() as session:
            kept = await session.get_one(InboxRow, row["request"])
        return (await self.delivery.deliver(kept)).state

    async def tell_time(self) -> None:
        self.clock.instant = await self.env.get_current_time()

    async def asked(self, task: str, person: str, *, case: str = "") -> tuple[TaskRow, int]:
        """Waits until the person is asked: the task, and the revision of the seat."""
        query = (
            select(TaskRow, SeatRow.revision)
            .join(SeatRow, SeatRow.task_id == TaskRow.id)
            .where(TaskRow.status == "open", SeatRow.open, SeatRow.person == person)
            .where((TaskRow.name == task) | (TaskRow.id == task))
            .order_by(TaskRow.opened_at, TaskRow.id)
        )
        if case:
            query = query.where(TaskRow.case_id == case)
        row, revision = await self._first(query)
        return row, revision

    async def open_task(self, task: str, person: str, *, case: str = "") -> TaskRow:
        row, _ = await self.asked(task, person, case=case)
        return row

    async def seen(self, query: Executable) -> Any:
        """The first value of a query, waited for with a bound."""
        return (await self._first(query))[0]

    async def _first(self, query: Executable) -> Any:
        async with asyncio.timeout(BOUND):
            while True:
                async with self.record() as session:
                    found = (await session.execute(query)).first()
                if found is not None:
                    return found
                await asyncio.sleep(0.01)

    async def snapshot(self, case_id: str) -> CaseState:
        """The running case's state. The test server may drop a question that comes while it starts the run that follows
        a terminated one, and then never answers it: the question is asked again.
        """
        case = self.workflow(case_id)
        while True:
            try:
                state: CaseState = await case.query("snapshot", result_type=CaseState, rpc_timeout=ASK_AGAIN_AFTER)
                return state
            except RPCError as fault:
                if fault.status not in UNANSWERED:
                    raise

    async def comes_true(self, holds: Callable[[CaseState], bool], case_id: str) -> CaseState:
        """Waits until the running case's state is so."""
        async with asyncio.timeout(BOUND):
            while True:
                state = await self.snapshot(case_id)
                if holds(state):
                    return state
                await asyncio.sleep(0.01)

    async def stands(self, case_id: str, stage: str) -> CaseFile:
        """Waits until the case stands at a stage."""
        case: CaseFile = await self.seen(select(CaseFile).where(CaseFile.id == case_id, CaseFile.stage == stage))
        return case

    async def case(self, case_id: str) -> CaseFile:
        async with self.record() as session:
            return await session.get_one(CaseFile, case_id)

    async def would_go_on(self, case_id: str) -> CaseState:
        """The state of a case, once its last commit has left the same to go on from if Temporal lost it."""
        async with asyncio.timeout(BOUND):
            while True:
                state = await self.snapshot(case_id)
                if start_of(await self.case(case_id)).state == state:
                    return state
                await asyncio.sleep(0.01)

    async def case_of(self, person: str) -> str:
        """The newest case of a person."""
        query = select(CaseFile.id).where(CaseFile.subject == person).order_by(CaseFile.started_at.desc(), CaseFile.id)
        return str(await self.seen(query))

    async def days_pass(self, days: float) -> None:
        """Simulated days go by; whatever falls due in them has been done when this returns."""
        with self.env.auto_time_skipping_disabled():
            await self.env.sleep(timedelta(days=days))
        await self.tell_time()

    async def rows(self, query: Select[Any]) -> Sequence[Any]:
        async with self.record() as session:
            return (await session.scalars(query)).all()

    async def open_tasks(self, name: str) -> Sequence[TaskRow]:
        return await self.rows(
            select(TaskRow).where(TaskRow.status == "open", TaskRow.name == name).order_by(TaskRow.id)
        )

    async def file_of(self, case_id: str) -> Sequence[str]:
        """The bodies of a case's file, in order."""
        return await self.rows(select(EventRow.body).where(EventRow.case_id == case_id).order_by(EventRow.number))

    async def letters(self, kind: str, **details: str) -> Sequence[LetterRow]:
        query = select(LetterRow).where(LetterRow.kind == kind).order_by(LetterRow.created_at, LetterRow.id)
        for name, value in details.items():
            query = query.where(LetterRow.details[name].astext == value)
        return await self.rows(query)

    async def inbox(self) -> Sequence[InboxRow]:
        return await self.rows(select(InboxRow).order_by(InboxRow.received_at))

    async def damage(self) -> list[Damage]:
        """What `pinyong audit verify` would find."""
        async with self.record() as session:
            return [damage async for damage in proof.verify(session, self.keyring)]

    def workflow(self, case_id: str) -> WorkflowHandle[Any, Any]:
        return self.env.client.get_workflow_handle(case_id)

    async def rests(self, case_id: str) -> None:
        """Waits until the case does nothing but wait: its timer is armed, or nothing is being written or asked."""
        async with asyncio.timeout(BOUND):
            while True:
                history = await self.workflow(case_id).fetch_history()
                kinds = Counter(event.event_type for event in history.events)
                last, written = history.events[-1].event_type, EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED
                idle = kinds[EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED] == kinds[written]
                if last == EventType.EVENT_TYPE_TIMER_STARTED:
                    return
                if last == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED and idle:
                    return
                await asyncio.sleep(0.01)

    async def events(self, case_id: str) -> int:
        """How many events the newest run of a case has in Temporal's history."""
        history = await self.workflow(case_id).fetch_history()
        return len(history.events)


def program(name: str) -> str:
    """A program of this environment."""
    beside = Path(sys.executable).with_name(name)
    return str(beside) if beside.exists() else str(shutil.which(name))


@asynccontextmanager
async def opened_office(
    record: Sessions,
    keyring: Keyring,
    *,
    clock: StandingClock,
    shelf: PackShelf,
    workflows: Sequence[type] = LIFECYCLES,
    casebook: type[Casebook] = Casebook,
    runner: Runner = FULL,
    cached: int = 1000,
    memory: Memory | None = None,
) -> AsyncIterator[Office]:
    """An office with a time-skipping server of its own: one global clock, so one test one server."""
    env = await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=program("temporal-test-server"), data_converter=data_converter(keyring)
    )
    async with env:
        await _prepare(env, clock)
        almanac = Almanac(record, clock)
        delivery, places = Delivery(env.client, record, task_queue=QUEUE), Places(record, clock)
        book = casebook(record, keyring, almanac=almanac, effects=EFFECTS, delivery=delivery)

        def hire() -> Worker:
            return Worker(
                env.client,
                task_queue=QUEUE,
                workflows=list(workflows),
                activities=[book.commit, delivery.start_opened],
                workflow_runner=runner,
                max_cached_workflows=cached,
            )

        shift = Shift(hire)
        await shift.begin()
        try:
            yield Office(
                env,
                record,
                clock,
                keyring,
                delivery,
                DecisionDesk(record, delivery, clock=clock, shelf=shelf, forms=FORMS),
                ActDesk(record, delivery, clock=clock, shelf=shelf, filled=FORMS),
                SessionDesk(record, clock, places),
                CycleDesk(record, delivery, clock=clock, shelf=shelf, almanac=almanac),
                ApplicationDesk(record, delivery, clock=clock, shelf=shelf),
                InspectionDesk(record, delivery, clock=clock, shelf=shelf, places=places),
                CreditDesk(record, delivery, clock=clock, shelf=shelf),
                ClinicDesk(record, delivery, clock=clock, shelf=shelf, almanac=almanac),
                shift,
                MethodDesk(record, delivery, clock=clock, shelf=shelf, places=places),
                pay_desks(record, delivery, clock=clock, shelf=shelf, places=places),
                memory,
            )
        finally:
            await shift.end()


async def _prepare(env: WorkflowEnvironment, clock: StandingClock) -> None:
    keyword = IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD
    names = [key.name for key in (LIFECYCLE, PROGRAMME, INSTITUTION, CYCLE)]
    await env.client.operator_service.add_search_attributes(
        AddSearchAttributesRequest(namespace="default", search_attributes=dict.fromkeys(names, keyword))
    )
    with env.auto_time_skipping_disabled():
        await env.sleep(OPENS - await env.get_current_time())
    clock.instant = await env.get_current_time()
