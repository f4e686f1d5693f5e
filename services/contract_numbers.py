"""Numbers of papers that are in use already: of contracts of an employer, of payments of a year (COR-10, DEF-18)."""

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine.cases import CaseFile
from db.opening_terms import TAKEN_BACK
from db.talent_contracts import TalentContract
from db.talent_funds import FundPayment
from db.talent_openings import TalentOpening


async def contract_with_number(session: AsyncSession, employer: str, number: str, *, person: str) -> str:
    """The case of another person's contract that has this number at the employer already, "" for none. What was taken
    back has no number any more.
    """
    stands = or_(CaseFile.outcome.is_(None), CaseFile.outcome != TAKEN_BACK)
    for kind in (TalentContract, TalentOpening):
        query = (
            select(kind.case_id).join(CaseFile, CaseFile.id == kind.case_id).where(stands, kind.employer == employer)
        )
        query = query.where(kind.number == number, kind.person != person).order_by(kind.case_id).limit(1)
        if found := await session.scalar(query):
            return str(found)
    return ""


async def payment_with_voucher(session: AsyncSession, payment: str, voucher: str) -> str:
    """The case of another payment to the same hospital in the same year with this voucher, "" for none."""
    own = await session.get_one(FundPayment, payment)
    same = FundPayment.hospital == own.hospital, FundPayment.year == own.year, FundPayment.voucher == voucher
    query = select(FundPayment.case_id).where(*same, FundPayment.case_id != payment).order_by(FundPayment.case_id)
    return await session.scalar(query.limit(1)) or ""
