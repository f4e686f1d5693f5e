"""What becomes of a time in which a term stands still (EXC-09)."""

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import update

from activities.engine.scene import EffectFunction, Scene
from db.engine.tasks import SeatRow, TaskRow
from db.standstills import STANDSTILL, Standstill

OPEN_ENDED = "-"
_ONE_DAY = timedelta(days=1)


async def begin_standstill(scene: Scene, refs: Mapping[str, str]) -> str:
    """Taken by the term: its kind and days, "-" for an end that is not known, and whether it is over already:
    "suspension 2027-03-01 - no".
    """
    row = await scene.session.get_one(Standstill, refs["standstill"])
    row.state = "stands"
    scene.name_row(STANDSTILL, STANDSTILL.content_of(row))
    last_day = row.last_day.isoformat() if row.last_day else OPEN_ENDED
    over = row.last_day is not None and row.last_day < scene.calendar.local_day(scene.at)
    return f"{row.kind} {row.first_day.isoformat()} {last_day} {'yes' if over else 'no'}"


async def end_standstill(scene: Scene, refs: Mapping[str, str]) -> str:
    """Its last day: as told, or the day before the one on which, by the form of an answer, the service goes on."""
    row = await scene.session.get_one(Standstill, refs["standstill"])
    if last_day := refs.get("last_day"):
        row.last_day = date.fromisoformat(last_day)
    else:
        row.last_day = date.fromisoformat((await scene.form_of(refs["request"]))["resumes_on"]) - _ONE_DAY
    row.state, row.settled_by = "ended", refs["request"] or row.settled_by
    scene.name_row(STANDSTILL, STANDSTILL.content_of(row))
    return row.last_day.isoformat()


async def hold_deadlines(scene: Scene, refs: Mapping[str, str]) -> str:
    """These open tasks have no deadline while the term stands still; nobody is late in them."""
    tasks = [scene.task_id(local) for local in refs["tasks"].split()]
    await scene.send_writes()
    await scene.session.execute(update(TaskRow).where(TaskRow.id.in_(tasks)).values(due_at=None))
    await scene.session.execute(update(SeatRow).where(SeatRow.task_id.in_(tasks), SeatRow.open).values(due_at=None))
    return ""


EFFECTS: Mapping[str, EffectFunction] = {
    one.__name__: one for one in (begin_standstill, end_standstill, hold_deadlines)
}
