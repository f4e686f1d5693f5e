"""The record of a term of service, and who may add an absence to it (DQ-3.2.2d)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from db.service import Absence, Leave, PerformanceResult, ServiceActivity
from tests.builders.county import settle_bureaus
from tests.console.conftest import Town
from tests.workflows.filings import put_in_force
from tests.workflows.terms import checked, confirmed, filed_term, in_service, quarters_pass, started_on

WORDS = "上午未在岗，电话未接"


@pytest.fixture
async def term(town: Town) -> str:
    """A term in service since today."""
    term = await filed_term(town.office, town.pack)
    await in_service(town.office, term)
    return term


def typed(town: Town, **more: str) -> dict[str, str]:
    today = town.clock.now().date().isoformat()
    return {"first_day": today, "last_day": today, "days": "0.5", "words": WORDS, **more}


async def test_who_keeps_attendance_records_an_absence_and_the_person_reads_it(town: Town, term: str) -> None:
    browser = await town.as_person("p-t1-hr")
    fields = (await browser.get(f"/terms/{term}")).fields("form.absence")
    wrong = await browser.post(f"/terms/{term}/absences", {**fields, **typed(town, days="3")})
    assert (wrong.status, wrong.one("#problem-days").text[:9]) == (422, "天数与起止日期不符")
    done = await browser.post(f"/terms/{term}/absences", {**fields, **typed(town)})
    assert (done.status, WORDS in done.text, "待确认" in done.text) == (200, True, True)
    await town.office.open_task("confirm_absence", "p-t1-head", case=term)
    await confirmed(town.office, term)
    own = await (await town.as_person("p-doctor")).get(f"/terms/{term}")
    assert (WORDS in own.text, "已确认" in own.text, own.html.select("form.absence")) == (True, True, [])


async def test_the_page_of_the_task_shows_what_was_recorded_and_offers_to_split_it(town: Town, term: str) -> None:
    browser = await town.as_person("p-t1-hr")
    fields = (await browser.get(f"/terms/{term}")).fields("form.absence")
    await browser.post(f"/terms/{term}/absences", {**fields, **typed(town)})
    task = await town.office.open_task("confirm_absence", "p-t1-head", case=term)
    head = await town.as_person("p-t1-head")
    page = await head.get(f"/tasks/{task.id}")
    assert (WORDS in page.text, "0.5个工作日" in page.text) == (True, True)
    assert page.html.select("input[name=parts-1-first_day]")
    one = {"parts-0-first_day": "2040-01-01", "parts-0-last_day": "2040-01-01", "parts-0-days": "0.5"}
    refused = await head.decide(f"/tasks/{task.id}", "split_absence", "两次", **one)
    assert refused.status == 422
    assert "已记录" in (await head.decide(f"/tasks/{task.id}", "dismiss_absence", "已补请假条")).text


@pytest.mark.parametrize("person", ["p-t2-hr", "p-monitor", "p-doctor-2"])
async def test_a_term_is_closed_to_everybody_else(town: Town, term: str, person: str) -> None:
    page = await (await town.as_person(person)).get(f"/terms/{term}")
    assert (page.status, "莫干山" in page.text) == (403, False)


@pytest.mark.parametrize("person", ["p-h1-hr", "p-coordinator", "p-doctor"])
async def test_who_may_read_may_not_record(town: Town, term: str, person: str) -> None:
    browser = await town.as_person(person)
    assert (await browser.get(f"/terms/{term}")).html.select("form.absence") == []
    forced = await browser.post(f"/terms/{term}/absences", {"request": "r" * 32, **typed(town)})
    assert forced.status == 403
    assert await town.all_of(select(Absence.id)) == []


async def test_the_person_asks_for_leave_on_the_same_page_and_the_head_reads_why(town: Town, term: str) -> None:
    browser = await town.as_person("p-doctor")
    today = town.clock.now().date()
    fields = (await browser.get(f"/terms/{term}")).fields("form.leave")
    wish = {"kind": "sick", "first_day": str(today), "last_day": str(today - timedelta(days=1)), "words": "发热就诊"}
    wrong = await browser.post(f"/terms/{term}/leaves", {**fields, **wish})
    assert (wrong.status, wrong.one("#problem-leave-last_day").text[:6]) == (422, "结束日期早于")
    done = await browser.post(f"/terms/{term}/leaves", {**fields, **wish, "last_day": str(today)})
    assert (done.status, "等待接收单位审批" in done.text) == (200, True)
    task = await town.office.open_task("leave_request", "p-t1-head", case=term)
    page = await (await town.as_person("p-t1-head")).get(f"/tasks/{task.id}")
    assert ("发热就诊" in page.text, "病假" in page.text, "暂停计时" in page.text) == (True, True, True)


@pytest.mark.parametrize("person", ["p-t1-hr", "p-doctor-2", "p-h1-head"])
async def test_nobody_asks_for_the_leave_of_another(town: Town, term: str, person: str) -> None:
    today = town.clock.now().date().isoformat()
    wish = {"kind": "sick", "first_day": today, "last_day": today, "words": "发热就诊", "request": "r" * 32}
    assert (await (await town.as_person(person)).post(f"/terms/{term}/leaves", wish)).status == 403
    assert await town.all_of(select(Leave.id)) == []


PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def activity(town: Town, **more: str) -> dict[str, str]:
    today = town.clock.now().date().isoformat()
    given = {"form": "义诊", "day": today, "part": "day", "place": "后坞村", "witness": "村卫生室", "account": "四十人"}
    return {**given, **more}


async def test_the_person_records_an_activity_and_it_counts_once_the_head_has_confirmed_it(
    town: Town, term: str
) -> None:
    browser = await town.as_person("p-doctor")
    fields = (await browser.get(f"/terms/{term}")).fields("form.activity")
    wrong = await browser.post(f"/terms/{term}/activities", {**fields, **activity(town, form="other")})
    assert (wrong.status, wrong.one("#problem-activity-other_form").text) == (422, "此项必须填写。")
    assert wrong.one("form.activity input[name=place]")["value"] == "后坞村"
    assert wrong.one("form.leave textarea[name=words]").text.strip() == ""
    done = await browser.post(f"/terms/{term}/activities", {**fields, **activity(town)})
    assert (done.status, "正由接收单位核实" in done.text, "待核实2个半天" in done.text) == (200, True, True)
    again = await browser.post(f"/terms/{term}/activities", {**activity(town, part="morning"), "request": "e" * 32})
    assert again.one("#problem-activity-part").text[:14] == "这一半天已有一条累计服务记录"
    task = await town.office.open_task("confirm_activity", "p-t1-head", case=term)
    page = await (await town.as_person("p-t1-head")).get(f"/tasks/{task.id}")
    assert ("义诊" in page.text, "2个半天" in page.text, "村卫生室" in page.text) == (True, True, True)
    await checked(town.office, term, task.refs["activity"])
    await town.seen(select(ServiceActivity).where(ServiceActivity.state == "confirmed"))
    assert "已确认2个半天" in (await browser.get(f"/terms/{term}")).text


async def test_the_file_of_an_activity_is_read_by_whoever_may_read_the_record(town: Town, term: str) -> None:
    browser = await town.as_person("p-doctor")
    sent = {**activity(town), "request": "f" * 32}
    file = {"evidence_file": ("scan.pdf", PDF, "application/pdf")}
    await browser.http.post(f"/terms/{term}/activities", data=sent, files=file)
    (row,) = await town.all_of(select(ServiceActivity))
    address = f"/terms/{term}/files/{row.evidence}"
    task = await town.office.open_task("confirm_activity", "p-t1-head", case=term)
    for person in ("p-doctor", "p-t1-head", "p-h1-hr"):
        assert (await (await town.as_person(person)).http.get(address)).content == PDF
    page = await (await town.as_person("p-t1-head")).get(f"/tasks/{task.id}")
    assert page.one(f'a[href="{address}"]')
    for person in ("p-t2-hr", "p-monitor", "p-doctor-2"):
        assert (await (await town.as_person(person)).get(address)).status == 404


@pytest.mark.parametrize("person", ["p-h1-hr", "p-coordinator", "p-t1-head"])
async def test_who_neither_serves_nor_keeps_attendance_records_no_activity(town: Town, term: str, person: str) -> None:
    browser = await town.as_person(person)
    assert (await browser.get(f"/terms/{term}")).html.select("form.activity") == []
    forced = await browser.post(f"/terms/{term}/activities", {"request": "r" * 32, **activity(town)})
    assert forced.status == 403
    assert await town.all_of(select(ServiceActivity.id)) == []


async def test_a_quarter_is_assessed_by_the_method_and_the_sending_side_does_not_read_the_rating(
    town: Town, term: str
) -> None:
    await settle_bureaus(town.record)
    first_day = await started_on(town.office)
    await quarters_pass(town.office, term, first_day, until=1)
    assert "等待考核办法生效" in (await (await town.as_person("p-doctor")).get(f"/terms/{term}")).text
    await put_in_force(town.office)
    task = await town.office.open_task("performance_assessment", "p-t1-head", case=term)
    head = await town.as_person("p-t1-head")
    page = await head.get(f"/tasks/{task.id}")
    assert ("绩效考核办法" in page.text, "每月不少于四次" in page.text, "系统默认" in page.text) == (True, True, True)
    given = {"rating": "较好", "workload-门急诊诊疗人次": "620"}
    wrong = await head.decide(f"/tasks/{task.id}", "assess_performance", **given)
    assert (wrong.status, wrong.one("#problem-results-业务技术带教").text[:7]) == (422, "此项必须填写。")
    areas = {f"results-{area}": "按要求完成" for area in ("业务技术带教", "基层学科建设", "医防融合管理")}
    assert "已记录" in (await head.decide(f"/tasks/{task.id}", "assess_performance", **given, **areas)).text
    await town.seen(select(PerformanceResult))
    for person, reads in (("p-doctor", True), ("p-t1-hr", True), ("p-coordinator", True), ("p-h1-hr", False)):
        shown = (await (await town.as_person(person)).get(f"/terms/{term}")).text
        assert ("较好" in shown, "季度绩效考核" in shown) == (reads, reads)
