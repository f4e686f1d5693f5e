"""Sessions of people, keys of machines, answered idempotency keys; serial numbers, own working days, upkeep."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from db.engine.base import Row


class SessionRow(Row):
    """A signed-in browser. The cookie is opaque; only its SHA-256 is kept, and it can be revoked."""

    __tablename__ = "session"

    fingerprint: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class ApiKey(Row):
    """A service account (R-31): it may start cases and deliver facts, never decide."""

    __tablename__ = "api_key"

    id: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    name: Mapped[str]
    scopes: Mapped[list[str]]
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class IdempotentAnswer(Row):
    """What a start was answered with, so that the same key gets the same answer."""

    __tablename__ = "idempotent_answer"

    client: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_sha256: Mapped[str]
    status: Mapped[int]
    body: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class Serial(Row):
    """The last number given out in a scope, e.g. applications of a programme and year (COR-03)."""

    __tablename__ = "serial"

    scope: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]


class CalendarDay(Row):
    """A day that the office or an official notice decides otherwise than the package."""

    __tablename__ = "calendar_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    working: Mapped[bool]
    source: Mapped[str]
    notice: Mapped[str] = mapped_column(default="")
    set_at: Mapped[datetime]


class Upkeep(Row):
    """When a piece of upkeep last ran, by name; the monitor shows what has not."""

    __tablename__ = "upkeep"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
