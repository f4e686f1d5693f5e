"""Flexible-talent contracts that were running before the system was there, as they were imported (COR-17).

Units are those of the contract, exact to a hundredth; days are local. What stands here was stated from paper and
decided by nobody in this system.
"""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Numeric, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from db.engine.base import Row
from db.engine.cases import CaseFile
from db.engine.row_proof import Owner, RowKind
from db.opening_terms import TAKEN_BACK
from vault.columns import Sealed


class TalentOpening(Row):
    """What a sheet stated of one contract.

    with_others: codes of further hospitals that signed, with commas between them. periods: the schedule, as a draft
    keeps it; empty where the paper has none. worked: of contract work to the end of `as_of`, free clinics not in it;
    worked_before: how much of it before the signature, None where the term began with it or later (OT-2.1d). excused:
    agreed time since the signature up to then that the commission has confirmed as lost to force majeure. learned_on:
    since when the employer knows that it is below 70 %, None where it does not or is not (OT-6.3k). consent_*,
    authority_*: the two gates (COR-08), "" and None where the sheet says nothing and people are asked. past_results:
    assessments of earlier years in words. paid_yuan: funds paid before, None for unsaid.
    """

    __tablename__ = "talent_opening"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    employer: Mapped[str] = mapped_column(ForeignKey("institution.code"))
    with_others: Mapped[str]
    department: Mapped[str]
    talent_class: Mapped[str]
    form: Mapped[str]
    mode: Mapped[str]
    number: Mapped[str]
    signed_on: Mapped[date]
    first_day: Mapped[date]
    last_day: Mapped[date]
    unit: Mapped[str]
    agreed: Mapped[Decimal] = mapped_column(Numeric(9, 2))
    periods: Mapped[list[dict[str, str]]] = mapped_column(JSONB)
    fund_yuan: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    filing_number: Mapped[str]
    filed_on: Mapped[date]
    as_of: Mapped[date]
    worked: Mapped[Decimal] = mapped_column(Numeric(9, 2))
    worked_before: Mapped[Decimal | None] = mapped_column(Numeric(9, 2))
    excused: Mapped[Decimal] = mapped_column(Numeric(9, 2))
    learned_on: Mapped[date | None]
    consent_service: Mapped[str]
    consent_basis: Mapped[str]
    consented_on: Mapped[date | None]
    authority_basis: Mapped[str]
    authority_number: Mapped[str]
    authority_from: Mapped[date | None]
    past_results: Mapped[str | None] = mapped_column(Sealed("talent_opening.past_results"))
    paid_yuan: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    words: Mapped[str | None] = mapped_column(Sealed("talent_opening.words"))
    sheet: Mapped[str]
    sheet_row: Mapped[int]
    imported_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    imported_at: Mapped[datetime]
    in_file: Mapped[bool] = mapped_column(default=False)


TALENT_OPENING = RowKind(
    "talent_opening",
    (
        TalentOpening.case_id,
        TalentOpening.person,
        TalentOpening.employer,
        TalentOpening.with_others,
        TalentOpening.department,
        TalentOpening.talent_class,
        TalentOpening.form,
        TalentOpening.mode,
        TalentOpening.number,
        TalentOpening.signed_on,
        TalentOpening.first_day,
        TalentOpening.last_day,
        TalentOpening.unit,
        TalentOpening.agreed,
        TalentOpening.periods,
        TalentOpening.fund_yuan,
        TalentOpening.filing_number,
        TalentOpening.filed_on,
        TalentOpening.as_of,
        TalentOpening.worked,
        TalentOpening.worked_before,
        TalentOpening.excused,
        TalentOpening.learned_on,
        TalentOpening.consent_service,
        TalentOpening.consent_basis,
        TalentOpening.consented_on,
        TalentOpening.authority_basis,
        TalentOpening.authority_number,
        TalentOpening.authority_from,
        TalentOpening.past_results,
        TalentOpening.paid_yuan,
        TalentOpening.words,
        TalentOpening.sheet,
        TalentOpening.sheet_row,
        TalentOpening.imported_by,
        TalentOpening.imported_at,
    ),
    key=lambda row: str(row["case_id"]),
    owned=Owner.id == TalentOpening.case_id,
    where=TalentOpening.in_file.is_(True),
)


async def known_contract(session: AsyncSession, employer: str, person: str, first_day: date) -> tuple[str, str]:
    """(business key, case) of the imported contract that stands, case "" for none; the key is a new one where an import
    was taken back.
    """
    stem, number = f"talent-opening:{employer}:{person}:{first_day.isoformat()}", 1
    while True:
        key = stem if number == 1 else f"{stem}:{number}"
        query = select(CaseFile.id, CaseFile.outcome).where(CaseFile.business_key == key)
        known = (await session.execute(query)).one_or_none()
        if known is None or known.outcome != TAKEN_BACK:
            return key, known.id if known else ""
        number += 1
