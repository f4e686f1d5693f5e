"""Who mentors whom (DQ-3.2.2b): one trainee has one mentor, and one mentor one trainee."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from db.engine.base import Row
from db.engine.row_proof import Owner, RowKind

ACTIVE = text("ended_at IS NULL")


class Mentorship(Row):
    """A teacher named for one trainee's term; the `number` counts those who were named for it, 0 is who mentored before
    it was imported (COR-17).

    `state`: named, accepted, declined, left (while the training went on) or ended (with it). Until it has ended no
    other trainee can have the teacher, and the trainee no other teacher. `settled_by`: the request of the naming, then
    of the answer or of the word that the teacher has left; "" of one who was imported.
    """

    __tablename__ = "mentorship"
    __table_args__ = (
        Index("uq_mentorship_active_mentor", "mentor", unique=True, postgresql_where=ACTIVE),
        Index("uq_mentorship_active_case", "case_id", unique=True, postgresql_where=ACTIVE),
    )

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    mentor: Mapped[str] = mapped_column(ForeignKey("person.id"))
    state: Mapped[str]
    settled_by: Mapped[str]
    named_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


MENTORSHIP = RowKind(
    "mentorship",
    (
        Mentorship.case_id,
        Mentorship.number,
        Mentorship.mentor,
        Mentorship.state,
        Mentorship.settled_by,
        Mentorship.named_at,
        Mentorship.ended_at,
    ),
    key=lambda row: str(row["number"]),
    owned=Owner.id == Mentorship.case_id,
)
