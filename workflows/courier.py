"""Upkeep: sending letters. Woken by every commit that wrote some, and by the next instant at which one falls due."""

import asyncio
from contextlib import suppress
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

from activities.engine.upkeep import COURIER, Sent

EVENTS_PER_RUN = 300
# Nothing hangs on this: a lost ring is made good by the caretaker, who looks every few seconds and adds no history.
IDLE = timedelta(minutes=10)
SOON = timedelta(seconds=1)
PATIENT = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=10))


@workflow.defn(name=COURIER)
class Courier:
    """One for the whole installation; it never ends."""

    def __init__(self) -> None:
        self._woken = False

    @workflow.signal
    def wake(self) -> None:
        """There are letters."""
        self._woken = True

    @workflow.run
    async def run(self) -> None:
        """Send, and rest when nothing is left."""
        while workflow.info().get_current_history_length() < EVENTS_PER_RUN:
            self._woken = False
            sent = await workflow.execute_activity(
                "send_letters",
                result_type=Sent,
                start_to_close_timeout=timedelta(minutes=2),
                heartbeat_timeout=timedelta(seconds=30),
                retry_policy=PATIENT,
            )
            await self._rest(sent)
        # A new run begins with a look at the outbox, so that no ring is lost between the two.
        workflow.continue_as_new()

    async def _rest(self, sent: Sent) -> None:
        """Until the next letter falls due; not at all while some are due and the last look found any."""
        rest = IDLE
        if sent.next_at:
            left = sent.next_at - workflow.now()
            rest = min(IDLE, max(left, timedelta() if sent.count else SOON))
        if rest > timedelta():
            with suppress(asyncio.TimeoutError):
                await workflow.wait_condition(lambda: self._woken, timeout=rest)
