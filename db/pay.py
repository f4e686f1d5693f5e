"""Performance pay of a group and year: what was approved, what was paid, what the guarantee pool received (DQ-3.4)."""

from dataclasses import dataclass
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
# What became of a payment; one that waits has no verdict yet, and reserves its sum.
WAITING, CONFIRMED, SENT_BACK, WITHDRAWN = "waiting", "confirmed", "sent_back", "withdrawn"
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
    is paid. `reverses` names a payment that this one takes back whole; its amounts are negative. One person records it,
    another one confirms it: see PaymentVerdict.
    """

    __tablename__ = "payment"

    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), index=True)
    period: Mapped[str]
    people: Mapped[int]
    content: Mapped[str] = mapped_column(Sealed("payment.content"))
    total: Mapped[str] = mapped_column(Sealed("payment.total"))
    reverses: Mapped[str | None] = mapped_column(ForeignKey("payment.id"), index=True)
    recorded_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default=KEPT)


class PaymentVerdict(Row):
    """What became of a payment: confirmed or sent back by a second person, or withdrawn by who had recorded it."""

    __tablename__ = "payment_verdict"

    payment: Mapped[str] = mapped_column(ForeignKey("payment.id"), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), index=True)
    verdict: Mapped[str]
    words: Mapped[str] = mapped_column(Sealed("payment_verdict.words"))
    given_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[datetime]
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
PAYMENT_VERDICT = RowKind(
    "payment_verdict",
    (
        PaymentVerdict.payment,
        PaymentVerdict.case_id,
        PaymentVerdict.verdict,
        PaymentVerdict.words,
        PaymentVerdict.given_by,
        PaymentVerdict.given_at,
    ),
    key=lambda row: str(row["payment"]),
    owned=Owner.id == PaymentVerdict.case_id,
    where=PaymentVerdict.state == IN_FILE,
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


@dataclass(frozen=True)
class Ordered:
    """A payment with the verdict on it, if there is one."""

    payment: Payment
    verdict: PaymentVerdict | None

    @property
    def standing(self) -> str:
        """WAITING, CONFIRMED, SENT_BACK or WITHDRAWN."""
        return self.verdict.verdict if self.verdict else WAITING

    @property
    def yuan(self) -> Decimal:
        """Its sum; negative where it takes another payment back."""
        return Decimal(self.payment.total)


@dataclass(frozen=True)
class YearPayments:
    """Every payment of a group's year with what took it back, the oldest first.

    The amounts are sealed, so that no query can add them.
    """

    all: tuple[Ordered, ...]

    @property
    def paid(self) -> Decimal:
        """Yuan that two persons have stated as paid, less what they have taken back."""
        return sum((one.yuan for one in self.all if one.standing == CONFIRMED), Decimal(0))

    @property
    def waiting(self) -> Decimal:
        """Yuan of payments that wait for the second person; a taking back that waits sets nothing free."""
        return sum((max(one.yuan, Decimal(0)) for one in self.all if one.standing == WAITING), Decimal(0))

    @property
    def reserved(self) -> Decimal:
        """Yuan of the total that no further payment may use."""
        return self.paid + self.waiting

    def one(self, payment: str) -> Ordered | None:
        """The payment of this id."""
        return next((one for one in self.all if one.payment.id == payment), None)

    def standing_of_reversal(self, payment: str) -> str:
        """WAITING or CONFIRMED where another payment takes this one back, else ""."""
        stand = [one for one in self.all if one.payment.reverses == payment]
        return next((one.standing for one in stand if one.standing in (WAITING, CONFIRMED)), "")


async def payments_of(session: AsyncSession, case_id: str) -> YearPayments:
    """The payments of a group's year with the verdicts on them."""
    query = select(Payment, PaymentVerdict).join(PaymentVerdict, PaymentVerdict.payment == Payment.id, isouter=True)
    query = query.where(Payment.case_id == case_id).order_by(Payment.recorded_at, Payment.id)
    return YearPayments(tuple(Ordered(payment, verdict) for payment, verdict in await session.execute(query)))


async def inflows_of(session: AsyncSession, case_id: str) -> list[PoolInflow]:
    """What the pool of a group's year received, the oldest first."""
    query = select(PoolInflow).where(PoolInflow.case_id == case_id)
    return list(await session.scalars(query.order_by(PoolInflow.received_on, PoolInflow.id)))
