"""What passes between a case and its commit. Frozen, plain, ids only: histories are for ever.

Instants are aware datetimes in UTC. Words (reasons, opinions) and form contents never stand here; they are read
from the inbox row of the same request id.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

from policies.engine.questions import Shape
from policies.engine.refusals import TaskUnknown
from policies.engine.tasks import Rung, Seat, Task

# The notice that makes a case look whether its people still hold the roles in which they were asked.
ROLES_ENDED = "roles_ended"


@dataclass(frozen=True)
class PackRef:
    """The immutable version of a programme's rules that a case carries (DEF-20)."""

    id: str
    version: str
    sha256: str


@dataclass
class CaseState:
    """What a case knows beyond its start: small, complete, and enough to go on from anywhere."""

    seq: int = 0
    stage: str = ""
    tasks: list[Task] = field(default_factory=list)
    asked: int = 0
    applied: list[str] = field(default_factory=list)
    notices: list["Notice"] = field(default_factory=list)
    heard: dict[str, "Notice"] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)

    def copied(self) -> "CaseState":
        """A state of its own: what happens to this one later does not reach it. Every commit of a case makes one."""
        return replace(
            self,
            tasks=[task.copied() for task in self.tasks],
            applied=list(self.applied),
            notices=list(self.notices),
            heard=dict(self.heard),
            marks=dict(self.marks),
        )

    def task(self, task_id: str) -> Task:
        """The task with this id, or `TaskUnknown`."""
        for task in self.tasks:
            if task.id == task_id:
                return task
        raise TaskUnknown(task=task_id)


@dataclass(frozen=True)
class CaseStart:
    """The facts of a start and the parameters that shape the path; `state` is there when the case goes on from a
    snapshot.
    """

    case_id: str
    pack: PackRef
    shapes: dict[str, Shape]
    facts: dict[str, str]
    state: CaseState | None = None


@dataclass(frozen=True)
class Decide:
    """One answer to one task. `refs` are ids or codes that the path depends on, never words."""

    request: str
    task: str
    person: str
    choice: str
    revision: int
    received_at: datetime
    channel: str = "page"
    refs: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Act:
    """Something else that a person does to a case; `verb` names the handler in `workflows/engine/inbox.py`."""

    request: str
    verb: str
    person: str
    received_at: datetime
    task: str = ""
    refs: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Notice:
    """What one case tells another; `request` makes it count once."""

    request: str
    name: str
    refs: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Recorded:
    """The answer to an update: recorded now or, for a repeated request, before."""

    request: str
    again: bool = False


@dataclass(frozen=True)
class Asked:
    """A step that needs people and a deadline. `apart` are persons who may not sit here (DEF-12, COR-06)."""

    task: str
    key: str
    name: str
    step: int
    step_name: str
    role: str
    place: str
    revision: int
    choices: tuple[str, ...]
    refs: dict[str, str]
    to: str = ""
    apart: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answered:
    """An answer that the case has taken, with the seat it was given from and the deadline it had."""

    request: str
    task: str
    person: str
    step: int
    revision: int
    choice: str
    seat: Seat
    due: datetime | None


@dataclass(frozen=True)
class Fired:
    """A rung whose instant has come."""

    task: str
    rung: str
    at: datetime


@dataclass(frozen=True)
class Line:
    """One line for the case's file."""

    name: str
    actor: str = ""
    task: str = ""
    request: str = ""
    rule_ids: tuple[str, ...] = ()
    refs: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Effect:
    """A write of the lifecycle inside the commit: `name` picks the function, its answer comes back under `key`."""

    key: str
    name: str
    refs: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Telling:
    """A letter about an outcome to one person, or to the holders of a role at a place."""

    kind: str
    person: str = ""
    role: str = ""
    place: str = ""
    details: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Posted:
    """A notice on its way to another case."""

    to: str
    name: str
    refs: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Transition:
    """All that has happened in a case since its last commit, written as one SQL transaction under (case, seq).

    looked_at: open steps whose people may no longer hold their roles; the commit seats others where that is so.
    handed: who has taken a seat over, was added, or has the turn now, by "<task>/<person>"; older histories have the
    task alone. recalled: added seats that were taken back. replied: who had asked for an opinion that was given.
    copied: who is told of the case.
    partial: the snapshot holds only what has changed since the transition before; the record has the rest.
    """

    case_id: str
    seq: int
    at: datetime
    stage: str
    snapshot: CaseState
    outcome: str = ""
    holds_key: bool = False
    asked: tuple[Asked, ...] = ()
    looked_at: tuple[Asked, ...] = ()
    settled: dict[str, str] = field(default_factory=dict)
    withdrawn: tuple[str, ...] = ()
    answers: tuple[Answered, ...] = ()
    acts: tuple[str, ...] = ()
    fired: tuple[Fired, ...] = ()
    handed: dict[str, Seat] = field(default_factory=dict)
    retimed: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    effects: tuple[Effect, ...] = ()
    tellings: tuple[Telling, ...] = ()
    notices: tuple[Posted, ...] = ()
    partial: bool = False
    recalled: tuple[str, ...] = ()
    replied: tuple[str, ...] = ()
    copied: dict[str, Seat] = field(default_factory=dict)


@dataclass(frozen=True)
class Seated:
    """Who was found for an asked step, and until when."""

    seats: tuple[Seat, ...]
    due: datetime | None
    rungs: tuple[Rung, ...]


@dataclass(frozen=True)
class Retimed:
    """The new deadline of a task that stays with its people, and the ladder armed anew."""

    due: datetime
    rungs: tuple[Rung, ...]


@dataclass(frozen=True)
class Reseated:
    """Whose seats at an open task have ended, and who sits there for them now; deadline and ladder go on."""

    former: tuple[str, ...]
    seats: tuple[Seat, ...]


@dataclass(frozen=True)
class Committed:
    """What the commit found out: seats and deadlines of asked steps, answers of effects, further rungs of a ladder."""

    seated: dict[str, Seated] = field(default_factory=dict)
    effects: dict[str, str] = field(default_factory=dict)
    further: dict[str, tuple[Rung, ...]] = field(default_factory=dict)
    retimed: dict[str, Retimed] = field(default_factory=dict)
    reseated: dict[str, Reseated] = field(default_factory=dict)
