"""The verbs of every case: the only place with time limits and retries."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

from activities.engine.messages import Committed, Transition

# A database that is away is waited for; a few seconds after its return every waiting case goes on.
PATIENT = RetryPolicy(initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(seconds=5))


async def commit(transition: Transition) -> Committed:
    """Write one transition to the record, once."""
    committed: Committed = await workflow.execute_activity(
        "commit",
        transition,
        result_type=Committed,
        start_to_close_timeout=timedelta(seconds=10),
        retry_policy=PATIENT,
    )
    return committed


async def start_opened(case_id: str) -> None:
    """Start the workflows of the cases that a case has opened."""
    await workflow.execute_activity(
        "start_opened",
        case_id,
        start_to_close_timeout=timedelta(minutes=10),
        heartbeat_timeout=timedelta(seconds=20),
        retry_policy=PATIENT,
    )
