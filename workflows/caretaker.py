"""Upkeep: the caretaker's rounds. Five seconds apart by the retries of one activity, so an hour is a dozen events."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

from activities.engine.upkeep import CARETAKER

BETWEEN_ROUNDS = 5.0


@workflow.defn(name=CARETAKER)
class Caretaker:
    """One for the whole installation; it never ends."""

    @workflow.run
    async def run(self, pause: float = BETWEEN_ROUNDS) -> None:
        """One hour of rounds, so many seconds apart in this run; then a new run, as any."""
        every = timedelta(seconds=pause)
        await workflow.execute_activity(
            "keep_house",
            start_to_close_timeout=timedelta(minutes=5),
            heartbeat_timeout=timedelta(seconds=30),
            retry_policy=RetryPolicy(initial_interval=every, backoff_coefficient=1.0, maximum_interval=every),
        )
        workflow.continue_as_new()
