"""The parts of a rehearsal: the product's own workers, web and courier over a real record, a real mail server, and a
Temporal whose time is skipped.

Time moves only from one instant for which somebody waits to the next, and never while a case still works: the server
holds it as long as one of its tasks is open.
"""

import asyncio
import shutil
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import uvicorn
from sqlalchemy import func, select
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.exceptions import ApplicationError
from temporalio.runtime import LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter
from temporalio.testing import ActivityEnvironment, WorkflowEnvironment
from temporalio.worker import Worker

import web
from activities.engine.caretaker import Caretaker
from activities.engine.casebook import Casebook
from activities.engine.correspondence import Secretary
from activities.engine.courier import LIVE, Courier, Pace
from activities.engine.delivery import Delivery
from activities.engine.sealing import Sealer
from activities.engine.upkeep import COURIER, COURIER_ID, upkeep_queue
from activities.registry import EFFECTS
from console import Setting
from db.engine.access import Upkeep
from db.engine.almanac import Almanac
from db.engine.base import Sessions
from db.engine.packs import PackShelf
from db.engine.post import LetterRow
from mail.post_office import PostOffice
from rehearsal.clock import RehearsalClock
from rehearsal.postbox import Postbox, listen
from rehearsal.waits import ListeningRunner, Waits
from services.official.pdf import Press
from stack.child import holds
from stack.mailbox import NoSuchMessage
from stack.ports import LOOPBACK, free_port
from stack.runner import Runner as SandboxedRunner
from stack.temporal import SEARCH_ATTRIBUTES
from vault.keyring import Keyring
from vault.payloads import data_converter
from worker import LIFECYCLES, PURE
from workflows.courier import Courier as CourierCase

PROGRAM = "temporal-test-server"
QUEUE = "rehearsal"
SENDER = "pinyong@rehearsal.localhost"
# Seconds of the machine. What takes longer than this has hung.
BOUND = 60.0
# Of the simulated time, to learn that every case rests: the server skips it once nothing is at work. Where it has gone
# by on the machine's clock instead, something still was.
A_MOMENT, NOT_SKIPPED = 5.0, 4.5


class NoTestServer(Exception):
    """The program of the time-skipping server is neither in this environment nor on the path."""


class Hung(Exception):
    """The letters did not come to an end."""


@dataclass
class Stage:
    """Running parts, and the ways to them."""

    env: WorkflowEnvironment
    record: Sessions
    keyring: Keyring
    clock: RehearsalClock
    waits: Waits
    postbox: Postbox
    shelf: PackShelf
    almanac: Almanac
    caretaker: Caretaker
    address: str

    async def skip_to(self, instant: datetime) -> None:
        """It becomes this instant; what falls due at it has been done when this returns."""
        left = instant - await self.env.get_current_time()
        # Set first: what commits while the server moves must not be given a past instant.
        self.clock.set(instant)
        if left > timedelta():
            await self.env.sleep(left)
        await self.rest()

    async def rest(self) -> None:
        """Until every case waits; a moment of simulated time goes by."""
        skipped = False
        while not skipped:
            began = time.monotonic()
            await self.env.sleep(A_MOMENT)
            skipped = time.monotonic() - began < NOT_SKIPPED
        self.clock.set(await self.env.get_current_time())

    async def send_letters(self) -> None:
        """The courier delivers what is due, and leaves: left to rest, it would wake every ten minutes of the year."""
        if not await self._letters_due():
            return
        courier = await self.env.client.start_workflow(
            COURIER,
            id=COURIER_ID,
            task_queue=upkeep_queue(QUEUE),
            start_signal="wake",
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        )
        if not await holds(self._all_delivered, within=BOUND):
            raise Hung(COURIER)
        # Only what rests may be ended: the test server would wait for the rest of it for good.
        await self.rest()
        await courier.terminate()
        self.waits.forget(COURIER_ID)

    async def keep_house(self) -> None:
        """One round of the caretaker: what was cut off is made good, authors of refused answers are told, the file is
        sealed.

        Not in its workflow: that one comes again every five seconds, of the whole year, and the test server holds time
        for good when a workflow is ended whose activity is still at work.
        """
        with suppress(ApplicationError):  # how it says that nothing is left for now
            await ActivityEnvironment().run(self.caretaker.keep_house)

    async def next_letter_at(self) -> datetime | None:
        """When a letter that the mail server put off falls due again."""
        async with self.record() as session:
            query = select(func.min(LetterRow.not_before)).where(LetterRow.state.in_(LIVE))
            found: datetime | None = await session.scalar(query)
        return found

    async def _all_delivered(self) -> bool:
        return self.waits.of(COURIER_ID) is not None and not await self._letters_due()

    async def _letters_due(self) -> bool:
        falls_due = await self.next_letter_at()
        return falls_due is not None and falls_due <= self.clock.now()


@asynccontextmanager
async def opened_stage(
    record: Sessions, keyring: Keyring, *, shelf: PackShelf, clock: RehearsalClock
) -> AsyncIterator[Stage]:
    """Every part over a record with a pack on its shelf, at the clock's instant; NoTestServer without the program."""
    web_port, smtp_port = free_port(), free_port()
    address = f"http://{LOOPBACK}:{web_port}"
    postbox, waits, almanac = Postbox(), Waits(), Almanac(record, clock)
    silent = LoggingConfig(filter=TelemetryFilter(core_level="ERROR", other_level="ERROR"))
    env = await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=_program(),
        data_converter=data_converter(keyring),
        # Without it the core says of every worker that this server is an old one.
        runtime=Runtime(telemetry=TelemetryConfig(logging=silent)),
    )
    async with AsyncExitStack() as parts:
        await parts.enter_async_context(env)
        parts.enter_context(env.auto_time_skipping_disabled())
        caretaker = _caretaker(env.client, record, keyring, clock)
        stage = Stage(env, record, keyring, clock, waits, postbox, shelf, almanac, caretaker, address)
        await _prepare(stage)
        for worker in _workers(stage, PostOffice(LOOPBACK, smtp_port, SENDER)):
            await parts.enter_async_context(worker)
        mail = await listen(postbox, smtp_port)
        parts.callback(mail.close)
        await parts.enter_async_context(_serving(stage, env.client, web_port))
        yield stage


def _program() -> str:
    beside = Path(sys.executable).with_name(PROGRAM)
    found = str(beside) if beside.exists() else shutil.which(PROGRAM)
    if found is None:
        raise NoTestServer(PROGRAM)
    return found


async def _prepare(stage: Stage) -> None:
    """Search attributes as in production, the clock's instant, and no comparing with lists that this server lacks."""
    request = AddSearchAttributesRequest(namespace="default", search_attributes=dict(SEARCH_ATTRIBUTES))
    await stage.env.client.operator_service.add_search_attributes(request)
    async with stage.record.begin() as session:
        session.add(Upkeep(name="reconcile", at=stage.clock.now() + timedelta(days=36500)))
    await stage.skip_to(stage.clock.now())


def _caretaker(client: Client, record: Sessions, keyring: Keyring, clock: RehearsalClock) -> Caretaker:
    delivery, sealer = Delivery(client, record, task_queue=QUEUE), Sealer(record, keyring, clock=clock)
    return Caretaker(client, record, delivery=delivery, sealer=sealer, clock=clock)


def _workers(stage: Stage, office: PostOffice) -> tuple[Worker, Worker]:
    """One for the cases, one for the upkeep, as in production; the courier does not linger for a second letter.

    They say which build they are: else every module that is loaded would be read for its hash.
    """
    client, record, keyring, clock = stage.env.client, stage.record, stage.keyring, stage.clock
    delivery = Delivery(client, record, task_queue=QUEUE)
    book = Casebook(record, keyring, almanac=stage.almanac, effects=EFFECTS, delivery=delivery)
    secretary = Secretary(keyring, base_url=stage.address)
    courier = Courier(record, stage.shelf, secretary=secretary, office=office, clock=clock, pace=Pace(None))
    runner = ListeningRunner(SandboxedRunner(restrictions=PURE), stage.waits)
    return (
        Worker(
            client,
            task_queue=QUEUE,
            workflows=LIFECYCLES,
            activities=[book.commit, delivery.start_opened],
            workflow_runner=runner,
            max_cached_workflows=10_000,
            build_id=QUEUE,
        ),
        Worker(
            client,
            task_queue=upkeep_queue(QUEUE),
            workflows=[CourierCase],
            activities=[courier.send_letters],
            workflow_runner=runner,
            build_id=QUEUE,
        ),
    )


class _Server(uvicorn.Server):
    """Leaves Ctrl-C to whoever rehearses."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def _serving(stage: Stage, client: Client, port: int) -> AsyncIterator[None]:
    """The web process's own application on a port of this machine."""
    # Without a bell nobody is woken behind the script's back: the courier goes when the stage sends it.
    delivery = Delivery(client, stage.record, task_queue=QUEUE)
    desks = web.desks_with(delivery, stage.record, client, stage.keyring, clock=stage.clock, press=Press())
    setting = Setting("zh-CN", secure=False, demo=False, mailbox=None, no_mail=NoSuchMessage, temporal_ui="")
    app = web.build_app(desks, setting, clock=stage.clock)
    config = uvicorn.Config(app, host=LOOPBACK, port=port, access_log=False, log_config=None, lifespan="off")
    server = _Server(config)
    serving = asyncio.create_task(server.serve())

    async def started() -> bool:
        return server.started

    await holds(started, within=BOUND)
    try:
        yield
    finally:
        server.should_exit = True
        await serving
