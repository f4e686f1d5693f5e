"""Terms of service that were under way before the system was there, as they were imported (COR-17)."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Numeric, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from db.engine.base import Row
from db.engine.cases import CaseFile
from db.engine.row_proof import Owner, RowKind
from db.posting import Post
from vault.columns import Sealed

TAKEN_BACK = "withdrawn"
ONBOARDING, IN_SERVICE, COMPLETED = "onboarding", "in_service", "term_completed"


def opening_key(pack: str, person: str, started_on: date) -> str:
    """The business key of an imported term: one person's in a programme since a day."""
    return f"opening:{pack}:{person}:{started_on.isoformat()}"


async def known_opening(session: AsyncSession, pack: str, person: str, started_on: date) -> tuple[str, str]:
    """(key, case) of the imported term that stands; with case "" the key under which it would be imported, anew where
    one was taken back.
    """
    key, number = opening_key(pack, person, started_on), 1
    while True:
        query = select(CaseFile.id, CaseFile.outcome).where(CaseFile.business_key == key)
        known = (await session.execute(query)).one_or_none()
        if known is None or known.outcome != TAKEN_BACK:
            return key, known.id if known else ""
        number += 1
        key = f"{opening_key(pack, person, started_on)}:{number}"


class OpeningSheet(Row):
    """An uploaded sheet, kept as it came: what was looked at before it was confirmed. `content` is base64, sealed."""

    __tablename__ = "opening_sheet"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    uploaded_by: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    content: Mapped[str] = mapped_column(Sealed("opening_sheet.content"))
    uploaded_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]


class OpeningTerm(Row):
    """What somebody stated of a term when it was imported: facts, and nothing that was decided here.

    paused_days: days before the import that the months at the site do not count. half_days: accumulated before it.
    absence_times, absence_days: absences confirmed before it, and their working days. mentor, targets: of a training,
    where they stood already. past_grade: a grade of an earlier term, as it was stated.
    """

    __tablename__ = "opening_term"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    sending: Mapped[str] = mapped_column(ForeignKey("institution.code"))
    receiving: Mapped[str] = mapped_column(ForeignKey("institution.code"))
    specialty: Mapped[str]
    mode: Mapped[str]
    started_on: Mapped[date]
    completed_on: Mapped[date | None]
    stage: Mapped[str]
    filing_number: Mapped[str]
    paused_days: Mapped[int]
    half_days: Mapped[int]
    absence_times: Mapped[int]
    absence_days: Mapped[Decimal] = mapped_column(Numeric(5, 1))
    mentor: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    targets: Mapped[list[dict[str, str]]] = mapped_column(JSONB)
    past_grade: Mapped[str | None] = mapped_column(Sealed("opening_term.past_grade"))
    words: Mapped[str | None] = mapped_column(Sealed("opening_term.words"))
    sheet: Mapped[str]
    sheet_row: Mapped[int]
    imported_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    imported_at: Mapped[datetime]
    in_file: Mapped[bool] = mapped_column(default=False)

    @property
    def duties(self) -> str:
        """A sheet says nothing of them; they stand in the plan."""
        return ""


OPENING = RowKind(
    "opening_term",
    (
        OpeningTerm.case_id,
        OpeningTerm.person,
        OpeningTerm.sending,
        OpeningTerm.receiving,
        OpeningTerm.specialty,
        OpeningTerm.mode,
        OpeningTerm.started_on,
        OpeningTerm.completed_on,
        OpeningTerm.stage,
        OpeningTerm.filing_number,
        OpeningTerm.paused_days,
        OpeningTerm.half_days,
        OpeningTerm.absence_times,
        OpeningTerm.absence_days,
        OpeningTerm.mentor,
        OpeningTerm.targets,
        OpeningTerm.past_grade,
        OpeningTerm.words,
        OpeningTerm.sheet,
        OpeningTerm.sheet_row,
        OpeningTerm.imported_by,
        OpeningTerm.imported_at,
    ),
    key=lambda row: str(row["case_id"]),
    owned=Owner.id == OpeningTerm.case_id,
    where=OpeningTerm.in_file.is_(True),
)


async def post_of(session: AsyncSession, case_id: str, facts: Mapping[str, Any]) -> Post | OpeningTerm:
    """The post in which a term is served: the published one, or what was stated of it when the term was imported."""
    if "post" in facts:
        return await session.get_one(Post, facts["post"])
    # Of a service that was transferred the first segment is the one that was imported.
    before: list[str] = facts.get("before", "").split()
    return await session.get_one(OpeningTerm, before[0] if before else case_id)
