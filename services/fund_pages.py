"""A year of funds as a page shows it: what each hospital has and how it came to it (OT-5a to OT-5d)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.talent_funds import PLACES
from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.clock import Clock
from db.engine.packs import PackShelf
from db.talent_funds import YEAR, FundShare, allocations_of
from policies.engine.calendar import CHINA
from policies.engine.words import Words
from services.engine.permissions import Right, Viewer, ensure
from services.engine.places import PlaceMap, Places


@dataclass(frozen=True)
class Share:
    """One allocation of a hospital, in ten thousand yuan; kind: budget, adjusted or floated."""

    kind: str
    wan_yuan: Decimal
    at: datetime


@dataclass(frozen=True)
class HospitalYear:
    """One hospital's year. shares: the newest first, none before finance has recorded the funds."""

    code: str
    name: Words
    shares: tuple[Share, ...]

    @property
    def wan_yuan(self) -> Decimal | None:
        """What it has now, in ten thousand yuan."""
        return self.shares[0].wan_yuan if self.shares else None


@dataclass(frozen=True)
class FundYearLook:
    """One commission's year, as much of it as the reader may see."""

    case: str
    commission: Words
    stage: Words
    closed: bool
    hospitals: tuple[HospitalYear, ...]


@dataclass(frozen=True)
class FundBoard:
    """Every year of funds of one local year in the reader's sight; startable: commissions that have none yet."""

    year: int
    years: tuple[FundYearLook, ...]
    startable: tuple[tuple[str, Words], ...]


class FundPageDesk:
    """Reads years of funds."""

    def __init__(self, sessions: Sessions, *, clock: Clock, shelf: PackShelf, places: Places) -> None:
        """A desk over the record."""
        self._sessions, self._clock, self._shelf, self._places = sessions, clock, shelf, places

    def this_year(self) -> int:
        """The local year."""
        return self._clock.now().astimezone(CHINA).year

    async def board(self, viewer: Viewer, year: int) -> FundBoard:
        """A hospital sees its own funds; commission, finance and auditor those of all. Raises NotForYou."""
        ensure(viewer, Right.SEE_FUNDS)
        places, reached = await self._places.now(), viewer.reached_for(Right.SEE_FUNDS)
        async with self._sessions() as session:
            query = select(CaseFile).where(CaseFile.lifecycle == YEAR, CaseFile.facts["year"].astext == str(year))
            cases = (await session.scalars(query.order_by(CaseFile.id))).all()
            looks = [await self._look(session, case, reached, places) for case in cases]
        seen = tuple(look for look in looks if look.hospitals)
        return FundBoard(year, seen, self._startable(viewer, {str(case.institution) for case in cases}, places))

    def _startable(self, viewer: Viewer, begun: set[str], places: PlaceMap) -> tuple[tuple[str, Words], ...]:
        keeps = viewer.reached_for(Right.KEEP_FUNDS)
        kinds = {code: places.places[code].kind for code in keeps if code in places.places}
        free = sorted(code for code, kind in kinds.items() if kind == "banner_health_commission" and code not in begun)
        return tuple((code, places.name(code)) for code in free)

    async def _look(
        self, session: AsyncSession, case: CaseFile, reached: frozenset[str], places: PlaceMap
    ) -> FundYearLook:
        pack = await self._shelf.pack(case.pack, case.pack_version)
        shares = await allocations_of(session, case.id)
        whole = bool(reached & {case.facts["commission"], case.facts["finance"]})
        codes = [case.facts[place] for place in PLACES if whole or case.facts[place] in reached]
        stages = {stage.name: stage.label for stage in pack.stages}
        return FundYearLook(
            case.id,
            places.name(case.institution),
            stages.get(case.stage, Words(case.stage, case.stage)),
            case.state == "closed",
            tuple(_hospital(code, shares, places) for code in codes),
        )


def _hospital(code: str, shares: Sequence[FundShare], places: PlaceMap) -> HospitalYear:
    own = [Share(one.kind, one.wan_yuan, one.at) for one in shares if one.hospital == code]
    return HospitalYear(code, places.name(code), tuple(reversed(own)))
