"""Who does what in a rehearsal: parts given out by the seed, and how long everybody takes to answer.

Everything hangs on the seed and on names of the record alone, never on the order in which things happen to be done.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from policies.engine.calendar import CHINA, WorkingCalendar

# When people sit at their desks.
DESK_HOURS = (time(10), time(15))
# Shares of people: at once or in the next days, after the reminders, a few days late, later than the last rung.
PROMPT, REMINDED, LATE = 0.72, 0.90, 0.97


@dataclass(frozen=True)
class Asked:
    """One person asked by one revision of a task, as the record has it.

    due: when its last day has ended. today: the local day on which the page is opened.
    """

    task: str
    name: str
    key: str
    case: str
    person: str
    role: str
    institution: str
    subject: str
    refs: dict[str, str]
    revision: int
    due: datetime | None
    grave: bool
    today: date


@dataclass(frozen=True)
class Cast:
    """Those whom the rehearsal is about, and the parts that some of them play."""

    seed: int
    sent: tuple[str, ...]
    part_of: Mapping[str, str]

    def player(self, part: str) -> str:
        """Who plays a part; "" where there are too few people."""
        return next((person for person, played in self.part_of.items() if played == part), "")

    def plays(self, person: str, part: str) -> bool:
        """Whether this person plays this part."""
        return self.part_of.get(person) == part

    def luck(self, *names: str) -> Random:
        """Chance that is the same for the same seed and names."""
        return Random("/".join((str(self.seed), *names)))  # noqa: S311  # a script, no secret


@dataclass(frozen=True)
class Habits:
    """By the names of tasks: who answers within days, and what is done on its last day because it grows meanwhile."""

    prompt: Sequence[str] = ()
    gathered: Sequence[str] = ()


def parts_of(names: Iterable[str], seed: int, parts: Sequence[str]) -> dict[str, str]:
    """The parts given out among people."""
    drawn = list(names)
    Random(seed).shuffle(drawn)  # noqa: S311  # a script, no secret
    return dict(zip(drawn, parts, strict=False))


def answers_at(
    cast: Cast, asked: Asked, now: datetime, calendar: WorkingCalendar, *, habits: Habits, late: int | None = None
) -> datetime:
    """When this person answers this question, whom its letter has reached now.

    late: so many working days after its last day.
    """
    luck = cast.luck(asked.case, asked.key, str(asked.revision), asked.person)
    habit, hour = luck.random(), luck.choice(DESK_HOURS)
    soon = next_desk_hour(now, calendar, days=luck.choice((0, 0, 1, 2)))
    if asked.due is None:
        return soon
    last_day = calendar.late_after(calendar.local_day(asked.due - timedelta(seconds=1)))
    if late is not None:
        return local(calendar.shift(last_day, late), hour)
    gathered = asked.name in habits.gathered
    if not gathered and (habit < PROMPT or asked.name in habits.prompt):
        return soon
    if habit >= LATE and not gathered:
        return max(local(calendar.shift(last_day, luck.randint(6, 12)), hour), next_desk_hour(now, calendar))
    if habit >= REMINDED and not gathered:
        return max(local(calendar.shift(last_day, luck.randint(1, 3)), hour), next_desk_hour(now, calendar))
    return max(local(calendar.recommended_latest(last_day), hour), next_desk_hour(now, calendar))


def next_desk_hour(now: datetime, calendar: WorkingCalendar, *, days: int = 0) -> datetime:
    """The next instant, in UTC, at which an office works; after so many working days more."""
    today = calendar.local_day(now)
    if days:
        return local(calendar.shift(today, days), DESK_HOURS[0])
    for hour in DESK_HOURS:
        if calendar.days(today).working and local(today, hour) > now:
            return local(today, hour)
    return local(calendar.shift(today, 1), DESK_HOURS[0])


def local(day: date, hour: time) -> datetime:
    """An hour of a local day, in UTC."""
    return datetime.combine(day, hour, tzinfo=CHINA).astimezone(UTC)
