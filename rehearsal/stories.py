"""What a part is about, by which ids of the policy, and what must stand in the record of who plays it at the end."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction

from db.engine.cases import CaseFile, FindingRow
from policies.engine.calendar import WorkingCalendar
from policies.engine.pack import Pack
from policies.engine.words import Words
from rehearsal.records import Line, Records
from services.engine import said


@dataclass(frozen=True)
class Life:
    """All that the record has of one person: cases in the order of their start, lines, findings, names of tasks."""

    cases: Sequence[CaseFile]
    lines: Sequence[Line]
    findings: Sequence[FindingRow]
    names: Mapping[str, str]
    pack: Pack
    calendar: WorkingCalendar

    def of(self, lifecycle: str) -> list[CaseFile]:
        """The cases of a kind."""
        return [case for case in self.cases if case.lifecycle == lifecycle]

    def lines_of(self, lifecycle: str, event: str) -> list[Line]:
        """The lines of a name in the files of the cases of a kind."""
        cases = {case.id for case in self.of(lifecycle)}
        return [line for line in self.lines if line.case in cases and line.event == event]

    def day(self, at: datetime) -> date:
        """The local day of an instant."""
        return self.calendar.local_day(at)


@dataclass(frozen=True)
class Told:
    """One thing that had to come about: of which kind of case, what had to be, what was (None for nothing) and when."""

    lifecycle: str
    expected: Words
    happened: Words | None
    on: date | None
    holds: bool


class Step(ABC):
    """One thing that has to come about."""

    @abstractmethod
    def told(self, life: Life) -> Told:
        """Whether it has, in words."""


@dataclass(frozen=True)
class Ends(Step):
    """The case of a kind ends so; the one that stands `at` this place among several, counted from 0."""

    lifecycle: str
    outcome: str
    at: int = 0

    def told(self, life: Life) -> Told:
        """How it ended, or where it stands."""
        cases = life.of(self.lifecycle)
        case = cases[self.at] if self.at < len(cases) else None
        expected = said.stage(life.pack, self.outcome)
        if case is None:
            return Told(self.lifecycle, expected, None, None, holds=False)
        happened = said.stage(life.pack, case.outcome or case.stage)
        day = life.day(case.changed_at) if case.state == "closed" else None
        return Told(self.lifecycle, expected, happened, day, holds=case.outcome == self.outcome)


@dataclass(frozen=True)
class Written(Step):
    """A line stands in the file of a case of this kind."""

    lifecycle: str
    event: str

    def told(self, life: Life) -> Told:
        """The first such line."""
        found = next(iter(life.lines_of(self.lifecycle, self.event)), None)
        words = life.pack.events[self.event]
        day = life.day(found.at) if found else None
        return Told(self.lifecycle, words, words if found else None, day, holds=found is not None)


@dataclass(frozen=True)
class Never(Step):
    """No such line stands in any of the person's files; with "" for the event, there is no such case."""

    lifecycle: str
    event: str = ""

    def told(self, life: Life) -> Told:
        """That there is none, or the first."""
        if self.event:
            what = life.pack.events[self.event]
            instants = [line.at for line in life.lines_of(self.lifecycle, self.event)]
        else:
            what = ANY_CASE
            instants = [case.started_at for case in life.of(self.lifecycle)]
        expected = Words(f"不应出现：{what.zh}", f"never: {what.en}")
        happened = what if instants else NEVER
        return Told(self.lifecycle, expected, happened, life.day(instants[0]) if instants else None, not instants)


@dataclass(frozen=True)
class Found(Step):
    """A rule has found this for a case of this kind, with exactly these figures; `outcome` is "ask" where it asks."""

    lifecycle: str
    rule: str
    outcome: str
    words: Words
    figures: Mapping[str, str] = field(default_factory=dict)

    def told(self, life: Life) -> Told:
        """The first finding that fits, else the last one of the rule."""
        cases = {case.id for case in life.of(self.lifecycle)}
        rows = [row for row in life.findings if row.case_id in cases and row.rule == self.rule]
        fitting = next((row for row in rows if self._fits(row)), None)
        row = fitting or next(iter(reversed(rows)), None)
        if row is None:
            return Told(self.lifecycle, self.words, None, None, holds=False)
        words = row.finding["explanation"]
        happened = Words(words["zh"], words["en"])
        return Told(self.lifecycle, self.words, happened, life.day(row.at), holds=fitting is not None)

    def _fits(self, row: FindingRow) -> bool:
        figures = row.finding["figures"]
        same = (Fraction(str(figures[name])) == Fraction(value) for name, value in self.figures.items())
        return (row.outcome or "ask") == self.outcome and all(same)


@dataclass(frozen=True)
class Climbed(Step):
    """A rung of the ladder went off over a task of a case of this kind."""

    lifecycle: str
    task: str
    rung: str
    words: Words

    def told(self, life: Life) -> Told:
        """When it first did."""
        lines = life.lines_of(self.lifecycle, "rung_fired")
        own = [line for line in lines if line.refs["rung"] == self.rung and life.names.get(line.task) == self.task]
        title = life.pack.tasks[self.task].title
        words = Words(f"{title.zh}：{self.words.zh}", f"{title.en}: {self.words.en}")
        return Told(self.lifecycle, words, words if own else None, life.day(own[0].at) if own else None, bool(own))


@dataclass(frozen=True)
class Decided(Step):
    """What people have last said to a task of a case of this kind."""

    lifecycle: str
    task: str
    choice: str

    def told(self, life: Life) -> Told:
        """The choice, as its button says it."""
        lines = [line for line in life.lines_of(self.lifecycle, "decided") if life.names.get(line.task) == self.task]
        said = lines[-1].refs["choice"] if lines else ""
        happened = self._words(life.pack, said) if said else None
        day = life.day(lines[-1].at) if lines else None
        return Told(self.lifecycle, self._words(life.pack, self.choice), happened, day, holds=said == self.choice)

    def _words(self, pack: Pack, choice: str) -> Words:
        title, label = pack.tasks[self.task].title, pack.choices[choice].label
        return Words(f"{title.zh}：{label.zh}", f"{title.en}: {label.en}")


@dataclass(frozen=True)
class Story:
    """What a part is about, in words of the catalogue; rules: ids of the policy; steps: what has to come about."""

    words: str
    rules: Sequence[str] = ()
    steps: Sequence[Step] = ()


ANY_CASE, NEVER = Words("这类事项", "a case of this kind"), Words("没有出现", "it did not come about")


def life_of(person: str, records: Records, pack: Pack, calendar: WorkingCalendar) -> Life:
    """What the record has of a person."""
    cases = sorted((one for one in records.cases if one.subject == person), key=lambda one: (one.started_at, one.id))
    ids = {case.id for case in cases}
    lines = [line for line in records.lines if line.case in ids]
    findings = [row for row in records.findings if row.case_id in ids]
    names = {task.id: task.name for task in records.tasks if task.case_id in ids}
    return Life(cases, lines, findings, names, pack, calendar)


def told_of(story: Story, life: Life) -> Iterator[Told]:
    """Each thing that had to come about."""
    return (step.told(life) for step in story.steps)
