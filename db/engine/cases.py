"""Cases, their transitions, their file of events, and the versions of the packs that they carry."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from db.engine.base import Row


class PackVersion(Row):
    """A programme's rules as they were loaded: stored once, never changed. Quotes on screen are read from here."""

    __tablename__ = "pack_version"

    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str]
    text: Mapped[str]
    loaded_at: Mapped[datetime]


class CaseFile(Row):
    """One running lifecycle. `state` is starting, open or closed.

    `open_key` (programme and person) is unique; the case lets go of it when it ends without a lasting result.
    """

    __tablename__ = "case_file"
    __table_args__ = (
        Index("ix_case_file_cycle_lifecycle", "cycle", "lifecycle"),
        Index("ix_case_file_starting", "started_at", postgresql_where=text("state = 'starting'")),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    business_key: Mapped[str] = mapped_column(unique=True)
    open_key: Mapped[str | None] = mapped_column(unique=True)
    lifecycle: Mapped[str]
    programme: Mapped[str]
    cycle: Mapped[str] = mapped_column(default="")
    institution: Mapped[str | None] = mapped_column(ForeignKey("institution.code"))
    subject: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)
    pack: Mapped[str]
    pack_version: Mapped[str]
    pack_sha256: Mapped[str]
    facts: Mapped[dict[str, Any]]
    shapes: Mapped[dict[str, Any]]
    snapshot: Mapped[dict[str, Any] | None]
    state: Mapped[str] = mapped_column(default="starting")
    stage: Mapped[str] = mapped_column(default="")
    outcome: Mapped[str] = mapped_column(default="")
    seq: Mapped[int] = mapped_column(default=0)
    events: Mapped[int] = mapped_column(default=0)
    file_head: Mapped[bytes | None] = mapped_column(LargeBinary)
    file_seal: Mapped[bytes | None] = mapped_column(LargeBinary)
    started_by: Mapped[str] = mapped_column(default="")
    started_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class TransitionRow(Row):
    """One committed transition with the result that a retry is answered with; `seq` has no gaps in a case."""

    __tablename__ = "transition"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    result: Mapped[dict[str, Any]]


class EventRow(Row):
    """One line of a case's file. The database refuses UPDATE, DELETE, TRUNCATE; `mac` chains it to the line before."""

    __tablename__ = "event"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    body: Mapped[str]
    previous: Mapped[bytes] = mapped_column(LargeBinary)
    mac: Mapped[bytes] = mapped_column(LargeBinary)
    key_id: Mapped[str]


class FindingRow(Row):
    """What a rule made of facts in a case: kept whole, so that "why?" can be answered after years."""

    __tablename__ = "finding"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), index=True)
    person: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    rule: Mapped[str]
    outcome: Mapped[str | None]
    finding: Mapped[dict[str, Any]]
    at: Mapped[datetime]
