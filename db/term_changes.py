"""What is proposed for a running term, and what became of it (EXC-07, EXC-08, DEF-14)."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from db.engine.base import Row
from db.engine.row_proof import Owner, RowKind
from vault.columns import Sealed

EARLY_END, TRANSFER = "early_end", "transfer"
AGREED = "agreed"


class TermChange(Row):
    """An early end, or a transfer to another institution, as it was proposed. Local days.

    `kind`: early_end or transfer. `occasion`: why an end is proposed, as the rule of who may propose it has it.
    `last_day`: the proposed last one. `destination`: the institution to which the person is to be transferred.
    `state`: proposed, agreed, refused, or moot when the term has ended otherwise. `ends_on`: the last day as agreed;
    `starts_on`: the first one at the destination; `site_months`: whether the months at one site "restart" there, or
    "continue".
    """

    __tablename__ = "term_change"
    # One at a time: a second proposal waits for the answer to the first.
    __table_args__ = (
        Index(
            "uq_term_change_under_way",
            "case_id",
            unique=True,
            postgresql_where=text("state = ANY (ARRAY['proposed', 'agreed'])"),
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), index=True)
    kind: Mapped[str]
    occasion: Mapped[str] = mapped_column(default="")
    last_day: Mapped[date]
    words: Mapped[str | None] = mapped_column(Sealed("term_change.words"))
    proposed_by: Mapped[str]
    proposed_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="proposed")
    ends_on: Mapped[date | None]
    destination: Mapped[str | None] = mapped_column(ForeignKey("institution.code"))
    starts_on: Mapped[date | None]
    site_months: Mapped[str | None]
    settled_by: Mapped[str | None]


# What the term's file names once people have settled it; `settled_by` is the request of their answer.
CHANGE = RowKind(
    "term_change",
    (
        TermChange.id,
        TermChange.case_id,
        TermChange.kind,
        TermChange.occasion,
        TermChange.last_day,
        TermChange.state,
        TermChange.ends_on,
        TermChange.destination,
        TermChange.starts_on,
        TermChange.site_months,
        TermChange.settled_by,
    ),
    key=lambda row: str(row["id"]),
    owned=Owner.id == TermChange.case_id,
    where=TermChange.state != "proposed",
)
