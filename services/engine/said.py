"""What pages say of a pack's parts: titles, clauses with their quotes, deadlines with their basis; plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from db.engine.people import Person
from db.engine.tasks import TaskRow
from policies.engine.pack import Pack
from policies.engine.tasks import ADDED, CONSULTED, DECLINE, REPLY, SIGN
from policies.engine.words import Words
from services.engine.attachments import attached_to
from services.engine.places import PlaceMap
from services.engine.taken import Taken

PROVISIONAL = "provisional"
DRAFT = "consultation_draft"


@dataclass(frozen=True)
class Clause:
    """A clause of the programme with its exact words."""

    rule: str
    path: str
    quote: str
    meaning: Words
    mark: str
    source: Words


@dataclass(frozen=True)
class Due:
    """Until when, and on what the count rests: working days that are ours (`default` names them) or the text's."""

    at: datetime
    provisional: bool
    overdue: bool
    days: int
    basis: str
    default: str
    meaning: Words


@dataclass(frozen=True)
class Option:
    """One choice as a button."""

    name: str
    label: Words
    reason: str
    tone: str


@dataclass(frozen=True)
class Hand:
    """A person who had a decision in hand; `name` is "" for a viewer who may not know it."""

    place: Words
    name: str


@dataclass(frozen=True)
class Opinion:
    """A recorded answer. `name` is "" for a viewer who may not know it; `words` is None where they may not be read.

    `due` is the deadline under which it was given. `why` says how the person came to the seat (holder, vacant,
    conflict, deputy, named or handed_over), `acting_for` whose deputy they are, `stands_for` is the role that the step
    asks for. `recorder` and `checker` are there for a decision on paper.
    """

    task: str
    title: Words
    step: int
    step_name: str
    role: Words
    institution: Words
    name: str
    choice: Words
    words: str | None
    channel: str
    decided_on: date
    received_at: datetime
    recorded_at: datetime
    due: datetime | None
    late: bool
    person: str
    why: str
    stands_for: Words
    recorder: Hand | None = None
    checker: Hand | None = None
    evidence: str = ""
    minutes: str = ""
    acting_for: str = ""


@dataclass(frozen=True)
class Programme:
    """The programme of a case, and whether its text is only a consultation draft."""

    title: Words
    version: str
    draft: bool
    source: Words


def programme(pack: Pack) -> Programme:
    """Which rules a case goes by."""
    return Programme(pack.title, pack.version, pack.status == DRAFT, pack.source)


def clause(pack: Pack, rule: str) -> Clause:
    """A clause of the pack; a rule that the pack does not quote is said by its id alone."""
    found = pack.clauses.get(rule)
    if found is None:
        return Clause(rule, "", "", Words("", ""), "", pack.source)
    return Clause(rule, found.clause, found.quote, found.meaning, found.mark, pack.source)


class Timed(Protocol):
    """A task as far as its deadline goes."""

    @property
    def name(self) -> str:
        """The task's name in the pack."""

    @property
    def status(self) -> str:
        """open, settled or withdrawn."""

    @property
    def step(self) -> int:
        """The present step, counted from 0."""

    @property
    def refs(self) -> dict[str, str]:
        """What the task is about."""

    @property
    def due_at(self) -> datetime | None:
        """Until when, in UTC."""

    @property
    def due_basis(self) -> str:
        """On what kind of calendar that day rests."""


def due(pack: Pack, task: Timed, *, now: datetime) -> Due | None:
    """The deadline of an open task."""
    if task.due_at is None:
        return None
    asked = pack.tasks[task.name]
    counted = asked.steps[min(task.step, len(asked.steps) - 1)].days or asked.days
    # A day that a lifecycle has set may rest on another parameter than the task's working days, and then says on which.
    days = pack.parameters[task.refs.get("due_by", counted)]
    return Due(
        task.due_at,
        provisional=task.due_basis == PROVISIONAL,
        overdue=task.status == "open" and now >= task.due_at,
        days=0 if "due_on" in task.refs else days.whole,
        basis=days.basis,
        default=days.default,
        meaning=days.meaning,
    )


# What whoever was asked beside answers; no programme has words of its own for it.
_REPLY = Option(REPLY, Words("提交意见", "Give your opinion"), "required", "neutral")
_SIGN = Option(SIGN, Words("签署同意", "Sign"), "optional", "positive")
_DECLINE = Option(DECLINE, Words("不同意签署", "Do not sign"), "required", "negative")
_BESIDE = {
    REPLY: Words("提出意见", "Gave an opinion"),
    SIGN: Words("加签同意", "Signed"),
    DECLINE: Words("加签不同意", "Did not sign"),
}


def options(pack: Pack, task: TaskRow, *, why: str = "") -> tuple[Option, ...]:
    """The closed list of the present step for a seat that came about so, agreeing first."""
    if why in ADDED:
        return (_REPLY,) if why == CONSULTED else (_SIGN, _DECLINE)
    known = [pack.choices[name] for name in task.choices if name in pack.choices]
    return tuple(Option(each.name, each.label, each.reason, each.tone) for each in known)


def items(pack: Pack, task: str) -> tuple[Option, ...]:
    """The choices for each person inside the form of the task of this name, if it has any."""
    known = [pack.choices[name] for name in pack.tasks[task].items]
    return tuple(Option(each.name, each.label, each.reason, each.tone) for each in known)


def role(pack: Pack, role_id: str) -> Words:
    """A role's name."""
    known = pack.roles.get(role_id)
    return known.label if known else Words(role_id, role_id)


def stage(pack: Pack, name: str) -> Words:
    """A stage's name; "" while the case is being set up."""
    labels: Mapping[str, Words] = {each.name: each.label for each in pack.stages}
    return labels.get(name, Words(name or "正在建立", name or "Being set up"))


def choice(pack: Pack, name: str) -> Words:
    """A choice's name."""
    if name in _BESIDE:
        return _BESIDE[name]
    known = pack.choices.get(name)
    return known.label if known else Words(name, name)


# Who may not read a judgement of a person learns that there is one, and not which.
_KEPT = Words("已作出(内容不公开)", "Given (not open to you)")


def opinion(
    pack: Pack, task: TaskRow, taken: Taken, *, subject: str | None, places: PlaceMap, words: bool, names: bool
) -> Opinion:
    """A recorded answer for a viewer who may, or may not, read its words and the people's names.

    `subject` is the person whose case it is: they answer for themselves, for no other reason.
    """
    row, seat = taken.row, taken.seat
    return Opinion(
        task=task.id,
        title=pack.tasks[task.name].title,
        step=row.step,
        step_name=task.step_name,
        role=role(pack, row.role),
        institution=places.name(seat.institution if seat else task.institution),
        name=taken.person.name if names else "",
        choice=choice(pack, row.choice) if words or not pack.tasks[task.name].appraisal else _KEPT,
        words=row.words or "" if words else None,
        channel=row.channel,
        decided_on=row.decided_on,
        received_at=row.received_at,
        recorded_at=row.decided_at,
        due=row.due_at,
        late=row.late,
        person=row.person,
        why=seat.why if seat and row.person != subject else "",
        stands_for=role(pack, pack.tasks[task.name].steps[row.step].role),
        recorder=_hand(taken.recorder, places, names=names),
        checker=_hand(taken.checker, places, names=names),
        evidence=row.evidence or attached_to(row.form) if words else "",
        minutes=row.minutes or "",
        acting_for=taken.acted_for.name if taken.acted_for and names else "",
    )


def _hand(person: Person | None, places: PlaceMap, *, names: bool) -> Hand | None:
    return Hand(places.name(person.institution), person.name if names else "") if person else None


def rung(pack: Pack, name: str) -> Words:
    """When a reminder or escalation fires, in words; what is no fixed rung repeats weekly."""
    fixed = {each.name: each for ladder in pack.ladders.values() for each in ladder.rungs}
    if name not in fixed:
        return Words("逾期每周", "weekly while overdue")
    offset, days = fixed[name].offset, abs(fixed[name].offset)
    if fixed[name].since:
        return Words(f"自起算日起第{days}日", f"{days} days after the day that it counts from")
    if offset == 0:
        return Words("到期当日", "on the due day")
    if offset < 0:
        return Words(f"到期前{days}个工作日", f"{days} working days before")
    return Words(f"逾期{days}个工作日", f"{days} working days overdue")


def coded(pack: Pack, name: str, value: str) -> Words | None:
    """The pack's word for a code that a line of the file holds under a name; None when the pack has none."""
    if name in ("choice", "verdict") or value in pack.choices:
        return choice(pack, value)
    if name == "document":
        return pack.documents.get(value)
    says = {"role": role, "rung": rung, "from": stage, "to": stage, "outcome": stage}
    if name in says:
        return says[name](pack, value)
    return pack.tasks[value].title if value in pack.tasks else None
