"""What the page of a case says of each decision: its deadline, its channel, and the people behind it (DEF-18)."""

import pytest
from sqlalchemy import select

from db.engine.cases import CaseFile
from db.engine.tasks import DecisionRow, PaperDecision
from tests.builders.county import HOSPITAL, appoint, dismiss
from tests.console.conftest import Town
from tests.console.test_paper import record


async def opinion(town: Town, *, by: str = "p-coordinator") -> str:
    """The one decision on the page, as a reader sees it."""
    page = await (await town.as_person(by)).get("/cases/enquiry.1")
    return " ".join(page.one("ul.opinions li.opinion").text.split())


async def agreed(town: Town, task: str, person: str) -> None:
    await (await town.as_person(person)).decide(f"/tasks/{task}", "agree")
    await town.seen(select(DecisionRow.request))


async def test_a_decision_in_time_says_until_when_it_was_asked_for(town: Town) -> None:
    task = await town.enquire()
    await agreed(town, task, "p-h1-head")
    said = await opinion(town)
    assert "办理时限：3月12日(周一)24时前 按期作出" in said
    assert "方式：登录页面" in said
    assert "逾期" not in said
    assert "代录" not in said


async def test_a_late_decision_says_so_with_the_moment_of_its_receipt(town: Town) -> None:
    task = await town.enquire()
    town.clock.move(days=30)
    await agreed(town, task, "p-h1-head")
    said = await opinion(town)
    assert "3月12日(周一)24时前 逾期作出 收到于2040年4月4日 09:00" in said
    assert "按期作出" not in said


async def test_a_decision_on_paper_names_who_recorded_and_who_checked_it(town: Town) -> None:
    await record(town, await town.enquire())
    (paper,) = await town.all_of(select(PaperDecision.id))
    await (await town.as_person("p-coordinator")).post(f"/paper/{paper}", {"choice": "confirm"})
    await town.seen(select(DecisionRow.request))
    said = await opinion(town)
    assert "方式：纸质代录" in said
    assert "代录：德清县人民医院 蒋雪琴；核对：武康健康保健集团 章丽华" in said


async def test_who_sits_for_a_vacant_role_is_said_with_the_role(town: Town) -> None:
    """DEF-23."""
    await dismiss(town.record, "R-04", HOSPITAL)
    await appoint(town.record, "p-h1-hr", "R-39", HOSPITAL)
    await agreed(town, await town.enquire(), "p-h1-hr")
    assert "（县级医院负责人空缺，由其代为办理）" in await opinion(town)


async def test_who_sits_because_another_may_not_is_said(town: Town) -> None:
    """COR-06."""
    await appoint(town.record, "p-h1-hr", "R-39", HOSPITAL)
    await agreed(town, await town.enquire(person="p-h1-head"), "p-h1-hr")
    assert "（县级医院负责人须回避，由其办理）" in await opinion(town)


async def test_the_person_s_own_answer_is_nobody_s_substitute(town: Town) -> None:
    task = await town.enquire(task="nomination_consent")
    await (await town.as_person("p-doctor")).decide(f"/tasks/{task}", "consent")
    await town.seen(select(DecisionRow.request))
    assert "指定办理" not in await opinion(town)


@pytest.mark.parametrize(("key", "said"), [("DQ-A:p-doctor", 1), (None, 0)])
async def test_the_person_reads_why_a_filed_case_cannot_be_withdrawn(town: Town, key: str | None, said: int) -> None:
    """DEF-14: after filing it takes the consent of three; a case that came to nothing needs no such word."""
    await agreed(town, await town.enquire(), "p-h1-head")
    await town.seen(select(CaseFile.id).where(CaseFile.state == "closed"))
    async with town.record.begin() as session:
        (await session.get_one(CaseFile, "enquiry.1")).open_key = key
    mine = (await (await town.as_person("p-doctor")).get("/cases/enquiry.1")).text
    assert mine.count("报备完成后不能自行撤回") == said
    head = (await (await town.as_person("p-h1-head")).get("/cases/enquiry.1")).text
    assert "报备完成后不能自行撤回" not in head
