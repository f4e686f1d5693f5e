"""What a rehearsal has to tell, made of the record alone: nothing in it hangs on how fast the machine was.

Instants are told by the hour, lateness by the day: between the two runs of one seed only the machine's seconds differ.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from policies.engine.calendar import WorkingCalendar
from policies.engine.pack import Pack
from policies.engine.words import Words
from rehearsal.breaches import RULES, Breach
from rehearsal.cohorts import Cohort, cohorts
from rehearsal.play import Play
from rehearsal.records import Records
from rehearsal.rungs import climbed
from rehearsal.stories import Story, Told, life_of, told_of
from services.engine import said

HOURS_A_DAY = 24
# A finding that says "go on" from the start has changed nothing.
CHANGES_FROM_THE_START = ("block", "warn", "ask")


@dataclass(frozen=True)
class Bar:
    """One bar of a chart: what it counts, how many, and the share of the longest one."""

    label: Words
    number: float
    share: float


@dataclass(frozen=True)
class Ending:
    """So many cases of a lifecycle ended so."""

    lifecycle: str
    outcome: Words
    number: int


@dataclass(frozen=True)
class RoleLine:
    """How a role answered: questions asked and answered, days until the answer, and how many answers were late."""

    role: Words
    asked: int
    answered: int
    median_days: float
    longest_days: float
    late: int


@dataclass(frozen=True)
class Escalation:
    """One rung that went beyond a reminder: which, about what, whose, and how many days late the task was by then."""

    kind: str
    title: Words
    case: str
    role: Words
    due: date
    at: datetime
    days_late: int


@dataclass(frozen=True)
class Change:
    """A finding that changed an outcome: the rule, its clause, and what it was before ("" at first)."""

    rule: str
    clause: str
    quote: str
    case: str
    before: str
    after: str
    words: Words
    at: date


@dataclass(frozen=True)
class Turn:
    """What became of somebody with a part: how their last case stands, and each thing that had to come about."""

    story: Story
    person: str
    outcome: Words
    told: Sequence[Told]

    @property
    def as_told(self) -> bool:
        """Whether all of it has."""
        return all(one.holds for one in self.told)


@dataclass(frozen=True)
class Letters:
    """Letters of one kind: sent, refused by the mail server, and not sent because they had lost their object."""

    kind: str
    sent: int
    refused: int
    skipped: int


@dataclass(frozen=True)
class Report:
    """The whole of it; `breaches` by rule, in the order of the rules."""

    pack: Pack
    people: int
    seed: int
    first: date
    last: date
    decisions: int
    endings: Sequence[Ending]
    way: Sequence[Bar]
    roles: Sequence[RoleLine]
    reminders: Sequence[Bar]
    escalations: Sequence[Escalation]
    changes: Sequence[Change]
    cohorts: Sequence[Cohort]
    letters: Sequence[Letters]
    story: Sequence[Turn]
    breaches: dict[str, list[Breach]]

    @property
    def sound(self) -> bool:
        """Whether nothing happened that may never be."""
        return not any(self.breaches.values())

    @property
    def days(self) -> int:
        """How many simulated days it took."""
        return (self.last - self.first).days


def report_of(
    records: Records, pack: Pack, calendar: WorkingCalendar, play: Play, *, breaches: Sequence[Breach]
) -> Report:
    """The report of what stands in the record."""
    instants = [line.at for line in records.lines]
    return Report(
        pack=pack,
        people=len(play.cast.sent),
        seed=play.cast.seed,
        first=calendar.local_day(min(instants)),
        last=calendar.local_day(max(instants)),
        decisions=len(records.decisions),
        endings=_endings(records, pack),
        way=_bars(play.way(records)),
        roles=_roles(records, pack),
        reminders=_reminders(records, pack),
        escalations=list(_escalations(records, pack, calendar)),
        changes=list(_changes(records, pack, calendar)),
        cohorts=cohorts(records, pack),
        letters=_letters(records),
        story=list(_story(records, pack, calendar, play)),
        breaches={rule: [one for one in breaches if one.rule == rule] for rule in RULES},
    )


def _endings(records: Records, pack: Pack) -> list[Ending]:
    counted = Counter((case.lifecycle, case.outcome or case.stage) for case in records.cases)
    return [Ending(kind, said.stage(pack, outcome), number) for (kind, outcome), number in sorted(counted.items())]


def _roles(records: Records, pack: Pack) -> list[RoleLine]:
    """By role, how long people took, counted from the moment at which they were asked."""
    asked: dict[tuple[str, int], tuple[datetime, str]] = {}
    number, late, waits = Counter[str](), Counter[str](), defaultdict[str, list[float]](list)
    for line in records.lines:
        if line.event == "asked":
            asked[line.task, int(line.refs["revision"])] = line.at, line.refs["role"]
            number[line.refs["role"]] += 1
        elif line.event == "decided":
            since, role = asked[line.task, line.body["revision"]]
            waits[role].append(round((line.at - since) / timedelta(hours=1)) / HOURS_A_DAY)
            late[role] += bool(line.body["late"])
    return [
        RoleLine(
            said.role(pack, role), number[role], len(times), median(times or [0]), max(times, default=0), late[role]
        )
        for role, times in ((role, waits[role]) for role in sorted(number))
    ]


def _reminders(records: Records, pack: Pack) -> list[Bar]:
    """How often each rung of the pack's ladders went off; the weekly ones together."""
    fired = Counter("weekly" if one.rung.startswith("weekly") else one.rung for one in climbed(records))
    climbable = {"weekly", *(rung.name for steps in pack.ladders.values() for rung in steps.rungs)}
    return _bars([(words, fired[name]) for name, words in RUNGS.items() if name in climbable])


RUNGS = {
    "day_30": Words("得知后30日", "30 days after learning"),
    "day_60": Words("得知后60日", "60 days after learning"),
    "day_75": Words("得知后75日", "75 days after learning"),
    "day_85": Words("得知后85日", "85 days after learning"),
    "before_3": Words("到期前3个工作日", "3 working days before"),
    "last_3": Words("最后3个工作日的第一日", "first of the last 3 working days"),
    "last_2": Words("最后3个工作日的第二日", "second of the last 3 working days"),
    "before_1": Words("到期前1个工作日", "1 working day before"),
    "due": Words("到期当日", "on the last day"),
    "overdue_1": Words("逾期1个工作日", "1 working day overdue"),
    "overdue_3": Words("逾期3个工作日", "3 working days overdue"),
    "overdue_5": Words("逾期5个工作日", "5 working days overdue"),
    "weekly": Words("此后每周", "every week after that"),
}


def _escalations(records: Records, pack: Pack, calendar: WorkingCalendar) -> Iterator[Escalation]:
    """Everything that went up, in its order in time, with its lateness in simulated days."""
    tasks = {task.id: task for task in records.tasks}
    for one in sorted(climbed(records), key=lambda each: (each.at.replace(second=0, microsecond=0), each.task)):
        task = tasks[one.task]
        kind = _kind(pack, task.name, one.rung)
        if kind != "reminder":
            last_day = calendar.local_day(one.due - timedelta(seconds=1))
            late = (calendar.local_day(one.at) - last_day).days
            title, role = pack.tasks[task.name].title, said.role(pack, task.role)
            yield Escalation(kind, title, one.case, role, last_day, _hour(one.at), late)


def _kind(pack: Pack, task: str, rung: str) -> str:
    steps = pack.ladders[pack.tasks[task].ladder]
    return next((each.kind for each in steps.rungs if each.name == rung), "escalation")


def _changes(records: Records, pack: Pack, calendar: WorkingCalendar) -> Iterator[Change]:
    """Findings that came out otherwise than the one before of the same rule and case."""
    before: dict[tuple[str, str], str] = {}
    for row in records.findings:
        outcome, key = row.outcome or "ask", (row.case_id, row.rule)
        changed = before[key] != outcome if key in before else row.finding["effect"] in CHANGES_FROM_THE_START
        if changed:
            words = row.finding["ask"] or row.finding["explanation"]
            clause = pack.clauses.get(row.rule)
            yield Change(
                row.rule,
                clause.clause if clause else "",
                row.finding["quote"],
                row.case_id,
                before.get(key, ""),
                outcome,
                Words(words["zh"], words["en"]),
                calendar.local_day(row.at),
            )
        before[key] = outcome


def _letters(records: Records) -> list[Letters]:
    states = Counter((letter.kind, letter.state) for letter in records.letters)
    kinds = sorted({kind for kind, _ in states})
    return [Letters(kind, states[kind, "sent"], states[kind, "refused"], states[kind, "skipped"]) for kind in kinds]


def _story(records: Records, pack: Pack, calendar: WorkingCalendar, play: Play) -> Iterator[Turn]:
    """Who had a part, in the order of the parts, and what came of it."""
    for part, story in play.stories.items():
        person = play.cast.player(part)
        life = life_of(person, records, pack, calendar)
        if person and life.cases:
            last = life.cases[-1]
            outcome = said.stage(pack, last.outcome or last.stage)
            yield Turn(story, person, outcome, list(told_of(story, life)))


def _bars(counted: Sequence[tuple[Words, int]]) -> list[Bar]:
    longest = max((number for _, number in counted), default=0) or 1
    return [Bar(label, number, number / longest) for label, number in counted]


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)
