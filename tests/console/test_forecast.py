"""What a term still needs, on the page of the term, of the case and of the certificate (DQ-3.2.1b, DEF-22)."""

from datetime import timedelta

import pytest

from policies.engine.dates import term_last_day
from tests.console.conftest import Page, Town
from tests.workflows.terms import (
    absent,
    attended,
    checked,
    confirmed,
    filed_term,
    in_service,
    on_leave,
    quarters_pass,
    served_besides,
    started_on,
    until_day,
)


@pytest.fixture
async def term(town: Town) -> str:
    """A term in service since three weeks."""
    term = await filed_term(town.office, town.pack)
    first_day = await in_service(town.office, term)
    await until_day(town.office, first_day + timedelta(days=21))
    return term


async def seen_by(town: Town, person: str, path: str) -> Page:
    return await (await town.as_person(person)).get(path)


def forecast(page: Page) -> str:
    assert page.status == 200, page.text
    return " ".join(page.one("section.forecast").get_text(" ").split())


async def test_the_person_reads_what_is_still_needed_and_by_when(town: Town, term: str) -> None:
    office = town.office
    first_day = await started_on(office)
    await checked(office, term, await served_besides(office, term, day=2, part="day"))
    await served_besides(office, term, day=3)
    await absent(office, term, day=4)
    await confirmed(office, term)
    await absent(office, term, day=5)
    await on_leave(office, term, "sick", day=8, days=5)
    await attended(office, term, "sick", day=14, days=1)
    shown = forecast(await seen_by(town, "p-doctor", f"/terms/{term}"))
    # One day of absence, five of leave, one of attendance: seven days later than without them.
    ends = term_last_day(first_day + timedelta(days=7), 6)
    assert f"最后一天：{ends.year}年{ends.month}月{ends.day}日" in shown
    assert ("已确认2个半天(合1天)" in shown, "另有1个半天待核实" in shown) == (True, True)
    assert ("还余2次" in shown, "另有1条待核实" in shown) == (True, True)
    assert ("DEF-22" in shown, "系统默认" in shown, "政策原文" in shown) == (True, True, True)
    assert "核实累计服务记录" in shown
    on_case = forecast(await seen_by(town, "p-t1-hr", f"/cases/{term}"))
    assert "已确认2个半天(合1天)" in on_case


@pytest.mark.parametrize("person", ["p-monitor"])
async def test_who_watches_deadlines_reads_no_forecast(town: Town, term: str, person: str) -> None:
    page = await seen_by(town, person, f"/cases/{term}")
    assert (page.status, page.html.select("section.forecast")) == (200, [])


async def test_who_certifies_sees_both_clocks_and_what_is_still_being_checked(town: Town, term: str) -> None:
    office = town.office
    await checked(office, term, await served_besides(office, term, day=2, part="day"))
    await quarters_pass(office, term, await started_on(office), until=2)
    await served_besides(office, term, day=30, form="教学")
    task = await office.open_task("certify_term", "p-t1-hr", case=term)
    page = await seen_by(town, "p-t1-hr", f"/tasks/{task.id}")
    shown = forecast(page)
    assert ("已满6个月" in shown, "已确认2个半天(合1天)" in shown, "由接收单位和集团认定" in shown) == (
        True,
        True,
        True,
    )
    rows = [[cell.text for cell in row.select("td")] for row in page.html.select("table.dense tbody tr")]
    assert ["义诊", "2", "0"] in rows
    assert ["教学", "0", "1"] in rows


async def test_nothing_is_foretold_before_the_first_day(town: Town) -> None:
    term = await filed_term(town.office, town.pack)
    assert (await seen_by(town, "p-doctor", f"/terms/{term}")).html.select("section.forecast") == []
