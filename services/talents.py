"""The desk at which a bureau announces a call for a talent scheme and sees whom it has reminded (DQ-3.5.2b)."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.engine.delivery import Delivery
from activities.inspection import BUREAU
from activities.talents import LIFECYCLE, chosen, talent_case
from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.clock import Clock
from db.engine.opening import next_serial, open_case
from db.engine.packs import PackShelf
from db.engine.people import Person
from db.talents import TalentListed
from policies.engine.calendar import CHINA
from policies.engine.words import Words
from policies.vocabulary import TRAINEE
from services.demand import Started
from services.engine.acts import CaseUnknown
from services.engine.permissions import Right, Viewer, ensure
from services.engine.places import PlaceMap, Places
from services.field_problems import FactsRefused, FieldProblem

LONGEST_NAME, LONGEST_WORDS = 100, 2000


@dataclass(frozen=True)
class Listed:
    """One person whom a call has reminded, and who sent them."""

    person: str
    name: str
    sending: Words


@dataclass(frozen=True)
class Call:
    """One call. closes_on: the last local day, counted; open: it has not passed. listed: as far as the reader may see,
    and whole once it is `settled`.
    """

    case: str
    name: str
    bureau: Words
    closes_on: date
    words: str
    called_at: datetime
    open: bool
    settled: bool
    listed: tuple[Listed, ...]


@dataclass(frozen=True)
class TalentBoard:
    """Every call that concerns the viewer, the newest first. now_listed: how many a call of today would remind; None
    for who may not call.
    """

    calls: tuple[Call, ...]
    now_listed: int | None


class TalentDesk:
    """Announces calls and reads them."""

    def __init__(
        self, sessions: Sessions, delivery: Delivery, *, clock: Clock, shelf: PackShelf, places: Places
    ) -> None:
        """A desk over the record."""
        self._sessions, self._delivery = sessions, delivery
        self._clock, self._shelf, self._places = clock, shelf, places

    async def call(self, viewer: Viewer, name: str, closes_on: date | None, words: str) -> Started:
        """Announce a call; the same name and closing day again are the first one. Raises NotForYou, FactsRefused."""
        bureau, name = _bureau(viewer, await self._places.now()), name.strip()
        problems = [] if name and len(name) <= LONGEST_NAME else [FieldProblem("name", "missing")]
        if not words.strip():
            problems.append(FieldProblem("words", "missing"))
        if closes_on is None:
            problems.append(FieldProblem("closes_on", "date_wrong"))
        elif closes_on < self._today():
            problems.append(FieldProblem("closes_on", "closed_before_today"))
        if problems or closes_on is None:
            raise FactsRefused(tuple(problems))
        # The clause speaks of trainees: the call lives by the rules of their programme.
        pack = (await self._shelf.by_programme())[TRAINEE]
        async with self._sessions.begin() as session:
            serial = await next_serial(session, f"talents.{pack.id}.{bureau}")
            said = words.strip()[:LONGEST_WORDS]
            case = talent_case(pack, bureau, serial, name=name, closes_on=closes_on, words=said, by=viewer.person)
            case_id, created = await open_case(session, case, at=self._clock.now())
        return Started(case_id, created, under_way=await self._delivery.start(case_id))

    async def board(self, viewer: Viewer) -> TalentBoard:
        """The calls of the viewer's bureau, and those in which they or their staff were reminded."""
        places = await self._places.now()
        may = viewer.may(Right.CALL_TALENTS)
        async with self._sessions() as session:
            cases = (await session.scalars(_concerning(viewer).order_by(CaseFile.started_at.desc()))).all()
            calls = tuple([await self._one(session, case, viewer, places) for case in cases])
            now = len(await chosen(session, _bureau(viewer, places))) if may else None
        return TalentBoard(calls, now)

    async def one(self, case_id: str, viewer: Viewer) -> Call:
        """One call. Raises CaseUnknown for whom it does not concern."""
        places = await self._places.now()
        async with self._sessions() as session:
            case = await session.scalar(_concerning(viewer, case_id))
            if case is None:
                raise CaseUnknown(case=case_id)
            return await self._one(session, case, viewer, places)

    async def _one(self, session: AsyncSession, case: CaseFile, viewer: Viewer, places: PlaceMap) -> Call:
        query = select(TalentListed, Person.name).join(Person, Person.id == TalentListed.person)
        query = query.where(TalentListed.call == case.id).order_by(TalentListed.sending, Person.name)
        if case.institution not in viewer.reached_for(Right.CALL_TALENTS):
            query = query.where(_own(viewer))
        rows = (await session.execute(query)).all()
        closes_on = date.fromisoformat(case.facts["closes_on"])
        return Call(
            case.id,
            case.facts["name"],
            places.name(case.institution),
            closes_on,
            case.facts["words"],
            case.started_at,
            self._today() <= closes_on,
            case.state == "closed",
            tuple(Listed(row.person, name, places.name(row.sending)) for row, name in rows),
        )

    def _today(self) -> date:
        return self._clock.now().astimezone(CHINA).date()


def _concerning(viewer: Viewer, case_id: str = "") -> Select[CaseFile]:
    """Calls of the viewer's bureau, and those that have reminded them or staff whose results they may read."""
    told = exists().where(TalentListed.call == CaseFile.id, _own(viewer))
    here = CaseFile.institution.in_(viewer.reached_for(Right.CALL_TALENTS))
    query = select(CaseFile).where(CaseFile.lifecycle == LIFECYCLE, or_(here, told))
    return query.where(CaseFile.id == case_id) if case_id else query


def _own(viewer: Viewer) -> ColumnElement[bool]:
    staff = viewer.reached_for(Right.FINDINGS)
    return or_(TalentListed.person == viewer.person, TalentListed.sending.in_(staff))


def _bureau(viewer: Viewer, places: PlaceMap) -> str:
    """The bureau for which the viewer calls."""
    ensure(viewer, Right.CALL_TALENTS)
    held = [one.institution for one in viewer.roles if places.places[one.institution].kind == BUREAU]
    ensure(viewer, Right.CALL_TALENTS, held)
    return held[0]
