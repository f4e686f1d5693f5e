"""The window has a first day, too: a cycle that is started before it asks nobody until then (DQ-3.1.2a)."""

from datetime import timedelta

from services.demand import CycleOrder
from tests.builders.county import GROUP
from tests.workflows.office import Office
from tests.workflows.year import CYCLE, YEAR


async def test_a_cycle_started_before_its_window_asks_nobody_until_the_window_opens(office: Office) -> None:
    today = office.clock.now().date()
    opens, closes = today + timedelta(days=7), today + timedelta(days=27)
    await office.cycles.start(CycleOrder("dq-a", GROUP, YEAR, today + timedelta(days=300), opens, closes), by="test")
    await office.stands(CYCLE, "announced")
    await office.days_pass(6)
    assert (await office.case(CYCLE)).stage == "announced"
    assert not await office.open_tasks("demand_report")
    await office.days_pass(1)
    await office.open_task("demand_report", "p-t1-hr")
    assert (await office.stands(CYCLE, "reporting")).state == "open"
