"""The funds of a year for flexible talent (OT-5a to OT-5d, OT-N1), and the payments out of them (OT-7.2).

Funds are in ten thousand yuan (wan_yuan), as the plan prints them; payments in yuan, to the fen. Years are local.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Numeric, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from db.engine.base import Row
from db.engine.row_proof import Owner, RowKind

YEAR, PAYMENT = "FundYear", "TalentPayment"
REQUESTED, PAID, REFUSED, RETURNED, RECORDED, GRANTED = (
    "requested",
    "paid",
    "refused",
    "returned",
    "recorded",
    "granted",
)


class FundShare(Row):
    """What one hospital has in a year. `number` counts the allocations of the case, from 1: the highest one holds.

    kind: budget, adjusted or floated. draft: the decision with the figures; approved_by: the one that let them hold.
    """

    __tablename__ = "fund_share"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    hospital: Mapped[str] = mapped_column(ForeignKey("institution.code"), primary_key=True)
    kind: Mapped[str]
    wan_yuan: Mapped[Decimal] = mapped_column(Numeric(9, 2))
    draft: Mapped[str]
    approved_by: Mapped[str]
    at: Mapped[datetime]


FUND_SHARE = RowKind(
    "fund_share",
    (
        FundShare.case_id,
        FundShare.number,
        FundShare.hospital,
        FundShare.kind,
        FundShare.wan_yuan,
        FundShare.draft,
        FundShare.approved_by,
        FundShare.at,
    ),
    key=lambda row: f"{row['number']}/{row['hospital']}",
    owned=Owner.id == FundShare.case_id,
)


async def allocations_of(session: AsyncSession, case_id: str) -> list[FundShare]:
    """Every allocation of a year, the oldest first."""
    query = select(FundShare).where(FundShare.case_id == case_id).order_by(FundShare.number, FundShare.hospital)
    return list(await session.scalars(query))


async def shares_of(session: AsyncSession, case_id: str) -> Mapping[str, FundShare]:
    """What each hospital has now, by its code; nothing before finance has recorded the funds."""
    return {share.hospital: share for share in await allocations_of(session, case_id)}


class FundPayment(Row):
    """One request for funds, or what the employer gives or asks for beside them; amounts in yuan, to the fen.

    kind: reward (to talent, by a contract), patients (costs of patients' visits), own_reward (OT-N3) or petition
    (OT-N4). fund: the year on which it draws, None beside the funds. state: requested, paid, refused, returned,
    recorded, granted. from_funds, own_cost: how it was split when it was paid (OT-5c).
    """

    __tablename__ = "fund_payment"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    kind: Mapped[str]
    fund: Mapped[str | None] = mapped_column(ForeignKey("case_file.id"), index=True)
    hospital: Mapped[str] = mapped_column(ForeignKey("institution.code"))
    contract: Mapped[str | None] = mapped_column(ForeignKey("case_file.id"), index=True)
    person: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)
    year: Mapped[int]
    yuan: Mapped[Decimal] = mapped_column(Numeric(14, 2))
    from_funds: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    own_cost: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    paid_on: Mapped[date | None]
    voucher: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default=REQUESTED)
    settled_by: Mapped[str]
    at: Mapped[datetime]


FUND_PAYMENT = RowKind(
    "fund_payment",
    (
        FundPayment.case_id,
        FundPayment.kind,
        FundPayment.fund,
        FundPayment.hospital,
        FundPayment.contract,
        FundPayment.person,
        FundPayment.year,
        FundPayment.yuan,
        FundPayment.from_funds,
        FundPayment.own_cost,
        FundPayment.paid_on,
        FundPayment.voucher,
        FundPayment.state,
        FundPayment.settled_by,
        FundPayment.at,
    ),
    key=lambda row: str(row["case_id"]),
    owned=Owner.id == FundPayment.case_id,
)


async def payments_of_year(session: AsyncSession, fund: str, hospital: str = "") -> list[FundPayment]:
    """What was requested out of a year's funds, the oldest first; of one hospital, or of all."""
    query = select(FundPayment).where(FundPayment.fund == fund).order_by(FundPayment.at, FundPayment.case_id)
    return list(await session.scalars(query.where(FundPayment.hospital == hospital) if hospital else query))


async def payments_beside(session: AsyncSession, year: int, hospitals: Iterable[str]) -> list[FundPayment]:
    """What hospitals gave or asked for beside the funds in a local year, the oldest first (OT-N3, OT-N4)."""
    query = select(FundPayment).where(FundPayment.fund.is_(None), FundPayment.year == year)
    query = query.where(FundPayment.hospital.in_(hospitals)).order_by(FundPayment.at, FundPayment.case_id)
    return list(await session.scalars(query))


def alone(fund: str, hospital: str) -> str:
    """What a transaction that pays out of a hospital's year holds alone until its commit."""
    return f"{fund}.{hospital}"
