"""The ledger of grassroots service: what counts before a promotion, from this plan and from elsewhere (COR-15)."""

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from db.engine.base import Row
from db.engine.row_proof import Owner, RowKind
from vault.columns import Sealed


class ServiceCredit(Row):
    """One stretch of service, both days counted. Local days.

    `kind`: this_plan, paired_assistance (对口支援), tibet, xinjiang, abroad, other. `source` says who sent the person
    where, `evidence` which papers prove it. `verdict` is "" while it is only claimed, counted or not_counted once
    people have settled it in `case_id`, which is also the case of a term that has earned its own.
    """

    __tablename__ = "service_credit"

    id: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date]
    source: Mapped[str | None] = mapped_column(Sealed("service_credit.source"))
    evidence: Mapped[str | None] = mapped_column(Sealed("service_credit.evidence"))
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]
    verdict: Mapped[str] = mapped_column(default="")
    confirmed_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None]
    case_id: Mapped[str | None] = mapped_column(ForeignKey("case_file.id"), index=True)


# What the files name: service that people have settled, and what a term has earned; a claim is nobody's word yet.
CREDIT = RowKind(
    "service_credit",
    (
        ServiceCredit.id,
        ServiceCredit.person,
        ServiceCredit.kind,
        ServiceCredit.first_day,
        ServiceCredit.last_day,
        ServiceCredit.source,
        ServiceCredit.evidence,
        ServiceCredit.recorded_by,
        ServiceCredit.verdict,
        ServiceCredit.confirmed_by,
        ServiceCredit.confirmed_at,
        ServiceCredit.case_id,
    ),
    key=lambda row: str(row["id"]),
    owned=Owner.id == ServiceCredit.case_id,
    where=ServiceCredit.verdict != "",
)
