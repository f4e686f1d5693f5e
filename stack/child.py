"""Children in the foreground: they log into a file and never outlive the process that started them."""

import asyncio
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

POLL = 0.02
LOG_LIMIT = 10_000_000
_PR_SET_PDEATHSIG = 1


class NotReady(Exception):
    """A part did not get ready: it ended or stayed silent. The last lines of its log are in the text."""


@dataclass(frozen=True)
class Command:
    """What is to be run: argument list, environment (None: ours), folder, stop signal, and a user id to drop to."""

    argv: Sequence[str]
    environment: Mapping[str, str] | None = None
    cwd: Path | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    user: int | None = None


@dataclass
class Child:
    """One run of a command. It has its own session, so a Ctrl-C in the terminal reaches only the supervisor."""

    command: Command
    log: Path
    _process: subprocess.Popen[bytes] = field(init=False)
    _begins_at: int = field(init=False)

    def __post_init__(self) -> None:
        """Start it. It must be called on a thread that lives on: the kernel's death signal follows the thread."""
        command = self.command
        self.log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        turn_over(self.log)
        with self.log.open("ab") as log:
            # Also where an earlier version left it open to others.
            os.fchmod(log.fileno(), 0o600)
            self._begins_at = log.tell()
            self._process = subprocess.Popen(
                list(command.argv),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=command.environment,
                cwd=command.cwd,
                user=command.user,
                group=command.user,
                extra_groups=None if command.user is None else [],
                umask=0o077,
                start_new_session=True,
                # One system call and no lock is all that runs between fork and exec.
                preexec_fn=_die_with(os.getpid(), command.stop_signal),  # noqa: PLW1509
            )

    @property
    def pid(self) -> int:
        """The process id, also after the end."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs; negative when a signal ended it."""
        return self._process.poll()

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        self._process.kill()
        self._process.wait()

    def wait(self) -> int:
        """Block until it ends; the exit code."""
        return self._process.wait()

    async def stop(self, *, within: float = 10.0) -> None:
        """Ask it to end and wait; after `within` seconds it is killed."""
        with suppress(ProcessLookupError):
            self._process.send_signal(self.command.stop_signal)
        if not await holds(self._has_ended, within=within):
            self.kill()

    async def ready(self, answers: Callable[[], Awaitable[bool]], *, within: float) -> None:
        """Wait until it answers. Raises NotReady when it ends first or takes longer than `within` seconds."""

        async def settled() -> bool:
            return self.exit_code is not None or await answers()

        settled_in_time = await holds(settled, within=within)
        if self.exit_code is not None or not settled_in_time:
            raise NotReady(self.last_words())

    def last_words(self, count: int = 12) -> str:
        """The end of what this run wrote, for a message; what earlier runs left in the log is not among it."""
        with self.log.open("rb") as log:
            log.seek(self._begins_at)
            return "\n".join(log.read().decode(errors="replace").splitlines()[-count:])

    async def _has_ended(self) -> bool:
        return self.exit_code is not None


async def holds(fact: Callable[[], Awaitable[bool]], *, within: float) -> bool:
    """Whether the fact comes true within so many seconds."""
    loop = asyncio.get_running_loop()
    end = loop.time() + within
    while not await fact():
        if loop.time() > end:
            return False
        await asyncio.sleep(POLL)
    return True


def turn_over(log: Path) -> None:
    """Put a log that has grown long aside as `….1`, so that logs never fill the disk."""
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_suffix(log.suffix + ".1"))


def _die_with(parent: int, stop_signal: signal.Signals) -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def ask_for_death_signal() -> None:
        prctl(_PR_SET_PDEATHSIG, int(stop_signal), 0, 0, 0)
        if os.getppid() != parent:  # the parent died before the kernel knew of the wish
            os._exit(1)

    return ask_for_death_signal
