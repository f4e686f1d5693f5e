"""How many people served month by month, for each sending institution of a group: what a pay total is prefilled from
(DQ-3.4.2b). Nothing here decides: the group checks each number and may enter another.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import cast

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine.cases import CaseFile, EventRow
from db.opening_terms import TAKEN_BACK
from db.term_changes import AGREED, TermChange
from policies.engine.calendar import CHINA
from policies.engine.pack import Pack
from policies.pay import MonthEndsFacts, month_average

MONTHS = range(1, 13)
TERM, STARTED = "ServiceTerm", "service_started"
HALF = "half"


@dataclass(frozen=True)
class Served:
    """One person's service as the record has it: local days, both counted; `last_day` is None while it runs."""

    person: str
    programme: str
    sending: str
    first_day: date
    last_day: date | None
    half: bool

    def within(self, first_day: date, last_day: date) -> bool:
        """Whether any day of the service lies in these days."""
        return self.first_day <= last_day and (self.last_day is None or self.last_day >= first_day)


@dataclass(frozen=True)
class MonthEnds:
    """One month's people on its first and last day, and their mean; all None for a month that has not ended."""

    month: int
    first: Decimal | None
    last: Decimal | None
    average: Decimal | None


@dataclass(frozen=True)
class Headcount:
    """One sending institution in one year, with those on half release among its people."""

    institution: str
    months: tuple[MonthEnds, ...]
    half_release: int


async def headcounts(session: AsyncSession, pack: Pack, *, group: str, year: int, today: date) -> dict[str, Headcount]:
    """Every institution that sent somebody in the year, by its code."""
    by_place: dict[str, list[Served]] = defaultdict(list)
    for served in await served_in(session, group):
        if served.within(date(year, 1, 1), date(year, 12, 31)):
            by_place[served.sending].append(served)
    return {place: _headcount(pack, place, people, year, today=today) for place, people in sorted(by_place.items())}


async def served_in(session: AsyncSession, group: str) -> Sequence[Served]:
    """Everybody's service in a group that has begun, by the number of the term."""
    query = (
        select(CaseFile, EventRow.body, TermChange.ends_on)
        .join(EventRow, EventRow.case_id == CaseFile.id)
        .outerjoin(TermChange, and_(TermChange.case_id == CaseFile.id, TermChange.state == AGREED))
        .where(CaseFile.lifecycle == TERM, CaseFile.facts["group"].astext == group)
        .where(EventRow.body.contains(f'"{STARTED}"'))
        # A term that was imported wrongly and taken back is nobody's service (COR-17).
        .where(func.coalesce(CaseFile.outcome, "") != TAKEN_BACK)
        .order_by(CaseFile.id)
    )
    found = []
    for case, body, agreed in (await session.execute(query)).all():
        line = json.loads(body)
        if line["event"] == STARTED:
            found.append(_of(case, date.fromisoformat(line["refs"]["first_day"]), agreed))
    return found


def _of(case: CaseFile, first_day: date, agreed: date | None) -> Served:
    """Up to the last day on which all agreed, though the file is closed later (EXC-07, EXC-08)."""
    ended = case.changed_at.astimezone(CHINA).date() if case.state == "closed" else None
    ended = min((day for day in (ended, agreed) if day), default=None)
    half = case.facts.get("mode") == HALF
    return Served(str(case.subject), case.programme, case.facts["sending"], first_day, ended, half)


def _headcount(pack: Pack, place: str, people: Sequence[Served], year: int, *, today: date) -> Headcount:
    months = tuple(_month(pack, people, year, month, today=today) for month in MONTHS)
    # Whoever was transferred has served twice and is one of its people.
    return Headcount(place, months, len({one.person for one in people if one.half}))


def _month(pack: Pack, people: Iterable[Served], year: int, month: int, *, today: date) -> MonthEnds:
    first = date(year, month, 1)
    last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    if last >= today:
        return MonthEnds(month, None, None, None)
    weight = pack.parameters["half_release_weight"].number
    begins, ends = _on(people, first, weight), _on(people, last, weight)
    average = month_average(MonthEndsFacts(begins, ends), pack).figures["month_average"]
    return MonthEnds(month, begins, ends, _decimal(cast("Fraction", average)))


def _on(people: Iterable[Served], day: date, weight: Fraction) -> Decimal:
    """How many served on a day; half release has the weight that the pack gives it."""
    there = [one for one in people if one.first_day <= day and (one.last_day is None or one.last_day >= day)]
    return _decimal(sum((weight if one.half else Fraction(1) for one in there), Fraction(0)))


def _decimal(exact: Fraction) -> Decimal:
    return Decimal(exact.numerator) / Decimal(exact.denominator)
