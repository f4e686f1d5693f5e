"""The pages of an annual assessment: the panel's form, item 11, a gap, the conclusion, the score sheet F-28 (OT-E2)."""

import pytest

from tests.builders.banner import settle_banner
from tests.builders.county import publish_calendar
from tests.console.conftest import Page, Town
from tests.official.printed import in_pdf, in_word
from tests.workflows import talent_years as years
from tests.workflows.office import OPENS
from tests.workflows.talent_life import EXPERT, HR, LEADER, OFFICER


@pytest.fixture
async def assessed(town: Town) -> str:
    """The first year of a contract is over; the raters have been heard."""
    await settle_banner(town.record)
    for year in (OPENS.year + 1, OPENS.year + 2):
        await publish_calendar(town.record, year)
    return await years.year_ended(town.office, town.desks.talent_contracts)


async def task_page(town: Town, task: str, person: str, case: str) -> Page:
    row = await town.office.open_task(task, person, case=case)
    page = await (await town.as_person(person)).get(f"/tasks/{row.id}")
    assert page.status == 200
    return page


async def test_every_page_of_a_year_says_what_is_asked_and_no_grade_follows_from_the_total(
    town: Town, assessed: str
) -> None:
    office, case = town.office, assessed
    item_11 = await task_page(town, "capacity_score", OFFICER, case)
    assert item_11.one("input[name=points]")
    own = await task_page(town, "self_rating", EXPERT, case)
    assert "阿木尔" not in own.text
    await years.rated(office, case)
    await years.materials(office, case)
    panel = await task_page(town, "assessment_panel", HR, case)
    assert "阿木尔" in panel.text
    assert panel.one("input[name=visits_this]")
    assert panel.one("input[type=file]")
    assert not panel.html.select("input[name=capacity], input[name=S1]")
    await years.scored(office, case, visits_this="1180")
    gap = await task_page(town, "table_gap", OFFICER, case)
    assert "同比增长18.00%" in gap.text
    assert "未达上一档,得0分" in gap.text
    assert "0—10" in gap.text
    browser = await town.as_person(HR)
    paper = await browser.get(f"/cases/{case}/documents/score_sheet")
    assert "75—85（未定）" in paper.text
    assert all(words in paper.text for words in ("读法1：未达上一档,得0分", "读法2：已超过不得分线,最高得10分"))
    await office.answer("table_gap", OFFICER, "settle_gap", "按低档", form={"points": "0"}, case=case)
    case_sheet = await task_page(town, "assessment_conclusion", LEADER, case)
    assert "已超过不得分线" not in case_sheet.text
    conclusion = await task_page(town, "assessment_conclusion", LEADER, case)
    assert "原文没有合格线" in conclusion.text
    assert "75" in conclusion.one("section table tr:last-child").text
    for name, read in (("pdf", in_pdf), ("docx", in_word)):
        printed = read((await browser.http.get(f"/cases/{case}/documents/score_sheet/file.{name}")).content)
        assert "旗卫生健康委明确" in printed
        assert "按规则计算" in printed
    for stranger in ("o-h2-hr", "o-h2-leader", "o-expert-2", "o-finance"):
        other = await town.as_person(stranger)
        assert (await other.get(f"/cases/{case}/documents/score_sheet")).status == 404


async def test_g7_who_weighs_a_veto_reads_the_open_items_with_their_readings_and_the_total_as_a_range(
    town: Town, assessed: str
) -> None:
    """Two gaps are open; nobody sees a sum or a grade before they are settled."""
    office, case = town.office, assessed
    await years.rated(office, case)
    await years.materials(office, case)
    await years.scored(office, case, visits_this="1180", pilot="no")
    for points in ("0", "10"):
        gap = await task_page(town, "table_gap", OFFICER, case)
        assert len(gap.html.select("section.findings ul li")) >= 2
        await office.answer("table_gap", OFFICER, "settle_gap", "经研究", form={"points": points}, case=case)
    conclusion = await task_page(town, "assessment_conclusion", LEADER, case)
    assert not conclusion.html.select("input[type=radio][checked]")
    for person in (HR, EXPERT):
        assert "合格" not in [one.text for one in (await (await town.as_person(person)).get("/")).html.select("b")]


async def test_ot_e3_whoever_replies_or_decides_reads_what_was_reported_and_said_before(
    town: Town, assessed: str
) -> None:
    office, case, found = town.office, assessed, "论文佐证系伪造，期刊查无此文"
    await years.heard(office, case)
    await years.concluded(office, case)
    await office.answer("assessment_notice", EXPERT, "accept_result", case=case)
    await office.answer("assessment_consent", OFFICER, "report_falsification", found, case=case)
    for task, person in (("falsification_hold", "o-leader"), ("falsification_reply", EXPERT)):
        assert found in (await task_page(town, task, person, case)).one("section.reported").text
    await office.answer("falsification_reply", EXPERT, "give_reply", "论文由他人代投", case=case)
    page = await task_page(town, "falsification_decision", "o-leader", case)
    assert all(words in page.one("section.reported").text for words in (found, "论文由他人代投"))
    await office.answer("falsification_decision", "o-leader", "falsification_stop", "情节严重", case=case)
    inquiry = await task_page(town, "falsification_inquiry", LEADER, case)
    assert "情节严重" in inquiry.one("section.reported").text
    letters = await office.letters("task")
    assert not [one for one in letters if found in str(one.details)]
