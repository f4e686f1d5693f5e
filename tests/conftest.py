"""Real parts for every test: one PostgreSQL for the run, a fresh database each, keys, a clock that stands where it is
put.
"""

import asyncio
import gc
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from db import migrate
from db.engine.base import Sessions, connect, sessions
from db.engine.pack_files import read_pack
from db.engine.packs import PackShelf, shelve
from policies.engine.pack import Pack, parse_pack
from stack import process
from stack.ports import free_port
from stack.postgres import PostgresServer
from tests.workflows.memory import Memory
from vault.keyring import Keyring

# As our own processes do: the workers of hundreds of tests leave millions of living objects to look through.
gc.set_threshold(process.NEW_OBJECTS)

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TEMPLATE = "record_template"
PACKS = Path(__file__).parents[1] / "policies" / "packs"


@dataclass
class StandingClock:
    """A clock that moves only when a test moves it."""

    instant: datetime = MONDAY

    def now(self) -> datetime:
        return self.instant

    def move(self, **by: float) -> None:
        self.instant += timedelta(**by)


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture(scope="session")
def keyring(tmp_path_factory: pytest.TempPathFactory) -> Keyring:
    return Keyring.create(tmp_path_factory.mktemp("keys") / "keys.toml")


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """One server for the run, its template migrated once; a database of its own costs a test about 30 ms."""
    shared = Path("/dev/shm")  # noqa: S108 - memory, not a shared temporary folder; the name inside is random
    folder = Path(tempfile.mkdtemp(prefix="pinyong-", dir=shared if shared.is_dir() else None))
    server = PostgresServer(folder, free_port(), fast=True)
    asyncio.run(server.start())
    asyncio.run(_execute(server.url, f"CREATE DATABASE {TEMPLATE}"))
    migrate.upgrade(_database(server.url, TEMPLATE))
    yield server
    asyncio.run(server.stop())
    shutil.rmtree(folder)


_NUMBERS = count(1)


@pytest.fixture
async def database_url(postgres: PostgresServer) -> AsyncIterator[str]:
    """A migrated, empty database."""
    name = f"record_{next(_NUMBERS)}"
    await _execute(postgres.url, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    yield _database(postgres.url, name)
    await _execute(postgres.url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def moving_engine(postgres: PostgresServer, keyring: Keyring) -> AsyncEngine:
    """One engine for the run, because it keeps the statements that it has compiled: a tenth of a test's time."""
    return connect(postgres.url, keyring)


@pytest.fixture
async def engine(moving_engine: AsyncEngine, database_url: str) -> AsyncIterator[AsyncEngine]:
    """The engine, all of whose connections are to the database of this test."""

    def move(_dialect: object, _record: object, _arguments: object, parameters: dict[str, object]) -> None:
        parameters["database"] = database_url.rpartition("/")[2]

    event.listen(moving_engine.sync_engine, "do_connect", move)
    yield moving_engine
    event.remove(moving_engine.sync_engine, "do_connect", move)
    await moving_engine.dispose()


@pytest.fixture
def record(engine: AsyncEngine) -> Sessions:
    return sessions(engine)


@pytest.fixture(scope="session")
def memory() -> Memory:
    return Memory()


@pytest.fixture(scope="session")
def dq_a() -> Pack:
    return parse_pack((PACKS / "dq-a.toml").read_text(), file="dq-a.toml")


@pytest.fixture(scope="session")
def dq_b() -> Pack:
    return read_pack(PACKS / "dq-b.toml")


@pytest.fixture(scope="session")
def ot_a() -> Pack:
    return read_pack(PACKS / "ot-a.toml")


@pytest.fixture
async def shelf(record: Sessions, dq_a: Pack, dq_b: Pack, ot_a: Pack, clock: StandingClock) -> PackShelf:
    async with record.begin() as session:
        for pack in (dq_a, dq_b, ot_a):
            await shelve(session, pack, clock)
    return PackShelf(record)


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _database(url: str, name: str) -> str:
    return f"{url.rsplit('/', 1)[0]}/{name}"
