"""Whose turn it is at a task, what they may answer, and what an answer makes of it. Pure: the case calls it.

Kinds: 或签 any, 会签 all, 票签 quorum, 依次 in turn. Sources: DEF-07 (silence decides nothing), DEF-12, COR-05, COR-06,
decision 0020 (who was added).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from policies.engine.questions import Kind, Shape
from policies.engine.refusals import (
    AlreadyAnswered,
    ChoiceUnknown,
    NotYetYourTurn,
    NotYourTask,
    StaleRevision,
    StepUnknown,
    TaskClosed,
)
from policies.engine.tasks import (
    ADDED,
    AFTER,
    BEFORE,
    CONSULTED,
    DECLINE,
    REPLY,
    SEND_BACK,
    SIGN,
    Answer,
    Seat,
    Status,
    Task,
    asked_anew,
)
from policies.engine.verdicts import verdict


def choices_at(task: Task, shape: Shape) -> tuple[str, ...]:
    """The closed list of the present step; later steps of a chain may also send back."""
    choices = shape.steps[task.step].choices
    return (*choices, SEND_BACK) if task.step > 0 else choices


def choices_for(why: str | None, choices: Sequence[str]) -> Sequence[str]:
    """What the person of a seat that came about so may choose: whoever was added gives an opinion, or signs or not."""
    if why == CONSULTED:
        return (REPLY,)
    return (SIGN, DECLINE) if why in ADDED else choices


def ensure_answers(task: Task, shape: Shape, *, person: str, choice: str, revision: int) -> None:
    """Refuse an answer that the task as it stands cannot take."""
    if not task.live:
        raise TaskClosed(task=task.id, outcome=task.outcome)
    if revision != task.revision:
        raise StaleRevision(task=task.id, asked=str(task.revision), answered=str(revision))
    seat = task.seat_of(person)
    if task.status is Status.OPEN and seat is None:
        raise NotYourTask(task=task.id)
    if any(answer.person == person for answer in task.standing_answers()):
        raise AlreadyAnswered(task=task.id)
    if choice not in choices_for(seat.why if seat else None, choices_at(task, shape)):
        raise ChoiceUnknown(task=task.id, choice=choice)
    if seat and seat not in called(task, shape):
        raise NotYetYourTurn(task=task.id)


def ensure_sends_back(task: Task, *, back_to: int) -> None:
    """Refuse to send back to what is no earlier step."""
    if not -1 <= back_to < task.step:
        raise StepUnknown(task=task.id, step=str(back_to))


def called(task: Task, shape: Shape) -> list[Seat]:
    """Whose turn it is: those asked for an opinion; who signs before; then the step's own; then who signs after."""
    consulted = task.waiting(CONSULTED)
    if before := task.waiting(BEFORE):
        return [*consulted, *before]
    own = verdict(shape, task.choices_of(), _own_seats(task))
    if not own:
        return [*consulted, *task.waiting()]
    return [*consulted, *task.waiting(AFTER)] if own in shape.positive else consulted


@dataclass(frozen=True)
class Effect:
    """What an answer did to its task: settled it, moved it to another step, or neither (more answers are awaited).

    called: whose turn it has become by this answer. replied: who had asked for the opinion that this answer is.
    """

    settled: bool = False
    moved: bool = False
    called: tuple[Seat, ...] = ()
    replied: str = ""


def answered(task: Task, shape: Shape, answer: Answer) -> Effect:
    """Take an answer that `ensure_answers` has let through."""
    seat, before = task.seat_of(answer.person), called(task, shape)
    reopens = answer.choice == DECLINE and seat is not None and seat.why == AFTER
    task.answers.append(replace(answer, reopens=reopens))
    if answer.choice == REPLY:
        return Effect(replied=seat.by if seat else "")
    if answer.choice == SEND_BACK:
        return _sent_back(task, answer)
    if reopens:
        # The step's own people have agreed without knowing this: they are asked anew.
        return _ask_step(task, task.step)
    return concluded(task, shape, before)


def concluded(task: Task, shape: Shape, before: list[Seat]) -> Effect:
    """What the answers that a task has make of it now; `before` are those whose turn it was until now."""
    outcome, last = _outcome(task, shape), task.step == len(shape.steps) - 1
    if not outcome:
        return Effect(called=tuple(seat for seat in called(task, shape) if seat not in before))
    if shape.kind is Kind.IN_TURN and not last:
        onwards, task.comes_back_to = max(task.comes_back_to, task.step + 1), -1
        return _ask_step(task, onwards)
    task.status, task.outcome, task.rungs = Status.SETTLED, outcome, []
    return Effect(settled=True)


def _ask_step(task: Task, step: int) -> Effect:
    task.step = step
    asked_anew(task)
    return Effect(moved=True)


def _sent_back(task: Task, answer: Answer) -> Effect:
    task.comes_back_to = task.step if answer.straight else -1
    return _ask_step(task, answer.back_to if answer.back_to >= 0 else task.step - 1)


def _own_seats(task: Task) -> int:
    return sum(seat.why not in ADDED for seat in task.seats)


def _outcome(task: Task, shape: Shape) -> str:
    """The outcome that the step's own people have made, or "" while somebody is awaited.

    Who was added decides nothing: signatures before are waited for, those after only once the others have agreed.
    """
    own = verdict(shape, task.choices_of(), _own_seats(task))
    signed_off = own not in shape.positive or not task.waiting(AFTER)
    return own if signed_off and not task.waiting(BEFORE) else ""
