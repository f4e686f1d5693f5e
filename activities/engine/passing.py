"""Seats at open tasks that pass to others, are added or taken back, and of those who are only told (decision 0020)."""

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert as upsert

from activities.engine.scene import Scene
from db.engine.roles import TAKEN_OVER
from db.engine.tasks import SeatRow, TaskRow
from policies.engine.seats import waits_for_its_turn
from policies.engine.tasks import RECALLED, Seat

_KEY = ("task_id", "person", "revision")


async def pass_seats(scene: Scene) -> None:
    """Write what a transition has changed of the seats of tasks that stay open."""
    handed, transition = scene.handed_over(), scene.transition
    if not (handed or transition.recalled or transition.copied):
        return
    await scene.send_writes()
    for key in transition.recalled:
        await _take_back(scene, *key.split("/"))
    for local, seat in handed:
        await _seat(scene, local, seat)
    for key, seat in transition.copied.items():
        await _copy(scene, key.split("/")[0], seat)


async def _take_back(scene: Scene, local: str, person: str) -> None:
    revision = scene.transition.snapshot.task(local).revision
    theirs = (SeatRow.task_id == scene.task_id(local), SeatRow.person == person, SeatRow.revision == revision)
    await scene.session.execute(update(SeatRow).where(*theirs).values(open=False, why=RECALLED))


async def _seat(scene: Scene, local: str, seat: Seat) -> None:
    """Who has no seat any more is no longer asked; who sat there before may sit again, in another role or place."""
    task = await scene.session.get_one(TaskRow, scene.task_id(local))
    state = scene.transition.snapshot.task(local)
    spoken = {answer.person for answer in state.standing_answers()}
    waits = seat.person not in spoken and not waits_for_its_turn(state, scene.pack.shape(state.name), seat)
    kept = {one.person for one in state.seats}
    gone = (SeatRow.task_id == task.id, SeatRow.open, SeatRow.person.not_in(kept))
    await scene.session.execute(update(SeatRow).where(*gone).values(open=False))
    row = _row(task, seat) | {"open": waits, "due_at": task.due_at}
    again = {name: value for name, value in row.items() if name not in _KEY}
    await scene.session.execute(upsert(SeatRow).values(row).on_conflict_do_update(index_elements=_KEY, set_=again))
    if seat.why in TAKEN_OVER:
        task.vacant = False


async def _copy(scene: Scene, local: str, seat: Seat) -> None:
    """A seat at which nothing is asked: who is told may see the case as those do who were asked in it."""
    task = await scene.session.get_one(TaskRow, scene.task_id(local))
    row = _row(task, seat) | {"open": False}
    await scene.session.execute(upsert(SeatRow).values(row).on_conflict_do_nothing())


def _row(task: TaskRow, seat: Seat) -> dict[str, object]:
    return {
        "task_id": task.id,
        "person": seat.person,
        "revision": task.revision,
        "role": seat.role,
        "institution": seat.institution or None,
        "why": seat.why,
        "acting_for": seat.acting_for or None,
    }
