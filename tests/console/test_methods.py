"""The pages of assessment methods: starting, drafting with a scan, and filing by four bureaus (DQ-3.3.2a to d)."""

import pytest
from sqlalchemy import select

from db.engine.people import Institution
from db.engine.tasks import DecisionRow, Evidence
from tests.builders.county import GROUP, settle_bureaus
from tests.console.conftest import Browser, Page, Town, read
from tests.workflows.filings import METHOD, OFFICERS, opinion

PDF = b"%PDF-1.7\n% the sealed text of a method\n"
TYPED = {"title": "绩效考核办法", "areas-业务技术带教": "每月带教四次", "areas-基层学科建设": "建成特色科室一个"}


@pytest.fixture
async def town(town: Town) -> Town:
    await settle_bureaus(town.record)
    return town


async def started(town: Town) -> tuple[Browser, Page]:
    """The coordinator starts the first version for staff sent down and opens the draft."""
    browser = await town.as_person("p-coordinator")
    page = await browser.get("/methods")
    fields = page.fields("form.start:has([value=county_hired_township_used])")
    page = await browser.post("/methods", fields)
    assert "已发起" in page.text
    task = await town.office.open_task("method_draft", "p-coordinator")
    return browser, await browser.get(f"/tasks/{task.id}")


async def test_the_coordinator_starts_a_version_for_each_kind_of_staff_and_none_twice(town: Town) -> None:
    browser, _ = await started(town)
    page = await browser.get("/methods")
    assert [each["value"] for each in page.html.select("form.start [name=programme]")] == [
        "township_managed_county_trained"
    ]
    again = {"group": GROUP, "programme": "county_hired_township_used", "version": "2"}
    refused = await browser.post("/methods", again)
    assert (refused.status, "已有一个版本正在办理" in refused.text) == (409, True)
    assert (await browser.post("/methods", {**again, "programme": "another"})).status == 404
    assert (await browser.post("/methods", {**again, "group": "dq-jt2"})).status == 403


async def test_a_county_without_the_other_bureaus_is_told_which_are_not_registered(town: Town) -> None:
    async with town.record.begin() as session:
        for code in ("dq-czj", "dq-ybj"):
            place = await session.get_one(Institution, code)
            place.kind = "village_clinic"
    browser = await town.as_person("p-coordinator")
    fields = {"group": GROUP, "programme": "county_hired_township_used", "version": "1"}
    page = await browser.post("/methods", fields)
    assert page.status == 422
    named = [each.text for each in page.html.select("main li b")]
    assert named == ["财政局", "医保局"]


async def test_what_is_missing_is_marked_and_neither_the_words_nor_the_scan_are_lost(town: Town) -> None:
    browser, page = await started(town)
    path = page.one("form.decide")["action"]
    assert page.one("form.decide")["enctype"] == "multipart/form-data"
    fields = {**page.fields(), **TYPED, "choice": "submit_to_bureaus"}
    del fields["attachment_file"]
    sent = await browser.http.post(
        str(path), data=fields, files={"attachment_file": ("办法.pdf", PDF, "application/pdf")}
    )
    assert sent.status_code == 422
    page = await browser.get(str(path))
    assert "attachment" not in page.fields()
    again = read(sent)
    assert [each["name"] for each in again.html.select("textarea[aria-invalid]")] == ["areas-医防融合管理"]
    kept = again.fields()
    assert kept["areas-业务技术带教"] == "每月带教四次"
    answer = await browser.post(str(path), {**kept, "areas-医防融合管理": "每周半天", "choice": "submit_to_bureaus"})
    assert "已记录" in answer.text
    decision = await town.seen(select(DecisionRow).where(DecisionRow.choice == "submit_to_bureaus"))
    (scan,) = await town.all_of(select(Evidence))
    assert (decision.form["attachment"], scan.content) == (scan.sha256, PDF)


async def test_the_bureaus_read_the_method_with_its_scan_and_others_do_not(town: Town) -> None:
    digest = await submitted(town)
    for bureau, officer in OFFICERS.items():
        browser = await town.as_person(officer)
        name = "method_filing_health" if bureau == "dq-wjj" else "method_filing"
        task = await town.office.open_task(name, officer)
        page = await browser.get(f"/tasks/{task.id}")
        assert "每月带教四次" in page.text
        assert page.one(f'a[href="/scans/{digest}"]')
        assert (await browser.http.get(f"/scans/{digest}")).content == PDF
    for person in ("p-t1-hr", "p-h1-head", "p-doctor"):
        assert (await (await town.as_person(person)).get(f"/scans/{digest}")).status == 404
        assert (await (await town.as_person(person)).get("/methods")).status == 403


async def submitted(town: Town) -> str:
    """A method with its scan before the four; the hash of the scan."""
    browser, page = await started(town)
    path = str(page.one("form.decide")["action"])
    fields = {**page.fields(), **TYPED, "areas-医防融合管理": "每周半天", "choice": "submit_to_bureaus"}
    del fields["attachment_file"]
    await browser.http.post(path, data=fields, files={"attachment_file": ("a.pdf", PDF, "application/pdf")})
    decision = await town.seen(select(DecisionRow).where(DecisionRow.choice == "submit_to_bureaus"))
    return str(decision.form["attachment"])


async def test_as_27_the_board_names_the_bureau_that_is_missing_and_then_the_day(town: Town) -> None:
    await submitted(town)
    for bureau in ("dq-wjj", "dq-rsj", "dq-ybj"):
        await opinion(town.office, bureau, "file_method")
    browser = await town.as_person("p-coordinator")
    page = await browser.get("/methods")
    assert "在办版本尚待：德清县财政局" in page.text
    assert "尚无生效的办法" in page.text
    await opinion(town.office, "dq-czj", "file_method")
    await town.office.stands(METHOD, "in_force")
    page = await browser.get("/methods")
    assert "绩效考核办法 · 第1版 · 自" in page.text
    seen_by_finance = await (await town.as_person("p-finance")).get("/methods")
    assert [each.text for each in seen_by_finance.html.select("h2")] == ["县聘乡用 武康健康保健集团"]
    assert seen_by_finance.html.select("form.start") == []
    case = await (await town.as_person("p-finance")).get(f"/cases/{METHOD}")
    assert (case.status, "四个局均已审核备案" in case.text) == (200, True)


async def test_a_returned_method_comes_back_with_the_bureaus_reason_and_what_was_written(town: Town) -> None:
    await submitted(town)
    await opinion(town.office, "dq-czj", "return", "请明确经费来源")
    task = await town.office.open_task("method_revision", "p-coordinator")
    page = await (await town.as_person("p-coordinator")).get(f"/tasks/{task.id}")
    assert "德清县财政局退回：请明确经费来源" in page.text
    assert page.fields()["areas-业务技术带教"] == "每月带教四次"
    assert page.fields()["attachment"]


async def test_somebody_elses_file_is_not_taken_for_a_task(town: Town) -> None:
    _, page = await started(town)
    path = str(page.one("form.decide")["action"])
    stranger = await town.as_person("p-t1-hr")
    files = {"attachment_file": ("a.pdf", PDF, "application/pdf")}
    answer = await stranger.http.post(path, data={"choice": "drop"}, files=files)
    assert answer.status_code in (403, 404)
    wrong = await (await town.as_person("p-coordinator")).http.post(
        path, data={**page.fields(), "choice": "submit_to_bureaus"}, files={"attachment_file": ("a.exe", b"MZ", "x/y")}
    )
    assert wrong.status_code == 422
    assert await town.all_of(select(Evidence)) == []
