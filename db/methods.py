"""Assessment methods in force: since when, which version, for which kind of staff of which group (DQ-3.3.2a)."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from db.engine.base import Row
from db.engine.cases import CaseFile
from db.engine.row_proof import Owner, RowKind
from db.engine.tasks import TaskRow

LIFECYCLE = "AssessmentMethodFiling"
OPINION_TASKS = ("method_filing_health", "method_filing")
FILED = "file_method"


class AssessmentMethod(Row):
    """A version of a group's method that all four bureaus have filed. `submission` counts what it took to get there.

    in_force_on: the local day on which the last of the four decided. draft: the decision with the method's text.
    """

    __tablename__ = "assessment_method"
    __table_args__ = (Index("ix_assessment_method_group_programme", "group", "programme", "in_force_on"),)

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    group: Mapped[str] = mapped_column(ForeignKey("institution.code"))
    programme: Mapped[str]
    version: Mapped[int]
    submission: Mapped[int]
    title: Mapped[str]
    draft: Mapped[str]
    in_force_on: Mapped[date]
    at: Mapped[datetime]


METHOD = RowKind(
    "method",
    (
        AssessmentMethod.case_id,
        AssessmentMethod.group,
        AssessmentMethod.programme,
        AssessmentMethod.version,
        AssessmentMethod.submission,
        AssessmentMethod.title,
        AssessmentMethod.draft,
        AssessmentMethod.in_force_on,
        AssessmentMethod.at,
    ),
    key=lambda row: str(row["case_id"]),
    owned=Owner.id == AssessmentMethod.case_id,
)


@dataclass(frozen=True)
class MethodStanding:
    """Whether a group has a method for a kind of staff on a day. `in_force` is None where it has none.

    Of a version that is under way: its case, and the bureaus (institution codes) that have not filed what was submitted
    last; all four while nothing was submitted.
    """

    in_force: AssessmentMethod | None
    under_way: str = ""
    missing: tuple[str, ...] = ()


async def method_in_force(session: AsyncSession, *, group: str, programme: str, on: date) -> AssessmentMethod | None:
    """The method by which performance is assessed on a local day: the newest that was in force by then."""
    query = select(AssessmentMethod).where(
        AssessmentMethod.group == group, AssessmentMethod.programme == programme, AssessmentMethod.in_force_on <= on
    )
    newest = query.order_by(AssessmentMethod.in_force_on.desc(), AssessmentMethod.version.desc()).limit(1)
    found: AssessmentMethod | None = await session.scalar(newest)
    return found


async def standing_of(
    session: AsyncSession, *, group: str, programme: str, on: date, places: tuple[str, ...]
) -> MethodStanding:
    """The method in force, and what a version under way waits for. `places` are the facts that name the bureaus."""
    in_force = await method_in_force(session, group=group, programme=programme, on=on)
    query = select(CaseFile).where(
        CaseFile.lifecycle == LIFECYCLE,
        CaseFile.state != "closed",
        CaseFile.institution == group,
        CaseFile.facts["programme"].astext == programme,
    )
    case = await session.scalar(query.order_by(CaseFile.started_at.desc()).limit(1))
    if case is None:
        return MethodStanding(in_force)
    asked = (await session.scalars(select(TaskRow).where(TaskRow.case_id == case.id))).all()
    opinions = [task for task in asked if task.name in OPINION_TASKS]
    last = max((int(task.refs["submission"]) for task in opinions), default=0)
    filed = {task.refs["bureau"] for task in opinions if task.refs["submission"] == str(last) and task.outcome == FILED}
    bureaus = (str(case.facts[place]) for place in places)
    return MethodStanding(in_force, case.id, tuple(code for code in bureaus if code not in filed))
