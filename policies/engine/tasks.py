"""A question in a case's state: steps, seats, answers, and what an answer makes of it. Pure: the case calls it.

Kinds: 或签 any, 会签 all, 票签 quorum, 依次 in turn. Sources: DEF-07 (silence decides nothing), DEF-12, COR-05, COR-06.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from policies.engine.questions import Kind, Question, Shape
from policies.engine.refusals import AlreadyAnswered, ChoiceUnknown, NotYourTask, StaleRevision, TaskClosed

SEND_BACK = "send_back"
NO_QUORUM = "no_quorum"


class Status(StrEnum):
    """Where a task stands; `opening` lasts until the commit has seated somebody."""

    OPENING = "opening"
    OPEN = "open"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Seat:
    """One person asked. `why` is holder, vacant (DEF-23), conflict (COR-06), named or handed_over."""

    person: str
    role: str
    institution: str
    why: str = "holder"


@dataclass(frozen=True)
class Rung:
    """One reminder or escalation that is still to fire, at an instant in UTC."""

    name: str
    at: datetime


@dataclass(frozen=True)
class Answer:
    """One person's answer at one step; the words stay in the inbox row of the same request id."""

    request: str
    person: str
    step: int
    choice: str
    at: datetime


@dataclass
class Task:
    """One question with its present step. The global id is `<case id>.<id>`."""

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
        """Everybody who has answered this task, at any step and revision."""
        return tuple(dict.fromkeys(answer.person for answer in self.answers))

    def standing_answers(self) -> list[Answer]:
        """The answers of the present step that count: those given since it was last asked."""
        return [answer for answer in self.answers if answer.step == self.step and answer.request not in self._spent()]

    def _spent(self) -> set[str]:
        """Answers of a step that a later send-back has asked anew."""
        last_back = max((i for i, a in enumerate(self.answers) if a.choice == SEND_BACK), default=-1)
        return {answer.request for answer in self.answers[: last_back + 1]}


def opened(question: Question, *, task_id: str) -> Task:
    """The task that a question becomes; nobody is seated yet."""
    return Task(task_id, question.key, question.name, dict(question.places), dict(question.refs), question.to)


def choices_at(task: Task, shape: Shape) -> tuple[str, ...]:
    """The closed list of the present step; later steps of a chain may also send back."""
    choices = shape.steps[task.step].choices
    return (*choices, SEND_BACK) if task.step > 0 else choices


def ensure_answers(task: Task, shape: Shape, *, person: str, choice: str, revision: int) -> None:
    """Refuse an answer that the task as it stands cannot take."""
    if not task.live:
        raise TaskClosed(task=task.id, outcome=task.outcome)
    if revision != task.revision:
        raise StaleRevision(task=task.id, asked=str(task.revision), answered=str(revision))
    if task.status is Status.OPEN and person not in {seat.person for seat in task.seats}:
        raise NotYourTask(task=task.id)
    if any(answer.person == person for answer in task.standing_answers()):
        raise AlreadyAnswered(task=task.id)
    if choice not in choices_at(task, shape):
        raise ChoiceUnknown(task=task.id, choice=choice)


@dataclass(frozen=True)
class Effect:
    """What an answer did to its task: settled it, moved it to another step, or neither (more answers are awaited)."""

    settled: bool = False
    moved: bool = False


def answered(task: Task, shape: Shape, answer: Answer) -> Effect:
    """Take an answer that `ensure_answers` has let through."""
    task.answers.append(answer)
    if answer.choice == SEND_BACK:
        return _ask_step(task, task.step - 1)
    if shape.kind is Kind.IN_TURN and task.step < len(shape.steps) - 1:
        return _ask_step(task, task.step + 1)
    outcome = _verdict(shape, [a.choice for a in task.standing_answers()], len(task.seats))
    return settle(task, outcome) if outcome else Effect()


def settle(task: Task, outcome: str) -> Effect:
    """Close the task with its outcome."""
    task.status, task.outcome, task.rungs = Status.SETTLED, outcome, []
    return Effect(settled=True)


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


def handed_over(task: Task, *, giver: str, taker: Seat) -> None:
    """One seat passes to another person; the deadline and the ladder go on, the other seats' links stay good.

    Nobody sits twice: who takes over beside a seat of their own has one answer.
    """
    others = [seat for seat in task.seats if seat.person not in (giver, taker.person)]
    task.seats = [*others, taker]


def reseated(task: Task, *, former: Iterable[str], seats: Iterable[Seat]) -> None:
    """Others sit for people whose role has ended; whoever has answered meanwhile was still asked, and has answered."""
    if task.status is not Status.OPEN:
        return
    spoken = {answer.person for answer in task.standing_answers()}
    gone = set(former) - spoken
    kept = [seat for seat in task.seats if seat.person not in gone]
    known = {seat.person for seat in kept}
    task.seats = [*kept, *(seat for seat in seats if seat.person not in known)]


def due_rungs(task: Task, now: datetime) -> list[Rung]:
    """Take the rungs whose instant has come off the task; each fires once."""
    ripe = [rung for rung in task.rungs if rung.at <= now]
    task.rungs = [rung for rung in task.rungs if rung.at > now]
    return ripe


def _ask_step(task: Task, step: int) -> Effect:
    task.step = step
    asked_anew(task)
    return Effect(moved=True)


def _verdict(shape: Shape, choices: list[str], seats: int) -> str:
    """The outcome that the answers of one step make, or "" while more are awaited."""
    if shape.kind is Kind.ALL:
        negative = next((choice for choice in choices if choice not in shape.positive), "")
        return negative or (choices[-1] if len(choices) >= seats else "")
    if shape.kind is Kind.QUORUM:
        return _quorum(choices, needed=shape.quorum, left=seats - len(choices))
    return choices[-1]


def _quorum(choices: list[str], *, needed: int, left: int) -> str:
    votes = {choice: choices.count(choice) for choice in dict.fromkeys(choices)}
    winner = next((choice for choice, count in votes.items() if count >= needed), "")
    reachable = max(votes.values(), default=0) + left >= needed
    return winner or ("" if reachable else NO_QUORUM)
