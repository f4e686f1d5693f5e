"""Whether every reminder and escalation went off once, at its time: the ladder is laid anew over each deadline and held
against the lines of the file.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from policies.engine import ladder
from policies.engine.calendar import Deadline, WorkingCalendar
from policies.engine.ladder import Timed
from policies.engine.pack import Pack
from rehearsal.records import Line, Records

# A rung fires at its instant and is written a moment later; somebody who answers in that moment is no fault.
A_MOMENT = timedelta(minutes=10)
ENDS = ("settled", "task_withdrawn")
BEGINS = ("asked", "deadline_moved")


@dataclass(frozen=True)
class Stretch:
    """A time in which one deadline was in force: from its being set to the answer, or to another deadline."""

    task: str
    name: str
    since: datetime
    until: datetime | None
    due: datetime
    refs: Mapping[str, str]


@dataclass(frozen=True)
class Climbed:
    """One rung that fired, of which deadline, and how late the task was by then."""

    task: str
    case: str
    rung: str
    at: datetime
    due: datetime


def missed_and_doubled(records: Records, pack: Pack, calendar: WorkingCalendar) -> Iterator[tuple[str, str]]:
    """(what is wrong, where) of every rung that did not fire just once when it should have."""
    fired = _fired(records.lines)
    last = max((line.at for line in records.lines), default=datetime.max.replace(tzinfo=UTC))
    for stretch in stretches(records):
        until = stretch.until or last
        within = [line for line in fired.get(stretch.task, ()) if stretch.since <= line.at < until]
        expected = {rung.name: rung.at for rung in _due(stretch, until, pack, calendar)}
        for what, rung in _wrong(expected, within, until):
            yield what, f"{stretch.task} {rung}"


def _wrong(expected: Mapping[str, datetime], fired: Sequence[Line], until: datetime) -> Iterator[tuple[str, str]]:
    """What differs between the rungs of one deadline and those that fired in its time."""
    at = {line.refs["rung"]: line.at for line in fired}
    for name, number in Counter(line.refs["rung"] for line in fired).items():
        if name not in expected:
            yield "rung_undue", name
        elif number > 1:
            yield "rung_doubled", name
        elif abs(at[name] - expected[name]) > A_MOMENT:
            yield "rung_late", name
    yield from (("rung_missed", name) for name, due in expected.items() if name not in at and due < until - A_MOMENT)


def climbed(records: Records) -> list[Climbed]:
    """Every rung that fired, with the deadline that it belongs to."""
    by_task: dict[str, list[Stretch]] = {}
    for stretch in stretches(records):
        by_task.setdefault(stretch.task, []).append(stretch)
    found = []
    for line in records.lines:
        if line.event == "rung_fired":
            own = [one for one in by_task.get(line.task, ()) if one.since <= line.at]
            if own:
                found.append(Climbed(line.task, line.case, line.refs["rung"], line.at, own[-1].due))
    return found


def stretches(records: Records) -> list[Stretch]:
    """Every deadline of every task, in the order of the files."""
    tasks = {task.id: task for task in records.tasks}
    retimed = _retimed(records)
    found: list[Stretch] = []
    by_task: dict[str, list[Line]] = {}
    for line in records.lines:
        if line.task and line.event in (*BEGINS, *ENDS):
            by_task.setdefault(line.task, []).append(line)
    for task, lines in by_task.items():
        for number, line in enumerate(lines):
            due = retimed.get((task, line.body["seq"]), "") if line.event == "deadline_moved" else line.body.get("due")
            if line.event in BEGINS and due and task in tasks:
                until = lines[number + 1].at if number + 1 < len(lines) else None
                asked, ends = tasks[task], datetime.fromisoformat(due)
                found.append(Stretch(task, asked.name, line.at, until, ends, asked.refs))
    return found


def _due(stretch: Stretch, until: datetime, pack: Pack, calendar: WorkingCalendar) -> Iterator[Timed]:
    """The rungs that had to fire in this time: the fixed ones that were still to come, then week after week."""
    steps = pack.ladders[pack.tasks[stretch.name].ladder]
    last_day = calendar.local_day(stretch.due - timedelta(seconds=1))
    deadline: Deadline = calendar.deadline_on(last_day)
    timed = ladder.instants(steps, deadline, calendar, opened_at=stretch.since, refs=stretch.refs)
    fixed = [rung for rung in timed if not rung.skipped]
    yield from (rung for rung in fixed if rung.at < until)
    after = max([stretch.since, *(rung.at for rung in fixed)])
    while (weekly := ladder.weekly_after(steps, deadline, calendar, after=after)) and weekly.at < until:
        yield weekly
        after = weekly.at


def _fired(lines: Sequence[Line]) -> Mapping[str, Sequence[Line]]:
    fired: dict[str, list[Line]] = {}
    for line in lines:
        if line.event == "rung_fired":
            fired.setdefault(line.task, []).append(line)
    return fired


def _retimed(records: Records) -> dict[tuple[str, int], str]:
    """The deadlines that were counted anew, by task and number of the transition."""
    return {
        (f"{one.case_id}.{task}", one.seq): again["due"]
        for one in records.transitions
        for task, again in one.result.get("retimed", {}).items()
    }
