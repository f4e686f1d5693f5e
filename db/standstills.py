"""Days on which a term stands still: suspended by people, or by force majeure (EXC-09)."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from db.engine.base import Row
from db.engine.row_proof import Owner, RowKind
from policies.days import Span
from vault.columns import Sealed


class Standstill(Row):
    """One time in which neither clock nor check-ins go on. Local days, both counted; no last day while it is open.

    `kind`: suspension or force_majeure. `common`: the id of the first one of those that were recorded together for
    several terms. `evidence`: the document that says so. `state`: recorded, stands or ended.
    """

    __tablename__ = "standstill"

    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), index=True)
    kind: Mapped[str]
    common: Mapped[str] = mapped_column(index=True)
    first_day: Mapped[date]
    last_day: Mapped[date | None]
    evidence: Mapped[str | None] = mapped_column(Sealed("standstill.evidence"))
    words: Mapped[str | None] = mapped_column(Sealed("standstill.words"))
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="recorded")
    settled_by: Mapped[str | None]


# What the term's file names once the term has taken it; `settled_by` is the request that ended it.
STANDSTILL = RowKind(
    "standstill",
    (
        Standstill.id,
        Standstill.case_id,
        Standstill.kind,
        Standstill.first_day,
        Standstill.last_day,
        Standstill.state,
        Standstill.settled_by,
    ),
    key=lambda row: str(row["id"]),
    owned=Owner.id == Standstill.case_id,
    where=Standstill.state != "recorded",
)


async def stood_days(session: AsyncSession, case: str, last_day: date, *, until: date | None = None) -> list[Span]:
    """When a term stood still, up to a local day where the end is open; nothing else speaks for these days. `until`:
    the last day of a term that has ended, after which nothing of it stands still.
    """
    taken = select(Standstill).where(Standstill.case_id == case, Standstill.state != "recorded")
    spans = [Span(row.first_day, row.last_day or last_day) for row in await session.scalars(taken)]
    if until is None:
        return spans
    return [Span(each.first_day, min(each.last_day, until)) for each in spans if each.first_day <= until]
