"""Any command as a part of the stack: started, waited for, stopped like the servers."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from stack.child import POLL, Child, Command, NotReady
from stack.echo import Echo

EVERY_LINE = re.compile("")
WHOLE_LOG = 10_000


@dataclass
class Program:
    """A command of our own and the fact by which it counts as ready."""

    command: Command
    ready: Callable[[], Awaitable[bool]]
    log: Path
    _child: Child | None = field(default=None, init=False)

    @property
    def pid(self) -> int:
        """Process id. Raises NotReady before the first start."""
        if self._child is None:
            raise NotReady(" ".join(self.command.argv))
        return self._child.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs or was never started."""
        return None if self._child is None else self._child.exit_code

    async def start(self, *, within: float = 60.0) -> None:
        """Start it and return when it is ready. Raises NotReady with the end of its log."""
        self._child = Child(self.command, self.log)
        await self._child.ready(self.ready, within=within)

    async def stop(self) -> None:
        """Ask it to end and wait."""
        if self._child is not None:
            await self._child.stop()

    def kill(self) -> None:
        """End it at once."""
        if self._child is not None:
            self._child.kill()


async def run_once(command: Command, log: Path, *, hear: Callable[[str], None] | None = None) -> None:
    """Run a command to its end, passing on each line that it writes; a cancelled wait kills it.

    Raises NotReady with the end of its log when it fails.
    """
    lines = Echo(log, EVERY_LINE, hear or (lambda _: None))
    child = Child(command, log)
    try:
        while child.exit_code is None:
            await asyncio.sleep(POLL)
            lines.look(at_most=WHOLE_LOG)
        lines.look(at_most=WHOLE_LOG)
    finally:
        if child.exit_code is None:
            child.kill()
    if child.exit_code != 0:
        raise NotReady(child.last_words())
