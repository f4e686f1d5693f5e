"""Facts of a term of service: absences, leave, accumulated activities, assessments (DQ-3.2, DQ-3.3.1b)."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, Numeric, func
from sqlalchemy.orm import Mapped, mapped_column

from db.engine.base import Row
from db.engine.row_proof import Owner, RowKind
from vault.columns import Sealed


class Absence(Row):
    """One time off post without leave, as it was recorded, and what people made of it. Local days, both counted.

    `days`: working days without a break. `state`: recorded, confirmed, dismissed or split (then others name it as
    `part_of`). `times`: how often a confirmed one counts. `asked_in`: the later segment in which people are asked about
    it, for one that was reported after the person had gone on elsewhere (EXC-08); None: its own case.
    """

    __tablename__ = "absence"

    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    days: Mapped[Decimal] = mapped_column(Numeric(5, 1))
    words: Mapped[str | None] = mapped_column(Sealed("absence.words"))
    recorded_by: Mapped[str]
    channel: Mapped[str]
    recorded_at: Mapped[datetime]
    part_of: Mapped[str | None] = mapped_column(ForeignKey("absence.id"))
    state: Mapped[str] = mapped_column(default="recorded")
    times: Mapped[int | None]
    settled_by: Mapped[str | None]
    asked_in: Mapped[str | None] = mapped_column(ForeignKey("case_file.id"), index=True)


# The case whose people are asked about an absence, and whose file names it.
absence_asked_in = func.coalesce(Absence.asked_in, Absence.case_id)

# What the term's file names once people have settled it; `settled_by` is the request of their answer.
ABSENCE = RowKind(
    "absence",
    (
        Absence.id,
        Absence.case_id,
        Absence.first_day,
        Absence.last_day,
        Absence.days,
        Absence.state,
        Absence.times,
        Absence.settled_by,
    ),
    key=lambda row: str(row["id"]),
    owned=Owner.id == absence_asked_in,
    where=Absence.state != "recorded",
)


class Leave(Row):
    """Leave that the person has asked for. Local days, both counted.

    `kind` as the rule has it (`policies/leave.py`). `state`: requested, approved or refused. `weighs`: what it does to
    the months at the site, "" while that is open. `returned_on`: the day on which the person was back.
    """

    __tablename__ = "leave"

    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), index=True)
    kind: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date]
    words: Mapped[str | None] = mapped_column(Sealed("leave.words"))
    requested_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="requested")
    weighs: Mapped[str] = mapped_column(default="")
    returned_on: Mapped[date | None]
    settled_by: Mapped[str | None]


LEAVE = RowKind(
    "leave",
    (
        Leave.id,
        Leave.case_id,
        Leave.kind,
        Leave.first_day,
        Leave.last_day,
        Leave.state,
        Leave.weighs,
        Leave.returned_on,
        Leave.settled_by,
    ),
    key=lambda row: str(row["id"]),
    owned=Owner.id == Leave.case_id,
    where=Leave.state != "requested",
)


class ServiceActivity(Row):
    """One accumulated activity as it was recorded (F-14), on a local day.

    `form`: one that the text names, or "other" and then in `other_form`. `part` of the day and its `half_days` as the
    rule has them (`policies/accumulated.py`). `evidence`: the hash of an attached file. `state`: recorded, confirmed or
    dismissed. `group_approved`: whether the group lets another form count; None where it was not asked.
    """

    __tablename__ = "service_activity"

    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), index=True)
    form: Mapped[str]
    other_form: Mapped[str | None] = mapped_column(Sealed("service_activity.other_form"))
    day: Mapped[date]
    part: Mapped[str]
    half_days: Mapped[int]
    place: Mapped[str | None] = mapped_column(Sealed("service_activity.place"))
    witness: Mapped[str | None] = mapped_column(Sealed("service_activity.witness"))
    words: Mapped[str | None] = mapped_column(Sealed("service_activity.words"))
    evidence: Mapped[str | None]
    recorded_by: Mapped[str]
    channel: Mapped[str]
    recorded_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="recorded")
    group_approved: Mapped[bool | None]
    settled_by: Mapped[str | None]


ACTIVITY = RowKind(
    "activity",
    (
        ServiceActivity.id,
        ServiceActivity.case_id,
        ServiceActivity.form,
        ServiceActivity.other_form,
        ServiceActivity.day,
        ServiceActivity.part,
        ServiceActivity.half_days,
        ServiceActivity.place,
        ServiceActivity.witness,
        ServiceActivity.words,
        ServiceActivity.evidence,
        ServiceActivity.state,
        ServiceActivity.group_approved,
        ServiceActivity.settled_by,
    ),
    key=lambda row: str(row["id"]),
    owned=Owner.id == ServiceActivity.case_id,
    where=ServiceActivity.state != "recorded",
)


class PerformanceResult(Row):
    """How the receiving institution has rated one quarter of a term, by a method in force (DQ-3.3.1b).

    `quarter` counts from 1; its local days, both counted. `method`: the method's case. `rating`: one of the pack's.
    `settled_by`: the request of the answer, whose form has the results area by area.
    """

    __tablename__ = "performance_result"
    __table_args__ = (Index("ix_performance_result_group_programme", "group", "programme", "last_day"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), index=True)
    programme: Mapped[str]
    group: Mapped[str] = mapped_column(ForeignKey("institution.code"))
    institution: Mapped[str] = mapped_column(ForeignKey("institution.code"))
    person: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    quarter: Mapped[int]
    first_day: Mapped[date]
    last_day: Mapped[date]
    method: Mapped[str]
    rating: Mapped[str] = mapped_column(Sealed("performance_result.rating"))
    decided_on: Mapped[date]
    settled_by: Mapped[str]


RESULT = RowKind(
    "result",
    (
        PerformanceResult.id,
        PerformanceResult.case_id,
        PerformanceResult.programme,
        PerformanceResult.group,
        PerformanceResult.institution,
        PerformanceResult.person,
        PerformanceResult.quarter,
        PerformanceResult.first_day,
        PerformanceResult.last_day,
        PerformanceResult.method,
        PerformanceResult.rating,
        PerformanceResult.decided_on,
        PerformanceResult.settled_by,
    ),
    key=lambda row: str(row["id"]),
    owned=Owner.id == PerformanceResult.case_id,
)
