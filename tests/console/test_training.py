"""A trainee's way on the pages: the hospital, the targets, the mentor, the note, the record, the return (DQ-B)."""

import pytest
from sqlalchemy import select

from db.posting import Post
from db.training import Mentorship
from policies.engine.dates import term_last_day
from tests.console.conftest import Page, Town
from tests.workflows.evaluations import accepted, graded, issued, opined
from tests.workflows.terms import until_day
from tests.workflows.trainees import completed, filed_training, in_training, listed, settle_trainees


@pytest.fixture
async def school(town: Town) -> Town:
    await settle_trainees(town.record)
    return town


async def page_of(town: Town, name: str, person: str) -> Page:
    """The page of an open task."""
    row = await town.office.open_task(name, person)
    return await (await town.as_person(person)).get(f"/tasks/{row.id}")


async def answered(town: Town, name: str, person: str, choice: str, words: str = "", **fields: str) -> Page:
    """The person fills in the page of their task and presses a button."""
    row = await town.office.open_task(name, person)
    await town.office.tell_time()
    return await (await town.as_person(person)).decide(f"/tasks/{row.id}", choice, words, **fields)


async def test_the_group_sees_the_match_of_specialties_and_half_release_is_refused_in_words(school: Town) -> None:
    case = (await listed(school.office, school.pack, ["p-trainee"]))["p-trainee"]
    page = await page_of(school, "assign_hospital", "p-coordinator")
    assert "钟若谷" in page.text
    assert "本专业登记 3 人，其中可带教的高级职称 2 人" in page.text
    assert "未登记本专业人员" in page.text
    half = await answered(
        school, "assign_hospital", "p-coordinator", "assign_hospital", hospital="dq-h1", release="half"
    )
    assert (half.status, half.one("#problem-release").text[:17]) == (422, "“乡管县育”须全脱产，不得半脱产。")
    done = await answered(school, "assign_hospital", "p-coordinator", "assign_hospital", hospital="dq-h1")
    assert "已记录" in done.text
    place = await school.office.seen(select(Post).where(Post.placement == case))
    assert (place.institution, place.mode) == ("dq-h1", "full")
    own = await page_of(school, "training_consent", "p-trainee")
    assert ("德清县人民医院" in own.text, "轮训人员" in own.text) == (True, True)


async def test_targets_and_mentor_are_filled_in_on_their_pages(school: Town) -> None:
    await filed_training(school.office, school.pack)
    fields = {"targets-0-name": "独立完成胃镜检查", "targets-0-number": "三十", "targets-0-unit": "例"}
    wrong = await answered(school, "training_targets", "p-h1-hr", "set_targets", **fields)
    assert (wrong.status, wrong.one("#problem-targets-0-number").text[:10]) == (422, "培养指标须有大于 0")
    fields["targets-0-number"] = "30"
    assert "已记录" in (await answered(school, "training_targets", "p-h1-hr", "set_targets", **fields)).text
    page = await page_of(school, "name_mentor", "p-h1-head")
    teachers = [option.text for option in page.html.select("select[name=mentor] option") if option.text]
    assert (len(teachers), "独立完成胃镜检查 30 例" in page.text) == (2, True)
    refused = await answered(school, "name_mentor", "p-h1-head", "name_mentor", mentor="p-mid")
    assert (refused.status, refused.one("#problem-mentor").text[:11]) == (422, "带教老师须为高级职称。")
    await answered(school, "name_mentor", "p-h1-head", "name_mentor", mentor="p-mentor")
    page = await page_of(school, "accept_mentoring", "p-mentor")
    assert ("钟若谷" in page.text, "独立完成胃镜检查" in page.text) == (True, True)
    assert "已记录" in (await answered(school, "accept_mentoring", "p-mentor", "accept_mentoring")).text
    await school.office.seen(select(Mentorship).where(Mentorship.state == "accepted"))


async def test_the_mentor_writes_a_note_and_the_hospital_says_when_the_mentor_has_left(school: Town) -> None:
    term = await filed_training(school.office, school.pack)
    first_day = await in_training(school.office, term)
    await until_day(school.office, term_last_day(first_day, 2))
    fields = {"note": "跟班手术八台", "reached-0": "若干", "reached-1": ""}
    wrong = await answered(school, "mentor_note", "p-mentor", "mentor_note", **fields)
    assert (wrong.status, wrong.one("#problem-reached-0").text[:8]) == (422, "完成数不是数字。")
    await answered(school, "mentor_note", "p-mentor", "mentor_note", **fields | {"reached-0": "8"})
    own = await (await school.as_person("p-trainee")).get(f"/terms/{term}")
    assert ("跟班手术八台" in own.text, "8 / 30 例" in own.text, "骆知行" in own.text) == (True, True, True)
    assert own.html.select("form[action$='/mentor']") == []
    browser = await school.as_person("p-h1-head")
    fields = (await browser.get(f"/terms/{term}")).fields("form[action$='/mentor']")
    done = await browser.post(f"/terms/{term}/mentor", fields | {"words": "调离本院"})
    assert (done.status, "另行指定带教老师" in done.text) == (200, True)
    await school.office.open_task("name_mentor", "p-h1-head", case=term)
    again = await browser.post(f"/terms/{term}/mentor", fields | {"request": "m" * 32, "words": "调离本院"})
    assert (again.status, "目前没有带教老师" in again.text) == (409, True)
    other = await (await school.as_person("p-t1-head")).post(f"/terms/{term}/mentor", {"words": "调离"})
    assert other.status == 403


async def test_the_township_records_the_return_on_its_page(school: Town) -> None:
    term = await filed_training(school.office, school.pack)
    await completed(school.office, term, await in_training(school.office, term))
    await opined(school.office, term, officers=("p-h1-hr", "p-h1-head"))
    await graded(school.office, term, "qualified")
    await accepted(school.office, term)
    await issued(school.office, term)
    early = await answered(school, "record_return", "p-t1-hr", "record_return", returned_on="2020-01-01")
    assert (early.status, bool(early.one("#problem-returned_on").text)) == (422, True)
    today = school.office.clock.now().date().isoformat()
    assert "已记录" in (await answered(school, "record_return", "p-t1-hr", "record_return", returned_on=today)).text
    await school.office.open_task("archive_term", "p-coordinator", case=term)
