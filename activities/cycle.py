"""Opening the yearly cycle of a health group: by an order, or by the calendar for every group (DQ-3.1.2a: 每年年初)."""

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import select
from temporalio import activity

from activities.engine.delivery import Delivery
from db.engine.almanac import Almanac
from db.engine.base import Sessions
from db.engine.opening import NewCase, open_cases
from db.engine.packs import PackShelf
from db.engine.people import Institution
from policies.engine.calendar import WorkingCalendar
from policies.engine.pack import Pack

HEALTH_GROUP = "health_group"
BY_CALENDAR = "schedule"


@dataclass(frozen=True)
class CycleOrder:
    """The facts of a start. Without dates the window is the pack's (a default of ours, the text says only 年初)."""

    pack: str
    group: str
    year: int
    planned_start: date
    opens_on: date | None = None
    closes_on: date | None = None


def window(order: CycleOrder, pack: Pack, calendar: WorkingCalendar) -> tuple[date, date]:
    """First and last day of the window: as ordered, else the pack's, whose first day is a working day (0.4)."""
    return (
        order.opens_on or _working(day_of(order.year, pack, "demand_window_opens"), calendar),
        order.closes_on or day_of(order.year, pack, "demand_window_closes"),
    )


def _working(day: date, calendar: WorkingCalendar) -> date:
    return day if calendar.days(day).working else calendar.shift(day, 1)


def day_of(year: int, pack: Pack, parameter: str) -> date:
    """A month and day of the pack in a year."""
    return date.fromisoformat(f"{year}-{pack.parameters[parameter].value}")


def cycle_case(group: Institution, order: CycleOrder, pack: Pack, calendar: WorkingCalendar, *, by: str) -> NewCase:
    """The case of a group's year; instants in UTC, local days in ISO form."""
    opens, closes = window(order, pack, calendar)
    facts = {
        "group": group.code,
        "bureau": group.parent or "",
        "year": str(order.year),
        "opens_on": opens.isoformat(),
        "opens_at": calendar.instant(opens, time()).isoformat(),
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


class CycleOpener:
    """Opens the cycles that the calendar calls for."""

    def __init__(self, sessions: Sessions, *, shelf: PackShelf, almanac: Almanac, delivery: Delivery) -> None:
        """An opener over the record."""
        self._sessions, self._shelf = sessions, shelf
        self._almanac, self._delivery = almanac, delivery

    @activity.defn
    async def open_cycles(self, pack_id: str, at: datetime) -> list[str]:
        """A cycle for every group of the county that has none for the local year of `at`; the ids of the new ones."""
        pack, calendar = await self._shelf.current(pack_id), await self._almanac.calendar()
        year = calendar.local_day(at).year
        async with self._sessions.begin() as session:
            query = select(Institution).where(Institution.kind == HEALTH_GROUP, Institution.parent.is_not(None))
            cases = [
                cycle_case(group, self._order(pack, group, year), pack, calendar, by=BY_CALENDAR)
                for group in await session.scalars(query.order_by(Institution.code))
            ]
            opened = await open_cases(session, cases, at=at)
        for case in opened:
            await self._delivery.start(case)
        return opened

    def _order(self, pack: Pack, group: Institution, year: int) -> CycleOrder:
        return CycleOrder(pack.id, group.code, year, day_of(year, pack, "planned_start"))
