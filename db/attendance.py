"""Attendance of a term day by day, and what people said of stretches that the pack's table leaves open (COR-13)."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, func
from sqlalchemy.orm import Mapped, mapped_column

from db.engine.base import Row
from db.engine.row_proof import Owner, RowKind
from vault.columns import Sealed


class AttendanceDay(Row):
    """One local day of a term by its halves, as `policies/days.py` names them.

    The highest `revision` of a day is the one that holds; those before it stay as they were recorded.
    """

    __tablename__ = "attendance_day"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    morning: Mapped[str]
    afternoon: Mapped[str]
    words: Mapped[str | None] = mapped_column(Sealed("attendance_day.words"))
    recorded_by: Mapped[str]
    channel: Mapped[str]
    recorded_at: Mapped[datetime]


class AskedStretch(Row):
    """Days of one type without a break, as they stood when people were asked about them. Local days, both counted.

    `state`: asked, settled, or gone when a correction has left nothing to ask, or a later question has taken its place.
    `weighs`: counts, pauses or restarts, "" while that is open. `asked_in`: the later segment in which they were asked,
    for days that were recorded after the person had gone on elsewhere (EXC-08); None: their own case.
    """

    __tablename__ = "asked_stretch"

    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), index=True)
    kind: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date]
    asked_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="asked")
    weighs: Mapped[str] = mapped_column(default="")
    settled_by: Mapped[str | None]
    asked_in: Mapped[str | None] = mapped_column(ForeignKey("case_file.id"), index=True)


# The case whose people are asked about a stretch, and whose file names it.
stretch_asked_in = func.coalesce(AskedStretch.asked_in, AskedStretch.case_id)

# What the term's file names once people have said it.
STRETCH = RowKind(
    "asked_stretch",
    (
        AskedStretch.id,
        AskedStretch.case_id,
        AskedStretch.kind,
        AskedStretch.first_day,
        AskedStretch.last_day,
        AskedStretch.state,
        AskedStretch.weighs,
        AskedStretch.settled_by,
    ),
    key=lambda row: str(row["id"]),
    owned=Owner.id == stretch_asked_in,
    where=AskedStretch.weighs != "",
)
