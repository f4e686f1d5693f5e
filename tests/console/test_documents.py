"""Approval sheets at the pages: what they say to whom, what is recorded for them, what comes back (COR-05, COR-10)."""

import asyncio
import json
from dataclasses import replace

import httpx2
import pytest
from sqlalchemy import select, text

import web
from console import Setting
from db.engine.cases import EventRow
from db.engine.official import OfficialRecord
from db.engine.tasks import DecisionRow, Evidence, PaperDecision
from db.proof import verify
from services.official.pdf import Press
from tests.builders.county import BUREAU, HOSPITAL, appoint
from tests.console.conftest import Page, Town
from tests.console.test_paper import MINUTES, PDF
from tests.console.test_paper import record as record_on_paper
from tests.official.printed import in_pdf, in_word
from tests.workflows.office import QUEUE

SHEET = "/cases/enquiry.1/documents/approval.t1"
OFFICE = "p-h1-hr"
FACTS = {
    "request": "a" * 32,
    "number": "德医〔2026〕7号",
    "signed_by": "陆永康",
    "issued_on": "2026-01-06",
    "incoming": "武康集团〔2026〕3号",
}


async def sheet(town: Town, by: str) -> Page:
    return await (await town.as_person(by)).get(SHEET)


async def keep(town: Town, by: str = OFFICE, scan: bytes = b"", **changed: str) -> httpx2.Response:
    browser = await town.as_person(by)
    files = {"scan": ("sealed.pdf", scan, "application/pdf")}
    return await browser.http.post(SHEET, data={**FACTS, **changed}, files=files)


async def kept(town: Town) -> list[OfficialRecord]:
    return list(await town.all_of(select(OfficialRecord).order_by(OfficialRecord.recorded_at)))


async def lines(town: Town) -> list[dict[str, object]]:
    bodies = [json.loads(body) for body in await town.all_of(select(EventRow.body).order_by(EventRow.number))]
    return [body for body in bodies if body["event"] in ("document_recorded", "scan_returned")]


async def damage(town: Town) -> list[str]:
    async with town.record() as session:
        return [found.what async for found in verify(session, town.keyring)]


@pytest.fixture
async def chain(town: Town) -> Town:
    """The bureau's chain is asked; its clerk has drafted an opinion."""
    await town.enquire(task="bureau_filing", bureau=BUREAU)
    await town.office.answer("bureau_filing", "p-bureau-officer", "file_batch", "拟予报备", form={"verdicts": []})
    return town


async def test_cor_05_the_sheet_has_a_box_for_each_step_of_the_chain(chain: Town) -> None:
    page = await sheet(chain, "p-bureau-officer")
    boxes = page.html.select("section.box")
    assert [" ".join(box.select_one("h3").text.split()) for box in boxes] == [  # type: ignore[union-attr]
        "德清县卫生健康局 县卫生健康局经办人",
        "德清县卫生健康局 科(股)室负责人",
        "德清县卫生健康局 分管领导",
    ]
    assert [("拟予报备" in box.text, "沈国平" in box.text) for box in boxes] == [
        (True, True),
        (False, False),
        (False, False),
    ]
    assert all(word in box.text for box in boxes for word in ("意见：", "签字：", "盖章："))
    official = page.one("article.official")
    assert official["lang"] == "zh-CN"
    assert "DQ-3.1.3c" in official.text
    assert "报县卫生健康局审核报备" in official.text
    assert "〔" not in official.text


async def test_pdf_and_word_say_what_the_page_says(chain: Town) -> None:
    browser = await chain.as_person("p-bureau-officer")
    for name, read in (("file.pdf", in_pdf), ("file.docx", in_word)):
        answer = await browser.http.get(f"{SHEET}/{name}")
        assert answer.headers["content-disposition"] == f'attachment; filename="enquiry.1-approval.t1.{name[5:]}"'
        said = read(answer.content)
        wanted = ("审核报备审批单", "德清县卫生健康局", "拟予报备", "沈国平", "签字：", "盖章：", "年月日", "不是文号")
        assert [word for word in wanted if word not in said] == []


async def test_a_machine_without_chinese_fonts_says_so_and_still_gives_page_and_word(town: Town) -> None:
    await town.enquire()
    client, press = town.office.env.client, Press(system_fonts=False)
    desks = web.build_desks(town.record, client, town.keyring, clock=town.clock, task_queue=QUEUE, press=press)
    bare = replace(
        town, desks=desks, app=web.build_app(desks, Setting(language="zh-CN", secure=False), clock=town.clock)
    )
    browser = await bare.as_person(OFFICE)
    refused = await browser.get(f"{SHEET}/file.pdf")
    assert (refused.status, "没有简体中文字体" in refused.text) == (409, True)
    assert [(await browser.http.get(f"{SHEET}{way}")).status_code for way in ("", "/file.docx")] == [200, 200]


async def test_a_draft_of_the_chain_is_closed_to_the_other_side_on_the_sheet_too(chain: Town) -> None:
    page = await sheet(chain, OFFICE)
    assert page.status == 200
    assert "拟予报备" not in page.text
    assert "意见内容不对打印人的角色开放" in page.text
    browser = await chain.as_person(OFFICE)
    assert "拟予报备" not in in_pdf((await browser.http.get(f"{SHEET}/file.pdf")).content)


@pytest.mark.parametrize("way", ["", "/approval.t1", "/approval.t1/file.pdf", "/approval.t1/file.docx"])
async def test_who_may_not_see_the_case_gets_the_usual_refusal(town: Town, way: str) -> None:
    await town.enquire()
    stranger = await town.as_person("p-h2-head")
    assert (await stranger.http.get(f"/cases/enquiry.1/documents{way}")).status_code == 404
    nobody = await town.browser().get(f"/cases/enquiry.1/documents{way}", follow=False)
    assert (nobody.status, nobody.headers["location"].partition("?")[0]) == (303, "/sign-in")


@pytest.mark.parametrize("key", ["approval.t2", "approval.", "approval", "demand_plan", "x", "filing_batch"])
async def test_a_document_that_the_case_has_not_is_not_found(town: Town, key: str) -> None:
    await town.enquire()
    page = await (await town.as_person(OFFICE)).get(f"/cases/enquiry.1/documents/{key}")
    assert page.status == 404


async def test_a_decision_on_paper_prints_both_days_its_hands_and_its_minutes(town: Town) -> None:
    await record_on_paper(town, await town.enquire(), minutes=MINUTES)
    (paper,) = await town.all_of(select(PaperDecision.id))
    await (await town.as_person("p-coordinator")).post(f"/paper/{paper}", {"choice": "confirm"})
    await town.seen(select(DecisionRow.request))
    box = (await sheet(town, OFFICE)).one("section.box").text
    assert "决定于2026年1月5日，记录于2040年3月5日" in box
    assert "方式：纸质代录" in box
    assert "办理时限：2040年3月12日(周一)24时前，按期作出" in box
    assert "代录：德清县人民医院蒋雪琴；核对：武康健康保健集团章丽华" in box
    assert MINUTES in box
    assert "同意" in box
    assert "陆永康" in box


async def test_cor_10_official_facts_are_recorded_with_who_and_when_and_a_line_in_the_file(town: Town) -> None:
    await town.enquire()
    blank = (await sheet(town, OFFICE)).one("table.pairs")
    assert [cell.text for cell in blank.select("td")] == ["", "", "", ""]
    assert (await keep(town)).status_code == 303
    (row,) = await kept(town)
    assert (row.document, row.number, row.signed_by, row.recorded_by) == (
        "approval.t1",
        FACTS["number"],
        "陆永康",
        OFFICE,
    )
    (line,) = await lines(town)
    assert (line["actor"], line["role"], line["task"]) == (OFFICE, "R-03", "enquiry.1.t1")
    assert line["refs"] == {"document": "approval", "sheet": "approval.t1"}
    assert "陆永康" not in json.dumps(line, ensure_ascii=False)
    page = await sheet(town, OFFICE)
    assert [cell.text for cell in page.one("table.pairs").select("td")] == [
        *(FACTS["number"], "陆永康", "2026年1月6日", FACTS["incoming"]),
    ]
    assert "蒋雪琴" in page.one("#kept").text
    case = await (await town.as_person(OFFICE)).get("/cases/enquiry.1")
    moment = next(one for one in case.html.select("ol.timeline li") if "登记文书要素" in one.text)
    assert "蒋雪琴" in moment.text
    assert moment.select_one(f'a[href="{SHEET}"]') is not None
    assert FACTS["number"] in in_pdf((await (await town.as_person(OFFICE)).http.get(f"{SHEET}/file.pdf")).content)
    assert await damage(town) == []


async def test_a_second_click_records_once_and_a_correction_is_a_new_entry(town: Town) -> None:
    await town.enquire()
    assert [(await keep(town)).status_code for _ in range(2)] == [303, 303]
    assert len(await kept(town)) == len(await lines(town)) == 1
    town.clock.move(minutes=1)
    assert (await keep(town, request="b" * 32, number="德医〔2026〕8号")).status_code == 303
    assert [row.number for row in await kept(town)] == [FACTS["number"], "德医〔2026〕8号"]
    page = await sheet(town, OFFICE)
    assert "德医〔2026〕8号" in page.one("table.pairs").text
    assert FACTS["number"] in page.one("#kept").text


async def test_recordings_at_the_same_moment_each_have_their_line(town: Town) -> None:
    await town.enquire()
    numbers = [f"德医〔2026〕{number}号" for number in range(1, 5)]
    requests = ((f"{at:032x}", number) for at, number in enumerate(numbers))
    answers = await asyncio.gather(*(keep(town, request=request, number=number) for request, number in requests))
    assert [answer.status_code for answer in answers] == [303] * 4
    assert sorted(row.number for row in await kept(town)) == numbers
    assert len(await lines(town)) == 4
    assert await damage(town) == []


async def test_the_sheet_is_at_hand_where_a_paper_decision_is_recorded(town: Town) -> None:
    task = await town.enquire()
    form = await (await town.as_person(OFFICE)).get(f"/tasks/{task}/paper")
    assert form.one(f'a[href="{SHEET}"]').text == "打印审批单"


@pytest.mark.parametrize("by", ["p-doctor", "p-h1-head", "p-t1-hr", "p-h2-hr", "p-monitor"])
async def test_only_an_hr_officer_who_reaches_the_issuer_records(town: Town, by: str) -> None:
    await town.enquire()
    assert (await keep(town, by)).status_code in (403, 404)
    assert await kept(town) == []
    assert await lines(town) == []


@pytest.mark.parametrize(
    ("changed", "scan"),
    [
        ({"issued_on": "2099-01-01"}, b""),
        ({"issued_on": "yesterday"}, b""),
        ({"number": "", "signed_by": "", "issued_on": "", "incoming": ""}, b""),
        ({"number": "号" * 101}, b""),
        ({}, b"MZ executable"),
        ({}, PDF + b"0" * (10 * 1024 * 1024)),
    ],
)
async def test_what_says_nothing_or_cannot_be_is_refused(town: Town, changed: dict[str, str], scan: bytes) -> None:
    await town.enquire()
    assert (await keep(town, scan=scan, **changed)).status_code == 422
    assert await kept(town) == []
    assert await town.all_of(select(Evidence.sha256)) == []


async def test_nobody_records_for_a_document_of_their_own_case(town: Town) -> None:
    await town.enquire()
    await appoint(town.record, "p-doctor", "R-03", HOSPITAL)
    assert (await keep(town, "p-doctor")).status_code == 403
    assert "form" not in [each.name for each in (await sheet(town, "p-doctor")).one("#kept").select("form")]
    assert await kept(town) == []


async def test_the_request_of_another_recording_records_nothing(town: Town) -> None:
    await town.enquire()
    await keep(town)
    assert (await keep(town, by="p-coordinator", number="冒用")).status_code == 403
    assert len(await kept(town)) == 1


async def returned(town: Town) -> str:
    """The sealed sheet is back; the path of its scan."""
    await keep(town, scan=PDF)
    (row,) = await kept(town)
    return f"{SHEET}/scans/{row.evidence}"


async def test_cor_10_the_sealed_scan_comes_back_to_the_document_and_stands_in_the_file(town: Town) -> None:
    await town.enquire()
    path = await returned(town)
    (line,) = await lines(town)
    assert (line["event"], line["evidence"]) == ("scan_returned", path.rpartition("/")[2])
    answer = await (await town.as_person("p-coordinator")).http.get(path)
    assert (answer.content, answer.headers["content-disposition"][:10]) == (PDF, "attachment")
    assert "签字盖章件归档" in (await (await town.as_person(OFFICE)).get("/cases/enquiry.1")).one("ol.timeline").text
    listed = await (await town.as_person(OFFICE)).get("/cases/enquiry.1/documents")
    assert "1份" in listed.one("table").text
    assert await damage(town) == []


async def test_the_scan_is_read_only_by_those_who_read_every_opinion_on_the_sheet(chain: Town) -> None:
    await keep(chain, by="p-bureau-officer", scan=PDF)
    (row,) = await kept(chain)
    path = f"{SHEET}/scans/{row.evidence}"
    people = ("p-bureau-officer", "p-bureau-section", OFFICE, "p-monitor", "p-h2-head")
    codes = {person: (await (await chain.as_person(person)).http.get(path)).status_code for person in people}
    assert codes == dict(zip(people, (200, 200, 404, 404, 404), strict=True))
    assert f"scans/{row.evidence}" not in str((await sheet(chain, OFFICE)).html)


async def test_a_scan_of_another_document_is_not_handed_out_under_this_one(town: Town) -> None:
    task = await town.enquire()
    await record_on_paper(town, task)
    (paper,) = await town.all_of(select(PaperDecision))
    answer = await (await town.as_person(OFFICE)).http.get(f"{SHEET}/scans/{paper.evidence}")
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE official_record SET number = '德医〔2026〕70号'",
        "UPDATE official_record SET issued_on = issued_on - 1",
        "UPDATE official_record SET signed_by = NULL",
        "UPDATE official_record SET recorded_by = 'p-h1-head'",
        "UPDATE official_record SET evidence = NULL",
        "DELETE FROM official_record",
    ],
)
async def test_a_recording_that_was_rewritten_is_found(town: Town, change: str) -> None:
    await town.enquire()
    await returned(town)
    assert await damage(town) == []
    async with town.record.begin() as session:
        await session.execute(text("SET LOCAL session_replication_role = replica"))
        await session.execute(text(change))
    assert await damage(town) == ["official"]
