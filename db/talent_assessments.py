"""Annual assessments of flexible-talent contracts: every sheet scored, and what was concluded (OT-6.1d, OT-E2).

Points are exact to a hundredth. An open item has no points and the range that it may still take (G-7); no grade is ever
worked out from the sum (G-1).
"""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from db.engine.base import Row
from db.engine.row_proof import Owner, RowKind


class TalentAssessment(Row):
    """One assessment as it stands.

    `sheet`: the number of the newest sheet; `least`, `most`: what its sum may be, equal once nothing is open. `veto`:
    "" until weighed, then none, confirmed or dismissed. `result`: qualified or unqualified as the employer concluded
    and the commission consented, "" before. `settled_by`: the request of the consent.
    """

    __tablename__ = "talent_assessment"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    contract: Mapped[str] = mapped_column(ForeignKey("case_file.id"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    sheet: Mapped[int]
    least: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    most: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    veto: Mapped[str] = mapped_column(default="")
    result: Mapped[str] = mapped_column(default="")
    settled_by: Mapped[str | None]


ASSESSMENT = RowKind(
    "talent_assessment",
    (
        TalentAssessment.case_id,
        TalentAssessment.contract,
        TalentAssessment.first_day,
        TalentAssessment.last_day,
        TalentAssessment.sheet,
        TalentAssessment.least,
        TalentAssessment.most,
        TalentAssessment.veto,
        TalentAssessment.result,
        TalentAssessment.settled_by,
    ),
    key=lambda row: str(row["case_id"]),
    owned=Owner.id == TalentAssessment.case_id,
)


class TalentScore(Row):
    """One item of one sheet. Earlier sheets stay. `ruled`: the commission has settled a gap of the table (OT-E4)."""

    __tablename__ = "talent_score"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    sheet: Mapped[int] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    points: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    least: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    most: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    ruled: Mapped[bool]
    scored_at: Mapped[datetime]


SCORE = RowKind(
    "talent_score",
    (
        TalentScore.case_id,
        TalentScore.sheet,
        TalentScore.item,
        TalentScore.points,
        TalentScore.least,
        TalentScore.most,
        TalentScore.ruled,
    ),
    key=lambda row: f"{row['case_id']}/{row['sheet']}/{row['item']}",
    owned=Owner.id == TalentScore.case_id,
)


class TalentRating(Row):
    """What one rater says of the mentoring (OT-S4), 0 to 10. `rater`: mentee, department_head or expert; the name of
    a mentee stands only in the answer, which `request` names.
    """

    __tablename__ = "talent_rating"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    rater: Mapped[str]
    points: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    request: Mapped[str]


RATING = RowKind(
    "talent_rating",
    (TalentRating.case_id, TalentRating.number, TalentRating.rater, TalentRating.points, TalentRating.request),
    key=lambda row: f"{row['case_id']}/{row['number']}",
    owned=Owner.id == TalentRating.case_id,
)
