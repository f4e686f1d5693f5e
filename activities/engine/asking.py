"""Who is asked, and until when: seats, deadlines and rungs of the steps that a case asks."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import select, update

from activities.engine.messages import Asked, Retimed, Seated
from activities.engine.scene import Scene
from db.engine.deputies import deputies_of
from db.engine.people import Person
from db.engine.roles import BY_NAME, holders, nearest_holders
from db.engine.tasks import SeatRow, TaskRow
from policies.engine import ladder
from policies.engine.calendar import Deadline
from policies.engine.pack_parts import ABOVE, CONFLICT, VACANCY
from policies.engine.tasks import DEPUTY, Rung, Seat


async def ask(scene: Scene) -> tuple[dict[str, Seated], list[Asked]]:
    """Seat every asked step; also the steps for which the role had no holder, of which HR is told (DEF-23, COR-06)."""
    seated: dict[str, Seated] = {}
    odd: list[Asked] = []
    taken: list[str] = []
    for asked in scene.transition.asked:
        barred = {*asked.apart, *(taken if _other_side(scene, asked) else ())}
        found = await seats(scene, asked, barred)
        taken.extend(seat.person for seat in found)
        deadline = _counted(scene, asked.name, asked.step, asked.refs)
        rungs = _rungs(scene, asked.task, asked.name, deadline, refs=asked.refs)
        seated[asked.task] = Seated(tuple(found), deadline.due, rungs)
        if not found or any(seat.why in ("vacant", "conflict") for seat in found):
            odd.append(asked)
        _write(scene, asked, seated[asked.task], deadline)
    return seated, odd


def _other_side(scene: Scene, asked: Asked) -> bool:
    """Two sides asked in one breath must not meet in one person either (COR-06)."""
    shape = scene.pack.shape(asked.name)
    return any(other.name in shape.apart_from for other in scene.transition.asked if other is not asked)


async def seats(scene: Scene, asked: Asked, barred: set[str]) -> list[Seat]:
    """The people for a step by the ordinary rule: its holders, else by conflict or vacancy; none may be barred."""
    if asked.to:
        # Whoever a lifecycle asks by name answers for themselves and needs no role; so does the subject of the case.
        why = "named" if asked.to == scene.case.subject else BY_NAME
        return [Seat(asked.to, asked.role, await _home(scene, asked), why)]
    today = scene.calendar.local_day(scene.at)
    found = await holders(scene.connection, asked.role, asked.place, on=today)
    free = [Seat(person, asked.role, asked.place) for person in found if person not in barred]
    if seated := await _with_deputies(scene, free, barred):
        return seated
    stepping_in = await (_by_conflict if found else _by_vacancy)(scene, asked, barred)
    return await _with_deputies(scene, stepping_in, barred)


async def _with_deputies(scene: Scene, found: list[Seat], barred: set[str]) -> list[Seat]:
    """Deputies in the seats of those who are away; a deputy who may not sit there leaves the seat to the rule of a
    conflict (COR-06). Nobody sits twice.
    """
    away = await deputies_of(scene.connection, [seat.person for seat in found], on=scene.calendar.local_day(scene.at))
    seated = [seat for seat in found if seat.person not in away]
    for seat in found:
        deputy = away.get(seat.person, "")
        if deputy and deputy not in barred and deputy not in {one.person for one in seated}:
            seated.append(Seat(deputy, seat.role, seat.institution, DEPUTY, acting_for=seat.person))
    return seated


async def _home(scene: Scene, asked: Asked) -> str:
    """A person asked by name sits at their own institution."""
    return await scene.session.scalar(select(Person.institution).where(Person.id == asked.to)) or ""


async def _by_conflict(scene: Scene, asked: Asked, barred: set[str]) -> list[Seat]:
    """Deputy head of that side, then the leader in charge above, else nobody: HR names someone (COR-06)."""
    return await _stepping_in(scene, asked, barred, when=CONFLICT, why="conflict")


async def _by_vacancy(scene: Scene, asked: Asked, barred: set[str]) -> list[Seat]:
    """That body's head; where none may, the leader in charge above. The step is never skipped (DEF-23)."""
    return await _stepping_in(scene, asked, barred, when=VACANCY, why="vacant")


async def _stepping_in(scene: Scene, asked: Asked, barred: set[str], *, when: str, why: str) -> list[Seat]:
    """Who is asked in another's place: at that body by the pack's order, else the nearest who leads from above."""
    today = scene.calendar.local_day(scene.at)
    for role in scene.pack.stepping_in(when):
        there = await holders(scene.connection, role, asked.place, on=today)
        free = [Seat(person, role, asked.place, why) for person in there if person not in barred]
        if free:
            return free
    above = await nearest_holders(scene.connection, scene.pack.stepping_in(ABOVE), asked.place, on=today)
    return [Seat(person, role, place, why) for person, role, place in above if person not in barred]


def _counted(scene: Scene, name: str, step: int, refs: Mapping[str, str]) -> Deadline:
    """N working days from the case's own instant, or the day that the lifecycle has set (a window, a first day)."""
    if due_on := refs.get("due_on"):
        return scene.calendar.deadline_on(date.fromisoformat(due_on))
    return scene.calendar.deadline_after(scene.at, scene.pack.working_days(name, step))


async def retime(scene: Scene, local: str) -> Retimed:
    """Count an open task's deadline anew from the case's instant; people and links stay."""
    await scene.send_writes()
    task = await scene.session.get_one(TaskRow, scene.task_id(local))
    task.refs = dict(scene.transition.snapshot.task(local).refs)
    deadline = _counted(scene, task.name, task.step, task.refs)
    task.due_at, task.due_basis, task.last_rung = deadline.due, deadline.basis.value, ""
    open_seats = update(SeatRow).where(SeatRow.task_id == task.id, SeatRow.open)
    await scene.session.execute(open_seats.values(due_at=deadline.due))
    return Retimed(deadline.due, _rungs(scene, local, task.name, deadline, refs=task.refs))


def _rungs(scene: Scene, local: str, name: str, deadline: Deadline, *, refs: Mapping[str, str]) -> tuple[Rung, ...]:
    """The rungs still to come; those already past at the start are recorded as skipped, never mailed."""
    steps = scene.pack.ladders[scene.pack.tasks[name].ladder]
    timed = ladder.instants(steps, deadline, scene.calendar, opened_at=scene.at, refs=refs)
    coming = [rung for rung in timed if not rung.skipped]
    if not coming and (weekly := ladder.weekly_after(steps, deadline, scene.calendar, after=scene.at)):
        coming = [weekly]
    scene.skipped.extend((local, rung.name) for rung in timed if rung.skipped)
    return tuple(Rung(rung.name, rung.at) for rung in coming)


def _write(scene: Scene, asked: Asked, seated: Seated, deadline: Deadline) -> None:
    pack_task = scene.pack.tasks[asked.name]
    row = {
        "id": scene.task_id(asked.task),
        "case_id": scene.case.id,
        "key": asked.key,
        "name": asked.name,
        "status": "open",
        "step": asked.step,
        "step_name": asked.step_name,
        "role": asked.role,
        "institution": seated.seats[0].institution or None if seated.seats else asked.place or None,
        "revision": asked.revision,
        "choices": list(asked.choices),
        "refs": asked.refs,
        "grave": pack_task.grave,
        "opened_at": scene.at,
        "due_at": deadline.due,
        "due_basis": deadline.basis.value,
        "last_rung": "",
        "escalated": False,
        "vacant": not seated.seats or any(seat.why == "vacant" for seat in seated.seats),
        "outcome": "",
    }
    scene.writes.put(TaskRow, row)
    scene.writes.add(SeatRow, *(seat_row(scene, asked, seat, due=deadline.due) for seat in seated.seats))


def seat_row(scene: Scene, asked: Asked, seat: Seat, *, due: datetime | None) -> dict[str, object]:
    """An open seat at a step, as the record keeps it."""
    return {
        "task_id": scene.task_id(asked.task),
        "person": seat.person,
        "revision": asked.revision,
        "role": seat.role,
        "institution": seat.institution or None,
        "why": seat.why,
        "acting_for": seat.acting_for or None,
        "open": True,
        "due_at": due,
    }
