"""The evaluation of a term: grades, the lists on which excellent ones are settled, certificates (三(三)3, 三(五)1)."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, exists, or_
from sqlalchemy.orm import InstrumentedAttribute, Mapped, aliased, mapped_column

from db.engine.base import Row
from db.engine.cases import CaseFile
from db.engine.row_proof import Owner, RowKind
from db.segments import service_of
from vault.columns import Sealed


class Grade(Row):
    """The grade of one term, from the end of its service on. Local days of service, both counted.

    `year`: the local year in which the service was completed, which is that of its cohort. `proposed` by the receiving
    institution. `state`: open, nominated (excellent, waiting for the list) or settled. `minutes` and `met_on` name the
    meeting; `reason`: why a list gave another grade than the nominated one. `settled_by` is the request of the
    committee's answer, or the case of the list.
    """

    __tablename__ = "grade"
    __table_args__ = (Index("ix_grade_group_year", "group", "year"),)

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    group: Mapped[str] = mapped_column(ForeignKey("institution.code"))
    year: Mapped[int]
    programme: Mapped[str]
    person: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    proposed: Mapped[str] = mapped_column(default="")
    grade: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="open")
    minutes: Mapped[str] = mapped_column(default="")
    met_on: Mapped[date | None]
    reason: Mapped[str | None] = mapped_column(Sealed("grade.reason"))
    settled_by: Mapped[str | None]


GRADE = RowKind(
    "grade",
    (
        Grade.case_id,
        Grade.group,
        Grade.year,
        Grade.programme,
        Grade.person,
        Grade.first_day,
        Grade.last_day,
        Grade.proposed,
        Grade.grade,
        Grade.state,
        Grade.minutes,
        Grade.met_on,
        Grade.reason,
        Grade.settled_by,
    ),
    key=lambda row: str(row["case_id"]),
    owned=Owner.id == Grade.case_id,
)


class GradeItem(Row):
    """One nominated term on one list, with what the committee has decided: "", excellent, qualified or unqualified."""

    __tablename__ = "grade_item"

    batch: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True, index=True)
    grade: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]


GRADE_ITEM = RowKind(
    "grade_item",
    (GradeItem.batch, GradeItem.case_id, GradeItem.grade, GradeItem.at),
    key=lambda row: str(row["case_id"]),
    owned=Owner.id == GradeItem.batch,
    where=GradeItem.grade != "",
)


class Certificate(Row):
    """A service credit certificate (F-20) that the bureau has issued.

    `number` is our own, never a 文号. `code` opens the public page. `priority`: whether it says so. Frozen while a
    hold stands.
    """

    __tablename__ = "certificate"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    code: Mapped[str] = mapped_column(unique=True)
    person: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    priority: Mapped[bool]
    first_day: Mapped[date]
    last_day: Mapped[date]
    issued_on: Mapped[date]
    issued_by: Mapped[str]


CERTIFICATE = RowKind(
    "certificate",
    (
        Certificate.case_id,
        Certificate.number,
        Certificate.code,
        Certificate.person,
        Certificate.priority,
        Certificate.first_day,
        Certificate.last_day,
        Certificate.issued_on,
        Certificate.issued_by,
    ),
    key=lambda row: str(row["case_id"]),
    owned=Owner.id == Certificate.case_id,
)


class CertificateHold(Row):
    """A service whose certificate, issued or to come, an open matter has frozen (EXC-11). `state`: frozen or lifted.

    `term`: the first term of that service, of which a transfer makes several (EXC-08). `matter`: the case of the
    rectification; `settled_by`: the request of the answer that lifted it or let it stand.
    """

    __tablename__ = "certificate_hold"

    matter: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    term: Mapped[str] = mapped_column(ForeignKey("case_file.id"), index=True)
    state: Mapped[str] = mapped_column(default="frozen")
    settled_by: Mapped[str | None]


HOLD = RowKind(
    "certificate_hold",
    (CertificateHold.matter, CertificateHold.term, CertificateHold.state, CertificateHold.settled_by),
    key=lambda row: str(row["matter"]),
    owned=Owner.id == CertificateHold.matter,
)


def frozen(term: InstrumentedAttribute[str] | InstrumentedAttribute[str | None] | str) -> ColumnElement[bool]:
    """Whether a matter holds the certificate of the service that this term belongs to, whichever segment it was about:
    an open one, or one that was left so and which no later matter has settled otherwise.
    """
    asked, hold, matter = aliased(CaseFile), aliased(CertificateHold), aliased(CaseFile)
    lifted, later = aliased(CertificateHold), aliased(CaseFile)
    settled = exists().where(
        lifted.term == hold.term,
        lifted.state == "lifted",
        later.id == lifted.matter,
        later.started_at > matter.started_at,
    )
    return exists().where(
        asked.id == term,
        hold.term == service_of(asked),
        hold.state == "frozen",
        matter.id == hold.matter,
        or_(matter.state != "closed", ~settled.correlate(hold, matter)),
    )


def listed(case: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Whether a list has decided of this nominated term."""
    return exists().where(GradeItem.case_id == case, GradeItem.grade != "")
