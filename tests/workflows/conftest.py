"""An office in a settled county, its calendar published for the year; one for each test, or one for a file of tests."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from itertools import count
from typing import Any, Protocol

import asyncpg
import pytest

from db.engine.base import Sessions, connect, sessions
from db.engine.packs import PackShelf, shelve
from policies.engine.pack import Pack
from stack.postgres import PostgresServer
from tests.builders.county import publish_calendar, settle_county, settle_newcomers
from tests.conftest import TEMPLATE, StandingClock
from tests.workflows.memory import Memory
from tests.workflows.office import OPENS, Office, opened_office
from vault.keyring import Keyring

_YEARS = count(1)


@pytest.fixture
async def county(record: Sessions) -> Sessions:
    """The record, with its people and its calendar."""
    await settle(record)
    return record


@pytest.fixture
async def office(
    county: Sessions, keyring: Keyring, clock: StandingClock, shelf: PackShelf, memory: Memory
) -> AsyncIterator[Office]:
    async with opened_office(county, keyring, clock=clock, shelf=shelf, memory=memory) as office:
        yield office


class OpenCounty(Protocol):
    """Opens an office with a record of its own, for as many tests as one wishes, as `opened_office` does otherwise."""

    def __call__(self, **otherwise: Any) -> AbstractAsyncContextManager[Office]: ...


@pytest.fixture(scope="session")
def open_county(postgres: PostgresServer, keyring: Keyring, dq_a: Pack, dq_b: Pack, ot_a: Pack) -> OpenCounty:
    @asynccontextmanager
    async def opened(**otherwise: Any) -> AsyncIterator[Office]:
        server, name = postgres.url.rsplit("/", 1)[0], f"year_{next(_YEARS)}"
        admin = await asyncpg.connect(postgres.url.replace("+asyncpg", ""))
        await admin.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        engine = connect(f"{server}/{name}", keyring)
        record, clock = sessions(engine), StandingClock()
        await settle(record)
        async with record.begin() as session:
            for pack in (dq_a, dq_b, ot_a):
                await shelve(session, pack, clock)
        async with opened_office(record, keyring, clock=clock, shelf=PackShelf(record), **otherwise) as office:
            yield office
        await engine.dispose()
        await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await admin.close()

    return opened


async def settle(record: Sessions) -> None:
    await settle_county(record)
    await settle_newcomers(record, OPENS.year)
    await publish_calendar(record, OPENS.year)
