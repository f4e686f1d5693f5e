"""What the script of a programme has to say; the stage, the round of days and the checks are the same for all."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from db.engine.base import Sessions
from policies.engine.calendar import WorkingCalendar
from policies.engine.words import Words
from rehearsal.browser import Form
from rehearsal.cast import Asked, Cast, Habits
from rehearsal.happenings import Happening
from rehearsal.records import Records
from rehearsal.replies import Reply
from rehearsal.stories import Story
from rehearsal.visitors import Visitors


@dataclass(frozen=True)
class Moment:
    """What is to be seen at an instant; `stages` are those in which cases stand now."""

    record: Sessions
    visitors: Visitors
    now: datetime
    calendar: WorkingCalendar
    stages: frozenset[str]


class Play(ABC):
    """One programme's people, what they answer, what happens to them, and how it must end."""

    cast: Cast
    habits: Habits
    # By part, in the order in which few people fill them.
    stories: Mapping[str, Story]

    @abstractmethod
    async def settle(self, visitors: Visitors) -> None:
        """Bodies, people and the first cases, through the API."""

    @abstractmethod
    def reply_to(self, asked: Asked, form: Form) -> Reply:
        """What this person answers. Raises NoScript."""

    @abstractmethod
    async def happens(self, moment: Moment) -> Iterable[Happening]:
        """What will happen to those of whom it has not been said before."""

    @abstractmethod
    def apart(self, asked: Asked) -> str:
        """What an answer touches alone, so that others may be given beside it; "" for one that has to be by itself."""

    @abstractmethod
    def way(self, records: Records) -> Sequence[tuple[Words, int]]:
        """How many came how far, in the order of the way."""

    def days_late(self, asked: Asked) -> int | None:
        """By how many working days the story wants this answer to be late: 0 for the last day, None for no wish."""
        return None
