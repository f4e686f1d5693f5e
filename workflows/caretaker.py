"""Upkeep: the caretaker's rounds. Five seconds apart by the retries of one activity, so an hour is a dozen events."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

from activities.engine.upkeep import CARETAKER

EVERY = RetryPolicy(
    initial_interval=timedelta(seconds=5), backoff_coefficient=1.0, maximum_interval=timedelta(seconds=5)
)


@workflow.defn(name=CARETAKER)
class Caretaker:
    """One for the whole installation; it never ends."""

    @workflow.run
    async def run(self) -> None:
        """One hour of rounds, then a new run."""
        await workflow.execute_activity(
            "keep_house",
            start_to_close_timeout=timedelta(minutes=5),
            heartbeat_timeout=timedelta(seconds=30),
            retry_policy=EVERY,
        )
        workflow.continue_as_new()
