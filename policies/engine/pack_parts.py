"""The parts of a policy pack: parameters, clauses, choices, tasks, ladders, roles. All frozen, all read from TOML."""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import time
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256

from policies.engine.finding import Basis, Mark
from policies.engine.questions import Kind, Shape, StepShape
from policies.engine.words import Words

Number = int | Fraction | Decimal
ParameterValue = int | Decimal | str | tuple[str, ...]

COMPARISONS: Mapping[str, Callable[[Fraction, Fraction], bool]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
    "=": operator.eq,
}
UNITS = frozenset(
    {
        "years", "months", "days", "half_days", "working_days", "weeks", "times", "percent", "people", "yuan",
        "wan_yuan", "departments", "bureaus", "dimensions", "points", "pieces", "times_a_year", "month_day", "date",
        "words", "setting",
    }
)  # fmt: skip
SIDES = frozenset(
    {"sending", "receiving", "group", "bureau", "institution", "person", "employer", "commission", "finance"}
)
PLACES = SIDES
TONES = frozenset({"positive", "negative", "neutral"})
RUNG_KINDS = frozenset({"reminder", "urge", "escalation"})
RECEIVERS = frozenset({"assignee", "hr", "superior", "next_level", "monitor"})
# When a role's holder is asked in another's place: the role is vacant there, its holder is barred there, or neither
# helps and the nearest above decides (DEF-23, COR-06).
VACANCY, CONFLICT, ABOVE = "vacancy", "conflict", "above"
STEPS_IN = frozenset({VACANCY, CONFLICT, ABOVE})


@dataclass(frozen=True)
class Clause:
    """One rule drawn from a clause of the document, with its exact words.

    lines: of the source text, one for each quote; a table and a list spread one rule over several.
    """

    rule: str
    clause: str
    lines: tuple[int, ...]
    quotes: tuple[str, ...]
    mark: Mark
    meaning: Words

    @property
    def line(self) -> int:
        """Where the first quote stands."""
        return self.lines[0]

    def line_of(self, words: str) -> int:
        """Where some of its words stand; where the first quote does for words that are none of its own."""
        found = (line for line, quote in zip(self.lines, self.quotes, strict=False) if words and words in quote)
        return next(found, self.line)

    @property
    def quote(self) -> str:
        """All quotes of the clause as one text."""
        return ";".join(self.quotes)


@dataclass(frozen=True)
class Parameter:
    """One number or setting with its unit, its comparison word (policy 0.2) and where it comes from.

    `default` names the DEF or COR id (or "PD") of a value that is ours and not the document's; `quote` is the exact
    words of a value that is. An inactive value is shown and never computed with, until its owner confirms it.
    """

    name: str
    value: ParameterValue
    unit: str
    comparison: str
    rule: str
    clause: str
    line: int
    quote: str
    mark: Mark
    basis: Basis
    meaning: Words
    default: str = ""
    active: bool = True

    @property
    def number(self) -> Fraction:
        """The exact number; raises NotANumber for a setting or a list."""
        if isinstance(self.value, int | Decimal):
            return Fraction(self.value)
        raise NotANumber(self.name)

    @property
    def whole(self) -> int:
        """The number as an integer; raises NotANumber if it is none."""
        if self.number.denominator != 1:
            raise NotANumber(self.name)
        return self.number.numerator

    @property
    def listed(self) -> tuple[str, ...]:
        """The words of a list; a single setting is a list of one."""
        return self.value if isinstance(self.value, tuple) else (str(self.value),)

    def holds_for(self, figure: Number) -> bool:
        """Whether a figure stands on the right side of the number, by the document's own comparison word (DEF-03)."""
        return COMPARISONS[self.comparison](Fraction(figure), self.number)


@dataclass(frozen=True)
class Choice:
    """One button: its label, whether a written reason goes with it, and its tone."""

    name: str
    label: Words
    reason: str
    tone: str


@dataclass(frozen=True)
class Stage:
    """Where a case may stand; an end state is a stage that nothing leaves."""

    name: str
    label: Words
    end: bool


@dataclass(frozen=True)
class StepType:
    """One asking of a role at a symbolic place; `days` names a parameter in working days of its own, or is empty."""

    name: str
    role: str
    at: str
    choices: tuple[str, ...]
    days: str


@dataclass(frozen=True)
class TaskType:
    """One question that a lifecycle asks. `items` are the choices per person inside the task's form, if it has any.

    apart_from: tasks of the same case whose people may not sit at this one (DEF-12, COR-06).
    appraisal: what is answered judges a person, and is read only where the case lies and above (policy.md 6).
    """

    name: str
    title: Words
    ask: Words
    rule: str
    side: str
    kind: Kind
    quorum: int
    days: str
    grave: bool
    ladder: str
    form: str
    steps: tuple[StepType, ...]
    items: tuple[str, ...]
    apart_from: tuple[str, ...]
    appraisal: bool = False


@dataclass(frozen=True)
class RungType:
    """One reminder or escalation, `offset` working days from the due day; several receivers may be told.

    since: a ref of the task that names a local day (ISO); the offset is then so many calendar days after it.
    """

    name: str
    offset: int
    kind: str
    to: tuple[str, ...]
    since: str = ""


@dataclass(frozen=True)
class WeeklyType:
    """What repeats, after so many overdue working days, every so many weeks, until somebody decides."""

    after: int
    every_weeks: int
    kind: str
    to: tuple[str, ...]


@dataclass(frozen=True)
class LadderType:
    """A ladder as data: fixed rungs, then the weekly one; all fire at one local time of their working day."""

    name: str
    at: time
    rungs: tuple[RungType, ...]
    weekly: WeeklyType | None


@dataclass(frozen=True)
class Role:
    """A role of the catalogue; `escalates_to` is an order: the first of them that has a holder is told.

    address: how a letter greets its holder, with the places {name} and {surname} (COR-09).
    steps_in: when its holder is asked in another's place, by STEPS_IN.
    """

    id: str
    label: Words
    escalates_to: tuple[str, ...]
    address: Words
    steps_in: tuple[str, ...] = ()


@dataclass(frozen=True)
class TellingType:
    """What a letter about an outcome says: the matter, and how it ended; {side} is the title of the task behind it."""

    name: str
    title: Words
    result: Words


@dataclass(frozen=True)
class Pack:
    """The rules of one programme in one version.

    base: the pack that it extends, with that one's version, "county 2024-08-30"; "" for one that stands alone. Both are
    programmes of one document and share its year.
    """

    id: str
    version: str
    programme: str
    title: Words
    status: str
    source: Words
    time_zone: str
    group_word: Words
    parameters: dict[str, Parameter]
    clauses: dict[str, Clause]
    choices: dict[str, Choice]
    stages: tuple[Stage, ...]
    tasks: dict[str, TaskType]
    ladders: dict[str, LadderType]
    roles: dict[str, Role]
    tellings: dict[str, TellingType]
    events: dict[str, Words]
    documents: dict[str, Words]
    text: str = field(repr=False)
    base: str = ""

    @property
    def sha256(self) -> str:
        """The hex SHA-256 of the pack's text in UTF-8."""
        return sha256(self.text.encode()).hexdigest()

    def stepping_in(self, when: str) -> tuple[str, ...]:
        """The roles whose holder is asked in another's place then; who leads from above is the last of them."""
        found = [role for role in self.roles.values() if when in role.steps_in]
        return tuple(role.id for role in sorted(found, key=lambda role: ABOVE in role.steps_in))

    def working_days(self, task: str, step: int = 0) -> int:
        """How many working days a task's step may take: its own parameter, else the task's (DEF-05)."""
        asked = self.tasks[task]
        return self.parameters[asked.steps[step].days or asked.days].whole

    def shape(self, task: str) -> Shape:
        """What a case carries of a task, so that a later pack cannot change a running case (DEF-20)."""
        asked = self.tasks[task]
        named = [self.choices[name] for name in dict.fromkeys(name for step in asked.steps for name in step.choices)]
        return Shape(
            steps=tuple(StepShape(step.name, step.role, step.at, step.choices) for step in asked.steps),
            side=asked.side,
            kind=asked.kind,
            quorum=asked.quorum,
            positive=tuple(choice.name for choice in named if choice.tone == "positive"),
            reasons=tuple(choice.name for choice in named if choice.reason == "required"),
            apart_from=asked.apart_from,
        )


class NotANumber(TypeError):
    """A rule asked a setting for its number."""
