"""A question in a case's state: its present step, its seats, its answers, its deadline. Pure: the case calls it.

What an answer makes of it stands in `answering`, how seats pass in `seats`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from policies.engine.questions import Question

SEND_BACK = "send_back"
# What an answer that sends back may say beside it: the step to ask anew, and that its answer comes straight back.
BACK_TO, STRAIGHT = "back_to", "straight"
# What those may choose who were asked beside: an opinion; a signature, or none.
REPLY, SIGN, DECLINE = "reply", "sign", "decline_to_sign"
BESIDE = frozenset({REPLY, SIGN, DECLINE})
# How a seat beside the step's own came about (decision 0020): asked for an opinion, signs before the step's own people,
# signs once they have agreed.
CONSULTED, BEFORE, AFTER = "consulted", "signs_before", "signs_after"
ADDED = frozenset({CONSULTED, BEFORE, AFTER})
# Seats that came by a role; whoever holds one may have a deputy, who sits there for them.
BY_ROLE, DEPUTY = frozenset({"holder", "vacant", "conflict"}), "deputy"
# Who is only told, and whose seat was taken back, sits nowhere; the record keeps them beside the seats.
COPIED, RECALLED = "copied", "recalled"


class Status(StrEnum):
    """Where a task stands; `opening` lasts until the commit has seated somebody."""

    OPENING = "opening"
    OPEN = "open"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Seat:
    """One person asked. `why` is holder, vacant (DEF-23), conflict (COR-06), deputy, named, handed_over, or one of
    `ADDED`.

    by: who has added the seat, "" for one that the step has by itself. acting_for: the person whose deputy sits here.
    """

    person: str
    role: str
    institution: str
    why: str = "holder"
    by: str = ""
    acting_for: str = ""


@dataclass(frozen=True)
class Rung:
    """One reminder or escalation that is still to fire, at an instant in UTC."""

    name: str
    at: datetime


@dataclass(frozen=True)
class Answer:
    """One person's answer at one step; the words stay in the inbox row of the same request id.

    back_to: the step that an answer which sends back asks anew, -1 for the one before. straight: the answer given there
    comes straight back to the step that has sent back, instead of through the steps between. reopens: a signature was
    declined after the others had agreed, so that the step is asked anew.
    """

    request: str
    person: str
    step: int
    choice: str
    at: datetime
    back_to: int = -1
    straight: bool = False
    reopens: bool = False


@dataclass
class Task:
    """One question with its present step. The global id is `<case id>.<id>`.

    comes_back_to: the step that has sent the task back and gets its answer straight, -1 for none.
    """

    id: str
    key: str
    name: str
    places: dict[str, str]
    refs: dict[str, str]
    to: str = ""
    status: Status = Status.OPENING
    step: int = 0
    revision: int = 1
    seats: list[Seat] = field(default_factory=list)
    due: datetime | None = None
    rungs: list[Rung] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    outcome: str = ""
    urged_at: datetime | None = None
    comes_back_to: int = -1

    def copied(self) -> "Task":
        """A task of its own: what happens to this one later does not reach it. What the lists hold never changes."""
        return replace(
            self,
            places=dict(self.places),
            refs=dict(self.refs),
            seats=list(self.seats),
            rungs=list(self.rungs),
            answers=list(self.answers),
        )

    @property
    def live(self) -> bool:
        """Whether somebody is, or is about to be, asked."""
        return self.status in (Status.OPENING, Status.OPEN)

    @property
    def deciders(self) -> tuple[str, ...]:
        """Everybody who has decided or signed at this task, at any step and revision; an opinion that was asked for is
        neither.
        """
        return tuple(dict.fromkeys(answer.person for answer in self.answers if answer.choice != REPLY))

    @property
    def deciding(self) -> Answer:
        """The last answer of the step's own people: whoever was asked beside decides nothing. Raises IndexError."""
        return [answer for answer in self.answers if answer.choice not in BESIDE][-1]

    def seat_of(self, person: str) -> Seat | None:
        """The seat that a person has at the present step."""
        return next((seat for seat in self.seats if seat.person == person), None)

    def waiting(self, *why: str) -> list[Seat]:
        """Seats of these kinds, or the step's own where none is named, that have not answered."""
        spoken = {answer.person for answer in self.standing_answers()}
        kinds = [seat for seat in self.seats if (seat.why in why if why else seat.why not in ADDED)]
        return [seat for seat in kinds if seat.person not in spoken]

    def choices_of(self, *why: str) -> list[str]:
        """What seats of these kinds, or the step's own where none is named, have chosen."""
        people = {seat.person for seat in self.seats if (seat.why in why if why else seat.why not in ADDED)}
        return [answer.choice for answer in self.standing_answers() if answer.person in people]

    def standing_answers(self) -> list[Answer]:
        """The answers of the present step that count: those given since it was last asked."""
        return [answer for answer in self.answers if answer.step == self.step and answer.request not in self._spent()]

    def _spent(self) -> set[str]:
        """Answers of a step that a later send-back, or a signature declined, has asked anew."""
        last_back = max((i for i, a in enumerate(self.answers) if a.choice == SEND_BACK or a.reopens), default=-1)
        return {answer.request for answer in self.answers[: last_back + 1]}


def opened(question: Question, *, task_id: str) -> Task:
    """The task that a question becomes; nobody is seated yet."""
    return Task(task_id, question.key, question.name, dict(question.places), dict(question.refs), question.to)


def withdrawn(task: Task) -> None:
    """Nobody needs to answer any more: the question has lost its object."""
    task.status, task.rungs = Status.WITHDRAWN, []


def asked_anew(task: Task) -> None:
    """The same step is asked again as a new revision: old links are stale, the whole ladder is re-armed."""
    task.revision += 1
    task.status, task.seats, task.due, task.rungs = Status.OPENING, [], None, []


def seated(task: Task, seats: Iterable[Seat], *, due: datetime | None, rungs: Iterable[Rung]) -> None:
    """The commit has found the people and the deadline."""
    if task.status is Status.OPENING:
        task.status = Status.OPEN
        task.seats, task.due, task.rungs = list(seats), due, list(rungs)


def retimed(task: Task, *, due: datetime, rungs: Iterable[Rung]) -> None:
    """The same people have until another instant; the ladder is armed anew, unless the task was settled meanwhile."""
    if task.status is Status.OPEN:
        task.due, task.rungs = due, list(rungs)


def due_rungs(task: Task, now: datetime) -> list[Rung]:
    """Take the rungs whose instant has come off the task; each fires once."""
    ripe = [rung for rung in task.rungs if rung.at <= now]
    task.rungs = [rung for rung in task.rungs if rung.at > now]
    return ripe
