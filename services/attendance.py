"""The desk at which attendance is recorded, a day or a year at a time; a correction is a newer row (COR-13).

Whatever is recorded stands beside the term, never in its history. Only a term of whose months something may have to be
said anew is nudged, once a day at most; every other finds the days when it next looks at its clocks.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import cast

from sqlalchemy import insert, or_
from sqlalchemy.ext.asyncio import AsyncSession

from activities.engine.delivery import Delivery
from db.attendance import AttendanceDay
from db.attendance_reads import Held, judged_spans, newest_days
from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.clock import Clock
from db.engine.packs import PackShelf
from policies.days import COUNTS, UNEXPLAINED, DayKind, table
from policies.engine.calendar import CHINA
from services.attendance_book import AttendanceRow, Book, Fresh, Halves, Keeper
from services.attendance_sheet import MONTH, row_of
from services.engine.notices import Brought, keep_all
from services.facts import RowResult, stored_anew
from services.imports import Imported, imported
from services.serving import Serving, terms_where
from services.sheets import read_sheet

ATTENDANCE = "attendance"
Table = Mapping[DayKind, tuple[str, str]]


class AttendanceDesk:
    """Keeps days of terms of service."""

    def __init__(self, sessions: Sessions, delivery: Delivery, *, clock: Clock, shelf: PackShelf) -> None:
        """A desk over the record."""
        self._sessions, self._delivery, self._clock, self._shelf = sessions, delivery, clock, shelf

    async def store(self, rows: Sequence[AttendanceRow], *, keeper: Keeper, try_only: bool = False) -> list[RowResult]:
        """Add and correct days, one result per row in order; what stands already as it is said is unchanged.

        Raises StoredMeanwhile when others keep recording the same days.
        """
        results, nudges = await stored_anew(lambda: self._stored(rows, keeper, try_only=try_only))
        await self._delivery.set_going(starts=(), notices=nudges)
        return results

    async def take_sheet(self, content: bytes, *, keeper: Keeper, try_only: bool = False) -> Imported:
        """A monthly sheet: a row a person, a column a day; a row is stored whole or refused.

        Raises SheetUnreadable, SheetTooLarge, SheetColumnsWrong or SheetEmpty; then nothing is stored.
        """
        sheet = read_sheet(content, MONTH)
        results = await self.store([row_of(row) for row in sheet.rows], keeper=keeper, try_only=try_only)
        return imported(sheet, results, tried=try_only)

    async def _stored(
        self, rows: Sequence[AttendanceRow], keeper: Keeper, *, try_only: bool
    ) -> tuple[list[RowResult], list[str]]:
        now = self._clock.now()
        async with self._sessions() as session:
            terms = await _meant(session, rows)
            known = await _known(session, terms, [entry.day for row in rows for entry in row.days])
            book = Book(terms, known, keeper, now.astimezone(CHINA).date())
            results = [book.take(row) for row in rows]
            if try_only or not book.fresh:
                return results, []
            await session.execute(insert(AttendanceDay), [_row(fresh, keeper, now) for fresh in book.fresh])
            heard = {each.case: each.told for each in terms}
            stirred = sorted({heard[case] for case in await self._stirred(session, book)})
            nudges = await _nudged(session, stirred, keeper, now)
            await session.commit()
        return results, nudges

    async def _stirred(self, session: AsyncSession, book: Book) -> list[str]:
        """The terms of whose months something may have to be said anew: a day does something else to a clock than
        before, and neither approved leave nor a confirmed absence speaks for it.
        """
        tables = {pack: table(await self._shelf.pack(*pack)) for pack in {each.pack for each in book.terms}}
        effects = {each.case: tables[each.pack] for each in book.terms}
        other = [fresh for fresh in book.fresh if _changes(fresh, effects[fresh.case])]
        spans = await judged_spans(session, {fresh.case for fresh in other})
        stirred = {one.case for one in other if not any(span.holds(one.entry.day) for span in spans[one.case])}
        return sorted(stirred)


async def _meant(session: AsyncSession, rows: Sequence[AttendanceRow]) -> list[Serving]:
    cases = {row.term for row in rows if row.term.isprintable()}
    people = {row.person for row in rows if row.person.isprintable() and not row.term}
    return await terms_where(session, or_(CaseFile.id.in_(cases), CaseFile.subject.in_(people)))


async def _known(
    session: AsyncSession, terms: Sequence[Serving], days: Sequence[date]
) -> Mapping[str, dict[date, Held]]:
    cases = [each.case for each in terms]
    return await newest_days(session, cases, min(days), max(days)) if days else {case: {} for case in cases}


def _row(fresh: Fresh, keeper: Keeper, now: datetime) -> dict[str, object]:
    return {
        "case_id": fresh.case,
        "day": fresh.entry.day,
        "revision": fresh.revision,
        "morning": fresh.entry.morning,
        "afternoon": fresh.entry.afternoon,
        "words": fresh.words or None,
        "recorded_by": keeper.by,
        "channel": keeper.channel,
        "recorded_at": now,
    }


def _changes(fresh: Fresh, effects: Table) -> bool:
    """Whether the new row does something else to a clock; a day without a row counts, as does one unexplained."""
    before = fresh.before.recorded if fresh.before else None
    stood: Halves = (before.morning, before.afternoon) if before else ("on_post", "on_post")
    now: Halves = (fresh.entry.morning, fresh.entry.afternoon)
    return sorted(_effect(kind, effects) for kind in stood) != sorted(_effect(kind, effects) for kind in now)


def _effect(kind: str, effects: Table) -> tuple[str, ...]:
    return tuple(COUNTS if one == UNEXPLAINED else one for one in effects[cast("DayKind", kind)])


async def _nudged(session: AsyncSession, cases: Sequence[str], keeper: Keeper, now: datetime) -> list[str]:
    """One notice a term and local day; the next import of that day finds it there."""
    day = now.astimezone(CHINA).date().isoformat()
    nudges = [
        Brought(f"{ATTENDANCE}-{case}-{day}", case, ATTENDANCE, {}, keeper.by, "", keeper.channel) for case in cases
    ]
    return await keep_all(session, nudges, at=now)
