"""A cycle with many institutions, from its start to the last demand task on a list, beside as many bare workflows."""

import asyncio
import time
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import func, select

from activities.engine.courier import LIVE
from bench import floor
from bench.browser import Browser
from bench.parts import Stand
from bench.patience import Patience
from bench.unit import IN_FLIGHT
from db.engine.almanac import Almanac
from db.engine.clock import SystemClock
from db.engine.packs import PackShelf
from db.engine.people import Institution, Person, RoleHolding
from db.engine.post import LetterRow
from db.engine.tasks import SeatRow, TaskRow
from services.demand import CycleDesk, CycleOrder
from services.engine.places import Places
from services.engine.sessions import SessionDesk

BUREAU, GROUP = "cycle-wjj", "cycle-jt"
REPORTS = "demand_report"
SINCE = date(2020, 1, 1)
_CLOCK = SystemClock()


async def settle(stand: Stand, institutions: int) -> None:
    """A group with so many township hospitals, each with its HR officer."""
    codes = [f"cycle-t{number:04}" for number in range(institutions)]
    async with stand.record.begin() as session:
        session.add(Institution(code=BUREAU, name="性能测试局", kind="county_health_bureau"))
        await session.flush()
        session.add(
            Institution(code=GROUP, name="性能测试集团", kind="health_group", parent=BUREAU, contact_name="人才科")
        )
        await session.flush()
        session.add_all(
            Institution(code=one, name=f"卫生院{one}", kind="township_hospital", parent=GROUP) for one in codes
        )
        await session.flush()
        session.add_all(
            Person(id=f"p-{one}", name="测试人员", email=f"p-{one}@bench.test", institution=one) for one in codes
        )
        await session.flush()
        session.add_all(RoleHolding(person=f"p-{one}", role="R-01", institution=one, held_from=SINCE) for one in codes)


async def cycle_round(stand: Stand, *, institutions: int, year: int) -> float:
    """Demand tasks per second, from the start of the cycle to the last task on its holder's list."""
    desk = CycleDesk(
        stand.record, stand.delivery, clock=_CLOCK, shelf=PackShelf(stand.record), almanac=Almanac(stand.record, _CLOCK)
    )
    today = datetime.now(UTC).date()
    cookie = await SessionDesk(stand.record, _CLOCK, Places(stand.record, _CLOCK)).open(
        f"p-cycle-t{institutions - 1:04}"
    )
    browser = Browser("127.0.0.1", stand.settings.web_port)
    began = time.perf_counter()
    order = CycleOrder("dq-a", GROUP, year, today + timedelta(days=300), today, today + timedelta(days=30))
    started = await desk.start(order, by="bench")

    async def all_asked() -> bool | None:
        return await _asked(stand, f"demand.{started.case_id.removeprefix('cycle.')}.") >= institutions or None

    async def listed() -> bool | None:
        reply = await browser.get("/api/v1/tasks", cookie=cookie)
        return any(f".{year}." in one["case_id"] for one in reply.content["items"]) or None

    await Patience(pause=0.1).until(all_asked, within=300.0)
    await Patience().until(listed)
    seconds = time.perf_counter() - began
    browser.close()
    await Patience(pause=0.2).until(lambda: _all_sent(stand), within=600.0)
    return institutions / seconds


async def floor_cycle(stand: Stand, *, workflows: int, number: int) -> float:
    """Bare workflows per second, 20 in flight, each with one activity that inserts one row."""
    gate = asyncio.Semaphore(IN_FLIGHT)

    async def one(case: str) -> None:
        async with gate:
            await stand.bare.execute_workflow(floor.BareRow.run, case, id=case, task_queue=floor.QUEUE)

    began = time.perf_counter()
    await asyncio.gather(*(one(f"floor-cycle.{number}.{index}") for index in range(workflows)))
    return workflows / (time.perf_counter() - began)


async def _asked(stand: Stand, prefix: str) -> int:
    query = (
        select(func.count())
        .select_from(SeatRow)
        .join(TaskRow, TaskRow.id == SeatRow.task_id)
        .where(SeatRow.open, TaskRow.name == REPORTS, TaskRow.case_id.startswith(prefix))
    )
    async with stand.record() as session:
        return await session.scalar(query) or 0


async def _all_sent(stand: Stand) -> bool | None:
    async with stand.record() as session:
        return not await session.scalar(select(func.count()).where(LetterRow.state.in_(LIVE))) or None
