"""A service that went on at another institution: its segments, each a term of its own (EXC-08)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.engine.cases import CaseFile
from db.term_changes import AGREED, TRANSFER, TermChange
from db.term_start import first_day_of

# Facts of a later segment: the terms before it, and since when its months at the site count where they go on.
BEFORE, SITE_SINCE = "before", "site_since"
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Segment:
    """One earlier term that had begun: its first and last local day, both counted."""

    case: str
    first_day: date
    last_day: date


@dataclass(frozen=True)
class Stretch:
    """What was served in one term: where (an institution's code), and from which local day to which, both counted.

    `last_day`: None while it is not known.
    """

    case: str
    institution: str
    first_day: date
    last_day: date | None


@dataclass(frozen=True)
class GoesOn:
    """Where the service of a term that was transferred goes on today, and its last local day in that term."""

    case: str
    stage: str
    last_day: date


class Term(Protocol):
    """As much of a case as says what it goes on from."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """Its facts."""


def segments_of(case: Term) -> tuple[str, ...]:
    """The term itself and, before it, those that it goes on from, oldest first."""
    return (*case.facts.get(BEFORE, "").split(), case.id)


def service_of(case: type[CaseFile] = CaseFile) -> ColumnElement[str]:
    """The first term of the service that a term belongs to, which is itself where nothing came before it."""
    first = func.split_part(case.facts[BEFORE].astext, " ", 1)
    return func.coalesce(func.nullif(first, ""), case.id)


async def all_segments(session: AsyncSession, case: CaseFile) -> list[CaseFile]:
    """Every term of one service, this one among them, in their order."""
    query = select(CaseFile).where(CaseFile.lifecycle == case.lifecycle, CaseFile.subject == case.subject)
    rows = (await session.scalars(query)).all()
    mine = segments_of(case)[0]
    return sorted((each for each in rows if segments_of(each)[0] == mine), key=lambda each: len(segments_of(each)))


async def earlier_segments(session: AsyncSession, case: Term) -> list[Segment]:
    """The earlier terms that had begun, oldest first; none for a first segment."""
    found = []
    for each in segments_of(case)[:-1]:
        first_day, last_day = await first_day_of(session, each), await transferred_on(session, each)
        if first_day and last_day and first_day <= last_day:
            found.append(Segment(each, first_day, last_day))
    return found


async def stretches_of(session: AsyncSession, case: Term, *, last_day: date | None = None) -> list[Stretch]:
    """Where the service was up to and with this term, oldest first, without terms that never began.

    last_day: that of this term, where it was served to its end.
    """
    named = select(CaseFile.id, CaseFile.facts["receiving"].astext).where(CaseFile.id.in_(segments_of(case)))
    places = {row[0]: row[1] for row in await session.execute(named)}
    found = [
        Stretch(each.case, places[each.case], each.first_day, each.last_day)
        for each in await earlier_segments(session, case)
    ]
    if first_day := await first_day_of(session, case.id):
        found.append(Stretch(case.id, places[case.id], first_day, last_day or await _left_on(session, case.id)))
    return found


async def transferred_on(session: AsyncSession, case_id: str) -> date | None:
    """The last local day at an institution that the person was transferred from; None for any other term."""
    agreed = select(TermChange.ends_on).where(
        TermChange.case_id == case_id, TermChange.kind == TRANSFER, TermChange.state == AGREED
    )
    found: date | None = await session.scalar(agreed)
    return found


async def _left_on(session: AsyncSession, case_id: str) -> date | None:
    """The last local day of a term that ended with what was agreed: a transfer or an early end (EXC-07, EXC-08)."""
    agreed = select(TermChange.ends_on).where(TermChange.case_id == case_id, TermChange.state == AGREED)
    found: date | None = await session.scalar(agreed)
    return found


async def going_on(session: AsyncSession, cases: Collection[str]) -> dict[str, GoesOn]:
    """Of those of some terms that were transferred, where the service goes on; without services that are over."""
    asked = aliased(CaseFile)
    people = select(asked.subject).where(asked.id.in_(cases))
    later = select(CaseFile).where(CaseFile.facts.has_key(BEFORE), CaseFile.subject.in_(people))
    newest: dict[str, CaseFile] = {}
    for case in sorted(await session.scalars(later), key=lambda each: len(segments_of(each))):
        newest |= dict.fromkeys((one for one in segments_of(case)[:-1] if one in cases), case)
    ends = select(TermChange.case_id, TermChange.ends_on).where(
        TermChange.case_id.in_(newest), TermChange.kind == TRANSFER, TermChange.state == AGREED
    )
    found = [(newest[case], case, last_day) for case, last_day in await session.execute(ends)]
    return {case: GoesOn(to.id, to.stage, day) for to, case, day in found if day and to.state != "closed"}


def days_between(segments: Sequence[Segment], first_day: date) -> list[tuple[date, date]]:
    """The local days, both counted, that lie between the segments and the first day of the last one."""
    starts = [*(each.first_day for each in segments[1:]), first_day]
    gaps = [(each.last_day + _ONE_DAY, start - _ONE_DAY) for each, start in zip(segments, starts, strict=False)]
    return [(first, last) for first, last in gaps if first <= last]
