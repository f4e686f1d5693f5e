"""Facts of a term of service: absences without leave (DQ-3.2.2d)."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from db.engine.base import Row
from db.engine.row_proof import Owner, RowKind
from vault.columns import Sealed


class Absence(Row):
    """One time off post without leave, as it was recorded, and what people made of it. Local days, both counted.

    `days`: working days without a break. `state`: recorded, confirmed, dismissed or split (then others name it as
    `part_of`). `times`: how often a confirmed one counts.
    """

    __tablename__ = "absence"

    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    days: Mapped[Decimal] = mapped_column(Numeric(5, 1))
    words: Mapped[str | None] = mapped_column(Sealed("absence.words"))
    recorded_by: Mapped[str]
    channel: Mapped[str]
    recorded_at: Mapped[datetime]
    part_of: Mapped[str | None] = mapped_column(ForeignKey("absence.id"))
    state: Mapped[str] = mapped_column(default="recorded")
    times: Mapped[int | None]
    settled_by: Mapped[str | None]


# What the term's file names once people have settled it; `settled_by` is the request of their answer.
ABSENCE = RowKind(
    "absence",
    (
        Absence.id,
        Absence.case_id,
        Absence.first_day,
        Absence.last_day,
        Absence.days,
        Absence.state,
        Absence.times,
        Absence.settled_by,
    ),
    key=lambda row: str(row["id"]),
    owned=Owner.id == Absence.case_id,
    where=Absence.state != "recorded",
)
