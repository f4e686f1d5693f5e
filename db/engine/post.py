"""The outbox of letters and the fingerprints of the links in them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from db.engine.base import Row


class LetterRow(Row):
    """One letter to one person. Its id comes from the case, so a retried commit writes it once.

    `state` is waiting, sending (leased), sent, refused (the server said never) or skipped (its instant had passed
    at the start).
    """

    __tablename__ = "letter"
    __table_args__ = (
        Index("ix_letter_waiting", "not_before", postgresql_where=text("state in ('waiting', 'sending')")),
        Index("ix_letter_case_id", "case_id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str | None] = mapped_column(ForeignKey("case_file.id"))
    task_id: Mapped[str | None] = mapped_column(ForeignKey("task.id"))
    person: Mapped[str] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]
    revision: Mapped[int] = mapped_column(default=0)
    details: Mapped[dict[str, str]]
    link_key: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    not_before: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(default="")


class LinkRow(Row):
    """What a link may do: one purpose, one person, one task revision, until an instant. Only the token's SHA-256 is
    kept.
    """

    __tablename__ = "link"

    fingerprint: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    letter_id: Mapped[str] = mapped_column(ForeignKey("letter.id"))
    task_id: Mapped[str | None]
    person: Mapped[str] = mapped_column(ForeignKey("person.id"))
    revision: Mapped[int]
    purpose: Mapped[str]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
