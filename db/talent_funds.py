"""The funds of a year for flexible talent (OT-5a to OT-5d, OT-N1), and the payments out of them (OT-7.2).

Funds are in ten thousand yuan (wan_yuan), as the plan prints them; payments in yuan, to the fen. Years are local.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Numeric, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from db.engine.base import Row
from db.engine.row_proof import Owner, RowKind

YEAR = "FundYear"


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
