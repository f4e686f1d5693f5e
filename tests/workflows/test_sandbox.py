"""A clock call in a rule fails in the sandbox of tests, also where that has run other cases and runs them beside it."""

import asyncio
from typing import Any

from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHandle
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from tests.workflows.office import FULL, QUEUE, program
from tests.workflows.strays import Steady, Stray

FAILED = EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED


async def test_a_stray_clock_call_fails_among_cases_that_make_none() -> None:
    env = await WorkflowEnvironment.start_time_skipping(test_server_existing_path=program("temporal-test-server"))
    async with env, Worker(env.client, task_queue=QUEUE, workflows=[Steady, Stray], workflow_runner=FULL):
        steady = [await started(env.client, Steady, number) for number in range(20)]
        stray = [await started(env.client, Stray, number) for number in range(3)]
        for each in steady:
            assert await each.result()
        for each in stray:
            assert "datetime.datetime.now" in await failure(each)


async def started(client: Client, lifecycle: type, number: int) -> WorkflowHandle[Any, Any]:
    name = lifecycle.__name__
    return await client.start_workflow(name, id=f"{name}.{number}", task_queue=QUEUE)


async def failure(case: WorkflowHandle[Any, Any]) -> str:
    """Why the case does not get on."""
    async with asyncio.timeout(20):
        while True:
            events = (await case.fetch_history()).events
            for event in events:
                if event.event_type == FAILED:
                    return event.workflow_task_failed_event_attributes.failure.message
            await asyncio.sleep(0.01)
