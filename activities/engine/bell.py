"""Waking the courier: at most one signal in a quarter of a second from one process, always one after the last ring.

While the courier is at work in the same process it hears the rings itself, and Temporal is spared them.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.service import RPCError

from activities.engine.upkeep import COURIER, COURIER_ID, upkeep_queue

# Letters that are written meanwhile go together, and the next page is not kept waiting by the last one's letters.
QUIET = 0.25
WAIT = timedelta(seconds=5)


class CourierBell:
    """Signals the courier, and starts it if there is none; a signal that fails is made good by the caretaker."""

    def __init__(self, client: Client, *, task_queue: str) -> None:
        """A bell in one namespace; `task_queue` is the cases' queue."""
        self._client, self._queue = client, upkeep_queue(task_queue)
        self._signals: set[asyncio.Task[None]] = set()
        self._coming = False
        self._listeners: set[asyncio.Event] = set()

    def ring(self) -> None:
        """Have the courier look for letters soon. Returns at once and never fails."""
        for rung in self._listeners:
            rung.set()
        if self._coming or self._listeners:
            return
        self._coming = True
        signal = asyncio.create_task(self._signal_soon())
        self._signals.add(signal)
        signal.add_done_callback(self._signals.discard)

    @contextmanager
    def heard(self) -> Iterator[asyncio.Event]:
        """Rings set this event as long as the courier works here; one that it did not look at goes out at the end."""
        rung = asyncio.Event()
        self._listeners.add(rung)
        try:
            yield rung
        finally:
            self._listeners.discard(rung)
            if rung.is_set():
                self.ring()

    async def _signal_soon(self) -> None:
        await asyncio.sleep(QUIET)
        # From here on a ring needs a signal of its own: this one may reach the courier before that ring's letters.
        self._coming = False
        # RuntimeError is what a lazy connection says while the server has never been reached.
        with suppress(RPCError, RuntimeError):
            await self._client.start_workflow(
                COURIER,
                id=COURIER_ID,
                task_queue=self._queue,
                start_signal="wake",
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                rpc_timeout=WAIT,
            )
