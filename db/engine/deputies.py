"""Who answers for whom while they are away (委托代办): windows of whole local days, the first in, the last out."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from sqlalchemy import (
    ARRAY,
    BindParameter,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    Text,
    any_,
    bindparam,
    exists,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import Mapped, mapped_column

from db.engine.base import Row
from db.engine.tasks import SeatRow
from policies.engine.tasks import BY_ROLE, DEPUTY
from vault.columns import Sealed


class DeputyRow(Row):
    """One person answers for another from a local day until before another (half-open).

    `reason` may be an illness and is sealed. `proof` is the signed authorisation where an office entered it for the
    person. A row is ended by moving `until_day`, never deleted.
    """

    __tablename__ = "deputy"
    __table_args__ = (
        Index("ix_deputy_person", "person", "until_day"),
        Index("ix_deputy_deputy", "deputy", "until_day"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("person.id"))
    deputy: Mapped[str] = mapped_column(ForeignKey("person.id"))
    from_day: Mapped[date]
    until_day: Mapped[date]
    reason: Mapped[str] = mapped_column(Sealed("deputy.reason"))
    proof_type: Mapped[str] = mapped_column(default="")
    proof: Mapped[bytes | None] = mapped_column(LargeBinary)
    entered_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime]
    ended_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]


def in_force(day: date | BindParameter[date]) -> ColumnElement[bool]:
    """Windows that hold this local day."""
    return (DeputyRow.from_day <= day) & (DeputyRow.until_day > day)


def is_away(day: date | BindParameter[date]) -> ColumnElement[bool]:
    """Whether somebody answers for the person of a `SeatRow` that came by a role."""
    return SeatRow.why.in_(sorted(BY_ROLE)) & exists().where(DeputyRow.person == SeatRow.person, in_force(day))


def answers_for(day: date | BindParameter[date]) -> ColumnElement[bool]:
    """Whether the person of a `SeatRow` is the deputy of the one for whom it is held; whether that one still holds the
    role is another matter.
    """
    window = (DeputyRow.person == SeatRow.acting_for, DeputyRow.deputy == SeatRow.person, in_force(day))
    return (SeatRow.why == DEPUTY) & exists().where(*window)


async def deputies_of(record: AsyncConnection, people: Iterable[str], *, on: date) -> Mapping[str, str]:
    """By person, who answers for them that day."""
    found = await record.execute(_DEPUTIES, {"people": list(people), "day": on})
    return {row.person: row.deputy for row in found}


_DAY: BindParameter[date] = bindparam("day", type_=Date())
_DEPUTIES = select(DeputyRow.person, DeputyRow.deputy).where(
    DeputyRow.person == any_(bindparam("people", type_=ARRAY(Text))), in_force(_DAY)
)
