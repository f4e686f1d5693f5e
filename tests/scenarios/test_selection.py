"""Two-way selection as people meet it: silence, a rejection, one person on both sides, a mail scanner."""

import httpx2
from sqlalchemy import select

from db.engine.tasks import DecisionRow, InboxRow, TaskRow
from db.posting import PostMatch
from tests.builders.county import HOSPITAL, TOWNSHIP, appoint
from tests.scenarios.conftest import County
from tests.workflows.year import agree, choose, posts_published

THIRTY_WORKING_DAYS = 43
APPLICANT, SENDING_HEAD, RECEIVING_HEAD = "p-doctor", "p-h1-head", "p-t1-head"


async def decide(http: httpx2.AsyncClient, task: str, choice: str, words: str = "") -> httpx2.Response:
    body = {"revision": 1, "choice": choice, "words": words}
    return await http.post(f"/tasks/{task}/decisions", json=body)


async def test_as_24_thirty_working_days_of_silence_escalate_and_agree_to_nothing(county: County) -> None:
    (post,) = await posts_published(county.office, county.pack)
    case = await choose(county.office, APPLICANT, post)
    agreed = await county.town.browser().decide(await county.link("sending_review", SENDING_HEAD), "agree")
    assert "已记录。" in agreed.text
    silent = await county.task("receiving_review", RECEIVING_HEAD)

    await county.office.days_pass(THIRTY_WORKING_DAYS)

    head, watcher = await county.person(RECEIVING_HEAD), await county.person("p-monitor")
    mine = {one["id"]: one["overdue"] for one in (await head.get("/tasks")).json()["items"]}
    assert mine[silent.id] is True
    seen = (await watcher.get(f"/cases/{case}")).json()
    assert (seen["state"], seen["stage"]) == ("open", "under_two_way_review")
    assert [(one["name"], one["escalated"]) for one in seen["tasks"]] == [("receiving_review", True)]
    lines = (await watcher.get(f"/cases/{case}/timeline", params={"limit": 100})).json()["items"]
    rungs = [one["refs"]["rung"] for one in lines if one["event"] == "rung_fired" and one["task"] == silent.id]
    assert {"overdue_3", "overdue_5"} < set(rungs)

    monitor = await county.at_the_pages("p-monitor")
    late = await monitor.get("/monitor?escalated=1")
    row = next(one for one in late.html.select("#cases tr") if case in one.text)
    assert all(words in row.text for words in ("接收单位审核", "已逾期", "已上报"))
    decided = (await monitor.get(f"/cases/{case}")).html.select("li.opinion > b")
    assert [one.text for one in decided] == ["报名", "同意"]

    page = await county.town.browser().decide(await county.link("receiving_review", RECEIVING_HEAD), "agree")
    assert "已记录。" in page.text
    await county.office.stands(case, "matched")
    assert "逾期作出" in (await monitor.get(f"/cases/{case}")).text


async def test_as_25_a_rejection_is_no_match_and_another_open_post_may_be_chosen(county: County) -> None:
    post, other = await posts_published(county.office, county.pack, posts=2)
    case = await choose(county.office, APPLICANT, post)
    sending = await county.task("sending_review", SENDING_HEAD)
    agreed = await decide(await county.person(SENDING_HEAD), sending.id, "agree")
    assert agreed.json()["state"] == "recorded"
    receiving = await county.task("receiving_review", RECEIVING_HEAD)

    head = await county.person(RECEIVING_HEAD)
    silent = await decide(head, receiving.id, "reject")
    assert (silent.status_code, silent.json()["code"]) == (422, "reason_missing")
    link = await county.link("receiving_review", RECEIVING_HEAD)
    wordless = await county.town.browser().decide(link, "reject")
    assert (wordless.status, "请写明理由" in wordless.text) == (422, True)
    assert "已记录。" in (await county.town.browser().decide(link, "reject", "专业不符")).text

    await county.office.stands(case, "choosing")
    assert await county.office.rows(select(PostMatch.case_id)) == []
    choosing = await county.task("choose_post", APPLICANT)
    applicant = await county.at_the_pages(APPLICANT)
    assert "专业不符" in (await applicant.get(f"/cases/{case}")).text
    board = (await applicant.get("/posts?state=open")).html.select("table tbody tr")
    assert len(board) == 2
    applied = await applicant.decide(f"/tasks/{choosing.id}", "apply", first=other, reassign="no")
    assert "已记录。" in applied.text
    await agree(county.office, case)
    matched = await county.office.stands(case, "matched")
    assert matched.id == case
    assert await county.office.rows(select(PostMatch.post)) == [other]


async def test_as_117_who_answers_for_the_sending_side_does_not_answer_for_the_receiving_side(county: County) -> None:
    """One person heads both institutions: the receiving side's question never becomes theirs, by no door."""
    await appoint(county.town.record, SENDING_HEAD, "R-02", TOWNSHIP)
    (post,) = await posts_published(county.office, county.pack)
    case = await choose(county.office, APPLICANT, post)
    receiving = await county.task("receiving_review", RECEIVING_HEAD)
    assert (await county.task("sending_review", SENDING_HEAD)).institution == HOSPITAL

    by_interface = await decide(await county.person(SENDING_HEAD), receiving.id, "agree")
    assert (by_interface.status_code, by_interface.json()["code"]) == (403, "not_your_task")
    both = await county.at_the_pages(SENDING_HEAD)
    answer = {"request": "b" * 32, "revision": "1", "choice": "agree", "words": ""}
    by_page = await both.post(f"/tasks/{receiving.id}", answer)
    assert by_page.status in {403, 404}
    by_post = await both.post(f"/posts/{post}", {"chosen": receiving.id, "others": "leave"})
    assert by_post.status == 404
    head = await county.at_the_pages(RECEIVING_HEAD)
    act = {"request": "h" * 32, "act": "hand_over", "task": receiving.id, "words": "代办", "taker": SENDING_HEAD}
    handed = await head.post(f"/cases/{case}/acts", act)
    assert (handed.status, handed.one(".notice.bad").text) == (409, "同一人不能在同一事项中代表双方。")
    assert await county.office.rows(select(InboxRow.request).where(InboxRow.task_id == receiving.id)) == []

    await agree(county.office, case)
    await county.office.stands(case, "matched")


async def test_as_116_a_scanner_that_opens_the_link_decides_nothing(county: County) -> None:
    (post,) = await posts_published(county.office, county.pack)
    case = await choose(county.office, APPLICANT, post)
    link = await county.link("sending_review", SENDING_HEAD)
    await county.task("receiving_review", RECEIVING_HEAD)
    await county.office.rests(case)
    before = (await county.office.events(case), len(await county.office.file_of(case)))
    scanner = county.town.browser(**{"user-agent": "SafeLinks", "sec-fetch-site": "cross-site"})

    opened = [(await scanner.http.request(method, link)).status_code for method in ("HEAD", "GET") * 10]
    fields = {**(await scanner.get(link)).fields(), "choice": "agree"}
    posted = await scanner.post(link, fields)

    assert (set(opened), posted.status) == ({200}, 403)
    assert (await county.office.events(case), len(await county.office.file_of(case))) == before
    person = await county.person(SENDING_HEAD)
    assert [one["title"] for one in (await person.get("/tasks")).json()["items"]] == ["派出单位审核"]
    decided = await county.town.browser().decide(link, "agree")
    assert "已记录。" in decided.text
    task = await county.office.seen(select(DecisionRow.task_id).where(DecisionRow.choice == "agree"))
    assert await county.office.rows(select(TaskRow.name).where(TaskRow.id == task)) == ["sending_review"]
