import os
import signal
from pathlib import Path

import asyncpg
import pytest
from temporalio.client import Client

from stack.ports import free_port
from stack.postgres import PostgresServer
from stack.temporal import TemporalServer, prepare_namespace

ROUNDS = 25


@pytest.mark.soak
async def test_servers_killed_again_and_again_keep_every_committed_row_and_answer_again(folder: Path) -> None:
    database, cases = PostgresServer(folder, free_port()), TemporalServer(folder, free_port())
    for number in range(ROUNDS):
        await database.start()
        await cases.start()
        await prepare_namespace(await Client.connect(cases.address))
        connection = await asyncpg.connect(database.url.replace("+asyncpg", ""))
        await connection.execute("CREATE TABLE IF NOT EXISTS kept (n int PRIMARY KEY)")
        await connection.execute("INSERT INTO kept VALUES ($1)", number)
        assert await connection.fetchval("SELECT count(*) FROM kept") == number + 1
        for pid in (database.pid, cases.pid):
            os.kill(pid, signal.SIGKILL)
        connection.terminate()
