"""What the end of a year opens: a summary of every institution, a reminder where no exchange was held (DQ-4.3a, b), the
pay total of every group (DQ-3.4.2b). Its beginning opens the funds for flexible talent (OT-5a).
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from temporalio import activity

from activities.cycle import BY_CALENDAR, HEALTH_GROUP, day_of
from activities.engine.delivery import Delivery
from activities.engine.scene import EffectFunction, Scene
from activities.inspection import BUREAU, HEADED, bureau_above
from activities.pay import pay_case
from activities.talent_funds import scheduled_years
from db.bureaus import bureaus_of
from db.engine.almanac import Almanac
from db.engine.base import Sessions
from db.engine.opening import NewCase, open_cases
from db.engine.packs import PackShelf
from db.engine.people import Institution
from db.exchange import Exchange
from policies.engine.pack import Pack

SUMMARY_TASKS = ("summary_grassroots", "summary_hospital", "collect_summary")
EXCHANGE_TASKS = ("record_exchange",)
# Village clinics are summed up by the institution that runs them.
SUMS_UP_NOTHING = ("village_clinic", HEALTH_GROUP)


def exchange_case_id(pack: Pack, bureau: str, year: int) -> str:
    """The case that reminds a bureau of a year's exchange."""
    return f"exchange.{pack.id}.{bureau}.{year}"


async def held_in(session: AsyncSession, bureau: str, year: int) -> list[Exchange]:
    """The exchanges of a bureau in a local year, in order."""
    query = select(Exchange).where(Exchange.bureau == bureau)
    query = query.where(Exchange.held_on >= date(year, 1, 1), Exchange.held_on <= date(year, 12, 31))
    return list(await session.scalars(query.order_by(Exchange.held_on, Exchange.id)))


class YearEndOpener:
    """Opens what the calendar calls for towards the end of a year."""

    def __init__(self, sessions: Sessions, *, shelf: PackShelf, almanac: Almanac, delivery: Delivery) -> None:
        """An opener over the record."""
        self._sessions, self._shelf = sessions, shelf
        self._almanac, self._delivery = almanac, delivery

    @activity.defn
    async def open_summaries(self, pack_id: str, at: datetime) -> list[str]:
        """A summary for every hospital and grassroots institution below a county health bureau that has none for the
        local year of `at`; the ids of the new ones.
        """
        pack, year = await self._pack_and_year(pack_id, at)
        async with self._sessions.begin() as session:
            query = select(Institution).where(Institution.kind.not_in(SUMS_UP_NOTHING), Institution.parent.is_not(None))
            places = [
                (place, await bureau_above(session, place))
                for place in await session.scalars(query.order_by(Institution.code))
            ]
            cases = [_summary(place, bureau, pack, year) for place, bureau in places if bureau]
            opened = await open_cases(session, cases, at=at)
        return await self._started(opened)

    @activity.defn
    async def open_exchanges(self, pack_id: str, at: datetime) -> list[str]:
        """A reminder for every bureau that has no exchange recorded in the local year of `at`; the ids of the new
        ones.
        """
        pack, year = await self._pack_and_year(pack_id, at)
        async with self._sessions.begin() as session:
            bureaus = await session.scalars(
                select(Institution).where(Institution.kind == BUREAU).order_by(Institution.code)
            )
            missing = [one for one in bureaus if not await held_in(session, one.code, year)]
            opened = await open_cases(session, [_exchange(one, pack, year) for one in missing], at=at)
        return await self._started(opened)

    @activity.defn
    async def open_pay_totals(self, pack_id: str, at: datetime) -> list[str]:
        """The pay total of the local year of `at` for every group whose four bureaus are registered and that has none;
        the ids of the new ones. Whoever starts one by hand is told which bureau is missing.
        """
        pack, year = await self._pack_and_year(pack_id, at)
        async with self._sessions.begin() as session:
            query = select(Institution).where(Institution.kind == HEALTH_GROUP, Institution.parent.is_not(None))
            groups = (await session.scalars(query.order_by(Institution.code))).all()
            found = [(group.code, *await bureaus_of(session, group)) for group in groups]
            cases = [pay_case(pack, code, four, year, by=BY_CALENDAR) for code, four, unclear in found if not unclear]
            opened = await open_cases(session, cases, at=at)
        return await self._started(opened)

    @activity.defn
    async def open_fund_years(self, pack_id: str, at: datetime) -> list[str]:
        """The funds of the local year of `at` for every commission that has none (OT-5a: 每年); the ids of the new
        ones.
        """
        pack, year = await self._pack_and_year(pack_id, at)
        async with self._sessions.begin() as session:
            opened = await open_cases(session, await scheduled_years(session, pack, year, by=BY_CALENDAR), at=at)
        return await self._started(opened)

    async def _pack_and_year(self, pack_id: str, at: datetime) -> tuple[Pack, int]:
        return await self._shelf.current(pack_id), (await self._almanac.calendar()).local_day(at).year

    async def _started(self, opened: Iterable[str]) -> list[str]:
        started = list(opened)
        for case in started:
            await self._delivery.start(case)
        return started


def _summary(place: Institution, bureau: str, pack: Pack, year: int) -> NewCase:
    return NewCase(
        id=f"summary.{pack.id}.{place.code}.{year}",
        lifecycle="AnnualSummary",
        pack=pack,
        tasks=SUMMARY_TASKS,
        facts={
            "bureau": bureau,
            "institution": place.code,
            "answered_by": HEADED.get(place.kind, "grassroots"),
            "year": str(year),
            "due_on": day_of(year, pack, "summary_month_day").isoformat(),
        },
        institution=bureau,
        started_by=BY_CALENDAR,
    )


def _exchange(bureau: Institution, pack: Pack, year: int) -> NewCase:
    return NewCase(
        id=exchange_case_id(pack, bureau.code, year),
        lifecycle="AnnualExchange",
        pack=pack,
        tasks=EXCHANGE_TASKS,
        facts={"bureau": bureau.code, "year": str(year), "due_on": date(year, 12, 31).isoformat()},
        institution=bureau.code,
        started_by=BY_CALENDAR,
    )


async def keep_exchange(scene: Scene, refs: Mapping[str, str]) -> str:
    """The exchange that the bureau's officer has recorded in the task."""
    form, inbox = await scene.form_of(refs["request"]), scene.inbox[refs["request"]]
    scene.session.add(
        Exchange(
            id=f"exchange.{refs['request']}",
            bureau=scene.case.facts["bureau"],
            form=form["form"],
            held_on=date.fromisoformat(form["held_on"]),
            words=form["said"],
            recorded_by=str(inbox.person),
            recorded_at=scene.at,
        )
    )
    return "kept"


EFFECTS: Mapping[str, EffectFunction] = {keep_exchange.__name__: keep_exchange}
