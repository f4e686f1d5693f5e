"""Finding the holders of a role, at a body or at the nearest above it, and the seats of those who are none any more."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import (
    ARRAY,
    BindParameter,
    ColumnElement,
    Date,
    Select,
    Text,
    and_,
    any_,
    bindparam,
    case,
    exists,
    or_,
    select,
)
from sqlalchemy.exc import NoResultFound
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.orm import aliased

from db.engine.cases import CaseFile
from db.engine.deputies import answers_for, is_away
from db.engine.people import Institution, Person, RoleHolding
from db.engine.tasks import InboxRow, SeatRow, TaskRow
from policies.engine.tasks import ADDED, COPIED, DEPUTY, RECALLED

# Who was given a seat by a colleague or by HR may hold another role there than the one that the task asks.
TAKEN_OVER = ("handed_over", "named")
GIVEN = (*TAKEN_OVER, *sorted(ADDED), COPIED, RECALLED)
# Whom a lifecycle asks by name: a person of that institution, with whatever role or none.
BY_NAME = "by_name"


def held_on(day: date | BindParameter[date]) -> ColumnElement[bool]:
    """A holding is good from its first day until before its last."""
    return (RoleHolding.held_from <= day) & or_(RoleHolding.held_until.is_(None), RoleHolding.held_until > day)


async def holders(record: AsyncConnection, role: str, institution: str, *, on: date) -> list[str]:
    """The persons who hold the role at the institution that day, in a stable order."""
    values = {"role": role, "institution": institution, "day": on}
    return list(await record.scalars(_HOLDERS, values))


async def bodies_above(record: AsyncConnection | AsyncSession, institution: str) -> list[str]:
    """The institution itself, its parent, and so on up."""
    chain: list[str] = []
    current: str | None = institution
    while current and current not in chain:
        chain.append(current)
        current = await record.scalar(_PARENT, {"code": current})
    return chain


async def nearest_holders(
    record: AsyncConnection, roles: Sequence[str], institution: str, *, on: date
) -> list[tuple[str, str, str]]:
    """(person, role, institution) of the first of the roles that somebody holds, looking upwards for each."""
    chain = await bodies_above(record, institution)
    found = await record.execute(_HOLDERS_OF_ANY, {"roles": list(roles), "institutions": chain, "day": on})
    return _first([(person, role, place) for person, role, place in found], roles, chain)


_DAY: BindParameter[date] = bindparam("day", type_=Date())
_HOLDERS = (
    select(RoleHolding.person)
    .where(RoleHolding.role == bindparam("role"), RoleHolding.institution == bindparam("institution"), held_on(_DAY))
    .order_by(RoleHolding.held_from, RoleHolding.person)
)
_PARENT = select(Institution.parent).where(Institution.code == bindparam("code"))
_HOLDERS_OF_ANY = select(RoleHolding.person, RoleHolding.role, RoleHolding.institution).where(
    RoleHolding.role == any_(bindparam("roles", type_=ARRAY(Text))),
    RoleHolding.institution == any_(bindparam("institutions", type_=ARRAY(Text))),
    held_on(_DAY),
)


def _first(
    found: Iterable[tuple[str, str, str]], roles: Sequence[str], chain: Sequence[str]
) -> list[tuple[str, str, str]]:
    known = sorted(found)
    for role in roles:
        for place in chain:
            here = [one for one in known if one[1:] == (role, place)]
            if here:
                return here
    return []


# An alias: the query around may read people of its own.
_ASKED = aliased(Person)


def seat_is_held(day: date | BindParameter[date]) -> ColumnElement[bool]:
    """Whether the person of a `SeatRow` still sits there by right; the query joins the seat's `CaseFile`.

    By the role in which the person was asked; where the seat was given, by any role at that institution; where the
    person was asked by name, by belonging there; a deputy, while the other is away and holds the role. The person whose
    case it is answers for nobody else.
    """
    holder = case((SeatRow.why == DEPUTY, SeatRow.acting_for), else_=SeatRow.person)
    holding = exists().where(
        RoleHolding.person == holder,
        RoleHolding.institution == SeatRow.institution,
        or_(RoleHolding.role == SeatRow.role, *(SeatRow.why == why for why in GIVEN)),
        held_on(day),
    )
    at_home = exists().where(_ASKED.id == SeatRow.person, _ASKED.institution == SeatRow.institution)
    own = SeatRow.person.is_not_distinct_from(CaseFile.subject)
    by_right = holding & or_(SeatRow.why != DEPUTY, answers_for(day))
    return or_(own, SeatRow.institution.is_(None), (SeatRow.why == BY_NAME) & at_home, by_right)


def lost_seats(day: date | BindParameter[date]) -> Select[SeatRow]:
    """The open seats whose person's role there has ended, or for whom a deputy answers now; a caller narrows them down
    to tasks, or to persons.
    """
    return (
        select(SeatRow)
        .join(TaskRow, TaskRow.id == SeatRow.task_id)
        .join(CaseFile, CaseFile.id == TaskRow.case_id)
        .where(SeatRow.open, _is_lost(day))
    )


def _is_lost(day: date | BindParameter[date]) -> ColumnElement[bool]:
    """Of an open seat with its task and case. Not lost is that of a person whose answer, given while the role was held,
    has yet to reach the case: it counts.
    """
    on_its_way = exists().where(
        InboxRow.state == "pending",
        InboxRow.verb == "decide",
        InboxRow.task_id == SeatRow.task_id,
        InboxRow.person == SeatRow.person,
    )
    passed_on = or_(~seat_is_held(day), is_away(day))
    return and_(TaskRow.status == "open", CaseFile.state == "open", passed_on, ~on_its_way)


@dataclass(frozen=True)
class Standing:
    """A task as the record has it. seated: the people of its open seats; lost: those of them whose role has ended."""

    id: str
    name: str
    role: str
    institution: str | None
    revision: int
    due_at: datetime | None
    escalated: bool
    seated: tuple[str, ...]
    lost: tuple[str, ...]


async def standing(record: AsyncConnection, task: str, *, on: date) -> Standing:
    """How a task stands that day; its people in a stable order. Raises NoResultFound."""
    rows = (await record.execute(_STANDING, {"task": task, "day": on})).all()
    if not rows:
        raise NoResultFound(task)
    one = rows[0]
    return Standing(
        one.id,
        one.name,
        one.role,
        one.institution,
        one.revision,
        one.due_at,
        one.escalated,
        # An outer join: a task without people comes with none.
        seated=tuple(row.person for row in rows if row.person is not None),
        lost=tuple(row.person for row in rows if row.lost and row.person is not None),
    )


# Every rung runs this. One task and not a list of them: for a list PostgreSQL makes a new plan each time, for longer
# than it then looks.
_STANDING = (
    select(
        TaskRow.id,
        TaskRow.name,
        TaskRow.role,
        TaskRow.institution,
        TaskRow.revision,
        TaskRow.due_at,
        TaskRow.escalated,
        SeatRow.person,
        _is_lost(_DAY).label("lost"),
    )
    .join(CaseFile, CaseFile.id == TaskRow.case_id)
    .outerjoin(SeatRow, (SeatRow.task_id == TaskRow.id) & SeatRow.open)
    .where(TaskRow.id == bindparam("task"))
    .order_by(SeatRow.person)
)
