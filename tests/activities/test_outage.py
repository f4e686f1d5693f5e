"""While the database is away the upkeep goes on trying, and says so once."""

import asyncio
import logging
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from temporalio.client import Client
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from activities.engine.caretaker import Caretaker
from activities.engine.delivery import Delivery
from activities.engine.outage import OutageWatch
from activities.engine.sealing import Sealer
from activities.engine.upkeep import CARETAKER, CARETAKER_ID
from db import migrate
from db.engine.base import connect, sessions
from db.engine.clock import SystemClock
from stack.ports import free_port
from stack.postgres import PostgresServer
from vault.keyring import Keyring
from workflows.caretaker import Caretaker as CaretakerCase

# A busy machine takes its time to start a server.
PATIENCE = 80
BETWEEN_ROUNDS = 0.2
PURE = SandboxRestrictions.default.with_passthrough_modules("policies", "activities", "workflows", "tests")


async def attempts(client: Client, *, more_than: int) -> int:
    """How often the caretaker has come, once it is more than so often."""
    async with asyncio.timeout(PATIENCE):
        while True:
            pending = (await client.get_workflow_handle(CARETAKER_ID).describe()).raw_description.pending_activities
            if pending and pending[0].attempt > more_than:
                return int(pending[0].attempt)
            await asyncio.sleep(0.05)


@pytest.mark.timeout(240)
async def test_an_outage_is_one_line_at_its_start_and_one_at_its_end(
    client: Client, keyring: Keyring, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    # Not the fast one: killed a moment after its tables were made, it would come back without them.
    server = PostgresServer(tmp_path, free_port())
    await server.start()
    await asyncio.to_thread(migrate.upgrade, server.url)
    engine = connect(server.url, keyring)
    record, clock = sessions(engine), SystemClock()
    delivery, sealer = Delivery(client, record, task_queue="q"), Sealer(record, keyring, clock=clock)
    caretaker = Caretaker(client, record, delivery=delivery, sealer=sealer, clock=clock)
    worker = Worker(
        client,
        task_queue="q-ops",
        workflows=[CaretakerCase],
        activities=[caretaker.keep_house],
        interceptors=[OutageWatch()],
        workflow_runner=SandboxedWorkflowRunner(restrictions=PURE),
    )
    with capture_logs() as said, caplog.at_level(logging.INFO):
        async with worker:
            await client.start_workflow(CARETAKER, BETWEEN_ROUNDS, id=CARETAKER_ID, task_queue="q-ops")
            well = await attempts(client, more_than=1)
            assert [line["event"] for line in said] == []
            server.kill()
            await attempts(client, more_than=well + 2)
            await server.start()
            async with asyncio.timeout(PATIENCE):
                while said[-1]["event"] != "database_back":  # noqa: ASYNC110  # the fact is in another process
                    await asyncio.sleep(0.05)
    await engine.dispose()
    await server.stop()
    assert [line["event"] for line in said] == ["database_away", "database_back"]
    assert said[-1]["attempts"] >= 2
    by_the_library = [line for line in caplog.records if line.name.startswith("temporalio")]
    assert [line.message for line in by_the_library if line.exc_info] == []
