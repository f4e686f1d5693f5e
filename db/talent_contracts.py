"""Flexible-talent contracts and what is delivered under them (OT-2.1d, OT-6.2a, OT-6.3g).

Units are those of the contract (half-days, days, hours or sessions), exact to a hundredth. Days are local, both ends
counted. Sessions and force majeure are facts: they stand here and never in a workflow's history.
"""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from db.engine.base import Row
from db.engine.row_proof import Owner, RowKind
from vault.columns import Sealed


class TalentContract(Row):
    """One nomination and, once signed, its contract.

    `state`: nominated, filed, signed or ended. Term, unit, agreed working time and money are those of the signed
    contract, None before. `number`: as it stands on the signed paper. `settled_by`: the request that recorded it.
    `no_clinic_before`: the first local day on which clinical work was allowed (COR-08), None while a gate is open.
    """

    __tablename__ = "talent_contract"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    employer: Mapped[str] = mapped_column(ForeignKey("institution.code"), index=True)
    commission: Mapped[str] = mapped_column(ForeignKey("institution.code"))
    person: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    department: Mapped[str] = mapped_column(default="")
    number: Mapped[str] = mapped_column(default="")
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    unit: Mapped[str] = mapped_column(default="")
    agreed: Mapped[Decimal | None] = mapped_column(Numeric(9, 2))
    fund_yuan: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    signed_on: Mapped[date | None]
    filed_on: Mapped[date | None]
    no_clinic_before: Mapped[date | None]
    ended_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(default="nominated")
    settled_by: Mapped[str | None]


CONTRACT = RowKind(
    "talent_contract",
    (
        TalentContract.case_id,
        TalentContract.employer,
        TalentContract.person,
        TalentContract.number,
        TalentContract.first_day,
        TalentContract.last_day,
        TalentContract.unit,
        TalentContract.agreed,
        TalentContract.fund_yuan,
        TalentContract.signed_on,
        TalentContract.state,
        TalentContract.settled_by,
    ),
    key=lambda row: str(row["case_id"]),
    owned=Owner.id == TalentContract.case_id,
    where=TalentContract.state != "nominated",
)


class TalentHost(Row):
    """Who heads the department in which an expert works, as the employer has named them; the highest `number` holds.

    They alone of the hospital's department heads see and record the contract's sessions (policy.md 6, R-22).
    """

    __tablename__ = "talent_host"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    named_by: Mapped[str]
    named_at: Mapped[datetime]


class TalentPeriod(Row):
    """One stretch of the agreed schedule with the working time agreed for it; all together are the total."""

    __tablename__ = "talent_period"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    first_day: Mapped[date] = mapped_column(primary_key=True)
    last_day: Mapped[date]
    agreed: Mapped[Decimal] = mapped_column(Numeric(9, 2))


class TalentSession(Row):
    """Working time delivered on one day, under the deliverer's own key.

    The highest `revision` of a key is the one that holds; those before it stay as they were recorded. Zero units take
    a session back. `evidence`: an attachment, "" for none.
    """

    __tablename__ = "talent_session"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]
    kind: Mapped[str]
    units: Mapped[Decimal] = mapped_column(Numeric(7, 2))
    words: Mapped[str | None] = mapped_column(Sealed("talent_session.words"))
    evidence: Mapped[str] = mapped_column(default="")
    recorded_by: Mapped[str]
    channel: Mapped[str]
    recorded_at: Mapped[datetime]


class TalentExcuse(Row):
    """Agreed working time that force majeure prevented, as the employer claims it (G-13).

    `units`: of the agreed time in these days. `state`: claimed, confirmed or dismissed; only what the commission has
    confirmed is excluded. `settled_by`: the request of its answer.
    """

    __tablename__ = "talent_excuse"

    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    kind: Mapped[str]
    units: Mapped[Decimal] = mapped_column(Numeric(7, 2))
    words: Mapped[str | None] = mapped_column(Sealed("talent_excuse.words"))
    evidence: Mapped[str] = mapped_column(default="")
    recorded_by: Mapped[str]
    channel: Mapped[str]
    recorded_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="claimed")
    settled_by: Mapped[str | None]


EXCUSE = RowKind(
    "talent_excuse",
    (
        TalentExcuse.id,
        TalentExcuse.case_id,
        TalentExcuse.first_day,
        TalentExcuse.last_day,
        TalentExcuse.kind,
        TalentExcuse.units,
        TalentExcuse.state,
        TalentExcuse.settled_by,
    ),
    key=lambda row: str(row["id"]),
    owned=Owner.id == TalentExcuse.case_id,
    where=TalentExcuse.state != "claimed",
)


class TalentTrained(Row):
    """A local physician whom the employer reports as trained under a contract (OT-1.3a).

    `day`: the local day from which they work by themselves, whose year it counts for. `state`: reported, confirmed or
    dismissed; the text does not say who is trained, so that only what the employer's leader has confirmed is counted.
    `settled_by`: the request of that answer.
    """

    __tablename__ = "talent_trained"

    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), index=True)
    day: Mapped[date]
    name: Mapped[str] = mapped_column(Sealed("talent_trained.name"))
    words: Mapped[str] = mapped_column(Sealed("talent_trained.words"))
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="reported")
    settled_by: Mapped[str | None]


TRAINED = RowKind(
    "talent_trained",
    (
        TalentTrained.id,
        TalentTrained.case_id,
        TalentTrained.day,
        TalentTrained.state,
        TalentTrained.settled_by,
    ),
    key=lambda row: str(row["id"]),
    owned=Owner.id == TalentTrained.case_id,
    where=TalentTrained.state != "reported",
)


class TalentAnswer(Row):
    """What the commission has said of something that the text leaves open about a contract; later judgements use it.

    `question`: before_signature (OT-2.1d), whose `answer` is counted or left_out. `settled_by`: the request of the
    answer. Given once for each question.
    """

    __tablename__ = "talent_answer"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    question: Mapped[str] = mapped_column(primary_key=True)
    answer: Mapped[str]
    settled_by: Mapped[str]
    settled_on: Mapped[date]


ANSWER = RowKind(
    "talent_answer",
    (
        TalentAnswer.case_id,
        TalentAnswer.question,
        TalentAnswer.answer,
        TalentAnswer.settled_by,
        TalentAnswer.settled_on,
    ),
    key=lambda row: f"{row['case_id']}/{row['question']}",
    owned=Owner.id == TalentAnswer.case_id,
)


class TalentFigure(Row):
    """Working time to date against what was agreed to date, as it was judged once (OT-6.3g, G-2, G-5).

    Every judgement stays: a later one about the same day is a row of its own. `cause`: checkpoint, correction or
    answer. `outcome` as the rule says it, "" where it asked.
    """

    __tablename__ = "talent_figure"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    as_of: Mapped[date]
    agreed: Mapped[Decimal] = mapped_column(Numeric(12, 4))
    worked: Mapped[Decimal] = mapped_column(Numeric(12, 4))
    excused: Mapped[Decimal] = mapped_column(Numeric(12, 4))
    claimed: Mapped[Decimal] = mapped_column(Numeric(12, 4))
    outcome: Mapped[str]
    provisional: Mapped[bool]
    cause: Mapped[str]
    judged_at: Mapped[datetime]


FIGURE = RowKind(
    "talent_figure",
    (
        TalentFigure.case_id,
        TalentFigure.number,
        TalentFigure.as_of,
        TalentFigure.agreed,
        TalentFigure.worked,
        TalentFigure.excused,
        TalentFigure.outcome,
        TalentFigure.provisional,
    ),
    key=lambda row: f"{row['case_id']}/{row['number']}",
    owned=Owner.id == TalentFigure.case_id,
)
