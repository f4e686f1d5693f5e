"""The page on which changes of a running term are proposed and read (EXC-04, EXC-07)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from db.engine.cases import CaseFile
from db.standstills import Standstill
from db.term_changes import TermChange
from tests.builders.county import OTHER_TOWNSHIP
from tests.console.conftest import Town
from tests.workflows.term_changes import gone_on, transfer_agreed
from tests.workflows.terms import filed_term, in_service
from tests.workflows.year import decide_batch, matched, posts_published, submit

WORDS = "医院急诊科缺员"


@pytest.fixture
async def term(town: Town) -> str:
    """A term in service since today."""
    term = await filed_term(town.office, town.pack)
    await in_service(town.office, term)
    return term


def end_wish(town: Town, occasion: str, *, days: int = 10) -> dict[str, str]:
    last_day = town.clock.now().date() + timedelta(days=days)
    return {"occasion": occasion, "last_day": last_day.isoformat(), "words": WORDS}


async def test_exc_07_hr_proposes_an_early_end_and_the_head_reads_why_and_when(town: Town, term: str) -> None:
    browser = await town.as_person("p-h1-hr")
    page = await browser.get(f"/terms/{term}/changes")
    fields = page.fields("form.early-end")
    assert [one["value"] for one in page.html.select("form.early-end option")] == ["", "recall", "agreement"]
    wrong = await browser.post(f"/terms/{term}/early-end", {**fields, **end_wish(town, "recall", days=-1)})
    assert (wrong.status, wrong.one("#problem-end-last_day").text[:8]) == (422, "最后一天早于今天")
    assert wrong.one("form.early-end textarea").text.strip() == WORDS
    done = await browser.post(f"/terms/{term}/early-end", {**fields, **end_wish(town, "recall")})
    assert (done.status, "待各方决定" in done.text, done.html.select("form.early-end")) == (200, True, [])
    task = await town.office.open_task("early_end_receiving", "p-t1-head", case=term)
    head = await town.as_person("p-t1-head")
    shown = await head.get(f"/tasks/{task.id}")
    assert (WORDS in shown.text, "派出单位召回" in shown.text) == (True, True)
    refused = await head.decide(f"/tasks/{task.id}", "refuse_end", "")
    assert (refused.status, "请写明理由" in refused.text) == (422, True)
    assert "已记录" in (await head.decide(f"/tasks/{task.id}", "refuse_end", "门诊无人接替")).text
    await town.seen(select(TermChange.id).where(TermChange.state == "refused"))
    again = await browser.get(f"/terms/{term}/changes")
    assert ("未获同意" in again.text, len(again.html.select("form.early-end"))) == (True, 1)


async def test_def_14_the_person_finds_the_way_from_the_case_and_may_only_ask_for_themselves(
    town: Town, term: str
) -> None:
    browser = await town.as_person("p-doctor")
    assert (await browser.get(f"/cases/{term}")).html.select(f'a[href="/terms/{term}/changes"]')
    fields = (await browser.get(f"/terms/{term}/changes")).fields("form.early-end")
    assert fields["occasion"] == "by_person"
    forced = await browser.post(f"/terms/{term}/early-end", {**fields, **end_wish(town, "recall")})
    assert (forced.status, "不能查看或办理" in forced.text) == (403, True)
    done = await browser.post(f"/terms/{term}/early-end", {**fields, **end_wish(town, "by_person")})
    assert (done.status, "本人提出" in done.text) == (200, True)


async def test_exc_04_a_post_that_was_filed_is_taken_back_by_proposing_an_early_end(town: Town, term: str) -> None:
    post = (await town.office.case(term)).facts["post"]
    browser = await town.as_person("p-t1-head")
    page = await browser.get(f"/posts/{post}/take-back")
    (link,) = page.html.select(f'a[href="/terms/{term}/changes"]')
    fields = (await browser.get(str(link["href"]))).fields("form.early-end")
    done = await browser.post(f"/terms/{term}/early-end", {**fields, **end_wish(town, "post_cancelled")})
    assert (done.status, "岗位取消" in done.text) == (200, True)
    await town.office.open_task("early_end_sending", "p-h1-head", case=term)


@pytest.mark.parametrize("person", ["p-bureau-officer", "p-group-deputy"])
async def test_who_may_read_may_not_propose(town: Town, term: str, person: str) -> None:
    browser = await town.as_person(person)
    page = await browser.get(f"/terms/{term}/changes")
    assert page.html.select("form.early-end") == []
    forced = await browser.post(f"/terms/{term}/early-end", {"request": "r" * 32, **end_wish(town, "agreement")})
    assert forced.status == 403
    assert await town.all_of(select(TermChange.id)) == []


@pytest.mark.parametrize("person", ["p-t2-hr", "p-monitor", "p-doctor-2"])
async def test_the_changes_are_closed_to_everybody_else(town: Town, term: str, person: str) -> None:
    page = await (await town.as_person(person)).get(f"/terms/{term}/changes")
    assert (page.status, "莫干山" in page.text) == (403, False)


def still(town: Town, kind: str, *, days: int = 0, **more: str) -> dict[str, str]:
    first_day = town.clock.now().date() + timedelta(days=days)
    wish = {"kind": kind, "reach": "term", "first_day": first_day.isoformat(), "last_day": "", "words": WORDS}
    return wish | {"evidence": "县防汛指〔2040〕7号", **more}


async def test_exc_09_the_group_records_force_majeure_with_its_document_and_ends_it(town: Town, term: str) -> None:
    browser = await town.as_person("p-coordinator")
    fields = (await browser.get(f"/terms/{term}/changes")).fields("form.standstill")
    path = f"/terms/{term}/standstill"
    wrong = await browser.post(path, {**fields, **still(town, "force_majeure", evidence="")})
    assert (wrong.status, wrong.one("#problem-still-evidence").text[:4]) == (422, "此项必须")
    assert wrong.one("form.standstill textarea").text.strip() == WORDS
    done = await browser.post(path, {**fields, **still(town, "force_majeure", reach="group")})
    assert (done.status, "县防汛指" in done.text) == (200, True)
    await town.seen(select(Standstill.id).where(Standstill.state == "stands"))
    page = await browser.get(f"/terms/{term}/changes")
    resume = page.fields("form.resume")
    early = {"resumes_on": "2030-01-01", "words": WORDS}
    refused = await browser.post(f"/terms/{term}/resume", {**resume, **early})
    assert (refused.status, refused.one("#problem-resume-resumes_on").text[:4]) == (422, "恢复日期")
    today = town.clock.now().date().isoformat()
    done = await browser.post(f"/terms/{term}/resume", {**resume, "resumes_on": today, "words": WORDS})
    assert done.status == 200
    await town.seen(select(Standstill.id).where(Standstill.state == "ended"))
    assert "已恢复" in (await browser.get(f"/terms/{term}/changes")).text


async def test_a_suspension_without_a_known_end_is_reviewed_on_the_page_of_its_task(town: Town, term: str) -> None:
    browser = await town.as_person("p-coordinator")
    fields = (await browser.get(f"/terms/{term}/changes")).fields("form.standstill")
    both = await browser.post(f"/terms/{term}/standstill", {**fields, **still(town, "suspension", reach="group")})
    assert (both.status, both.one("#problem-still-reach").text[:4]) == (422, "暂停服务")
    await browser.post(f"/terms/{term}/standstill", {**fields, **still(town, "suspension")})
    task = await town.office.open_task("review_standstill", "p-coordinator", case=term)
    page = await browser.get(f"/tasks/{task.id}")
    assert (WORDS in page.text, "暂停服务" in page.text) == (True, True)
    without = await browser.decide(f"/tasks/{task.id}", "resume_term", "道路已通")
    assert without.status == 422
    today = town.clock.now().date().isoformat()
    assert "已记录" in (await browser.decide(f"/tasks/{task.id}", "resume_term", "道路已通", resumes_on=today)).text
    await town.office.stands(term, "in_service")


@pytest.mark.parametrize("person", ["p-t1-hr", "p-h1-head", "p-doctor"])
async def test_exc_09_a_side_may_not_suspend(town: Town, term: str, person: str) -> None:
    browser = await town.as_person(person)
    assert (await browser.get(f"/terms/{term}/changes")).html.select("form.standstill") == []
    forced = await browser.post(f"/terms/{term}/standstill", {"request": "r" * 32, **still(town, "suspension")})
    assert forced.status == 403
    assert await town.all_of(select(Standstill.id)) == []


async def test_exc_09_who_has_not_begun_is_named_beside_the_force_majeure_and_given_another_first_day(
    town: Town,
) -> None:
    office, people = town.office, ("p-doctor", "p-doctor-2")
    posts = await posts_published(office, town.pack, posts=2, people=people)
    cases = [await matched(office, person, post) for person, post in zip(people, posts, strict=True)]
    await submit(office, *cases)
    await decide_batch(office, dict.fromkeys(cases, "file"))
    found = select(CaseFile.id).where(CaseFile.lifecycle == "ServiceTerm").order_by(CaseFile.id)
    await town.seen(found.offset(1))
    one, other = await town.all_of(found)
    await office.stands(other, "onboarding")
    planned = await in_service(office, one)
    browser = await town.as_person("p-coordinator")
    page = await browser.get(f"/terms/{one}/changes")
    wish = still(town, "force_majeure", reach="group")
    page = await browser.post(f"/terms/{one}/standstill", {**page.fields("form.standstill"), **wish})
    listed = page.one("section.not-begun")
    assert "郁思齐" in listed.text
    assert "在不可抗力期间内" in listed.text
    page = await browser.get(str(page.one("section.not-begun a")["href"]))
    later = (planned + timedelta(days=14)).isoformat()
    path, fields = f"/terms/{other}/first-day", page.fields("form.first-day") | {"words": "道路未通"}
    wrong = await browser.post(path, {**fields, "starts_on": planned.isoformat()})
    assert (wrong.status, "须晚于原定日期" in wrong.one("#problem-first-starts_on").text) == (422, True)
    done = await browser.post(path, {**fields, "starts_on": later})
    assert (done.status, len(done.html.select("p.notice.good"))) == (200, 1)
    await office.rests(other)
    assert f"{(planned + timedelta(days=14)).day}日。顺延后" in (await browser.get(f"/terms/{other}/changes")).text
    side = await town.as_person("p-t1-hr")
    page = await side.get(f"/terms/{other}/changes")
    assert page.html.select("form.first-day, section.not-begun") == []
    assert (await side.post(path, {**fields, "starts_on": later})).status == 403


async def test_exc_08_hr_proposes_a_transfer_and_bureau_and_person_read_where_and_what_is_our_default(
    town: Town, term: str
) -> None:
    browser = await town.as_person("p-h1-hr")
    page = await browser.get(f"/terms/{term}/changes")
    assert [one["value"] for one in page.html.select("form.transfer option")] == ["", OTHER_TOWNSHIP]
    last_day = (town.clock.now().date() + timedelta(days=10)).isoformat()
    wish = {"destination": "", "last_day": last_day, "words": WORDS}
    wrong = await browser.post(f"/terms/{term}/transfer", {**page.fields("form.transfer"), **wish})
    assert (wrong.status, "不是本集团内" in wrong.one("#problem-transfer-destination").text) == (422, True)
    wish["destination"] = OTHER_TOWNSHIP
    done = await browser.post(f"/terms/{term}/transfer", {**page.fields("form.transfer"), **wish})
    assert (done.status, "转往" in done.text, done.html.select("form.transfer")) == (200, True, [])
    asked = await town.office.open_task("transfer_person", "p-doctor", case=term)
    shown = await (await town.as_person("p-doctor")).get(f"/tasks/{asked.id}")
    assert (WORDS in shown.text, "转往" in shown.text) == (True, True)
    await transfer_agreed(town.office, term)
    task = await town.office.open_task("transfer_days", "p-coordinator", case=term)
    group = await town.as_person("p-coordinator")
    assert (await group.get(f"/tasks/{task.id}")).one('input[name="last_day"]')["value"] == last_day
    days = {"last_day": last_day, "starts_on": last_day}
    refused = await group.decide(f"/tasks/{task.id}", "set_transfer_days", "", **days)
    assert (refused.status, "须晚于原单位最后一天" in refused.text) == (422, True)
    days["starts_on"] = (town.clock.now().date() + timedelta(days=20)).isoformat()
    assert "已记录" in (await group.decide(f"/tasks/{task.id}", "set_transfer_days", "", **days)).text
    filing = await town.office.open_task("transfer_filing", "p-bureau-officer", case=term)
    bureau = await (await town.as_person("p-bureau-officer")).get(f"/tasks/{filing.id}")
    assert ("系统默认，非政策规定" in bureau.text, "重新起算" in bureau.text) == (True, True)


async def test_exc_08_the_record_of_a_segment_leads_to_the_other_one(town: Town, term: str) -> None:
    following = await gone_on(town.office, term)
    page = await (await town.as_person("p-doctor")).get(f"/terms/{following}")
    assert page.html.select(f'a[href="/terms/{term}"]')
    assert "尚未到岗" in page.text
    elsewhere = await (await town.as_person("p-t1-hr")).get(f"/terms/{term}")
    assert not elsewhere.html.select(f'a[href="/terms/{following}"]'), "the new place's record is not the former one's"
