"""The desk for the yearly cycle of demand and supply (DQ-3.1.2a to d)."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from activities.cycle import HEALTH_GROUP, CycleOrder, cycle_case, window
from activities.engine.delivery import Delivery
from db.engine.almanac import Almanac
from db.engine.base import Sessions
from db.engine.clock import Clock
from db.engine.opening import NewCase, open_case
from db.engine.packs import PackShelf
from db.engine.people import Institution
from policies.engine.calendar import WorkingCalendar
from policies.engine.pack import Pack
from services.field_problems import FactsRefused, FieldProblem

__all__ = ["CycleDesk", "CycleOrder", "Started"]


@dataclass(frozen=True)
class Started:
    """The case of a start, and whether this start created it; a repeated start is answered with the first.

    under_way: False while Temporal is away; the row is kept and the caretaker starts the case when it is back.
    """

    case_id: str
    created: bool
    under_way: bool = True


class CycleDesk:
    """Starts cycles."""

    def __init__(
        self, sessions: Sessions, delivery: Delivery, *, clock: Clock, shelf: PackShelf, almanac: Almanac
    ) -> None:
        """A desk over the record."""
        self._sessions, self._delivery = sessions, delivery
        self._clock, self._shelf, self._almanac = clock, shelf, almanac

    async def start(self, order: CycleOrder, *, by: str) -> Started:
        """One cycle per group and year. Raises FactsRefused for an unknown group or dates that cannot be."""
        pack = await self._shelf.current(order.pack)
        calendar = await self._almanac.calendar()
        async with self._sessions.begin() as session:
            case = await self._case(session, order, pack, calendar, by)
            case_id, created = await open_case(session, case, at=self._clock.now())
        return Started(case_id, created, under_way=await self._delivery.start(case_id))

    async def _case(
        self, session: AsyncSession, order: CycleOrder, pack: Pack, calendar: WorkingCalendar, by: str
    ) -> NewCase:
        group = await session.get(Institution, order.group)
        if group is None or group.kind != HEALTH_GROUP or group.parent is None:
            raise FactsRefused((FieldProblem("group", "institution_unknown"),))
        opens, closes = window(order, pack, calendar)
        if closes < opens:
            raise FactsRefused((FieldProblem("closes_on", "date_order"),))
        return cycle_case(group, order, pack, calendar, by=by)
