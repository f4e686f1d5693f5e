"""The floor: a bare workflow with four decisions in turn; each is an update, a timer that is cancelled, one row.

It has Temporal's default data converter (nothing sealed) and sandboxed runner, no inbox, no people, no letters and no
web process. Server, database and the worker's options are those of the product. `python -m bench.floor ADDRESS
DATABASE_URL` is its worker.
"""

import asyncio
import sys
from contextlib import suppress
from datetime import timedelta

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

with workflow.unsafe.imports_passed_through():
    import asyncpg

QUEUE = "bench-floor"
STEPS = 4
DEADLINE = timedelta(days=5)
TABLE = "CREATE TABLE IF NOT EXISTS floor_row (id text, step int, at timestamptz, PRIMARY KEY (id, step))"
INSERT = "INSERT INTO floor_row VALUES ($1, $2, clock_timestamp()) ON CONFLICT DO NOTHING"


@workflow.defn
class BareCase:
    """Four decisions in turn."""

    def __init__(self) -> None:
        self._decided = self._written = 0

    @workflow.update
    async def decide(self, choice: str) -> int:
        """Take one decision; answered when its row is written and the next timer runs, so that no timer is left out."""
        self._decided += 1
        number = self._decided
        await workflow.wait_condition(lambda: self._written >= number)
        return number

    @workflow.run
    async def run(self, case: str) -> None:
        """Until the fourth row is written."""
        for step in range(1, STEPS + 1):
            await self._decision(step)
            await _insert(case, step)
            self._written = step
        await workflow.wait_condition(workflow.all_handlers_finished)

    async def _decision(self, step: int) -> None:
        with suppress(asyncio.TimeoutError):
            await workflow.wait_condition(lambda: self._decided >= step, timeout=DEADLINE)


@workflow.defn
class BareRow:
    """One activity that inserts one row."""

    @workflow.run
    async def run(self, case: str) -> None:
        """Until the row is written."""
        await _insert(case, 1)


@workflow.defn
class BareTimer:
    """One timer, then one activity that inserts one row."""

    @workflow.run
    async def run(self, case: str, due: float) -> None:
        """Until the row is written; `due` in seconds since 1970."""
        await workflow.sleep(max(due - workflow.now().timestamp(), 0))
        await _insert(case, 1)


async def _insert(case: str, step: int) -> None:
    await workflow.execute_activity("insert_row", args=[case, step], start_to_close_timeout=timedelta(seconds=10))


class Rows:
    """The floor's table."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool

    @activity.defn
    async def insert_row(self, case: str, step: int) -> None:
        """One statement in a transaction of its own."""
        await self._pool.execute(INSERT, case, step)


async def work(address: str, database_url: str) -> None:
    """Run the floor's worker until it is ended."""
    import worker

    pool = await asyncpg.create_pool(plain(database_url), min_size=4, max_size=20)
    await pool.execute(TABLE)
    client = await Client.connect(address)
    worker.PURE = worker.PURE.with_passthrough_modules("bench")
    new_worker = worker._worker  # noqa: SLF001  # the very options of the product
    bare = SandboxedWorkflowRunner
    await new_worker(client, QUEUE, (BareCase, BareRow, BareTimer), (Rows(pool).insert_row,), runner=bare).run()


def plain(database_url: str) -> str:
    """The address as asyncpg itself reads it."""
    return database_url.replace("+asyncpg", "")


if __name__ == "__main__":
    from stack import process

    process.run(work(*sys.argv[1:3]))
