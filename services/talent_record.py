"""What stands on record of one flexible-talent contract, read at one time (OT-2.1d, OT-6.2a, OT-6.3g)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from activities.talent_judged_time import BELOW
from db.engine.cases import FindingRow
from db.engine.people import Person
from db.talent_contracts import TalentExcuse, TalentFigure, TalentPeriod, TalentSession

WORKING_TIME = "OT-6.3g"


@dataclass(frozen=True)
class FigureLine:
    """One judgement of the working time as it was made: amounts in the contract's unit, both percentages exact.

    raw, adjusted: None where there was nothing to compare with. `finding`: as it was kept, for "why?".
    """

    number: int
    as_of: date
    cause: str
    outcome: str
    provisional: bool
    agreed: Fraction
    worked: Fraction
    excused: Fraction
    claimed: Fraction
    raw: Fraction | None
    adjusted: Fraction | None
    judged_at: datetime
    finding: Mapping[str, Any]

    @property
    def below(self) -> bool:
        """Whether it found less than the legal line, or asks whether that is so; before and between checkpoints a share
        is an early warning and no more (G-2).
        """
        return self.outcome in BELOW


@dataclass(frozen=True)
class SessionLine:
    """One session as it holds now. `by`: the person who recorded it, "" for a service account. `units`: zero where it
    was taken back. `before`: what stood earlier, the newest first.
    """

    key: str
    day: date
    kind: str
    units: Decimal
    words: str
    evidence: str
    by: str
    channel: str
    recorded_at: datetime
    before: tuple["SessionLine", ...] = ()

    @property
    def bare(self) -> "SessionLine":
        """Day, kind and amount alone: what a hospital that only signs may read (OT-2.1b)."""
        return replace(self, words="", evidence="", by="", before=tuple(one.bare for one in self.before))


@dataclass(frozen=True)
class ExcuseLine:
    """One claim of force majeure: local days, the agreed units it took, and what the commission has said of it."""

    first_day: date
    last_day: date
    kind: str
    units: Decimal
    words: str
    evidence: str
    state: str
    recorded_at: datetime

    @property
    def bare(self) -> "ExcuseLine":
        """Without the employer's words and proof."""
        return replace(self, words="", evidence="")


async def figures_of(
    session: AsyncSession, cases: Sequence[str], *, last_only: bool = False
) -> dict[str, list[FigureLine]]:
    """Every judgement of these contracts by case, the newest first, or only the newest of each."""
    query = select(TalentFigure).where(TalentFigure.case_id.in_(cases))
    query = query.order_by(TalentFigure.case_id, TalentFigure.number.desc())
    newest = query.ext(distinct_on(TalentFigure.case_id)) if last_only else query
    rows = (await session.scalars(newest)).all()
    instants = sorted({row.judged_at for row in rows})
    kept = select(FindingRow.case_id, FindingRow.at, FindingRow.finding).where(
        FindingRow.case_id.in_(cases), FindingRow.rule == WORKING_TIME, FindingRow.at.in_(instants)
    )
    found = (await session.execute(kept.order_by(FindingRow.id))).all()
    findings = {(case, at, _until(finding)): finding for case, at, finding in found}
    by_case: dict[str, list[FigureLine]] = {case: [] for case in cases}
    for row in rows:
        by_case[row.case_id].append(_figure(row, findings.get((row.case_id, row.judged_at, str(row.as_of)), {})))
    return by_case


def _until(finding: Mapping[str, Any]) -> str:
    return str(finding["inputs"]["facts"]["until"])


def _figure(row: TalentFigure, finding: Mapping[str, Any]) -> FigureLine:
    figures = finding.get("figures", {})
    return FigureLine(
        row.number,
        row.as_of,
        row.cause,
        row.outcome,
        row.provisional,
        _exact(figures, "agreed", row.agreed),
        _exact(figures, "worked", row.worked),
        _exact(figures, "lost", row.excused),
        _exact(figures, "claimed", row.claimed),
        _exact(figures, "raw_percent", None),
        _exact(figures, "adjusted_percent", None),
        row.judged_at,
        finding,
    )


def _exact(figures: Mapping[str, Any], name: str, otherwise: Decimal | None) -> Any:
    """As the rule computed it; the row beside it is rounded for reading."""
    figure = figures.get(name)
    if figure is None:
        return None if otherwise is None else Fraction(otherwise)
    return Fraction(figure)


async def sessions_of(session: AsyncSession, case_id: str) -> tuple[SessionLine, ...]:
    """Every session as it holds, the latest day first."""
    query = select(TalentSession, Person.name).outerjoin(Person, Person.id == TalentSession.recorded_by)
    query = query.where(TalentSession.case_id == case_id).order_by(TalentSession.revision)
    held: dict[str, SessionLine] = {}
    for row, name in await session.execute(query):
        before = held.get(row.key)
        earlier = (before, *before.before) if before else ()
        held[row.key] = _session(row, name or "", earlier)
    return tuple(sorted(held.values(), key=lambda one: (one.day, one.recorded_at), reverse=True))


def _session(row: TalentSession, by: str, before: tuple[SessionLine, ...]) -> SessionLine:
    said = (row.words or "", row.evidence, by, row.channel, row.recorded_at)
    return SessionLine(row.key, row.day, row.kind, row.units, *said, before)


async def excuses_of(session: AsyncSession, case_id: str) -> tuple[ExcuseLine, ...]:
    """Every claim, the latest days first."""
    query = select(TalentExcuse).where(TalentExcuse.case_id == case_id)
    rows = await session.scalars(query.order_by(TalentExcuse.first_day.desc(), TalentExcuse.id))
    return tuple(
        ExcuseLine(
            one.first_day,
            one.last_day,
            one.kind,
            one.units,
            one.words or "",
            one.evidence,
            one.state,
            one.recorded_at,
        )
        for one in rows
    )


async def periods_of(session: AsyncSession, case_id: str) -> Sequence[TalentPeriod]:
    """The agreed schedule, in order."""
    query = select(TalentPeriod).where(TalentPeriod.case_id == case_id).order_by(TalentPeriod.first_day)
    return (await session.scalars(query)).all()
