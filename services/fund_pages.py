"""A year of funds as a page shows it: what each hospital has and how it came to it (OT-5a to OT-5d)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import cast

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.talent_funds import EMPLOYER, PLACES
from activities.talent_payments import PURPOSES, SIGNED, WAN, balance_of
from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.clock import Clock
from db.engine.packs import PackShelf
from db.talent_contracts import TalentContract
from db.talent_funds import PAID, REQUESTED, YEAR, FundPayment, FundShare, allocations_of, payments_of_year
from policies.engine.calendar import CHINA
from policies.engine.finding import Finding
from policies.engine.pack import Pack
from policies.engine.words import Words
from services.engine.permissions import Right, Viewer, ensure
from services.engine.places import PlaceMap, Places
from services.forms.fund_sheets import KINDS

ZERO = Decimal(0)


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
    payments: tuple[FundPayment, ...]
    balance: Finding

    @property
    def wan_yuan(self) -> Decimal | None:
        """What it has now, in ten thousand yuan."""
        return self.shares[0].wan_yuan if self.shares else None

    @property
    def left(self) -> Decimal | None:
        """Yuan that are not paid yet; None before finance has recorded the funds."""
        left = self.balance.figures.get("balance")
        return None if left is None else cast("Decimal", left) * WAN

    @property
    def paid(self) -> Mapping[str, Decimal]:
        """Yuan paid from the funds, for each purpose."""
        rows = [one for one in self.payments if one.state == PAID]
        return {kind: sum((one.from_funds or ZERO for one in rows if one.kind == kind), ZERO) for kind in PURPOSES}

    @property
    def waiting(self) -> Decimal:
        """Yuan requested and not paid."""
        return sum((one.yuan for one in self.payments if one.state == REQUESTED), ZERO)

    @property
    def own_cost(self) -> Decimal:
        """Yuan that the employer bore beside the funds (OT-5c)."""
        return sum((one.own_cost or ZERO for one in self.payments if one.state == PAID), ZERO)


@dataclass(frozen=True)
class FundYearLook:
    """One commission's year, as much of it as the reader may see."""

    case: str
    commission: Words
    stage: Words
    closed: bool
    hospitals: tuple[HospitalYear, ...]


@dataclass(frozen=True)
class Requestable:
    """A hospital for which the reader may request funds, with its signed contracts as (case, number)."""

    code: str
    name: Words
    contracts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class FundBoard:
    """Every year of funds of one local year in the reader's sight; startable: commissions that have none yet."""

    year: int
    years: tuple[FundYearLook, ...]
    startable: tuple[tuple[str, Words], ...]
    requests: tuple[Requestable, ...]
    kinds: tuple[str, ...] = tuple(KINDS)


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
            requests = await _requestable(session, viewer.reached_for(Right.REQUEST_FUNDS), places)
        seen = tuple(look for look in looks if look.hospitals)
        return FundBoard(
            year,
            seen,
            self._startable(viewer, {str(case.institution) for case in cases}, places),
            requests if year == self.this_year() else (),
        )

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
            tuple([await _hospital(session, case.id, code, shares, places=places, pack=pack) for code in codes]),
        )


async def _hospital(
    session: AsyncSession, case: str, code: str, shares: Sequence[FundShare], *, places: PlaceMap, pack: Pack
) -> HospitalYear:
    own = [Share(one.kind, one.wan_yuan, one.at) for one in shares if one.hospital == code]
    payments = tuple(await payments_of_year(session, case, code))
    balance = await balance_of(session, case, code, pack)
    return HospitalYear(code, places.name(code), tuple(reversed(own)), payments, balance)


async def _requestable(session: AsyncSession, reached: frozenset[str], places: PlaceMap) -> tuple[Requestable, ...]:
    query = select(TalentContract).where(TalentContract.employer.in_(reached), TalentContract.state.in_(SIGNED))
    contracts = (await session.scalars(query.order_by(TalentContract.case_id))).all()
    kinds = {code: places.places[code].kind for code in reached if code in places.places}
    return tuple(
        Requestable(
            code,
            places.name(code),
            tuple((one.case_id, one.number or one.case_id) for one in contracts if one.employer == code),
        )
        for code in sorted(code for code, kind in kinds.items() if kind == EMPLOYER)
    )
