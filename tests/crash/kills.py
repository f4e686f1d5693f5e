"""Kills at seeded moments: after so many steps taken, and a seeded fraction of a second later.

The first is no matter of chance: Temporal dies just before an answer is posted, and comes back when that answer has
been kept, so that a row waits in the inbox which nobody will click again.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from bench.parts import Stand
from tests.crash.clients import Noted

ALL = ("postgres", "temporal", "mailbox", "worker", "web")
LONGEST_LAG = 0.4


@dataclass
class Killer:
    """Ends processes with SIGKILL while answers come in, and starts them again."""

    stand: Stand
    seed: int
    taken: int = 0
    done: list[tuple[str, ...]] = field(default_factory=list)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _next_post: tuple[str, ...] = ()
    _kept: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, taken: int) -> None:
        """So many steps have been taken by now."""
        self.taken = taken
        self._news.set()

    def hear_post(self) -> None:
        """Somebody is about to post an answer."""
        if self._next_post:
            self.stand.kill(*self._next_post)
            self._next_post = ()

    def hear_answer(self, noted: Noted) -> None:
        """Somebody was answered."""
        if noted.kept and not self._next_post:
            self._kept.set()

    async def work(self, victims: Sequence[tuple[str, ...]], *, over: int) -> None:
        """One kill after the other, spread over that many steps."""
        chance = Random(self.seed)  # noqa: S311  # seeded, so that a round can be had again
        share = over // (len(victims) + 1)
        await self._kill_before_an_answer()
        for number, names in enumerate(victims):
            await self._reached(share * number + chance.randint(1, share))
            await asyncio.sleep(chance.uniform(0.0, LONGEST_LAG))
            self.stand.kill(*names)
            await self.stand.start(*names)
            self.done.append(names)

    async def _kill_before_an_answer(self) -> None:
        """Without Temporal no answer reaches its case: it is kept, or not accepted."""
        self._kept.clear()
        self._next_post = ("temporal",)
        await self._kept.wait()
        await self.stand.start("temporal")

    async def _reached(self, taken: int) -> None:
        while self.taken < taken:
            self._news.clear()
            await self._news.wait()
