"""Exchanges that a county health bureau has held (DQ-4.3b)."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from db.engine.base import Row
from vault.columns import Sealed


class Exchange(Row):
    """One exchange: its form in the words of the clause or the bureau's own, its local day, and what was said."""

    __tablename__ = "exchange"
    __table_args__ = (Index("ix_exchange_bureau_held_on", "bureau", "held_on"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    bureau: Mapped[str] = mapped_column(ForeignKey("institution.code"))
    form: Mapped[str]
    held_on: Mapped[date]
    words: Mapped[str | None] = mapped_column(Sealed("exchange.words"))
    recorded_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]
