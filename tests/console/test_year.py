"""The pages of a year's end: the summary with its figures, the bureau's collection, the exchanges (DQ-4.3a, b)."""

import pytest
from sqlalchemy import select

from db.engine.cases import CaseFile
from db.exchange import Exchange
from tests.console.conftest import Town
from tests.workflows.year_ends import EXCHANGE, SUMMARY, WRITTEN, YEAR, exchange_missed, summaries_open

HELD = {"form": "专题调研", "held_on": f"{YEAR}-03-02", "said": "走访三个卫生院"}


async def test_the_summary_is_written_with_its_figures_and_collected_on_the_page(town: Town) -> None:
    await summaries_open(town.office)
    for person in ("p-t1-hr", "p-t1-head"):
        task = await town.office.open_task("summary_grassroots", person, case=SUMMARY)
        browser = await town.as_person(person)
        page = await browser.get(f"/tasks/{task.id}")
        assert "申报需求人数" in page.one("table.counts").text
        if person == "p-t1-head":
            assert page.fields()["experience"] == WRITTEN["experience"]
        else:
            refused = await browser.decide(f"/tasks/{task.id}", "submit_summary", experience="只写一半")
            assert (refused.status, refused.fields()["experience"]) == (422, "只写一半")
        assert (await browser.decide(f"/tasks/{task.id}", "submit_summary", **WRITTEN)).status == 200
    task = await town.office.open_task("collect_summary", "p-bureau-officer", case=SUMMARY)
    officer = await town.as_person("p-bureau-officer")
    page = await officer.get(f"/tasks/{task.id}")
    heads = [each.text for each in page.html.select("table.counts th")]
    assert heads[:2] == ["申报需求人数", "公布岗位数"]
    for said in (*WRITTEN.values(), "莫干山镇卫生院"):
        assert said in page.text
    assert (await officer.decide(f"/tasks/{task.id}", "collect")).status == 200
    await town.seen(select(CaseFile).where(CaseFile.id == SUMMARY, CaseFile.outcome == "collected"))
    shown = await officer.get("/year")
    assert "莫干山镇卫生院" in shown.text
    assert "已汇总" in shown.text
    english = await officer.get("/year?lang=en")
    assert "Collected" in english.text


async def test_an_exchange_is_recorded_on_the_page_once_and_ends_the_reminder(town: Town) -> None:
    await exchange_missed(town.office)
    await town.office.open_task("record_exchange", "p-bureau-officer", case=EXCHANGE)
    officer = await town.as_person("p-bureau-officer")
    fields = (await officer.get("/year")).fields("form.exchange")
    for wrong, said in (({"said": ""}, "此项必须填写"), ({"held_on": f"{YEAR}-12-30"}, "日期不能晚于今天")):
        page = await officer.post("/year/exchanges", {**fields, **HELD, **wrong})
        assert (page.status, said in page.text) == (422, True)
    for _ in range(2):
        page = await officer.post("/year/exchanges", {**fields, **HELD})
        assert (page.status, HELD["said"] in page.text) == (200, True)
    assert len(await town.all_of(select(Exchange))) == 1
    await town.seen(select(CaseFile).where(CaseFile.id == EXCHANGE, CaseFile.outcome == "exchange_held"))


async def test_the_reminder_is_answered_on_its_own_page(town: Town) -> None:
    await exchange_missed(town.office)
    task = await town.office.open_task("record_exchange", "p-bureau-officer", case=EXCHANGE)
    officer = await town.as_person("p-bureau-officer")
    assert "召开座谈会" in str((await officer.get(f"/tasks/{task.id}")).html)
    assert (await officer.decide(f"/tasks/{task.id}", "record_exchange", **HELD)).status == 200
    await town.seen(select(Exchange).where(Exchange.form == HELD["form"]))


@pytest.mark.parametrize("person", ["p-coordinator", "p-t1-head", "p-monitor", "p-doctor"])
async def test_nobody_else_keeps_the_bureaus_year(town: Town, person: str) -> None:
    await town.office.tell_time()
    browser = await town.as_person(person)
    assert 'href="/year"' not in str((await browser.get("/tasks")).html)
    for page in (await browser.get("/year"), await browser.post("/year/exchanges", HELD)):
        assert page.status == 403
    assert await town.all_of(select(Exchange)) == []
