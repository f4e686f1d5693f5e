"""Who sits at an open task for people whose role there has ended: the ordinary rule once more (DEF-23, COR-06).

Deadline, ladder and the links of those who stay go on. A case looks when it is told that roles have ended, and whenever
it reminds or escalates.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from activities.engine import asking
from activities.engine.messages import ROLES_ENDED, Asked, Reseated, Seated
from activities.engine.scene import Scene
from db.engine.cases import CaseFile
from db.engine.roles import lost_seats
from db.engine.tasks import InboxRow, SeatRow, TaskRow
from policies.engine.calendar import CHINA
from policies.engine.tasks import ADDED, DEPUTY, Seat

# Rows of one statement: the driver sends 32,767 values with a statement at most, and a row has some eleven.
SLICE = 1000
# Who was found at which other tasks in the same transition.
Others = Sequence[tuple[str, Sequence[Seat]]]


@dataclass(frozen=True)
class Change:
    """Whose seats at one step have ended, who still waits there to answer, and who was found beside them.

    beside: only who was asked beside the step's own people has gone.
    """

    asked: Asked
    former: tuple[Seat, ...]
    waiting: tuple[Seat, ...]
    found: tuple[Seat, ...]
    beside: bool = False

    @property
    def as_told(self) -> Reseated:
        """What the case learns."""
        return Reseated(tuple(seat.person for seat in self.former), self.found)

    @property
    def gone(self) -> tuple[Seat, ...]:
        """Those who are no longer asked in any role."""
        found = {seat.person for seat in self.found}
        return tuple(seat for seat in self.former if seat.person not in found)

    @property
    def reason(self) -> str:
        """Why somebody else is asked: a deputy has come, or has gone, or a role has ended."""
        if {seat.acting_for for seat in self.found} & {seat.person for seat in self.former}:
            return "deputy_sits"
        return "deputy_gone" if any(seat.acting_for for seat in self.former) else "role_ended"

    @property
    def is_odd(self) -> bool:
        """Whether HR must know: nobody sits there, or somebody who holds another role (DEF-23)."""
        if self.beside:
            return False
        return not (self.waiting or self.found) or any(seat.why in ("vacant", "conflict") for seat in self.found)


async def reseat(scene: Scene, seated: Mapping[str, Seated]) -> list[Change]:
    """Seat others where a role has ended, among the steps that the transition looks at.

    `seated`: who has just been found for the steps that the same transition asks.
    """
    looked_at = scene.transition.looked_at
    if not looked_at:
        return []
    lost = {asked.task: (await scene.standing(asked.task)).lost for asked in looked_at}
    changes: list[Change] = []
    new = [(asked.name, seated[asked.task].seats) for asked in scene.transition.asked]
    for asked in looked_at:
        if former := _still_asked(scene, asked, lost[asked.task]):
            others = [*new, *((change.asked.name, change.found) for change in changes)]
            changes.append(await _change(scene, asked, former, others))
            await _write(scene, changes[-1])
    return changes


def _still_asked(scene: Scene, asked: Asked, lost: Sequence[str]) -> tuple[Seat, ...]:
    """Not who has handed the task over in this very transition."""
    seats = scene.transition.snapshot.task(asked.task).seats
    return tuple(seat for seat in seats if seat.person in lost)


async def _change(scene: Scene, asked: Asked, former: tuple[Seat, ...], others: Others) -> Change:
    task = scene.transition.snapshot.task(asked.task)
    answered = {answer.person for answer in task.standing_answers()}
    waiting = tuple(seat for seat in task.waiting() if seat not in former)
    if all(seat.why in ADDED for seat in former):
        # Nobody stands in for an opinion or a signature that one person was asked for.
        return Change(asked, former, waiting, (), beside=True)
    # Nobody is asked twice: where all who are left have answered, the step is as good as vacant.
    found = await asking.seats(scene, asked, {*asked.apart, *_other_side(scene, asked, others), *answered})
    holders = [seat for seat in found if seat.why in ("holder", DEPUTY)]
    known = {seat.person for seat in waiting}
    # While somebody is left who may answer, the head is not asked beside them.
    fresh = tuple(seat for seat in (holders if waiting else found) if seat.person not in known)
    return Change(asked, former, waiting, fresh)


def _other_side(scene: Scene, asked: Asked, others: Others) -> set[str]:
    """Two sides seated in one breath must not meet in one person either, whichever of them says so (COR-06)."""
    apart = scene.pack.shape(asked.name).apart_from
    barring = [seats for name, seats in others if name in apart or asked.name in scene.pack.shape(name).apart_from]
    return {seat.person for seats in barring for seat in seats}


async def _write(scene: Scene, change: Change) -> None:
    del scene.standings[change.asked.task]
    task = await scene.session.get_one(TaskRow, scene.task_id(change.asked.task))
    gone = [seat.person for seat in change.former]
    await scene.session.execute(
        update(SeatRow)
        .where(SeatRow.task_id == task.id, SeatRow.person.in_(gone), SeatRow.open)
        .values(open=False)
        .execution_options(synchronize_session=False)
    )
    for seat in change.found:
        row = asking.seat_row(scene, change.asked, seat, due=task.due_at)
        again = {name: row[name] for name in ("open", "role", "institution", "why", "acting_for", "due_at")}
        keys = ["task_id", "person", "revision"]
        await scene.session.execute(upsert(SeatRow).values(row).on_conflict_do_update(index_elements=keys, set_=again))
    if change.beside:
        return
    seats = (*change.waiting, *change.found)
    task.vacant = not seats or any(seat.why == "vacant" for seat in seats)
    if not change.waiting:
        task.institution = seats[0].institution or None if seats else change.asked.place or None


async def tell_of_ended_roles(session: AsyncSession, *, at: datetime, people: Sequence[str] | None = None) -> int:
    """A notice to every case where somebody (of these people) sits in a role that has ended; the number of cases.

    It is brought by whoever delivers what waits in the inbox. A case is told once before it moves on.
    """
    day = at.astimezone(CHINA).date()
    query = select(CaseFile.id, CaseFile.seq).where(CaseFile.id.in_(_cases(day, people))).order_by(CaseFile.id)
    rows = [
        {
            "request": f"{case}.roles.{day:%Y%m%d}.{seq}",
            "case_id": case,
            "verb": "notice",
            "message": {"name": ROLES_ENDED, "refs": {}},
            "form": {},
            "received_at": at,
        }
        for case, seq in await session.execute(query)
    ]
    for start in range(0, len(rows), SLICE):
        await session.execute(upsert(InboxRow).values(rows[start : start + SLICE]).on_conflict_do_nothing())
    return len(rows)


def _cases(day: date, people: Sequence[str] | None) -> Select[str]:
    lost = lost_seats(day).with_only_columns(TaskRow.case_id)
    return lost if people is None else lost.where(or_(SeatRow.person.in_(people), SeatRow.acting_for.in_(people)))
