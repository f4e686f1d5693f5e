"""What a term of service has on record, as far as the reader may see it (policy.md 6)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.clock import Clock
from db.engine.packs import PackShelf
from db.engine.people import Person
from db.engine.tasks import TaskRow
from db.opening_terms import OpeningTerm, post_of
from db.segments import all_segments, going_on, transferred_on
from db.service import Absence, Leave, PerformanceResult, ServiceActivity
from db.term_start import first_day_of
from policies.accumulated import forms_of
from policies.engine.calendar import CHINA
from policies.engine.pack import Pack
from policies.engine.words import Words
from services.absences import IN_SERVICE
from services.engine.acts import CaseUnknown
from services.engine.permissions import NotForYou, Right, Viewer
from services.engine.places import PlaceMap, Places
from services.mentors import Training, training_of
from services.serving import takes_late
from services.term_forecast import Forecast, forecast_of


@dataclass(frozen=True)
class AbsenceLine:
    """One absence: local days, working days, recorded/confirmed/dismissed/split, how often it counts."""

    first_day: date
    last_day: date
    days: Decimal
    state: str
    times: int | None
    words: str


@dataclass(frozen=True)
class LeaveLine:
    """One leave: kind, local days, state, what it does to the clock, when the person was back."""

    kind: str
    first_day: date
    last_day: date
    state: str
    weighs: str
    returned_on: date | None
    words: str


@dataclass(frozen=True)
class ActivityLine:
    """One accumulated activity: its form by name or "other", the local day and part of it, and how it was settled."""

    form: str
    other_form: str
    day: date
    part: str
    half_days: int
    place: str
    witness: str
    words: str
    evidence: str
    state: str
    group_approved: bool | None


@dataclass(frozen=True)
class QuarterLine:
    """One quarter that has ended: its number, and how it was rated; "" while it is assessed or waits for a method."""

    quarter: int
    rating: str
    decided_on: date | None
    asked: bool


@dataclass(frozen=True)
class SegmentLine:
    """One segment of a service that was transferred: its case, where it was, its local days as far as they are known.

    `opens`: the reader may read its record too.
    """

    case: str
    receiving: Words
    first_day: date | None
    last_day: date | None
    opens: bool


@dataclass(frozen=True)
class TermRecord:
    """Where and how the person serves, what was recorded, and whether the reader may record more.

    `forms`: what a record of accumulated service may name. `quarters`: None for who may not read the ratings. `opens`:
    the reader may also open the case; who only keeps attendance (R-06) may not.
    """

    case: str
    person: str
    stage: str
    receiving: Words
    sending: Words
    specialty: str
    mode: str
    absences: tuple[AbsenceLine, ...]
    may_record: bool
    leaves: tuple[LeaveLine, ...]
    may_ask: bool
    activities: tuple[ActivityLine, ...]
    may_add: bool
    forms: tuple[str, ...]
    quarters: tuple[QuarterLine, ...] | None
    forecast: Forecast
    opens: bool
    training: Training | None
    opening: OpeningTerm | None
    segments: tuple[SegmentLine, ...]


class TermRecordDesk:
    """Reads the record of a term."""

    def __init__(self, sessions: Sessions, *, shelf: PackShelf, places: Places, clock: Clock) -> None:
        """A desk over the record."""
        self._sessions, self._shelf, self._places, self._clock = sessions, shelf, places, clock

    async def forecast(self, case_id: str, viewer: Viewer) -> Forecast | None:
        """What is ahead of a term; None for who may not read its record."""
        async with self._sessions() as session:
            try:
                case = await _read(session, case_id, viewer)
            except (CaseUnknown, NotForYou):
                return None
            if not _opens(viewer, case):
                return None
            return await self._foretold(session, case, await self._pack(session, case))

    async def _foretold(self, session: AsyncSession, case: CaseFile, pack: Pack) -> Forecast:
        return await forecast_of(session, case, pack, today=self._clock.now().astimezone(CHINA).date())

    async def _pack(self, session: AsyncSession, case: CaseFile) -> Pack:
        return await self._shelf.pack(case.pack, case.pack_version, through=await session.connection())

    async def term(self, case_id: str, viewer: Viewer) -> TermRecord:
        """The record of a term. Raises CaseUnknown, NotForYou for who sees neither side nor keeps attendance there."""
        places = await self._places.now()
        async with self._sessions() as session:
            case = await _read(session, case_id, viewer)
            sides = _sides(case)
            opens = _opens(viewer, case)
            person = await session.get_one(Person, case.subject)
            post, absences = await post_of(session, case_id, case.facts), await _absences(session, case_id)
            asked = select(Leave).where(Leave.case_id == case_id).order_by(Leave.first_day, Leave.id)
            leaves = (await session.scalars(asked)).all()
            activities = await _activities(session, case_id)
            # The person, and whoever reads the findings of the receiving side: those who assess, and those above them.
            rated = viewer.person == case.subject or viewer.may(Right.FINDINGS, sides[:1])
            quarters = await _quarters(session, case_id) if rated else None
            pack = await self._pack(session, case)
            forecast = await self._foretold(session, case, pack)
            training = await training_of(session, case, viewer) if opens else None
            segments = await _segments(session, case, viewer, places)
            records = await _records(session, case, viewer)
        return TermRecord(
            case_id,
            person.name,
            case.stage,
            places.name(sides[0]),
            places.name(sides[1]),
            post.specialty,
            post.mode,
            absences,
            records,
            tuple(_leave(row, opens=opens) for row in leaves),
            viewer.person == case.subject and case.stage == IN_SERVICE,
            activities if opens else (),
            opens and may_add(viewer, case),
            forms_of(pack),
            quarters,
            forecast,
            opens,
            training,
            post if opens and isinstance(post, OpeningTerm) else None,
            segments,
        )


async def _read(session: AsyncSession, case_id: str, viewer: Viewer) -> CaseFile:
    """The case of a term of which the viewer may read something: their own, one of either side, or only its days."""
    case = await session.get(CaseFile, case_id)
    if case is None or case.lifecycle != "ServiceTerm":
        raise CaseUnknown(case=case_id)
    _opens(viewer, case)
    return case


async def _segments(session: AsyncSession, case: CaseFile, viewer: Viewer, places: PlaceMap) -> tuple[SegmentLine, ...]:
    """All of them where there is more than one (EXC-08)."""
    found = await all_segments(session, case)
    if len(found) == 1:
        return ()
    lines = []
    for each in found:
        days = await first_day_of(session, each.id), await transferred_on(session, each.id)
        lines.append(SegmentLine(each.id, places.name(each.facts["receiving"]), *days, _may_read(viewer, each)))
    return tuple(lines)


def _may_read(viewer: Viewer, case: CaseFile) -> bool:
    try:
        _opens(viewer, case)
    except NotForYou:
        return False
    return True


def _sides(case: CaseFile) -> tuple[str, str]:
    return case.facts["receiving"], case.facts["sending"]


async def _quarters(session: AsyncSession, case_id: str) -> tuple[QuarterLine, ...]:
    found = await session.scalars(select(PerformanceResult).where(PerformanceResult.case_id == case_id))
    results = {row.quarter: row for row in found}
    asked = select(TaskRow.name, TaskRow.refs).where(TaskRow.case_id == case_id)
    rows = (await session.execute(asked.where(TaskRow.name.in_(("check_in", "performance_assessment"))))).all()
    ended = sorted(int(refs["number"]) for name, refs in rows if name == "check_in")
    open_ = {int(refs["quarter"]) for name, refs in rows if name == "performance_assessment"}
    return tuple(
        QuarterLine(
            number,
            results[number].rating if number in results else "",
            results[number].decided_on if number in results else None,
            number in open_,
        )
        for number in ended
    )


def _opens(viewer: Viewer, case: CaseFile) -> bool:
    """Whether the reader may open the case too; NotForYou for who does not even keep attendance there."""
    sides = _sides(case)
    if viewer.person == case.subject or viewer.may(Right.FINDINGS, sides):
        return True
    if not viewer.may(Right.KEEP_ATTENDANCE, sides[:1]):
        raise NotForYou(right=Right.FINDINGS.value)
    return False


def _leave(row: Leave, *, opens: bool) -> LeaveLine:
    """Who only keeps attendance needs the days, not the reasons."""
    words = (row.words or "") if opens else ""
    return LeaveLine(row.kind, row.first_day, row.last_day, row.state, row.weighs, row.returned_on, words)


async def _absences(session: AsyncSession, case_id: str) -> tuple[AbsenceLine, ...]:
    found = select(Absence).where(Absence.case_id == case_id).order_by(Absence.first_day, Absence.id)
    rows = await session.scalars(found)
    return tuple(AbsenceLine(r.first_day, r.last_day, r.days, r.state, r.times, r.words or "") for r in rows)


async def _activities(session: AsyncSession, case_id: str) -> tuple[ActivityLine, ...]:
    found = select(ServiceActivity).where(ServiceActivity.case_id == case_id)
    rows = await session.scalars(found.order_by(ServiceActivity.day, ServiceActivity.id))
    return tuple(
        ActivityLine(
            row.form,
            row.other_form or "",
            row.day,
            row.part,
            row.half_days,
            row.place or "",
            row.witness or "",
            row.words or "",
            row.evidence or "",
            row.state,
            row.group_approved,
        )
        for row in rows
    )


async def _records(session: AsyncSession, case: CaseFile, viewer: Viewer) -> bool:
    """Whether the reader may record an absence, also one of a term that was transferred (EXC-08)."""
    later = (await going_on(session, [case.id])).get(case.id)
    return may_record(viewer, case, late=takes_late(later))


def may_record(viewer: Viewer, case: CaseFile, *, late: bool = False) -> bool:
    """HR of the receiving institution, while the service runs, here or `late`, where it goes on; never about
    themselves (DEF-12).
    """
    keeps = viewer.may(Right.RECORD_ABSENCE, [case.facts["receiving"]])
    return keeps and (late or case.stage == IN_SERVICE) and viewer.person != case.subject


def may_add(viewer: Viewer, case: CaseFile) -> bool:
    """The person, or who keeps attendance for them, records accumulated service while the term runs (DQ-3.2.1b)."""
    return may_record(viewer, case) or (viewer.person == case.subject and case.stage == IN_SERVICE)
