"""What stands beside the matters that may end a flexible-talent contract (OT-6.2b, OT-6.3g)."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from db.engine.base import Row
from db.engine.row_proof import Owner, RowKind
from vault.columns import Sealed


class ContractEndKind(Row):
    """Why a contract cannot go on: death, illness, force_majeure, licence_lost or employer_reasons.

    It may be a matter of somebody's health, so it stands sealed here and never in the facts of the case (DEF-19).
    """

    __tablename__ = "contract_end_kind"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(Sealed("contract_end_kind.kind"))


END_KIND = RowKind(
    "contract_end_kind",
    (ContractEndKind.case_id, ContractEndKind.kind),
    key=lambda row: str(row["case_id"]),
    owned=Owner.id == ContractEndKind.case_id,
    first=True,
)


class TalentRuling(Row):
    """What the commission has said of one figure about working time (G-2, G-5); later looks at the same figures use it.

    number: of the figure. `question`: force_majeure or short_term. `answer`: ground or no_ground. matter: the case in
    which it was asked. `settled_by`: the request of the answer.
    """

    __tablename__ = "talent_ruling"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    question: Mapped[str] = mapped_column(primary_key=True)
    answer: Mapped[str]
    matter: Mapped[str] = mapped_column(ForeignKey("case_file.id"))
    settled_by: Mapped[str]
    settled_on: Mapped[date]


RULING = RowKind(
    "talent_ruling",
    (
        TalentRuling.case_id,
        TalentRuling.number,
        TalentRuling.question,
        TalentRuling.answer,
        TalentRuling.matter,
        TalentRuling.settled_by,
        TalentRuling.settled_on,
    ),
    key=lambda row: f"{row['case_id']}/{row['number']}/{row['question']}",
    owned=Owner.id == TalentRuling.matter,
)


async def end_kind(session: AsyncSession, case: str, facts: Mapping[str, str]) -> str:
    """Of which kind a matter is, for its readers: why a contract cannot go on, or what ground j names; "" for none."""
    row = await session.get(ContractEndKind, case)
    return row.kind if row else facts.get("kind", "")
