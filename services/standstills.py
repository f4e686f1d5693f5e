"""The desk at which group and bureau suspend a term and resume it, and record force majeure (EXC-09; design 5)."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.engine.delivery import Delivery
from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.clock import Clock
from db.engine.opening import next_serial
from db.engine.tasks import InboxRow
from db.standstills import Standstill
from policies.engine.calendar import CHINA
from policies.engine.refusals import Refusal
from services.absences import NotInService
from services.engine.acts import Done
from services.engine.decisions import PAGE, NotCounted
from services.engine.notices import Brought, bring, keep, kept_before
from services.engine.permissions import NotForYou, Right, Viewer
from services.field_problems import FactsRefused, FieldProblem

STANDSTILL, RESUMED = "standstill", "resumed"
SUSPENSION, FORCE_MAJEURE = "suspension", "force_majeure"
KINDS = (SUSPENSION, FORCE_MAJEURE)
# For whom it is recorded: this term, or with force majeure every term at the institution, or of the group.
TERM, RECEIVING, GROUP = "term", "receiving", "group"
REACHES = (TERM, RECEIVING, GROUP)
SERVING = ("in_service", "suspended")
_ONE_DAY = timedelta(days=1)


class NotStandingStill(Refusal):
    """There is no such standstill, or it has been ended already."""


@dataclass(frozen=True)
class StillWish:
    """A standstill: local days, both counted, the last one None while it is not known; the document that says so."""

    kind: str
    reach: str
    first_day: date
    last_day: date | None
    evidence: str
    words: str


@dataclass(frozen=True)
class Resumption:
    """The service goes on from a local day on; `everywhere` for all terms for which the same was recorded."""

    standstill: str
    resumes_on: date
    words: str
    everywhere: bool = False


@dataclass(frozen=True)
class StandstillLine:
    """One standstill as it is shown; `may_end`: the reader may say that the service goes on."""

    id: str
    kind: str
    first_day: date
    last_day: date | None
    state: str
    evidence: str
    words: str
    may_end: bool


@dataclass(frozen=True)
class Standstills:
    """What stood or stands still, and whether the reader may record more."""

    lines: tuple[StandstillLine, ...]
    may_record: bool


class StandstillDesk:
    """Keeps what is recorded and brings it to every term that it touches."""

    def __init__(self, sessions: Sessions, delivery: Delivery, *, clock: Clock) -> None:
        """A desk over the record."""
        self._sessions, self._delivery, self._clock = sessions, delivery, clock

    async def of(self, case_id: str, viewer: Viewer) -> Standstills:
        """Those of a term that the viewer may read, oldest first."""
        async with self._sessions() as session:
            case = await session.get_one(CaseFile, case_id)
            found = select(Standstill).where(Standstill.case_id == case_id)
            rows = (await session.scalars(found.order_by(Standstill.first_day, Standstill.id))).all()
        may = may_record(viewer, case)
        return Standstills(tuple(_line(row, may=may) for row in rows), may)

    async def record(self, case_id: str, wish: StillWish, *, viewer: Viewer, request: str) -> Done:
        """Suspend this term, or record force majeure for it and those beside it; a second click is the same.

        Raises NotInService, NotForYou, FactsRefused.
        """
        async with self._sessions.begin() as session:
            known = await kept_before(session, request, name=STANDSTILL, by=viewer.person)
            if known and known.case_id != case_id:
                raise NotInService(case=case_id)
            kept = [known] if known else await self._kept(session, case_id, wish, viewer=viewer, request=request)
        return await self._brought(kept, again=known is not None)

    async def resume(self, case_id: str, wish: Resumption, *, viewer: Viewer, request: str) -> Done:
        """The service goes on from a day on. Raises NotInService, NotForYou, NotStandingStill, FactsRefused."""
        async with self._sessions.begin() as session:
            known = await kept_before(session, request, name=RESUMED, by=viewer.person)
            if known and known.case_id != case_id:
                raise NotStandingStill(case=case_id)
            kept = [known] if known else await self._resumed(session, case_id, wish, viewer=viewer, request=request)
        return await self._brought(kept, again=known is not None)

    async def _brought(self, kept: Sequence[InboxRow], *, again: bool) -> Done:
        """What becomes of the first is shown; one of the others may have ended in the same moment."""
        done = await bring(self._delivery, kept[0], again=again)
        for row in kept[1:]:
            with suppress(NotCounted):
                await bring(self._delivery, row, again=again)
        return done

    async def _kept(
        self, session: AsyncSession, case_id: str, wish: StillWish, *, viewer: Viewer, request: str
    ) -> list[InboxRow]:
        case = await _running(session, case_id, viewer)
        self._ensure(wish)
        at, kept, common = self._clock.now(), [], ""
        for one in await _touched(session, case, wish, viewer):
            serial = await next_serial(session, f"standstill.{one.id}")
            row = Standstill(
                id=f"{one.id}.s{serial}",
                case_id=one.id,
                kind=wish.kind,
                common=common or f"{one.id}.s{serial}",
                first_day=wish.first_day,
                last_day=wish.last_day,
                evidence=wish.evidence.strip() or None,
                words=wish.words.strip(),
                recorded_by=viewer.person,
                recorded_at=at,
            )
            common = row.common
            session.add(row)
            await session.flush()
            own = request if one.id == case_id else f"{request}.{one.id}"
            refs = {"standstill": row.id}
            kept.append(
                await keep(session, Brought(own, one.id, STANDSTILL, refs, viewer.person, wish.words, PAGE), at=at)
            )
        return kept

    def _ensure(self, wish: StillWish) -> None:
        problems = []
        if wish.kind not in KINDS:
            problems.append(FieldProblem("kind", "choice_unknown", (("choices", ", ".join(KINDS)),)))
        if wish.reach not in REACHES or (wish.kind == SUSPENSION and wish.reach != TERM):
            problems.append(FieldProblem("reach", "suspends_one"))
        if wish.last_day and wish.last_day < wish.first_day:
            problems.append(FieldProblem("last_day", "days_backwards"))
        if wish.kind == SUSPENSION and wish.first_day < self._today():
            problems.append(FieldProblem("first_day", "suspended_backwards"))
        if wish.kind == FORCE_MAJEURE and not wish.evidence.strip():
            problems.append(FieldProblem("evidence", "missing"))
        if not wish.words.strip():
            problems.append(FieldProblem("words", "missing"))
        if problems:
            raise FactsRefused(tuple(problems))

    async def _resumed(
        self, session: AsyncSession, case_id: str, wish: Resumption, *, viewer: Viewer, request: str
    ) -> list[InboxRow]:
        await _running(session, case_id, viewer)
        row = await session.get(Standstill, wish.standstill)
        if row is None or row.case_id != case_id or row.state == "ended":
            raise NotStandingStill(case=case_id)
        problems = [] if wish.words.strip() else [FieldProblem("words", "missing")]
        if wish.resumes_on < row.first_day:
            problems.append(FieldProblem("resumes_on", "resumes_too_early"))
        if problems:
            raise FactsRefused(tuple(problems))
        at, kept, last_day = self._clock.now(), [], (wish.resumes_on - _ONE_DAY).isoformat()
        for one in await _together(session, row, viewer) if wish.everywhere else [row]:
            own = request if one.id == row.id else f"{request}.{one.id}"
            refs = {"standstill": one.id, "last_day": last_day}
            kept.append(
                await keep(session, Brought(own, one.case_id, RESUMED, refs, viewer.person, wish.words, PAGE), at=at)
            )
        return kept

    def _today(self) -> date:
        return self._clock.now().astimezone(CHINA).date()


def may_record(viewer: Viewer, case: CaseFile) -> bool:
    """Group and bureau, while the service runs or is suspended; never about themselves (DEF-12)."""
    serves = case.lifecycle == "ServiceTerm" and case.state != "closed" and case.stage in SERVING
    # A term that was opened before it could stand still cannot ask whether it goes on.
    serves = serves and "review_standstill" in case.shapes
    return serves and viewer.person != case.subject and viewer.may(Right.STAND_STILL, [case.facts["receiving"]])


async def _running(session: AsyncSession, case_id: str, viewer: Viewer) -> CaseFile:
    case = await session.get(CaseFile, case_id)
    if case is None or case.lifecycle != "ServiceTerm" or case.state == "closed" or case.stage not in SERVING:
        raise NotInService(case=case_id)
    if not may_record(viewer, case):
        raise NotForYou(right=Right.STAND_STILL.value)
    return case


async def _touched(session: AsyncSession, case: CaseFile, wish: StillWish, viewer: Viewer) -> list[CaseFile]:
    """The term itself first; those for which the same kind is on record for such days already are left out."""
    place = {RECEIVING: "receiving", GROUP: "group"}.get(wish.reach)
    same_days = select(Standstill.case_id).where(
        Standstill.kind == wish.kind,
        or_(Standstill.last_day.is_(None), Standstill.last_day >= wish.first_day),
        Standstill.first_day <= (wish.last_day or date.max),
    )
    if await session.scalar(same_days.where(Standstill.case_id == case.id).limit(1)):
        raise FactsRefused((FieldProblem("first_day", "standstill_known"),))
    if place is None:
        return [case]
    others = select(CaseFile).where(
        CaseFile.lifecycle == "ServiceTerm",
        CaseFile.state != "closed",
        CaseFile.stage.in_(SERVING),
        CaseFile.facts[place].astext == case.facts[place],
        CaseFile.id.not_in(same_days),
        CaseFile.id != case.id,
    )
    found = (await session.scalars(others.order_by(CaseFile.id))).all()
    return [case, *(one for one in found if may_record(viewer, one))]


async def _together(session: AsyncSession, row: Standstill, viewer: Viewer) -> list[Standstill]:
    """The same in every term for which it was recorded and still stands."""
    query = select(Standstill, CaseFile).join(CaseFile, CaseFile.id == Standstill.case_id)
    query = query.where(Standstill.common == row.common, Standstill.state != "ended").order_by(Standstill.id)
    found = [one for one, case in await session.execute(query) if one.id != row.id and may_record(viewer, case)]
    return [row, *found]


def _line(row: Standstill, *, may: bool) -> StandstillLine:
    return StandstillLine(
        row.id,
        row.kind,
        row.first_day,
        row.last_day,
        row.state,
        row.evidence or "",
        row.words or "",
        may and row.state != "ended",
    )
