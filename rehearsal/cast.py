"""Who does what in a rehearsal: parts given out by the seed, and how long everybody takes to answer.

Everything hangs on the seed and on names of the record alone, never on the order in which things happen to be done.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from policies.engine.calendar import CHINA, WorkingCalendar
from rehearsal.county import County, Oddities, county_of, sent_ids

# Two people want the same post, one is absent again and again … in the order in which few people fill them.
PARTS = ("wanted", "rival", "absent", "late_start", "declines", "returned", "rejected", "on_leave", "leaves",
         "newcomer", "nurse", "objected", "sent_back", "appeals", "unqualified", "stays")  # fmt: skip
TRAINEES_PARTS = ("absent", "late_start", "declines", "rejected", "on_leave", "mentor_declines", "leaves", "appeals",
                  "unqualified", "stays")  # fmt: skip
# When people sit at their desks.
DESK_HOURS = (time(10), time(15))
# Shares of people: at once or in the next days, after the reminders, a few days late, later than the last rung.
PROMPT, REMINDED, LATE = 0.72, 0.90, 0.97
NEVER_SILENT = ("credit_void", "grade_notice")
# What grows while one waits is done on its last day.
GATHERED = ("compile_batch", "close_grades", "public_notice")


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
    """A county and the parts of its people."""

    seed: int
    county: County
    part_of: dict[str, str]
    bouncing: str
    tardy: str

    def player(self, part: str) -> str:
        """Who plays a part; "" where there are too few people."""
        return next((person for person, played in self.part_of.items() if played == part), "")

    def plays(self, person: str, part: str) -> bool:
        """Whether this person plays this part."""
        return self.part_of.get(person) == part

    def luck(self, *names: str) -> Random:
        """Chance that is the same for the same seed and names."""
        return Random("/".join((str(self.seed), *names)))  # noqa: S311  # a script, no secret

    def answers_at(self, asked: Asked, now: datetime, calendar: WorkingCalendar) -> datetime:
        """When this person answers this question, whom its letter has reached now."""
        luck = self.luck(asked.case, asked.key, str(asked.revision), asked.person)
        habit, hour = luck.random(), luck.choice(DESK_HOURS)
        soon = next_desk_hour(now, calendar, days=luck.choice((0, 0, 1, 2)))
        if asked.due is None:
            return soon
        last_day = calendar.late_after(calendar.local_day(asked.due - timedelta(seconds=1)))
        if days := self._late_by_part(asked):
            return _at(calendar.shift(last_day, days), hour)
        if asked.name not in GATHERED and (habit < PROMPT or asked.name in NEVER_SILENT):
            return soon
        if habit >= LATE and asked.name not in GATHERED:
            return max(_at(calendar.shift(last_day, luck.randint(6, 12)), hour), next_desk_hour(now, calendar))
        if habit >= REMINDED and asked.name not in GATHERED:
            return max(_at(calendar.shift(last_day, luck.randint(1, 3)), hour), next_desk_hour(now, calendar))
        return max(_at(calendar.recommended_latest(last_day), hour), next_desk_hour(now, calendar))

    def _late_by_part(self, asked: Asked) -> int:
        """By how many working days the story wants this answer to be late."""
        if asked.person == self.tardy and asked.name == "demand_report":
            return 4
        return 14 if asked.name == "practice_filing" and self.plays(asked.subject, "late_start") else 0


def cast_of(people: int, seed: int, year: int, *, trains: bool = False) -> Cast:
    """A cast with so many people to be sent: doctors down to the townships, or trainees up to the hospitals."""
    names = sent_ids(people)
    Random(seed).shuffle(names)  # noqa: S311  # a script, no secret
    part_of = dict(zip(names, TRAINEES_PARTS if trains else PARTS, strict=False))
    played = {part: person for person, part in part_of.items()}
    odd = Oddities(played.get("newcomer", ""), played.get("nurse", ""), "rh-t02-hr")
    county = county_of(people, year, odd, trains=trains)
    tardy = f"{county.townships[-1]}-hr" if len(county.townships) > 2 else ""  # noqa: PLR2004  # the second bounces
    return Cast(seed, county, part_of, odd.bouncing, tardy)


def next_desk_hour(now: datetime, calendar: WorkingCalendar, *, days: int = 0) -> datetime:
    """The next instant, in UTC, at which an office works; after so many working days more."""
    today = calendar.local_day(now)
    if days:
        return _at(calendar.shift(today, days), DESK_HOURS[0])
    for hour in DESK_HOURS:
        if calendar.days(today).working and _at(today, hour) > now:
            return _at(today, hour)
    return _at(calendar.shift(today, 1), DESK_HOURS[0])


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=CHINA).astimezone(UTC)
