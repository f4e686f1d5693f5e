"""Recorded answers with the people around them: who decided, from which seat, who recorded and who checked it."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.engine.people import Person
from db.engine.tasks import DecisionRow, SeatRow


@dataclass(frozen=True)
class Taken:
    """One answer. Recorder and checker are there for a decision taken on paper or in a meeting (COR-04).

    acted_for: whose deputy gave it.
    """

    row: DecisionRow
    person: Person
    seat: SeatRow | None
    recorder: Person | None
    checker: Person | None
    acted_for: Person | None = None


async def taken(session: AsyncSession, which: ColumnElement[bool]) -> list[Taken]:
    """The answers of a case or a task, the oldest first."""
    query = _TAKEN.where(which).order_by(DecisionRow.decided_at, DecisionRow.received_at)
    return [Taken(*row) for row in await session.execute(query)]


# Made once: to put it together costs as much as to ask it.
_RECORDER, _CHECKER, _ACTED_FOR = aliased(Person), aliased(Person), aliased(Person)
_SEATED = (
    (SeatRow.task_id == DecisionRow.task_id)
    & (SeatRow.person == DecisionRow.person)
    & (SeatRow.revision == DecisionRow.revision)
)
_TAKEN = (
    select(DecisionRow, Person, SeatRow, _RECORDER, _CHECKER, _ACTED_FOR)
    .join(Person, Person.id == DecisionRow.person)
    .outerjoin(SeatRow, _SEATED)
    .outerjoin(_RECORDER, _RECORDER.id == DecisionRow.recorded_by)
    .outerjoin(_CHECKER, _CHECKER.id == DecisionRow.checked_by)
    .outerjoin(_ACTED_FOR, _ACTED_FOR.id == DecisionRow.on_behalf_of)
)
