"""The desk that shows attendance: a month of a term to who may read it, an institution's terms to who keeps them."""

from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from db.attendance_reads import judged_spans, newest_days
from db.engine.almanac import Almanac
from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.clock import Clock
from db.engine.packs import PackShelf
from policies.days import table
from policies.engine.calendar import CHINA
from services.attendance_open import Days, on_record, open_days, proposals, unrecorded
from services.attendance_sheet import SheetLine, mark_of, month_sheet
from services.attendance_views import (
    Look,
    OfficeLine,
    OfficeMonth,
    TermMonth,
    cells,
    counts_of,
    weeks_of,
)
from services.engine.acts import CaseUnknown
from services.engine.permissions import Right, Viewer, ensure
from services.engine.places import Places
from services.serving import RUNNING, Serving, terms_where, was_transferred

_ONE_DAY = timedelta(days=1)


class AttendanceBoard:
    """Reads attendance."""

    def __init__(self, sessions: Sessions, *, shelf: PackShelf, almanac: Almanac, clock: Clock, places: Places) -> None:
        """A desk over the record."""
        self._sessions, self._shelf, self._almanac = sessions, shelf, almanac
        self._clock, self._places = clock, places

    async def month(self, case: str, viewer: Viewer, month: date | None) -> TermMonth:
        """A month of a term, this one by default; who may read the term is the caller's question to its record."""
        today = self._today()
        first = (month or today).replace(day=1)
        async with self._sessions() as session:
            term = next(iter(await terms_where(session, CaseFile.id == case)), None)
            if term is None:
                raise CaseUnknown(case=case)
            pack = await self._shelf.pack(*term.pack, through=await session.connection())
            began = term.first_day or today
            held = (await newest_days(session, [case], min(began, first), max(today, _last(first))))[case]
            until = min(today, term.last_day or today)
            look = Look((await judged_spans(session, [case]))[case], await self._rests(), until)
            ended = min(today, until + _ONE_DAY)
            left = await open_days(session, case, began, today=ended, rests=look.rests)
        shown = cells(term, _days(first), held, look)
        return TermMonth(
            first,
            _month_before(first) if first > began else None,
            _last(first) + _ONE_DAY if _last(first) < today else None,
            weeks_of(shown),
            counts_of(shown),
            left,
            table(pack),
            viewer.may(Right.KEEP_ATTENDANCE, [term.receiving]) and term.runs and viewer.person != term.person,
        )

    async def office(self, viewer: Viewer, month: date | None) -> OfficeMonth:
        """Every running term at the institutions whose attendance the viewer keeps, and those that were transferred in
        that month or later while the service goes on; NotForYou without the right.
        """
        terms, first, today, held = await self._kept(viewer, month)
        places, rests, cases = await self._places.now(), await self._rests(), [term.case for term in terms]
        began = min((term.first_day for term in terms if term.first_day), default=today)
        async with self._sessions() as session:
            spans, explained = await judged_spans(session, cases), await on_record(session, cases)
            so_far = await newest_days(session, cases, began, today)
        lines = [
            OfficeLine(
                term,
                places.name(term.receiving),
                len(held[term.case]),
                _open_days(term, first, held[term.case], Look(spans[term.case], rests, today)),
                proposals(so_far[term.case], explained[term.case], rests),
            )
            for term in terms
        ]
        after = _last(first) + _ONE_DAY if _last(first) < today else None
        return OfficeMonth(first, _month_before(first), after, tuple(lines))

    async def sheet(self, viewer: Viewer, month: date | None) -> tuple[date, bytes]:
        """The month's sheet with everybody who serves there and what is on record of them (.xlsx), and the month."""
        terms, first, _, held = await self._kept(viewer, month)
        lines = [SheetLine(term.case, term.person, term.name, _marks(held[term.case])) for term in terms]
        return first, month_sheet(first, lines)

    async def working(self, days: Sequence[date]) -> list[date]:
        """Those of the days that are worked, by the calendar."""
        rests = await self._rests()
        return [day for day in days if not rests(day)]

    async def _kept(self, viewer: Viewer, month: date | None) -> tuple[list[Serving], date, date, Mapping[str, Days]]:
        ensure(viewer, Right.KEEP_ATTENDANCE)
        today = self._today()
        first = (month or today).replace(day=1)
        own = CaseFile.institution.in_(viewer.reached_for(Right.KEEP_ATTENDANCE))
        async with self._sessions() as session:
            open_ = CaseFile.stage.in_(RUNNING) | was_transferred()
            running = await terms_where(session, own, open_, CaseFile.subject != viewer.person)
            # Of who has gone on elsewhere only the months in which they were here.
            terms = [term for term in running if term.runs and (term.last_day or first) >= first]
            held = await newest_days(session, [term.case for term in terms], first, _last(first))
        return terms, first, today, held

    async def _rests(self) -> Callable[[date], bool]:
        calendar = await self._almanac.calendar()
        return lambda day: not calendar.days(day).working

    def _today(self) -> date:
        return self._clock.now().astimezone(CHINA).date()


def _open_days(term: Serving, first: date, held: Days, look: Look) -> int:
    """Working days of the month, up to yesterday, that nothing speaks for."""
    last = min(look.until - _ONE_DAY, term.last_day or look.until, _last(first))
    return unrecorded(max(first, term.first_day or look.until), last, held, look.spans, rests=look.rests)


def _marks(held: Days) -> dict[int, str]:
    return {day.day: mark_of(one.recorded.morning, one.recorded.afternoon) for day, one in held.items()}


def _days(first: date) -> list[date]:
    return [first.replace(day=number) for number in range(1, _last(first).day + 1)]


def _last(first: date) -> date:
    return first.replace(day=monthrange(first.year, first.month)[1])


def _month_before(first: date) -> date:
    return (first - _ONE_DAY).replace(day=1)
