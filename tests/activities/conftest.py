"""A real Temporal server in memory, and the county's pack on its shelf."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from temporalio.client import Client

from db.engine.packs import PackShelf
from policies.engine.pack import Pack
from stack.ports import free_port
from stack.temporal import TemporalServer, prepare_namespace
from vault.keyring import Keyring
from vault.payloads import data_converter


@pytest.fixture
async def stored_pack(shelf: PackShelf, dq_a: Pack) -> Pack:
    return await shelf.pack(dq_a.id, dq_a.version)


@pytest.fixture
async def temporal(tmp_path: Path) -> AsyncIterator[TemporalServer]:
    server = TemporalServer(None, free_port(), log=tmp_path / "temporal.log")
    await server.start()
    await prepare_namespace(await Client.connect(server.address))
    yield server
    # It has nothing to keep, and takes a second to end in good order.
    server.kill()


@pytest.fixture
async def client(temporal: TemporalServer, keyring: Keyring) -> Client:
    return await Client.connect(temporal.address, data_converter=data_converter(keyring))
