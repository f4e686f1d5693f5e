"""The desk at which a commission begins a year of funds for flexible talent (OT-5a)."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from activities.engine.delivery import Delivery
from activities.talent_funds import COMMISSION, PLACES, finance_bureaus, fund_case, funded_hospitals
from db.engine.base import Sessions
from db.engine.clock import Clock
from db.engine.opening import NewCase, open_case
from db.engine.packs import PackShelf
from db.engine.people import Institution
from policies.engine.calendar import CHINA
from policies.engine.pack import Pack
from services.demand import Started
from services.engine.permissions import Right, Viewer, ensure
from services.field_problems import FactsRefused, FieldProblem
from services.programmes import pack_with

STARTS = "fund_budget"
# A typing error must not open a case of another century.
YEARS_AROUND = 2


@dataclass(frozen=True)
class FundOrder:
    """The facts of a start: whose funds of which local year."""

    commission: str
    year: int


class FundYearDesk:
    """Starts years of funds."""

    def __init__(self, sessions: Sessions, delivery: Delivery, *, clock: Clock, shelf: PackShelf) -> None:
        """A desk over the record."""
        self._sessions, self._delivery, self._clock, self._shelf = sessions, delivery, clock, shelf

    async def start(self, order: FundOrder, *, by: str, viewer: Viewer | None = None) -> Started:
        """One case for each commission and year; a second start is answered with the first.

        A viewer is held to the right to keep the funds. Raises FactsRefused, NotForYou, ProgrammeUnclear.
        """
        if viewer is not None:
            ensure(viewer, Right.KEEP_FUNDS, [order.commission])
        pack = await pack_with(self._shelf, STARTS)
        async with self._sessions.begin() as session:
            case = await self._case(session, order, pack, by)
            case_id, created = await open_case(session, case, at=self._clock.now())
        return Started(case_id, created, under_way=await self._delivery.start(case_id))

    async def _case(self, session: AsyncSession, order: FundOrder, pack: Pack, by: str) -> NewCase:
        commission = await session.get(Institution, order.commission)
        if commission is None or commission.kind != COMMISSION:
            raise FactsRefused((FieldProblem("commission", "institution_unknown"),))
        finance = await finance_bureaus(session)
        hospitals = await funded_hospitals(session, commission.code, pack)
        problems = []
        if abs(order.year - self._clock.now().astimezone(CHINA).year) > YEARS_AROUND:
            problems.append(FieldProblem("year", "year_far"))
        if len(finance) != 1:
            problems.append(FieldProblem("finance", "finance_unregistered"))
        if len(hospitals) != len(PLACES):
            who = "、".join(pack.parameters["funded_hospitals"].listed)
            problems.append(FieldProblem("hospitals", "hospitals_unregistered", (("who", who),)))
        if problems:
            raise FactsRefused(tuple(problems))
        return fund_case(pack, commission.code, finance[0], hospitals, order.year, by=by)
