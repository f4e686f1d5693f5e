"""What institutions report at the start of a year: posts they need, trainees they send, staff they can send down (F-01
to F-03).
"""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from db.engine.base import Row


class DemandLine(Row):
    """One line of a grassroots institution's demand plan (F-01, DQ-3.1.2a). Only the latest revision counts."""

    __tablename__ = "demand_line"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    specialty: Mapped[str]
    headcount: Mapped[int]
    mode: Mapped[str]
    duties: Mapped[str] = mapped_column(default="")


class TraineeLine(Row):
    """One trainee that the institution reports beside its demand (F-02, DQ-3.1.2b)."""

    __tablename__ = "trainee_line"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    specialty: Mapped[str]


class SupplyLine(Row):
    """One name on a hospital's dispatch list with what the three-year rule found (F-03, DQ-3.1.2c, DQ-3.1.1a)."""

    __tablename__ = "supply_line"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    specialty: Mapped[str]
    eligible: Mapped[str]
