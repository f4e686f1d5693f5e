"""The pages on which a post is taken back (EXC-04) and on which HR records who has left (EXC-10)."""

import pytest
from sqlalchemy import select

from db.engine.cases import CaseFile
from db.engine.tasks import InboxRow
from db.posting import Post, PostMatch
from tests.console.conftest import Browser, Town
from tests.workflows.year import choose, matched, posts_published

KIND = "执业资格丧失"
REASON = "科室撤并，不再需要"
TICKED = {"words": REASON, "confirmed": "yes"}


@pytest.fixture
async def post(town: Town) -> str:
    """A published post for which one doctor may apply."""
    (post,) = await posts_published(town.office, town.pack)
    await town.office.tell_time()
    return post


async def _notices(town: Town, name: str) -> list[str]:
    return list(await town.all_of(select(InboxRow.request).where(InboxRow.message["name"].astext == name)))


async def _take_back(browser: Browser, post: str, **typed: str) -> tuple[int, str]:
    path = f"/posts/{post}/take-back"
    fields = (await browser.get(path)).fields("form.take-back")
    page = await browser.post(path, {**fields, **typed})
    return page.status, page.text


@pytest.mark.parametrize("person", ["p-t1-head", "p-coordinator"])
async def test_the_head_and_the_coordinator_take_a_post_back_with_a_reason_and_a_clear_yes(
    town: Town, post: str, person: str
) -> None:
    browser = await town.as_person(person)
    assert (await browser.get(f"/posts/{post}")).one(f'a[href="/posts/{post}/take-back"]')
    for typed, said in (({"words": REASON}, "勾选确认"), ({"words": " ", "confirmed": "yes"}, "请写明理由")):
        status, text = await _take_back(browser, post, **typed)
        assert (status, said in text) == (422, True)
    assert await _notices(town, "cancel_post") == []
    status, text = await _take_back(browser, post, **TICKED)
    assert (status, "取消岗位的要求已保存" in text or "岗位已取消" in text) == (200, True)
    await town.seen(select(Post).where(Post.id == post, Post.state == "closed"))
    assert "岗位已取消" in (await browser.get(f"/posts/{post}?done=recorded")).text
    late = await browser.get(f"/posts/{post}/take-back")
    assert ("该岗位已经关闭" in late.text, late.html.select("form.take-back")) == (True, [])


async def test_the_applicant_under_review_reads_the_reason_on_the_page_of_the_case(town: Town, post: str) -> None:
    case = await choose(town.office, "p-doctor", post)
    await town.office.open_task("receiving_review", "p-t1-head", case=case)
    await _take_back(await town.as_person("p-t1-head"), post, **TICKED)
    await town.office.stands(case, "choosing")
    page = await (await town.as_person("p-doctor")).get(f"/cases/{case}")
    lines = [" ".join(each.get_text(" ").split()) for each in page.html.select("ol.timeline > li")]
    assert [REASON in each for each in lines if "岗位已关闭" in each] == [True]
    watcher = await (await town.as_person("p-monitor")).get(f"/cases/{case}")
    assert REASON not in watcher.text


async def test_a_matched_post_says_why_it_cannot_be_taken_back(town: Town, post: str) -> None:
    await matched(town.office, "p-doctor", post)
    browser = await town.as_person("p-t1-head")
    for path in (f"/posts/{post}", f"/posts/{post}/take-back"):
        page = await browser.get(path)
        assert "按提前结束办理" in page.text
        assert page.html.select("form.take-back") == []
    forced = await browser.post(f"/posts/{post}/take-back", TICKED)
    assert (forced.status, "该岗位已达成意向，不能取消" in forced.text) == (409, True)
    english = await browser.get(f"/posts/{post}/take-back?lang=en")
    assert "both institutions decide on an early end" in english.text
    assert await _notices(town, "cancel_post") == []


@pytest.mark.parametrize("person", ["p-t2-head", "p-t1-hr", "p-h1-head", "p-doctor", "p-monitor"])
async def test_nobody_else_takes_a_post_back(town: Town, post: str, person: str) -> None:
    browser = await town.as_person(person)
    assert (await browser.get(f"/posts/{post}")).html.select('a[href$="/take-back"]') == []
    for page in (
        await browser.get(f"/posts/{post}/take-back"),
        await browser.post(f"/posts/{post}/take-back", TICKED),
    ):
        assert page.status == 403
    assert await _notices(town, "cancel_post") == []


LEFT = {"kind": "retired", "on": "2040-03-05", "words": "到龄退休", "confirmed": "yes"}


async def _leave(browser: Browser, case: str, **typed: str) -> tuple[int, str]:
    fields = (await browser.get(f"/cases/{case}")).fields(".departure form")
    page = await browser.post(f"/cases/{case}/departure", {**fields, **LEFT, **typed})
    return page.status, page.text


@pytest.mark.parametrize("person", ["p-h1-hr", "p-monitor"])
async def test_hr_records_a_departure_and_the_case_ends_early(town: Town, post: str, person: str) -> None:
    case = await matched(town.office, "p-doctor", post)
    await town.office.tell_time()
    browser = await town.as_person(person)
    for typed, status, said in (
        ({"confirmed": ""}, 422, "勾选确认"),
        ({"on": "2041-01-01"}, 422, "日期不能晚于今天"),
        ({"on": "morgen"}, 422, "请填写完整"),
        ({"words": ""}, 422, "请写明理由"),
    ):
        answer = await _leave(browser, case, **typed)
        assert (answer[0], said in answer[1]) == (status, True), said
    assert await _notices(town, "person_left") == []
    assert (await _leave(browser, case))[0] == 200
    await town.seen(select(CaseFile).where(CaseFile.id == case, CaseFile.outcome == "ended_early"))
    assert await town.all_of(select(PostMatch)) == []
    page = await browser.get(f"/cases/{case}")
    assert "人员离岗" in page.text
    assert "退休" in page.text
    assert page.html.select(".departure") == []
    assert "到龄退休" in page.text
    english = await browser.get(f"/cases/{case}?lang=en")
    assert "Person left" in english.text
    assert "Retired" in english.text


@pytest.mark.parametrize("person", ["p-doctor", "p-h1-head", "p-t1-hr", "p-coordinator"])
async def test_nobody_else_records_a_departure(town: Town, post: str, person: str) -> None:
    case = await choose(town.office, "p-doctor", post)
    await town.office.open_task("receiving_review", "p-t1-head", case=case)
    browser = await town.as_person(person)
    page = await browser.get(f"/cases/{case}")
    assert (page.status, page.html.select(".departure")) == (200, [])
    assert (await browser.post(f"/cases/{case}/departure", LEFT)).status == 403
    assert await _notices(town, "person_left") == []


@pytest.mark.parametrize(
    ("person", "reads"),
    [
        ("p-h1-hr", True),
        ("p-h1-head", True),
        ("p-coordinator", True),
        ("p-bureau-officer", True),
        ("p-doctor", True),
        ("p-t1-head", False),
        ("p-t1-hr", False),
        ("p-monitor", False),
    ],
)
async def test_why_somebody_left_is_shown_to_those_alone_whom_it_concerns(
    town: Town, post: str, person: str, *, reads: bool
) -> None:
    """policy.md 6: the other side sees that the person has left, not that it was for a lost licence."""
    case = await choose(town.office, "p-doctor", post)
    await town.office.open_task("receiving_review", "p-t1-head", case=case)
    await town.office.tell_time()
    typed = {"kind": "licence_lost", "words": "因故被吊销"}
    assert (await _leave(await town.as_person("p-h1-hr"), case, **typed))[0] == 200
    await town.seen(select(CaseFile).where(CaseFile.id == case, CaseFile.outcome == "ended_early"))
    page = await (await town.as_person(person)).get(f"/cases/{case}")
    (line,) = [each.get_text(" ") for each in page.html.select("ol.timeline > li") if "人员离岗" in each.get_text()]
    assert "2040-03-05" in line
    assert [word in line for word in (KIND, typed["words"])] == [reads, reads]
    if not reads:
        assert KIND not in page.text
        assert typed["words"] not in page.text
