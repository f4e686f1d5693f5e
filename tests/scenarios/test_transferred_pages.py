"""A service that went on elsewhere, at the pages and on the papers of its evaluation (EXC-08, F-18 to F-20)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from db.engine.tasks import TaskRow
from db.term_changes import TermChange
from i18n import day_words
from policies.engine.dates import term_last_day
from tests.official.printed import in_pdf, in_word
from tests.scenarios.conftest import County
from tests.workflows.evaluations import MEETING, REASON, accepted, graded, issued, opined, opinion
from tests.workflows.term_changes import agreed, end_answered, end_proposed, gone_on
from tests.workflows.terms import (
    CHECK_IN,
    absent,
    certified,
    checked,
    checked_in,
    confirmed,
    filed_term,
    in_service,
    quarters_pass,
    served_besides,
    until_day,
)

THERE, HERE = "莫干山镇卫生院", "下渚湖街道社区卫生服务中心"
SAID_THERE, SAID_HERE = "在原单位诊疗规范", REASON
NEW = ("p-t2-hr", "p-t2-head")


@pytest.fixture
async def first(county: County) -> str:
    """A term with a check-in, an absence and accumulated service, which then goes on elsewhere."""
    office = county.office
    term = await filed_term(office, county.pack)
    began = await in_service(office, term)
    await until_day(office, began + timedelta(days=2))
    await absent(office, term, day=2)
    await confirmed(office, term)
    await checked(office, term, await served_besides(office, term, day=2))
    await quarters_pass(office, term, began, until=1)
    await gone_on(office, term)
    await office.answer("term_summary", "p-doctor", "submit_summary", form={"summary": "原单位小结"}, case=term)
    written = opinion("", dimensions=dict.fromkeys("德能勤绩廉", SAID_THERE))
    for officer in ("p-t1-hr", "p-t1-head"):
        await office.answer("term_opinion", officer, "give_opinion", form=written, case=term)
    await office.answer("opinion_comment", "p-doctor", "no_comment", case=term)
    await office.stands(term, "transferred")
    return term


async def evaluated(county: County, first: str) -> tuple[str, TermChange]:
    """The second segment with its opinion given; and the transfer."""
    office, second = county.office, f"{first[:-1]}2"
    change = await agreed(office, first)
    assert change.starts_on is not None
    await in_service(office, second)
    await quarters_pass(office, second, change.starts_on, until=1)
    await until_day(office, term_last_day(change.starts_on, 6) + timedelta(days=1))
    await certified(office, second, "certify")
    await checked_in(office, second, 2)
    await opined(office, second, officers=NEW)
    return second, change


async def page(county: County, task: str, person: str, case: str) -> str:
    """The page of an open question."""
    asked = await county.office.open_task(task, person, case=case)
    found = await (await county.at_the_pages(person)).get(f"/tasks/{asked.id}")
    assert found.status == 200
    return found.text


async def test_exc_08_who_certifies_and_who_grades_read_all_segments_and_the_new_place_no_opinion_of_the_former(
    county: County, first: str
) -> None:
    office, second = county.office, f"{first[:-1]}2"
    change = await agreed(office, first)
    assert change.starts_on is not None
    assert change.ends_on is not None
    await in_service(office, second)
    await quarters_pass(office, second, change.starts_on, until=1)
    await until_day(office, term_last_day(change.starts_on, 6) + timedelta(days=1))
    asked = await page(county, "certify_term", "p-t2-hr", second)
    assert asked.count(str(CHECK_IN["summary"])) == 2, "the quarter there, and the one here"
    assert "已确认半天数" in asked, "what was added up there counts here"
    # The one absence is no day of service; of the others nobody loses any without being asked.
    days = (change.ends_on - date.fromisoformat((await office.case(first)).facts["planned_start"])).days
    before = f"连续月数重新起算前在定点服务{days}天"
    assert before in asked, "who certifies says what becomes of the months served before"
    assert "重新起算前在定点服务的时间是否计入?请接收单位和集团一并认定" in asked
    own = await (await county.at_the_pages("p-doctor")).get(f"/terms/{second}")
    assert before in own.text
    await certified(office, second, "certify")
    await checked_in(office, second, 2)
    await office.answer("term_summary", "p-doctor", "submit_summary", form={"summary": REASON}, case=second)
    asked = await page(county, "term_opinion", NEW[0], second)
    assert ("缺勤记录" in asked, SAID_THERE in asked, "原单位小结" in asked) == (True, False, False)
    for officer in NEW:
        await office.answer("term_opinion", officer, "give_opinion", form=opinion(), case=second)
    await office.answer("opinion_comment", "p-doctor", "no_comment", case=second)
    asked = await page(county, "decide_grade", "p-committee", second)
    assert [word for word in (SAID_THERE, "原单位小结", f"前一段服务：{THERE}", SAID_HERE) if word not in asked] == []
    await office.answer("decide_grade", "p-committee", "grade_qualified", REASON, form=MEETING, case=second)
    assert SAID_THERE in await page(county, "grade_notice", "p-doctor", second), "it is theirs"
    for person in NEW:
        case = await (await county.at_the_pages(person)).get(f"/cases/{second}")
        assert (case.status, SAID_THERE in case.text) == (200, False)


async def test_exc_08_the_papers_name_every_institution_with_its_days(county: County, first: str) -> None:
    office = county.office
    began = (await office.case(first)).facts["planned_start"]
    second, change = await evaluated(county, first)
    await graded(office, second, "qualified")
    await accepted(office, second)
    assert f"前一段服务：{THERE}" in await page(county, "issue_certificate", "p-bureau-officer", second)
    await issued(office, second)
    await office.open_task("stay_or_return", "p-doctor", case=second)
    assert change.ends_on is not None
    assert change.starts_on is not None
    there = f"{_written(began)}至{_written(change.ends_on.isoformat())}"
    here = f"{_written(change.starts_on.isoformat())}至"
    both = (f"第1段服务{THERE}，{there}", f"第2段服务{HERE}，{here}", f"接收单位{THERE}、{HERE}")
    wanted = {
        (first, "opinion"): (f"接收单位{THERE}", f"服务起止日期{there}"),
        (second, "opinion"): both,
        (second, "grade_result"): both,
        (second, "certificate"): both,
    }
    browser = await county.at_the_pages("p-doctor")
    for (case, key), words in wanted.items():
        path = f"/cases/{case}/documents/{key}"
        ways = {"page": "".join((await browser.get(path)).one("article.official").text.split())}
        ways["pdf"] = in_pdf((await browser.http.get(f"{path}/file.pdf")).content)
        ways["docx"] = in_word((await browser.http.get(f"{path}/file.docx")).content)
        for way, said in ways.items():
            assert [word for word in words if word not in said] == [], (case, key, way, said)
        assert ("第2段" in ways["page"], "服务起止日期" in ways["page"]) == (case == second, case == first)


def _written(iso: str) -> str:
    return "".join(day_words(date.fromisoformat(iso), "zh-CN").split())


async def test_exc_08_the_former_institution_delivers_its_days_and_absences_while_the_service_goes_on(
    county: County, first: str
) -> None:
    office, browser = county.office, await county.at_the_pages("p-t1-hr")
    ended = (await agreed(office, first)).ends_on
    assert ended is not None
    here = await browser.get(f"/terms/{first}?month={ended:%Y-%m}")
    assert here.html.select("form.days"), "the days too"
    typed = {"first_day": ended.isoformat(), "last_day": ended.isoformat(), "days": "1", "words": "考勤表迟到"}
    sent = await browser.post(f"/terms/{first}/absences", {**here.fields("form.absence"), **typed})
    assert "已登记，正由接收单位负责人核实" in sent.text
    assert "考勤表迟到" in sent.text, "it stands in the segment whose days they are"
    asked = await page(county, "confirm_absence", "p-t1-head", f"{first[:-1]}2")
    assert (THERE in asked, HERE in asked) == (True, False)
    after = f"{date(ended.year + (ended.month == 12), ended.month % 12 + 1, 1):%Y-%m}"
    listed = [(await browser.get(f"/attendance?month={month}")).text for month in (f"{ended:%Y-%m}", after)]
    assert ["凌远航" in text for text in listed] == [True, False]
    new = await (await county.at_the_pages("p-t2-hr")).get(f"/terms/{first}")
    assert not new.html.select("form.absence")


async def test_exc_08_the_sheet_of_the_grade_has_the_opinion_of_every_segment_for_who_may_read_them(
    county: County, first: str
) -> None:
    office = county.office
    second, _ = await evaluated(county, first)
    await graded(office, second, "qualified")
    task = await office.seen(select(TaskRow.id).where(TaskRow.case_id == second, TaskRow.name == "decide_grade"))
    path = f"/cases/{second}/documents/approval{str(task).removeprefix(second)}"
    there = "前一段服务（第1段）"
    for person, reads in (("p-committee", True), ("p-doctor", True), ("p-t2-hr", False)):
        found = await (await county.at_the_pages(person)).get(path)
        words = [word in found.text for word in (there, SAID_THERE, "原单位小结")]
        assert (found.status, words) == (200, [reads] * 3), person
        assert SAID_HERE in found.text, person


async def test_exc_07_the_opinion_of_a_last_segment_that_ended_early_names_its_last_day(
    county: County, first: str
) -> None:
    office, second = county.office, f"{first[:-1]}2"
    began = await in_service(office, second)
    await end_proposed(office, second, "p-h1-hr", "recall", days=5)
    for side, head in (("sending", "p-h1-head"), ("receiving", "p-t2-head")):
        await end_answered(office, second, side, by=head)
    change = await agreed(office, second)
    assert change.ends_on is not None
    await until_day(office, change.ends_on + timedelta(days=1))
    assert "只服务了一段的不评等次" in county.pack.tasks["term_opinion"].ask.zh
    await opined(office, second, "", officers=NEW)
    paper = await (await county.at_the_pages("p-doctor")).get(f"/cases/{second}/documents/opinion")
    said = "".join(paper.one("article.official").text.split())
    here = f"{_written(began.isoformat())}至{_written(change.ends_on.isoformat())}"
    assert f"第2段服务{HERE}，{here}" in said
