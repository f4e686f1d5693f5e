"""Kills at seeded moments: after so many steps taken, and a seeded fraction of a second later."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from bench.parts import Stand

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

    def hear(self, taken: int) -> None:
        """So many steps have been taken by now."""
        self.taken = taken
        self._news.set()

    async def work(self, victims: Sequence[tuple[str, ...]], *, over: int) -> None:
        """One kill after the other, spread over that many steps."""
        chance = Random(self.seed)  # noqa: S311  # seeded, so that a round can be had again
        share = over // (len(victims) + 1)
        for number, names in enumerate(victims):
            await self._reached(share * number + chance.randint(1, share))
            await asyncio.sleep(chance.uniform(0.0, LONGEST_LAG))
            self.stand.kill(*names)
            await self.stand.start(*names)
            self.done.append(names)

    async def _reached(self, taken: int) -> None:
        while self.taken < taken:
            self._news.clear()
            await self._news.wait()
