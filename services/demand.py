"""The desk for the yearly cycle of demand and supply (DQ-3.1.2a to d)."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

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

HEALTH_GROUP = "health_group"


@dataclass(frozen=True)
class CycleOrder:
    """The facts of a start. Without dates the window is the pack's (a default of ours, the text says only 年初)."""

    pack: str
    group: str
    year: int
    planned_start: date
    opens_on: date | None = None
    closes_on: date | None = None


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
        facts = {
            "group": group.code,
            "bureau": group.parent,
            "year": str(order.year),
            "opens_on": opens.isoformat(),
            "closes_on": closes.isoformat(),
            "closes_at": calendar.deadline_on(closes).due.isoformat(),
            "planned_start": order.planned_start.isoformat(),
        }
        return NewCase(
            id=f"cycle.{pack.id}.{group.code}.{order.year}",
            lifecycle="DemandCycle",
            pack=pack,
            tasks=(),
            facts=facts,
            institution=group.code,
            started_by=by,
        )


def window(order: CycleOrder, pack: Pack, calendar: WorkingCalendar) -> tuple[date, date]:
    """First and last day of the window: as ordered, else the pack's month and day of the year."""
    first = order.opens_on or _day(order.year, str(pack.parameters["demand_window_opens"].value))
    opens = first if calendar.days(first).working else calendar.shift(first, 1)
    return opens, order.closes_on or _day(order.year, str(pack.parameters["demand_window_closes"].value))


def _day(year: int, month_day: str) -> date:
    return date.fromisoformat(f"{year}-{month_day}")
