"""Which programmes have a script: the only place of a rehearsal that names them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from rehearsal.deqing.play import CountyYear
from rehearsal.otog.play import BannerContracts
from rehearsal.play import Play

# A year that is not yet, because the time of a test server only goes on; always the same, so that a report is, too.
YEAR = 2040
OPENS = datetime(YEAR, 1, 2, 0, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Programme:
    """Makes the play for so many people and a seed; `people`: how many, where nobody says."""

    play: Callable[[int, int, int], Play]
    people: int


PROGRAMMES: Mapping[str, Programme] = {
    "dq-a": Programme(CountyYear, people=20),
    "dq-b": Programme(partial(CountyYear, trains=True), people=20),
    "ot-a": Programme(BannerContracts, people=12),
}


def play_of(programme: str, people: int | None, seed: int) -> Play:
    """The play of a programme."""
    kind = PROGRAMMES[programme]
    return kind.play(people or kind.people, seed, YEAR)
