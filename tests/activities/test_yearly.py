"""The yearly schedule on a real Temporal server: made once, fired on New Year's morning, one cycle a group and year."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from temporalio.client import Client
from temporalio.worker import Worker

from activities.cycle import CycleOpener, CycleOrder, window
from activities.engine.delivery import Delivery
from activities.year_end import YearEndOpener
from db.engine.almanac import Almanac
from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.pack_files import read_pack
from db.engine.package_calendar import package_day
from db.engine.packs import PackShelf, shelve
from db.engine.people import Institution
from policies.engine.calendar import DayBook, WorkingCalendar
from policies.engine.pack import Pack
from services.yearly import keep_schedules, schedules_of
from tests.builders.banner import COMMISSION, settle_banner
from tests.builders.county import GROUP, settle_county
from tests.conftest import PACKS, StandingClock
from workflows.year_end import YearEnd
from workflows.yearly_cycles import YearlyCycles

QUEUE = "yearly"
NEW_YEAR = datetime(2027, 1, 1, 1, 0, tzinfo=UTC)


@pytest.fixture
async def opener(
    record: Sessions, shelf: PackShelf, client: Client, clock: StandingClock
) -> AsyncIterator[CycleOpener]:
    await settle_county(record)
    delivery = Delivery(client, record, task_queue="cases-wait")
    opener = CycleOpener(record, shelf=shelf, almanac=Almanac(record, clock), delivery=delivery)
    async with Worker(client, task_queue=QUEUE, workflows=[YearlyCycles], activities=[opener.open_cycles]):
        yield opener


async def test_the_schedule_is_made_once_and_fires_on_new_years_morning_in_china(client: Client, dq_a: Pack) -> None:
    await keep_schedules(client, [dq_a], task_queue=QUEUE)
    await client.get_schedule_handle("yearly.dq-a").pause()
    await keep_schedules(client, [dq_a], task_queue=QUEUE)
    known = await client.get_schedule_handle("yearly.dq-a").describe()
    local = known.info.next_action_times[0].astimezone(ZoneInfo("Asia/Shanghai"))
    assert (local.month, local.day, local.hour) == (1, 1, 9)
    assert known.schedule.state.paused


async def test_the_schedules_of_november_and_december_fire_on_the_days_of_the_pack(client: Client, dq_a: Pack) -> None:
    """DQ-4.3a, b."""
    await keep_schedules(client, [dq_a], task_queue=QUEUE)
    for name, day in (("exchanges.dq-a", (11, 1, 9)), ("summaries.dq-a", (12, 1, 9))):
        known = await client.get_schedule_handle(name).describe()
        local = known.info.next_action_times[0].astimezone(ZoneInfo("Asia/Shanghai"))
        assert (local.month, local.day, local.hour) == day


def test_a_programme_without_a_window_or_a_summary_has_no_schedule_of_them() -> None:
    assert list(schedules_of(read_pack(PACKS / "ot-a.toml"), task_queue=QUEUE)) == ["fund_years.ot-a"]


async def test_ot5a_the_funds_of_a_year_begin_on_the_day_of_the_pack_once_for_each_whole_banner(
    client: Client, record: Sessions, shelf: PackShelf, clock: StandingClock
) -> None:
    ot_a = read_pack(PACKS / "ot-a.toml")
    await settle_banner(record)
    async with record.begin() as session:
        await shelve(session, ot_a, clock)
        session.add(Institution(code="ot-other", name="无医院的旗卫生健康委", kind="banner_health_commission"))
    await keep_schedules(client, [ot_a], task_queue=QUEUE)
    known = await client.get_schedule_handle("fund_years.ot-a").describe()
    local = known.info.next_action_times[0].astimezone(ZoneInfo("Asia/Shanghai"))
    assert (local.month, local.day, local.hour) == (1, 4, 9)
    delivery = Delivery(client, record, task_queue="cases-wait")
    year_end = YearEndOpener(record, shelf=shelf, almanac=Almanac(record, clock), delivery=delivery)
    async with Worker(client, task_queue=QUEUE, workflows=[YearEnd], activities=[year_end.open_fund_years]):
        await client.get_schedule_handle("fund_years.ot-a").trigger()
        year = datetime.now(ZoneInfo("Asia/Shanghai")).year
        assert (await _seen(record, f"funds.ot-a.{COMMISSION}.{year}")).started_by == "schedule"
    assert await year_end.open_fund_years("ot-a", NEW_YEAR) == [f"funds.ot-a.{COMMISSION}.2027"]
    assert await year_end.open_fund_years("ot-a", NEW_YEAR) == []


async def test_a_firing_opens_what_its_name_says(
    client: Client, record: Sessions, shelf: PackShelf, clock: StandingClock, dq_a: Pack
) -> None:
    await settle_county(record)
    delivery = Delivery(client, record, task_queue="cases-wait")
    year_end = YearEndOpener(record, shelf=shelf, almanac=Almanac(record, clock), delivery=delivery)
    activities = [year_end.open_summaries, year_end.open_exchanges]
    async with Worker(client, task_queue=QUEUE, workflows=[YearEnd], activities=activities):
        await keep_schedules(client, [dq_a], task_queue=QUEUE)
        for name in ("exchanges.dq-a", "summaries.dq-a"):
            await client.get_schedule_handle(name).trigger()
        year = datetime.now(ZoneInfo("Asia/Shanghai")).year
        for case in (f"exchange.dq-a.dq-wjj.{year}", f"summary.dq-a.dq-h1.{year}"):
            assert (await _seen(record, case)).started_by == "schedule"


@pytest.mark.usefixtures("opener")
async def test_a_firing_opens_one_cycle_a_group_and_year_however_often_it_comes(
    client: Client, record: Sessions, dq_a: Pack
) -> None:
    await keep_schedules(client, [dq_a], task_queue=QUEUE)
    await client.get_schedule_handle("yearly.dq-a").trigger()
    year = datetime.now(ZoneInfo("Asia/Shanghai")).year
    case = await _seen(record, f"cycle.dq-a.{GROUP}.{year}")
    assert case.started_by == "schedule"
    again = await client.execute_workflow(YearlyCycles.run, "dq-a", id="ops.yearly.again", task_queue=QUEUE)
    assert again == []


async def test_the_window_of_a_scheduled_cycle_opens_on_the_first_working_day(
    opener: CycleOpener, record: Sessions
) -> None:
    assert await opener.open_cycles("dq-a", NEW_YEAR) == [f"cycle.dq-a.{GROUP}.2027"]
    facts = (await _seen(record, f"cycle.dq-a.{GROUP}.2027")).facts
    assert (facts["opens_on"], facts["closes_on"]) == ("2027-01-04", "2027-01-31")
    assert facts["planned_start"] == "2027-07-01"
    assert await opener.open_cycles("dq-a", NEW_YEAR) == []


def test_an_ordered_window_is_not_moved_off_a_rest_day(dq_a: Pack) -> None:
    sunday, closes = date(2026, 11, 22), date(2026, 12, 20)
    order = CycleOrder("dq-a", GROUP, 2026, date(2027, 7, 1), sunday, closes)
    assert window(order, dq_a, WorkingCalendar(DayBook({}, package_day))) == (sunday, closes)


async def _seen(record: Sessions, case_id: str) -> CaseFile:
    async with asyncio.timeout(20):
        while True:
            async with record() as session:
                case = await session.scalar(select(CaseFile).where(CaseFile.id == case_id))
            if case is not None:
                return case
            await asyncio.sleep(0.02)
