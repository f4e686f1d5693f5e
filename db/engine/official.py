"""What offices give to printed documents: number, signer, day of issue, the number they answer, the sealed scan."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from db.engine.base import Row
from db.engine.row_proof import Owner, RowKind
from vault.columns import Sealed


class OfficialRecord(Row):
    """One recording for one document of a case: all facts as they stand from then on, with a scan if one came back.

    Never updated or deleted: a correction is a new row (DEF-18). `id` is the request of the page that recorded it.
    `document` names the document in its case. `number` is the office's own 文号, `incoming` that of what it answers.
    """

    __tablename__ = "official_record"
    __table_args__ = (Index("ix_official_record_case_id_document", "case_id", "document"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"))
    document: Mapped[str]
    number: Mapped[str] = mapped_column(default="")
    signed_by: Mapped[str | None] = mapped_column(Sealed("official_record.signed_by"))
    issued_on: Mapped[date | None]
    incoming: Mapped[str] = mapped_column(default="")
    evidence: Mapped[str | None] = mapped_column(ForeignKey("evidence.sha256"))
    recorded_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]


OFFICIAL = RowKind(
    "official",
    (
        OfficialRecord.id,
        OfficialRecord.case_id,
        OfficialRecord.document,
        OfficialRecord.number,
        OfficialRecord.signed_by,
        OfficialRecord.issued_on,
        OfficialRecord.incoming,
        OfficialRecord.evidence,
        OfficialRecord.recorded_by,
        OfficialRecord.recorded_at,
    ),
    key=lambda row: str(row["id"]),
    owned=Owner.id == OfficialRecord.case_id,
)
