"""Whom a bureau's call for a talent scheme has reminded: the list as it was that day (DQ-3.5.2b)."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from db.engine.base import Row
from db.engine.row_proof import Owner, RowKind


class TalentListed(Row):
    """One person on the list of one call. call: the call's case, whose facts have its name, closing day and text; term:
    the training that earned the place; sending: the institution whose HR was reminded.
    """

    __tablename__ = "talent_listed"

    call: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    term: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    sending: Mapped[str] = mapped_column(ForeignKey("institution.code"))


TALENT_LISTED = RowKind(
    "talent_listed",
    (TalentListed.call, TalentListed.term, TalentListed.person, TalentListed.sending),
    key=lambda row: str(row["term"]),
    owned=Owner.id == TalentListed.call,
)
