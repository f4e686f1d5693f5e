import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from stack import identity
from stack.identity import NOBODY
from stack.ports import free_port
from stack.postgres import FolderInUse, PasswordUnfit, PostgresServer
from tests.stack.conftest import ROOT, is_gone

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


async def rows(server: PostgresServer, statement: str) -> list[str]:
    connection = await asyncpg.connect(server.url.replace("+asyncpg", ""))
    try:
        return [str(row[0]) for row in await connection.fetch(statement)]
    finally:
        await connection.close()


async def test_it_asks_for_the_kept_password_and_speaks_unicode(database: PostgresServer) -> None:
    assert await rows(database, "SHOW server_encoding") == ["UTF8"]
    assert await rows(database, "SELECT upper('é德清')") == ["É德清"]
    assert (database.data_dir / "postgres.password").stat().st_mode & 0o777 == 0o600
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(database.url.replace("+asyncpg", "").replace("pinyong:", "pinyong:x"))


async def test_it_does_not_run_as_root(database: PostgresServer) -> None:
    assert (await rows(database, "SELECT 1")) == ["1"]
    namespace = Path(f"/proc/{database.pid}/uid_map").read_text(encoding="utf-8").split()
    owner = Path(f"/proc/{database.pid}").stat().st_uid
    assert owner != 0 or namespace[0] == "1000"


async def test_a_restart_keeps_the_rows(database: PostgresServer) -> None:
    await rows(database, "CREATE TABLE kept AS SELECT 7 AS n")
    await database.stop()
    await database.start()
    assert await rows(database, "SELECT n FROM kept") == ["7"]


async def test_a_kill_loses_nothing_that_was_committed(folder: Path) -> None:
    server = PostgresServer(folder, free_port())
    await server.start()
    await rows(server, "CREATE TABLE kept AS SELECT 7 AS n")
    server.kill()
    await server.start()
    assert await rows(server, "SELECT n FROM kept") == ["7"]
    await server.stop()


async def test_a_pid_file_that_names_a_stranger_does_not_hinder_the_start(database: PostgresServer) -> None:
    database.kill()
    pid_file = database.data_dir / "postgres" / "postmaster.pid"
    assert await is_gone(database.pid)
    lines = pid_file.read_text(encoding="utf-8").splitlines()
    stranger = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        pid_file.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n", encoding="utf-8")
        await database.start()
        assert await rows(database, "SELECT 1") == ["1"]
    finally:
        stranger.communicate()


async def test_a_second_server_on_the_same_folder_is_refused(database: PostgresServer) -> None:
    with pytest.raises(FolderInUse):
        await PostgresServer(database.data_dir, free_port()).start(within=0.5)
    assert await rows(database, "SELECT 1") == ["1"]


async def test_a_lost_password_is_named(database: PostgresServer) -> None:
    await database.stop()
    (database.data_dir / "postgres.password").unlink()
    with pytest.raises(PasswordUnfit, match=r"postgres\.password"):
        await database.start()


async def test_it_does_not_outlive_the_process_that_started_it(folder: Path) -> None:
    starter = (
        "import asyncio, os, pathlib, signal, sys\n"
        "from stack.postgres import PostgresServer\n"
        "server = PostgresServer(pathlib.Path(sys.argv[1]), int(sys.argv[2]), fast=True)\n"
        "asyncio.run(server.start())\n"
        "print(server.pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    argv = [sys.executable, "-c", starter, str(folder), str(free_port())]
    ended = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert await is_gone(int(ended.stdout))


@pytest.fixture
def no_namespaces(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(identity, "UNSHARE", ("false",))
    identity.namespaces_allowed.cache_clear()
    yield
    identity.namespaces_allowed.cache_clear()


@AS_ROOT
@pytest.mark.usefixtures("no_namespaces")
async def test_where_namespaces_are_refused_root_starts_it_as_nobody() -> None:
    folder = Path(subprocess.run(["mktemp", "-d"], capture_output=True, text=True, check=True).stdout.strip())
    folder.chmod(0o711)
    server = PostgresServer(folder, free_port(), fast=True)
    try:
        await server.start()
        assert await rows(server, "SELECT 1") == ["1"]
        assert Path(f"/proc/{server.pid}").stat().st_uid == NOBODY
        server.kill()
        await server.start()
        await server.stop()
    finally:
        subprocess.run(["rm", "-rf", str(folder)], check=True)


@pytest.mark.skipif(os.geteuid() == 0 and not identity.namespaces_allowed(), reason="root cannot pose as a user here")
async def test_an_ordinary_user_starts_and_stops_it(folder: Path) -> None:
    once = (
        "import asyncio, os, pathlib, sys\n"
        "from stack.postgres import PostgresServer\n"
        "server = PostgresServer(pathlib.Path(sys.argv[1]), int(sys.argv[2]), fast=True)\n"
        "asyncio.run(server.start())\n"
        "asyncio.run(server.stop())\n"
        "print(os.geteuid(), server.exit_code)\n"
    )
    user = identity.UNSHARE if os.geteuid() == 0 else ()
    argv = [*user, sys.executable, "-c", once, str(folder), str(free_port())]
    ended = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    euid, exit_code = ended.stdout.split()
    assert (euid != "0", exit_code) == (True, "0")


async def test_a_server_that_ends_while_it_is_asked_is_not_ready_and_no_failure(folder: Path) -> None:
    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    dying = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    server = PostgresServer(folder, dying.sockets[0].getsockname()[1], fast=True)
    assert not await server._has_database()
    dying.close()
