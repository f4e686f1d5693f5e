"""A small rehearsal of each kind for all tests of this folder: its record is read by each, and altered on a copy."""

import asyncio

import asyncpg
import pytest

from db.engine.base import connect, sessions
from policies.engine.pack import Pack
from rehearsal.plays import play_of
from rehearsal.run import Rehearsed, pack_of, rehearse
from stack.postgres import PostgresServer
from tests.conftest import TEMPLATE
from vault.keyring import Keyring

PEOPLE, SEED = 2, 7
NAME = "rehearsal"


@pytest.fixture(scope="session")
def rehearsed(postgres: PostgresServer, keyring: Keyring, dq_a: Pack) -> Rehearsed:
    return asyncio.run(_rehearsed(postgres, keyring, dq_a))


@pytest.fixture(scope="session")
def banner(postgres: PostgresServer, keyring: Keyring) -> Rehearsed:
    return asyncio.run(_rehearsed(postgres, keyring, pack_of("ot-a")))


async def _rehearsed(postgres: PostgresServer, keyring: Keyring, pack: Pack) -> Rehearsed:
    admin = await asyncpg.connect(postgres.url.replace("+asyncpg", ""))
    await admin.execute(f"CREATE DATABASE {NAME} TEMPLATE {TEMPLATE}")
    engine = connect(f"{postgres.url.rsplit('/', 1)[0]}/{NAME}", keyring)
    play = play_of(pack.id, PEOPLE, SEED)
    done = await rehearse(sessions(engine), keyring, pack, play, tell=lambda *_: None)
    await engine.dispose()
    await admin.execute(f"DROP DATABASE {NAME} WITH (FORCE)")
    await admin.close()
    return done
