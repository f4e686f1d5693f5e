"""Tasks, seats, decisions and the inbox: what is asked, of whom, and what they answered."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from db.engine.base import Row
from vault.columns import Sealed


class TaskRow(Row):
    """The read model of one question. `status` is open, settled or withdrawn; overdue is derived from `due_at`."""

    __tablename__ = "task"
    __table_args__ = (
        Index("ix_task_case_id_status", "case_id", "status"),
        Index("ix_task_due_at", "due_at", postgresql_where=text("status = 'open'")),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"))
    key: Mapped[str]
    name: Mapped[str]
    status: Mapped[str]
    step: Mapped[int]
    step_name: Mapped[str]
    role: Mapped[str]
    institution: Mapped[str | None]
    revision: Mapped[int]
    choices: Mapped[list[str]]
    refs: Mapped[dict[str, str]]
    grave: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    due_basis: Mapped[str] = mapped_column(default="")
    last_rung: Mapped[str] = mapped_column(default="")
    escalated: Mapped[bool] = mapped_column(default=False)
    vacant: Mapped[bool] = mapped_column(default=False)
    settled_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(default="")


class SeatRow(Row):
    """One person asked by one revision of a task. my-tasks reads the index of open seats, nothing else."""

    __tablename__ = "seat"
    __table_args__ = (Index("ix_seat_person_open", "person", "due_at", postgresql_where=text("open")),)

    task_id: Mapped[str] = mapped_column(ForeignKey("task.id"), primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    role: Mapped[str]
    institution: Mapped[str | None]
    why: Mapped[str]
    acting_for: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    open: Mapped[bool]
    due_at: Mapped[datetime | None]


class DecisionRow(Row):
    """One recorded answer. Never updated or deleted; a correction is a new row (DEF-18)."""

    __tablename__ = "decision"
    __table_args__ = (Index("ix_decision_case_id", "case_id", "decided_at"),)

    request: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"))
    task_id: Mapped[str] = mapped_column(ForeignKey("task.id"))
    revision: Mapped[int]
    step: Mapped[int]
    person: Mapped[str] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str]
    on_behalf_of: Mapped[str] = mapped_column(default="")
    choice: Mapped[str]
    channel: Mapped[str]
    words: Mapped[str | None] = mapped_column(Sealed("decision.words"))
    form: Mapped[dict[str, Any]]
    due_at: Mapped[datetime | None]
    late: Mapped[bool]
    decided_on: Mapped[date]
    received_at: Mapped[datetime]
    decided_at: Mapped[datetime]
    recorded_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    checked_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    evidence: Mapped[str | None] = mapped_column(ForeignKey("evidence.sha256"))
    minutes: Mapped[str | None]


class InboxRow(Row):
    """What reached us for a case and must reach its workflow: an answer, an act, a notice of another case.

    `state` is pending, applied or refused. Written before Temporal is asked; the request id is the Update's id.
    """

    __tablename__ = "inbox"
    __table_args__ = (Index("ix_inbox_pending", "received_at", postgresql_where=text("state = 'pending'")),)

    request: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), index=True)
    verb: Mapped[str]
    task_id: Mapped[str | None]
    person: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    message: Mapped[dict[str, Any]]
    form: Mapped[dict[str, Any]]
    words: Mapped[str | None] = mapped_column(Sealed("inbox.words"))
    channel: Mapped[str] = mapped_column(default="")
    decided_on: Mapped[date | None]
    recorded_by: Mapped[str | None]
    checked_by: Mapped[str | None]
    evidence: Mapped[str | None]
    minutes: Mapped[str | None]
    received_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="pending")
    refusal: Mapped[str] = mapped_column(default="")
    refusal_told: Mapped[bool] = mapped_column(default=False)
    attempts: Mapped[int] = mapped_column(default=0)


class Evidence(Row):
    """A scan, stored once by its hash."""

    __tablename__ = "evidence"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), index=True)
    name: Mapped[str]
    media_type: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    uploaded_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime]


# What the request of an answer begins with that was recorded from paper; the id of the recording follows.
PAPER_REQUEST = "paper."


class PaperDecision(Row):
    """A decision taken on paper or in a meeting, waiting for the second person's check (COR-04)."""

    __tablename__ = "paper_decision"

    id: Mapped[str] = mapped_column(primary_key=True)
    task_id: Mapped[str] = mapped_column(ForeignKey("task.id"), index=True)
    revision: Mapped[int]
    signer: Mapped[str] = mapped_column(ForeignKey("person.id"))
    choice: Mapped[str]
    decided_on: Mapped[date]
    minutes: Mapped[str] = mapped_column(default="")
    words: Mapped[str | None] = mapped_column(Sealed("paper_decision.words"))
    form: Mapped[dict[str, Any]]
    evidence: Mapped[str] = mapped_column(ForeignKey("evidence.sha256"))
    recorded_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]
    checked_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    checked_at: Mapped[datetime | None]
    verdict: Mapped[str] = mapped_column(default="")
