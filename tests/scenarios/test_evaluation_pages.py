"""The evaluation at its pages: who writes what, who reads what, the papers of it, and the public check of the code."""

import httpx2
import pytest
from sqlalchemy import select

from db.evaluation import Certificate
from tests.console.conftest import HOST
from tests.official.printed import in_pdf, in_word
from tests.scenarios.conftest import County
from tests.workflows.evaluations import REASON, accepted, archived, completed, graded, issued, listed, opined
from tests.workflows.nominations import nominated_doctor
from tests.workflows.terms import filed_term

MEETING = {"minutes": "健保党纪要2027-3", "met_on": "2040-01-06"}


@pytest.fixture
async def term(county: County) -> str:
    term = await filed_term(county.office, county.pack)
    await completed(county.office, term)
    return term


async def test_the_opinion_is_drafted_by_hr_and_given_by_the_head_who_finds_it_filled_in(
    county: County, term: str
) -> None:
    task = await county.office.open_task("term_summary", "p-doctor", case=term)
    person = await county.at_the_pages("p-doctor")
    await person.decide(f"/tasks/{task.id}", "submit_summary", "", summary="完成门诊任务")
    task = await county.office.open_task("term_opinion", "p-t1-hr", case=term)
    hr = await county.at_the_pages("p-t1-hr")
    page = await hr.get(f"/tasks/{task.id}")
    assert ("完成门诊任务" in page.text, len(page.html.select("textarea[name^=dimensions-]"))) == (True, 5)
    four = {f"dimensions-{name}": "良好" for name in "德能勤绩"}
    refused = await hr.decide(f"/tasks/{task.id}", "give_opinion", "", proposed="qualified", **four)
    assert (refused.status, bool(refused.html.select("#problem-dimensions-廉"))) == (422, True)
    done = await hr.decide(
        f"/tasks/{task.id}", "give_opinion", "", proposed="qualified", **four, **{"dimensions-廉": "廉洁"}
    )
    assert "已记录" in done.text
    await county.office.open_task("term_opinion", "p-t1-head", case=term)
    head = await (await county.at_the_pages("p-t1-head")).get(f"/tasks/{task.id}")
    assert head.fields("form.decide")["dimensions-廉"] == "廉洁"


async def test_what_judges_the_person_is_read_where_the_case_lies_and_not_by_the_other_side(
    county: County, term: str
) -> None:
    await opined(county.office, term)
    await graded(county.office, term, "unqualified", words="门诊量造假")
    seen = {}
    for person in ("p-t1-head", "p-coordinator", "p-committee", "p-doctor", "p-h1-head", "p-h1-hr", "p-monitor"):
        page = await (await county.at_the_pages(person)).get(f"/cases/{term}")
        seen[person] = (page.status, "门诊量造假" in page.text, "不合格" in page.text)
    own, other = (200, True, True), (200, False, False)
    assert seen == {
        **dict.fromkeys(("p-t1-head", "p-coordinator", "p-committee", "p-doctor"), own),
        **dict.fromkeys(("p-h1-head", "p-h1-hr", "p-monitor"), other),
    }


async def test_the_papers_of_an_evaluation_print_three_ways_and_the_code_is_checked_in_public(
    county: County, term: str
) -> None:
    office = county.office
    await opined(office, term)
    await graded(office, term, "qualified")
    await accepted(office, term)
    await issued(office, term)
    (certificate,) = await office.rows(select(Certificate))
    code = "-".join(certificate.code[at : at + 4] for at in (0, 4, 8, 12))
    wanted = {
        "opinion": ("考核评价意见表", "本人总结", "建议等次合格", REASON, "施伯年"),
        "grade_result": ("考核结果确定表", "合格", "健保党纪要2027-3"),
        "certificate": ("基层工作经历证明", certificate.number, code, "优先政策", "有效"),
    }
    browser = await county.at_the_pages("p-doctor")
    for key, words in wanted.items():
        path = f"/cases/{term}/documents/{key}"
        ways = {"page": "".join((await browser.get(path)).one("article.official").text.split())}
        ways["pdf"] = in_pdf((await browser.http.get(f"{path}/file.pdf")).content)
        ways["docx"] = in_word((await browser.http.get(f"{path}/file.docx")).content)
        for way, said in ways.items():
            assert [word for word in words if word not in said] == [], (key, way)
    other = await county.at_the_pages("p-h1-hr")
    listed_there = await other.get("/certificates/issued")
    assert (certificate.number in listed_there.text, "享受优先" in listed_there.text) == (True, True)
    elsewhere = await (await county.at_the_pages("p-h2-hr")).get("/certificates/issued")
    assert (elsewhere.status, certificate.number in elsewhere.text) == (200, False)
    assert (await browser.get("/certificates/issued")).status == 403
    assert (await other.get(f"/cases/{term}/documents/opinion")).status == 404
    assert (await other.get(f"/cases/{term}/documents/certificate")).status == 200
    transport = httpx2.ASGITransport(app=county.town.app)
    async with httpx2.AsyncClient(transport=transport, base_url=HOST) as public:
        known = (await public.get("/certificates", params={"code": code.lower()})).text
        unknown = (await public.get("/certificates", params={"code": "AAAA-AAAA-AAAA-AAAA"})).text
    assert ("该证明有效" in known, "没有这个查验码" in unknown) == (True, True)
    assert not [word for word in (certificate.number, "莫干山", "合格", "p-doctor") if word in known]


async def test_an_archived_file_takes_no_more_papers(county: County, term: str) -> None:
    office = county.office
    await opined(office, term)
    await graded(office, term, "qualified")
    await accepted(office, term)
    await issued(office, term)
    browser = await county.at_the_pages("p-t1-hr")
    path = f"/cases/{term}/documents/opinion"
    fields = (await browser.get(path)).fields("form[enctype]")
    assert (await browser.post(path, {**fields, "number": "德卫2027-7"})).status == 200
    await archived(office, term)
    await office.stands(term, "archived")
    again = (await browser.get(path)).fields("form[enctype]")
    refused = await browser.post(path, {**again, "number": "德卫2027-8"})
    assert (refused.status, "锁定" in refused.text) == (409, True)


async def test_the_list_of_the_year_is_settled_on_one_page_and_blocked_above_the_cap(county: County, term: str) -> None:
    office = county.office
    await opined(office, term, "excellent")
    await graded(office, term, "excellent")
    await office.answer("grade_cohort", "p-group-deputy", "cohort_together")
    assert (
        "可评优秀0人,已评和拟评1人" in (await (await county.at_the_pages("p-coordinator")).get(f"/cases/{term}")).text
    )
    task = await office.open_task("close_grades", "p-committee")
    browser = await county.at_the_pages("p-committee")
    page = await browser.get(f"/tasks/{task.id}")
    assert ("超过上限" in page.text, page.fields("form.decide")["grades-0-case"]) == (True, term)
    refused = await browser.decide(
        f"/tasks/{task.id}", "close_grades", "", **MEETING, **{"grades-0-grade": "excellent"}
    )
    assert (refused.status, "最多0人" in refused.text) == (422, True)
    await listed(office, {term: "qualified"})
    printed = await browser.get(f"/cases/{task.case_id}/documents/grade_list")
    assert (printed.status, "合格" in printed.text) == (200, True)


async def test_every_question_of_an_evaluation_has_its_page(county: County, term: str) -> None:
    office = county.office
    opened: dict[str, int] = {}

    async def look(name: str, person: str) -> None:
        task = await office.open_task(name, person)
        opened[name] = (await (await county.at_the_pages(person)).get(f"/tasks/{task.id}")).status

    await look("term_summary", "p-doctor")
    await opined(office, term)
    await look("decide_grade", "p-committee")
    await graded(office, term, "unqualified")
    await look("grade_notice", "p-doctor")
    await office.answer("grade_notice", "p-doctor", "appeal_grade", REASON, case=term)
    await look("grade_appeal", "p-group-deputy")
    await office.answer("grade_appeal", "p-group-deputy", "uphold_grade", REASON, case=term)
    await look("credit_of_unqualified", "p-coordinator")
    for officer in ("p-coordinator", "p-group-deputy"):
        await office.answer("credit_of_unqualified", officer, "count_no_priority", REASON, case=term)
    await look("issue_certificate", "p-bureau-officer")
    await issued(office, term)
    await look("stay_or_return", "p-doctor")
    await office.answer("stay_or_return", "p-doctor", "wish_to_stay", REASON, case=term)
    await look("stay_sending", "p-h1-head")
    for task, person in (("stay_sending", "p-h1-head"), ("stay_receiving", "p-t1-head")):
        await office.answer(task, person, "agree_stay", case=term)
    await look("stay_bureau", "p-bureau-officer")
    assert set(opened.values()) == {200}, opened


async def test_cor_12_pages_and_papers_say_that_excellent_is_still_open_until_it_is_final(county: County) -> None:
    office, still_open = county.office, "合格及以上，是否优秀待定"
    term = await nominated_doctor(office, county.pack)
    task = await office.open_task("issue_certificate", "p-bureau-officer", case=term)
    asked = await (await county.at_the_pages("p-bureau-officer")).get(f"/tasks/{task.id}")
    assert (asked.status, still_open in asked.text) == (200, True)
    await issued(office, term)
    person = await county.at_the_pages("p-doctor")

    async def says(path: str) -> str:
        return "".join((await person.get(f"/cases/{term}{path}")).text.split())

    assert "合格及以上已经确定;是否优秀,待集团2040年度名单" in await says("")
    for paper in ("certificate", "grade_result"):
        assert still_open in await says(f"/documents/{paper}")
    await listed(office, {term: "excellent"})
    await office.open_task("grade_notice", "p-doctor", case=term)
    assert still_open in await says("/documents/certificate")
    await accepted(office, term)
    await office.open_task("stay_or_return", "p-doctor", case=term)
    final = await says("/documents/certificate")
    assert (still_open in final, "优秀" in final) == (False, True)
