import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from stack.child import holds
from stack.ports import free_port
from stack.postgres import PostgresServer

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    made = tmp_path_factory.mktemp("stack")
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
async def database(folder: Path) -> AsyncIterator[PostgresServer]:
    server = PostgresServer(folder, free_port(), fast=True)
    await server.start()
    yield server
    await server.stop()


def is_alive(pid: int) -> bool:
    """Whether the process runs; one that has ended and waits to be collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def is_gone(*pids: int, within: float = 15.0) -> bool:
    async def gone() -> bool:
        return not any(is_alive(pid) for pid in pids)

    return await holds(gone, within=within)
