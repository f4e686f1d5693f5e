"""Looking again until something shows."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

Found = TypeVar("Found")
BOUND = 60.0
_LEARN = 0.2


class NeverShown(Exception):
    """What was looked for did not show within a minute."""


class Patience:
    """Waits a share of what it lately took, then looks at intervals; so that looking itself costs little."""

    def __init__(self, *, share: float = 0.8, pause: float = 0.01, again: float = 0.2, thought: float = 0.0) -> None:
        """share: of the usual wait that passes before the first look; between looks: `again` of it, or `pause` seconds
        where that is longer; thought: seconds that pass before a click.
        """
        self._share, self._pause, self._again, self._thought = share, pause, again, thought
        self._usual = 0.0

    async def think(self) -> None:
        """What a person does before a click: by then the last one's case has come to rest, as the floor's has."""
        await asyncio.sleep(self._thought)

    async def until(self, look: Callable[[], Awaitable[Found | None]], *, within: float = BOUND) -> Found:
        """The first thing that a look finds. Raises NeverShown."""
        began = time.perf_counter()
        await asyncio.sleep(self._usual * self._share)
        while (found := await look()) is None:
            if time.perf_counter() - began > within:
                raise NeverShown
            await asyncio.sleep(max(self._pause, self._again * self._usual))
        self._usual += _LEARN * (time.perf_counter() - began - self._usual)
        return found


def eager() -> Patience:
    """For one user: thinks a little, looks at once and again every two milliseconds."""
    return Patience(share=0.0, pause=0.002, again=0.0, thought=0.05)
