"""What of a term's days is still open: without a record, off post without leave, or said in two ways (COR-13)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.attendance_reads import Held, judged_spans, newest_days, span_of
from db.service import Absence, Leave
from db.standstills import Standstill, stood_days
from policies.days import OFF_POST, Span, contradicts, unexplained

_ONE_DAY = timedelta(days=1)
_HALVES_A_DAY = 2
Days = Mapping[date, Held]


@dataclass(frozen=True)
class Proposal:
    """Days off post without leave or absence on record: local days, and how many of them, to the half."""

    first_day: date
    last_day: date
    days: Decimal


@dataclass(frozen=True)
class OpenDays:
    """`unrecorded`: working days up to yesterday that nothing speaks for; they count as on post. `contradictions`: days
    of which attendance says something else than approved leave or a confirmed absence.
    """

    unrecorded: int
    proposals: tuple[Proposal, ...]
    contradictions: tuple[date, ...]


async def open_days(
    session: AsyncSession, case: str, first_day: date, *, today: date, rests: Callable[[date], bool]
) -> OpenDays:
    """Of one term, from its first local day on; of days on which it stood still nothing is open."""
    held = (await newest_days(session, [case], first_day, today))[case]
    spans = (await judged_spans(session, [case]))[case]
    stood = await stood_days(session, case, today)
    against = (day for day, one in held.items() if any(contradicts(one.recorded, span) for span in spans))
    return OpenDays(
        unrecorded(first_day, today - _ONE_DAY, held, [*spans, *stood], rests=rests),
        proposals(held, (await on_record(session, [case]))[case], rests),
        tuple(sorted(against)),
    )


def unrecorded(first: date, last: date, held: Days, spans: Sequence[Span], *, rests: Callable[[date], bool]) -> int:
    """Working days from one to another, both counted, that neither attendance nor leave or absence speaks for."""
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    left = (day for day in days if day not in held and not rests(day))
    return sum(not any(span.holds(day) for span in spans) for day in left)


def proposals(held: Days, spans: Sequence[Span], rests: Callable[[date], bool]) -> tuple[Proposal, ...]:
    """Days off post for which there is neither leave nor an absence on record, whatever became of it."""
    found = unexplained((each.recorded for each in held.values()), spans, rests)
    return tuple(Proposal(one.first_day, one.last_day, Decimal(one.halves) / _HALVES_A_DAY) for one in found)


async def on_record(session: AsyncSession, cases: Sequence[str]) -> dict[str, list[Span]]:
    """Leave that was asked for and not refused, every absence, and the days on which a term stood still."""
    found: dict[str, list[Span]] = {case: [] for case in cases}
    asked = select(Leave).where(Leave.case_id.in_(cases), Leave.state != "refused")
    for leave in await session.scalars(asked):
        found[leave.case_id].append(span_of(leave))
    for absence in await session.scalars(select(Absence).where(Absence.case_id.in_(cases))):
        found[absence.case_id].append(Span(absence.first_day, absence.last_day, OFF_POST))
    stood = select(Standstill).where(Standstill.case_id.in_(cases), Standstill.state != "recorded")
    for standstill in await session.scalars(stood):
        found[standstill.case_id].append(Span(standstill.first_day, standstill.last_day or date.max))
    return found
