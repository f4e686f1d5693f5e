"""The desk for assessment methods: starting a version, and what is in force (DQ-3.3.1a, DQ-3.3.2a)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.cycle import HEALTH_GROUP
from activities.engine.delivery import Delivery
from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.clock import Clock
from db.engine.opening import NewCase, OneOpenCase, open_case
from db.engine.packs import PackShelf
from db.methods import LIFECYCLE, AssessmentMethod, MethodStanding, standing_of
from policies.engine.calendar import CHINA
from policies.engine.pack import Pack
from policies.engine.refusals import Refusal
from policies.engine.words import Words
from policies.four_bureaus import FOUR_BUREAUS
from policies.vocabulary import SENT_DOWN, TRAINEE
from services.bureaus import bureaus_of
from services.demand import Started
from services.engine import said
from services.engine.permissions import Right, Viewer, present_to
from services.engine.places import PlaceMap, Places
from services.programmes import pack_with

PROGRAMMES = (SENT_DOWN, TRAINEE)
TASKS = ("method_draft", "method_revision", "method_filing_health", "method_filing")
# What is asked first of a method; rules that ask it are those by which one is started.
STARTS = TASKS[0]
PLACES = tuple(bureau.place for bureau in FOUR_BUREAUS)
# As they stand in a case's id.
SHORT: Mapping[str, str] = {SENT_DOWN: "sent-down", TRAINEE: "trainees"}


class MethodUnderWay(Refusal):
    """Another version of this group's method for these staff is under way; a new one waits for its end."""


@dataclass(frozen=True)
class MethodOrder:
    """The facts of a start: whose method, for which kind of staff, and which version of it."""

    pack: str
    group: str
    programme: str
    version: int


@dataclass(frozen=True)
class Version:
    """One version with its case. in_force_on: None until all four bureaus have filed it."""

    case: str
    version: int
    stage: Words
    state: str
    started_at: datetime
    in_force_on: date | None


@dataclass(frozen=True)
class MethodOf:
    """A group's method for one kind of staff: what is in force today, who is missing for what is under way.

    next_version: what the viewer may start now; 0 for who may not, or while one is under way.
    """

    group: str
    group_name: Words
    programme: str
    in_force: AssessmentMethod | None
    under_way: str
    missing: tuple[Words, ...]
    versions: tuple[Version, ...]
    next_version: int


class MethodDesk:
    """Starts and reads methods."""

    def __init__(
        self, sessions: Sessions, delivery: Delivery, *, clock: Clock, shelf: PackShelf, places: Places
    ) -> None:
        """A desk over the record."""
        self._sessions, self._delivery = sessions, delivery
        self._clock, self._shelf, self._places = clock, shelf, places

    async def start(self, order: MethodOrder, *, by: str) -> Started:
        """One case for each group, kind of staff and version. Raises FactsRefused or MethodUnderWay."""
        pack = await self._shelf.current(order.pack)
        async with self._sessions.begin() as session:
            bureaus = await bureaus_of(session, order.group)
            facts = {"group": order.group, "programme": order.programme, "version": str(order.version), **bureaus}
            case = NewCase(
                id=f"method.{pack.id}.{order.group}.{SHORT[order.programme]}.{order.version}",
                lifecycle=LIFECYCLE,
                pack=pack,
                tasks=TASKS,
                facts=facts,
                open_key=f"method:{order.group}:{order.programme}",
                institution=order.group,
                started_by=by,
            )
            try:
                case_id, created = await open_case(session, case, at=self._clock.now())
            except OneOpenCase as other:
                raise MethodUnderWay(**other.facts) from other
        return Started(case_id, created, under_way=await self._delivery.start(case_id))

    async def standing(self, group: str, programme: str, *, on: date | None = None) -> MethodStanding:
        """What is in force on a local day, today without one, and which bureaus a version under way waits for."""
        async with self._sessions() as session:
            return await standing_of(session, group=group, programme=programme, on=on or self._today(), places=PLACES)

    async def board(self, viewer: Viewer) -> list[MethodOf]:
        """The methods of every group that the viewer may start one for, or has been asked about."""
        places, pack = await self._places.now(), await pack_with(self._shelf, STARTS)
        leads = {code for code in viewer.reached_for(Right.LEAD_FILINGS) if _is_group(places, code)}
        async with self._sessions() as session:
            dates = {row.case_id: row.in_force_on for row in await session.scalars(select(AssessmentMethod))}
            query = select(CaseFile).where(CaseFile.lifecycle == LIFECYCLE, present_to(viewer))
            cases = sorted(await session.scalars(query), key=_kind)
            known = {key: list(found) for key, found in groupby(cases, key=_kind)}
            keys = {*known, *((group, programme) for group in leads for programme in PROGRAMMES)}
            found = []
            for group, programme in sorted(keys):
                versions = [_version(case, pack, dates.get(case.id)) for case in known.get((group, programme), ())]
                found.append(await self._method(session, places, group, programme, versions, leads=group in leads))
        return found

    async def _method(
        self,
        session: AsyncSession,
        places: PlaceMap,
        group: str,
        programme: str,
        versions: Sequence[Version],
        *,
        leads: bool,
    ) -> MethodOf:
        standing = await standing_of(session, group=group, programme=programme, on=self._today(), places=PLACES)
        started = select(CaseFile.facts["version"].astext).where(
            CaseFile.lifecycle == LIFECYCLE,
            CaseFile.institution == group,
            CaseFile.facts["programme"].astext == programme,
        )
        newest = max(map(int, await session.scalars(started)), default=0)
        return MethodOf(
            group,
            places.name(group),
            programme,
            standing.in_force,
            standing.under_way,
            tuple(places.name(code) for code in standing.missing),
            tuple(sorted(versions, key=lambda one: one.version, reverse=True)),
            newest + 1 if leads and not standing.under_way else 0,
        )

    def _today(self) -> date:
        return self._clock.now().astimezone(CHINA).date()


def _version(case: CaseFile, pack: Pack, in_force_on: date | None) -> Version:
    stage = said.stage(pack, case.stage)
    return Version(case.id, int(case.facts["version"]), stage, case.state, case.started_at, in_force_on)


def _is_group(places: PlaceMap, code: str) -> bool:
    place = places.places.get(code)
    return place is not None and place.kind == HEALTH_GROUP


def _kind(case: CaseFile) -> tuple[str, str]:
    return str(case.institution), str(case.facts["programme"])
