"""What happens outside of any question, at an instant: the scripts have theirs, and one is everybody's.

Each is recorded as people and systems do it: on the pages by whom it concerns, else through the API.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from policies.engine.calendar import WorkingCalendar
from rehearsal.cast import next_desk_hour
from rehearsal.people import BOUNCES
from rehearsal.visitors import Visitors

Deed = Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class Happening:
    """Something that is done at an instant; `key` orders what is done at the same one."""

    at: datetime
    key: str
    deed: Deed


def after_bounce(visitors: Visitors, person: str, now: datetime, calendar: WorkingCalendar) -> Happening:
    """HR sees on the monitor that a letter did not go through, and puts the address right."""

    async def put_right() -> None:
        await visitors.change_person(person, lambda entry: {"email": entry["email"].removeprefix(BOUNCES)})

    return Happening(next_desk_hour(now, calendar, days=1), f"bounce/{person}", put_right)
