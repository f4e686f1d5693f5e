"""Performance pay of a group and year: what was approved, what was paid, what the guarantee pool received (DQ-3.4)."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, Numeric, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from db.engine.base import Row
from db.engine.row_proof import Owner, RowKind
from vault.columns import Sealed

LIFECYCLE = "PayTotal"
DISTRIBUTING = "pay_distributing"
# A row counts from the moment it is kept; it is in the file once its case has named it.
KEPT, IN_FILE = "kept", "in_file"
YUAN = Numeric(16, 2)


class ApprovedTotal(Row):
    """A total to which all four bureaus have agreed. `submission` counts what was submitted in the case, from 1.

    yuan: what may be paid of it, to the fen. draft: the decision with the figures behind it. approved_on: the local day
    on which the last of the four decided. provisional: a figure was not final.
    """

    __tablename__ = "approved_total"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    submission: Mapped[int] = mapped_column(primary_key=True)
    group: Mapped[str] = mapped_column(ForeignKey("institution.code"))
    year: Mapped[int]
    yuan: Mapped[Decimal] = mapped_column(YUAN)
    provisional: Mapped[bool]
    draft: Mapped[str]
    approved_on: Mapped[date]
    at: Mapped[datetime]


class Payment(Row):
    """Performance pay to several people for one period, on the basis of their performance assessments.

    content: JSON of {"lines": [{"person", "yuan", "covered"}], "basis", "words"}, sealed, for it says what each person
    is paid. `reverses` names a payment that this one takes back whole; its amounts are negative.
    """

    __tablename__ = "payment"

    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), index=True)
    period: Mapped[str]
    people: Mapped[int]
    content: Mapped[str] = mapped_column(Sealed("payment.content"))
    total: Mapped[str] = mapped_column(Sealed("payment.total"))
    reverses: Mapped[str | None] = mapped_column(ForeignKey("payment.id"), unique=True)
    recorded_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default=KEPT)


class PoolInflow(Row):
    """What the guarantee pool received: from the tiered-care pool, or raised by an institution (DQ-3.4.3a)."""

    __tablename__ = "pool_inflow"
    __table_args__ = (Index("ix_pool_inflow_case_id", "case_id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"))
    source: Mapped[str]
    institution: Mapped[str | None] = mapped_column(ForeignKey("institution.code"))
    received_on: Mapped[date]
    yuan: Mapped[Decimal] = mapped_column(YUAN)
    words: Mapped[str]
    recorded_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default=KEPT)


APPROVED_TOTAL = RowKind(
    "approved_total",
    (
        ApprovedTotal.case_id,
        ApprovedTotal.submission,
        ApprovedTotal.group,
        ApprovedTotal.year,
        ApprovedTotal.yuan,
        ApprovedTotal.provisional,
        ApprovedTotal.draft,
        ApprovedTotal.approved_on,
        ApprovedTotal.at,
    ),
    key=lambda row: str(row["submission"]),
    owned=Owner.id == ApprovedTotal.case_id,
)
PAYMENT = RowKind(
    "payment",
    (
        Payment.id,
        Payment.case_id,
        Payment.period,
        Payment.people,
        Payment.content,
        Payment.total,
        Payment.reverses,
        Payment.recorded_by,
        Payment.recorded_at,
    ),
    key=lambda row: str(row["id"]),
    owned=Owner.id == Payment.case_id,
    where=Payment.state == IN_FILE,
)
INFLOW = RowKind(
    "pool_inflow",
    (
        PoolInflow.id,
        PoolInflow.case_id,
        PoolInflow.source,
        PoolInflow.institution,
        PoolInflow.received_on,
        PoolInflow.yuan,
        PoolInflow.words,
        PoolInflow.recorded_by,
        PoolInflow.recorded_at,
    ),
    key=lambda row: str(row["id"]),
    owned=Owner.id == PoolInflow.case_id,
    where=PoolInflow.state == IN_FILE,
)


def alone(case_id: str) -> str:
    """What a transaction that pays, or closes the year, holds alone until its commit."""
    return f"pay.{case_id}"


async def hold_alone(session: AsyncSession, case_id: str) -> None:
    """Wait until no other transaction pays within this case's total; ours is the only one until it ends."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(alone(case_id), 0))))


async def approved_total(session: AsyncSession, case_id: str) -> ApprovedTotal | None:
    """The total that stands: the newest to which all four have agreed."""
    query = select(ApprovedTotal).where(ApprovedTotal.case_id == case_id)
    found: ApprovedTotal | None = await session.scalar(query.order_by(ApprovedTotal.submission.desc()).limit(1))
    return found


async def payments_of(session: AsyncSession, case_id: str) -> list[Payment]:
    """Every payment of a group's year with what took it back, the oldest first."""
    query = select(Payment).where(Payment.case_id == case_id).order_by(Payment.recorded_at, Payment.id)
    return list(await session.scalars(query))


async def inflows_of(session: AsyncSession, case_id: str) -> list[PoolInflow]:
    """What the pool of a group's year received, the oldest first."""
    query = select(PoolInflow).where(PoolInflow.case_id == case_id)
    return list(await session.scalars(query.order_by(PoolInflow.received_on, PoolInflow.id)))


def paid(payments: list[Payment]) -> Decimal:
    """What was paid in all, less what was taken back; the amounts are sealed, so that no query can add them."""
    return sum((Decimal(one.total) for one in payments), Decimal(0))
