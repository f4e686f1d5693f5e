"""The steps of a year's end: summaries and the exchange; shared by the tests and by the recorder."""

from collections.abc import Sequence

from activities.year_end import YearEndOpener
from db.engine.almanac import Almanac
from db.engine.packs import PackShelf
from tests.builders.county import BUREAU, TOWNSHIP
from tests.workflows.office import OPENS, Office

YEAR = OPENS.year
SUMMARY = f"summary.dq-a.{TOWNSHIP}.{YEAR}"
EXCHANGE = f"exchange.dq-a.{BUREAU}.{YEAR}"
WRITTEN = {"experience": "派驻医生开设慢病门诊", "problems": "儿科仍缺人"}
HELD = {"form": "召开座谈会", "held_on": f"{YEAR}-11-20", "said": "听取基层意见"}


def opener(office: Office) -> YearEndOpener:
    almanac = Almanac(office.record, office.clock)
    return YearEndOpener(office.record, shelf=PackShelf(office.record), almanac=almanac, delivery=office.delivery)


async def summaries_open(office: Office) -> Sequence[str]:
    """As the schedule of December does."""
    await office.tell_time()
    return await opener(office).open_summaries("dq-a", office.clock.now())


async def exchange_missed(office: Office) -> Sequence[str]:
    """As the schedule of November does."""
    await office.tell_time()
    return await opener(office).open_exchanges("dq-a", office.clock.now())


async def summed_up(office: Office, case: str = SUMMARY, who: str = "p-t1", task: str = "summary_grassroots") -> None:
    """The HR officer writes, the head sends."""
    for person in (f"{who}-hr", f"{who}-head"):
        await office.answer(task, person, "submit_summary", form=WRITTEN, case=case)


async def collected(office: Office, choice: str = "collect", case: str = SUMMARY) -> None:
    await office.answer("collect_summary", "p-bureau-officer", choice, "请补充数据", case=case)
