"""A year of funds as a page shows it: what each hospital has and how it came to it (OT-5a to OT-5d)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import cast

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.talent_funds import EMPLOYER, PLACES, WAN, names_of
from activities.talent_payments import PURPOSES, SIGNED, balance_of
from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.clock import Clock
from db.engine.packs import PackShelf
from db.talent_contracts import TalentContract
from db.talent_funds import (
    PAID,
    REQUESTED,
    YEAR,
    FundPayment,
    FundShare,
    allocations_of,
    payments_beside,
    payments_of_year,
)
from policies.engine.calendar import CHINA
from policies.engine.finding import Finding
from policies.engine.pack import Pack
from policies.engine.words import Words
from policies.talent.funds import HospitalFacts, hospital_is_within
from services.engine.permissions import Right, Viewer, ensure
from services.engine.places import PlaceMap, Places
from services.forms.fund_sheets import KINDS
from services.fund_payments import ASKS
from services.fund_records import Change, Request, change_under_way, requests_of
from services.programmes import pack_with

ZERO = Decimal(0)


@dataclass(frozen=True)
class Share:
    """One allocation of a hospital, in ten thousand yuan; kind: budget, adjusted or floated."""

    kind: str
    wan_yuan: Decimal
    at: datetime


@dataclass(frozen=True)
class HospitalYear:
    """One hospital's year. shares: the newest first, none before finance has recorded the funds. window: what the plan
    prints for it and the finding with its least and most (OT-5b, OT-N1). proposed: of a change that does not hold yet.
    """

    code: str
    name: Words
    shares: tuple[Share, ...]
    requests: tuple[Request, ...]
    balance: Finding
    window: Finding
    proposed: Decimal | None = None

    @property
    def payments(self) -> tuple[FundPayment, ...]:
        """The rows of its requests."""
        return tuple(one.row for one in self.requests)

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
    change: Change | None
    total: Decimal
    fixed: Decimal

    @property
    def standing(self) -> bool:
        """Whether finance has recorded the funds."""
        return bool(self.total)


@dataclass(frozen=True)
class Requestable:
    """A hospital for which the reader may request funds, with its signed contracts as (case, number)."""

    code: str
    name: Words
    contracts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Beside:
    """What one hospital gave or asked for beside the funds of a year (OT-N3, OT-N4)."""

    code: str
    name: Words
    requests: tuple[Request, ...]


@dataclass(frozen=True)
class FundBoard:
    """Every year of funds of one local year in the reader's sight; startable: commissions that have none yet."""

    year: int
    years: tuple[FundYearLook, ...]
    beside: tuple[Beside, ...]
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
            beside = await self._beside(session, year, seen, reached, places)
        return FundBoard(
            year,
            seen,
            beside,
            self._startable(viewer, {str(case.institution) for case in cases}, places),
            requests if year == self.this_year() else (),
        )

    async def _beside(
        self,
        session: AsyncSession,
        year: int,
        seen: tuple[FundYearLook, ...],
        reached: frozenset[str],
        places: PlaceMap,
    ) -> tuple[Beside, ...]:
        """Of every hospital in sight, also where no year of funds has begun."""
        codes = {hospital.code for look in seen for hospital in look.hospitals} | reached
        rows = await payments_beside(session, year, codes)
        pack = await pack_with(self._shelf, ASKS)
        found = await requests_of(session, rows, pack)
        return tuple(Beside(code, places.name(code), found[code]) for code in sorted(found))

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
        change = await change_under_way(session, case, pack)
        requests = await requests_of(session, await payments_of_year(session, case.id), pack)
        hospitals = []
        for code in codes:
            one = await _hospital(session, case, code, shares, pack=pack)
            proposed = change.wan_yuan[code] if change else None
            name, of_year = places.name(code), requests.get(code, ())
            hospitals.append(replace(one, name=name, requests=of_year, proposed=proposed))
        newest = {one.hospital: one.wan_yuan for one in shares}
        return FundYearLook(
            case.id,
            places.name(case.institution),
            stages.get(case.stage, Words(case.stage, case.stage)),
            case.state == "closed",
            tuple(hospitals),
            change,
            sum(newest.values(), ZERO),
            Decimal(pack.parameters["funds_of_year"].whole),
        )


async def _hospital(
    session: AsyncSession, case: CaseFile, code: str, shares: Sequence[FundShare], *, pack: Pack
) -> HospitalYear:
    """What the record has of its funds, without a name and without requests."""
    own = tuple(reversed([Share(one.kind, one.wan_yuan, one.at) for one in shares if one.hospital == code]))
    printed = Decimal(pack.parameters["funds_of_hospital"].whole)
    name = names_of(case.facts, pack)[code]
    window = hospital_is_within(HospitalFacts(name, own[0].wan_yuan if own else printed), pack)
    return HospitalYear(code, Words(name, name), own, (), await balance_of(session, case.id, code, pack), window)


async def _requestable(session: AsyncSession, reached: frozenset[str], places: PlaceMap) -> tuple[Requestable, ...]:
    query = select(TalentContract).where(TalentContract.employer.in_(reached), TalentContract.state.in_(SIGNED))
    query = query.where(TalentContract.first_day.is_not(None))
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
