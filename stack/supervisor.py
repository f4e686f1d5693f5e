"""Keeps the parts of one machine running: brings them up in order, restarts what dies, takes all down in reverse."""

import asyncio
import re
import signal
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from stack.child import NotReady
from stack.echo import Echo
from stack.terminal import terminal_closed

BEAT = 0.2
STEADY = 60.0
DELAYS = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0)
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
ALARM = re.compile(r"\b(WARN(ING)?|ERROR|CRITICAL|FATAL|PANIC)\b|\"level\": ?\"(warning|error|critical)\"|^Traceback")


class Server(Protocol):
    """What the supervisor needs of a part; `exit_code` is None while it runs or was never started."""

    log: Path

    @property
    def exit_code(self) -> int | None:
        """How it ended."""

    async def start(self) -> None:
        """Start it and return when it is ready; raises NotReady."""

    async def stop(self) -> None:
        """Ask it to end and wait."""

    def kill(self) -> None:
        """End it at once."""


class Tell(Protocol):
    """Says something to whoever sits at the console: the name of a sentence and its facts."""

    def __call__(self, sentence: str, /, **facts: object) -> None:
        """Say it."""


@dataclass(frozen=True)
class Part:
    """A server under its name; `alarm` picks the lines of its log that are shown."""

    name: str
    server: Server
    alarm: re.Pattern[str] = ALARM


@dataclass(frozen=True)
class Stage:
    """Parts that may start at the same time, and what is done when all of them are ready."""

    parts: Sequence[Part]
    then: Sequence[Callable[[], Awaitable[None]]] = ()


class PartFailed(Exception):
    """A part did not get ready at the first start; `words` is the end of its log."""

    def __init__(self, part: str, words: str) -> None:
        super().__init__(part)
        self.part = part
        self.words = words


class Supervisor:
    """Holds the parts that were started, in order."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._stages: list[Sequence[Part]] = []
        self._watches: list[asyncio.Task[None]] = []

    async def bring_up(self, stage: Stage) -> None:
        """Start a stage and see to it from now on. Raises PartFailed."""
        self._stages.append(stage.parts)
        await asyncio.gather(*(self._start(part) for part in stage.parts))
        self._watches += [asyncio.create_task(self._watch(part)) for part in stage.parts]
        for step in stage.then:
            await _carried_out(step)

    async def keep(self) -> None:
        """Watch until cancelled."""
        await asyncio.gather(*self._watches)

    async def take_down(self) -> None:
        """Stop everything, the last stage first."""
        for watch in self._watches:
            watch.cancel()
        for parts in reversed(self._stages):
            await asyncio.gather(*(part.server.stop() for part in parts))

    def kill(self) -> None:
        """End every part at once."""
        for parts in reversed(self._stages):
            for part in parts:
                part.server.kill()

    async def _start(self, part: Part) -> None:
        try:
            await part.server.start()
        except NotReady as silence:
            raise PartFailed(part.name, str(silence)) from None
        self._tell("ready", part=part.name)

    async def _watch(self, part: Part) -> None:
        echo = Echo(part.server.log, part.alarm, lambda line: self._tell("log", part=part.name, line=line))
        loop = asyncio.get_running_loop()
        delays, started = _back_off(), loop.time()
        while True:
            await asyncio.sleep(BEAT)
            echo.look()
            if part.server.exit_code is None:
                continue
            if loop.time() - started > STEADY:
                delays = _back_off()
            await self._restart(part, next(delays))
            started = loop.time()

    async def _restart(self, part: Part, delay: float) -> None:
        self._tell("ended", part=part.name, code=part.server.exit_code, delay=delay, log=part.server.log)
        await asyncio.sleep(delay)
        try:
            await part.server.start()
        except (NotReady, OSError):  # it ended again, or not even its log can be written
            part.server.kill()
        else:
            self._tell("again", part=part.name)


async def supervise(stages: Sequence[Stage], tell: Tell, *, when_up: Callable[[], None]) -> None:
    """Bring everything up and keep it so until SIGINT, SIGTERM or a closed terminal; then stop every part.

    A second signal kills what is still there. Raises PartFailed when a part cannot be started, after stopping the rest.
    """
    supervisor = Supervisor(tell)
    ending = _listen_for_endings(supervisor)
    work = asyncio.create_task(_bring_up_all(supervisor, stages, when_up))
    asked, left = asyncio.create_task(ending.wait()), asyncio.create_task(terminal_closed())
    try:
        await asyncio.wait({work, asked, left}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        work.cancel()
        asked.cancel()
        left.cancel()
        await asyncio.wait({work})
        tell("stopping")
        await supervisor.take_down()
    if not work.cancelled():
        await work


async def _bring_up_all(supervisor: Supervisor, stages: Sequence[Stage], when_up: Callable[[], None]) -> None:
    for stage in stages:
        await supervisor.bring_up(stage)
    when_up()
    await supervisor.keep()


def _listen_for_endings(supervisor: Supervisor) -> asyncio.Event:
    ending = asyncio.Event()

    def end() -> None:
        if ending.is_set():
            supervisor.kill()
        ending.set()

    for one in ENDINGS:
        # Under nohup a closed terminal is to be survived. A script's background job is born deaf to SIGINT, yet whoever
        # sends it one means it.
        if one is signal.SIGHUP and signal.getsignal(one) is signal.SIG_IGN:
            continue
        asyncio.get_running_loop().add_signal_handler(one, end)
    return ending


async def _carried_out(step: Callable[[], Awaitable[None]]) -> None:
    try:
        await step()
    except NotReady as failure:
        raise PartFailed(getattr(step, "__name__", str(step)).strip("_"), str(failure)) from None


def _back_off() -> Iterator[float]:
    yield from DELAYS
    while True:
        yield DELAYS[-1]
