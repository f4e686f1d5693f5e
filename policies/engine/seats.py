"""How seats at an open task pass, end and are added (转办, 征求意见, 加签). Pure: the case calls it.

Sources: DEF-12, DEF-23, COR-06, decision 0020.
"""

from collections.abc import Iterable

from policies.engine.answering import Effect, called, choices_at, concluded
from policies.engine.questions import Shape
from policies.engine.refusals import AlreadyAnswered, NotYourTask, SignerUnfit
from policies.engine.tasks import ADDED, AFTER, CONSULTED, REPLY, Seat, Status, Task


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


def ensure_adds(task: Task, shape: Shape, seat: Seat) -> None:
    """Refuse a signer, or somebody asked for an opinion, whom the task cannot take now.

    Who adds has to answer at this step and has not yet; who is added sits nowhere at it and has decided no step of it.
    """
    adder = task.seat_of(seat.by)
    if adder is None or adder.why in ADDED:
        raise NotYourTask(task=task.id)
    if adder not in task.waiting():
        raise AlreadyAnswered(task=task.id)
    decided = {answer.person for answer in task.answers if answer.choice != REPLY}
    if task.seat_of(seat.person) or seat.person in decided:
        raise SignerUnfit(task=task.id)
    if seat.why != CONSULTED and not set(choices_at(task, shape)) & set(shape.positive):
        raise SignerUnfit(task=task.id)


def added(task: Task, seat: Seat) -> None:
    """A seat beside the step's own; deadline and ladder go on."""
    task.seats = [*task.seats, seat]


def recalled(task: Task, shape: Shape, *, by: str, person: str) -> Effect:
    """Who has added a seat takes it back while it is unanswered; where all others have answered, theirs count now.

    Raises NotYourTask, AlreadyAnswered.
    """
    seat, before = task.seat_of(person), called(task, shape)
    if seat is None or seat.why not in ADDED or seat.by != by:
        raise NotYourTask(task=task.id)
    if seat not in task.waiting(seat.why):
        raise AlreadyAnswered(task=task.id)
    task.seats = [one for one in task.seats if one.person != person]
    return concluded(task, shape, before)


def waits_for_its_turn(task: Task, shape: Shape, seat: Seat) -> bool:
    """Whether a seat is there but others answer first: it gets its letter when its turn comes."""
    return seat.why == AFTER and seat not in called(task, shape)
