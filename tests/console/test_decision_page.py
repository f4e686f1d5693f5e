"""The decision page behind a letter's link: what scanners, second clicks, old links and other people meet (AS-116)."""

from sqlalchemy import select, update

from db.engine.cases import CaseFile
from db.engine.tasks import DecisionRow, InboxRow, SeatRow, TaskRow
from services.engine.acts import Wish
from tests.console.conftest import Town


async def test_as_116_a_mail_scanner_decides_nothing(town: Town) -> None:
    await town.enquire()
    link = f"/d/{await town.link('p-h1-head')}"
    scanner = town.browser(**{"user-agent": "SafeLinks", "sec-fetch-site": "cross-site"})
    for _ in range(5):
        assert (await scanner.get(link)).status == 200
        assert (await scanner.http.head(link)).status_code == 200
    assert await town.all_of(select(InboxRow.request)) == []
    assert await town.all_of(select(TaskRow.status)) == ["open"]


async def test_the_page_says_who_asks_what_why_and_until_when(town: Town) -> None:
    await town.enquire()
    page = await town.browser().get(f"/d/{await town.link('p-h1-head')}")
    clause = town.pack.clauses["DQ-3.1.3b"]
    assert clause.quote in page.text
    assert town.pack.tasks["sending_review"].ask.zh in page.text
    assert "系统默认，非政策规定" in page.text
    assert "凌远航" in page.text
    assert "24时前" in page.text


async def test_a_person_without_an_account_decides_from_the_mail(town: Town) -> None:
    task = await town.enquire()
    link = f"/d/{await town.link('p-h1-head')}"
    page = await town.browser().decide(link, "agree", "同意派出")
    assert page.status == 200
    assert "已记录。" in page.text
    decision = await town.seen(select(DecisionRow).where(DecisionRow.task_id == task))
    assert (decision.choice, decision.channel, decision.words) == ("agree", "link", "同意派出")


async def test_the_same_click_twice_is_one_decision_and_shows_the_first(town: Town) -> None:
    await town.enquire()
    link, browser = f"/d/{await town.link('p-h1-head')}", town.browser()
    fields = (await browser.get(link)).fields()
    await browser.post(link, {**fields, "choice": "agree"})
    again = await browser.post(link, {**fields, "choice": "agree"})
    assert again.status == 200
    assert "重复提交" in again.text
    await town.seen(select(DecisionRow.request))
    assert len(await town.all_of(select(InboxRow.request))) == 1


async def test_a_second_answer_on_a_settled_task_says_who_settled_it_and_when(town: Town) -> None:
    task = await town.enquire()
    link, browser = f"/d/{await town.link('p-h1-head')}", town.browser()
    old = (await browser.get(link)).fields()
    await browser.decide(link, "agree")
    await town.seen(select(TaskRow).where(TaskRow.id == task, TaskRow.status == "settled"))
    page = await browser.post(link, {**old, "request": "f" * 32, "choice": "reject", "words": "不同意"})
    assert page.status == 409
    assert "已经办结" in page.text
    assert "县级医院负责人" in page.text
    assert await town.all_of(select(DecisionRow.choice)) == ["agree"]


async def test_a_missing_reason_is_said_beside_the_form_and_nothing_typed_is_lost(town: Town) -> None:
    await town.enquire()
    link, browser = f"/d/{await town.link('p-h1-head')}", town.browser()
    page = await browser.decide(link, "reject", "   ")
    assert page.status == 422
    assert "请写明理由" in page.text
    english = await browser.decide(f"{link}?lang=en", "reject", "   ")
    assert "Please give a reason" in english.text
    assert await town.all_of(select(InboxRow.request)) == []


async def test_an_old_revision_leads_the_same_person_to_the_new_one(town: Town) -> None:
    task = await town.enquire()
    old = f"/d/{await town.link('p-h1-head')}"
    async with town.record.begin() as session:
        await session.execute(update(TaskRow).where(TaskRow.id == task).values(revision=3))
        await session.execute(update(SeatRow).where(SeatRow.task_id == task).values(revision=3))
    page = await town.browser().get(old)
    assert "旧的版本" in page.text
    assert page.one('a[role="button"]')["href"] == f"/tasks/{task}"


async def test_an_unknown_and_an_expired_link_have_their_own_pages(town: Town) -> None:
    await town.enquire()
    link = f"/d/{await town.link('p-h1-head')}"
    assert (await town.browser().get("/d/" + "x" * 43)).status == 404
    town.clock.move(days=200)
    page = await town.browser().get(link)
    assert (page.status, "链接已过期" in page.text) == (410, True)


async def test_whose_seat_was_handed_over_is_told_so(town: Town) -> None:
    task = await town.enquire()
    link = f"/d/{await town.link('p-h1-head')}"
    viewer = await town.desks.sessions.viewer("p-h1-head")
    assert viewer is not None
    wish = Wish("h" * 32, "hand_over", "enquiry.1", task, "外出学习", "p-h1-hr")
    assert (await town.desks.acts.act(viewer, wish)).state == "recorded"
    await town.seen(select(SeatRow).where(SeatRow.task_id == task, SeatRow.person == "p-h1-hr", SeatRow.open))
    page = await town.browser().get(link)
    assert "转由他人办理" in page.text
    assert "现由" not in page.text
    assert (await town.browser().get(f"/d/{await town.link('p-h1-hr')}")).fields()["revision"] == "1"


async def test_a_late_answer_is_taken_and_marked(town: Town) -> None:
    task = await town.enquire()
    town.clock.move(days=30)
    link, browser = f"/d/{await town.link('p-h1-head')}", town.browser()
    assert "已超过办理时限" in (await browser.get(link)).text
    assert (await browser.decide(link, "agree")).status == 200
    decision = await town.seen(select(DecisionRow).where(DecisionRow.task_id == task))
    assert decision.late


async def test_a_grave_task_asks_to_sign_in_first_and_keeps_what_was_typed(town: Town) -> None:
    task = await town.enquire()
    async with town.record.begin() as session:
        await session.execute(update(TaskRow).where(TaskRow.id == task).values(grave=True))
    link, browser = f"/d/{await town.link('p-h1-head')}", town.browser()
    page = await browser.get(link)
    assert page.html.select_one("form.decide") is None
    assert page.one("section.grave a")["href"] == f"/sign-in?next=/tasks/{task}"
    forged = {"request": "a" * 32, "revision": "1", "choice": "agree", "words": "写了很久的意见"}
    refused = await browser.post(link, forged)
    assert refused.status == 403
    assert refused.fields()["words"] == "写了很久的意见"
    assert await town.all_of(select(InboxRow.request)) == []
    signed_in = await town.as_person("p-h1-head")
    assert (await signed_in.post(link, forged)).status == 200


async def test_temporal_away_keeps_the_answer_and_says_so(town: Town, quiet_town: Town) -> None:
    await town.enquire()
    link, browser = f"/d/{await town.link('p-h1-head')}", quiet_town.browser()
    page = await browser.decide(link, "agree")
    assert page.status == 200
    assert "已收到，正在记录" in page.text
    assert await town.all_of(select(InboxRow.state)) == ["pending"]
    assert "决定已经保存" in (await browser.get(link)).text


async def test_the_copied_reminder_has_no_link(town: Town) -> None:
    await town.enquire()
    token = await town.link("p-h1-head")
    page = await town.browser().get(f"/d/{token}")
    text = page.one("details.copy textarea").text
    assert "enquiry.1" in text
    assert token not in text
    assert "凌远航" not in text


async def test_an_answer_that_the_case_refused_is_shown_as_not_counted(town: Town) -> None:
    task = await town.enquire()
    async with town.record.begin() as session:
        row = {"request": "r", "case_id": "enquiry.1", "verb": "decide", "task_id": task, "person": "p-h1-head"}
        message = {"task": "t1", "choice": "agree", "revision": 1}
        session.add(
            InboxRow(
                **row, message=message, form={}, received_at=town.clock.now(), state="refused", refusal="TaskClosed"
            )
        )
    page = await town.browser().get(f"/d/{await town.link('p-h1-head')}")
    assert "未计入" in page.text


async def test_somebody_who_was_never_asked_sees_no_task(town: Town) -> None:
    task = await town.enquire()
    browser = await town.as_person("p-t2-head")
    assert (await browser.get(f"/tasks/{task}")).status == 403
    assert (await town.browser().get(f"/tasks/{task}", follow=False)).status == 303


async def test_pages_are_in_english_after_the_switch(town: Town) -> None:
    await town.enquire()
    browser = town.browser()
    page = await browser.get(f"/d/{await town.link('p-h1-head')}?lang=en")
    assert "asks you to deal with this" in page.text
    assert "Agree" in page.text
    assert page.one("html")["lang"] == "en"
    later = await browser.get("/sign-in")
    assert later.one("h1").text == town_word_for_sign_in()


def town_word_for_sign_in() -> str:
    return "Sign in"


async def returned(town: Town) -> str:
    """The head returns the question by the link, which is asked anew; gives the old link back."""
    await town.enquire()
    link = f"/d/{await town.link('p-h1-head')}"
    await town.browser().decide(link, "return", "请补充材料")
    await town.seen(select(TaskRow.id).where(TaskRow.id == "enquiry.1.t2"))
    return link


async def test_after_a_return_the_old_link_leads_to_the_new_question_over_the_sign_in(town: Town) -> None:
    page = await town.browser().get(await returned(town))
    assert "已经办结" in page.text
    assert page.one("article a[role=button]")["href"] == "/tasks/enquiry.1.t2"
    assert "/d/" not in "".join(str(each.get("href")) for each in page.html.select("a"))
    stranger = await town.browser().get("/tasks/enquiry.1.t2", follow=False)
    assert (stranger.status, stranger.headers["location"]) == (303, "/sign-in?next=%2Ftasks%2Fenquiry.1.t2")
    signed_in = await (await town.as_person("p-h1-head")).get("/tasks/enquiry.1.t2")
    assert signed_in.one("form.decide")


async def test_who_is_asked_nothing_more_reads_where_the_case_stands(town: Town) -> None:
    link = await returned(town)
    await handed_over(town, "enquiry.1.t2", "p-h1-head", "p-h1-hr")
    page = await town.browser().get(link)
    assert "本事项目前的阶段为“双向审核中”，没有需要您办理的内容。" in page.text
    assert page.html.select("article a[role=button]") == []
    await (await town.as_person("p-h1-hr")).decide("/tasks/enquiry.1.t2", "agree")
    await town.seen(select(CaseFile.id).where(CaseFile.state == "closed"))
    assert "本事项已经结束，结果为“已达成意向”。" in (await town.browser().get(link)).text


async def handed_over(town: Town, task: str, giver: str, taker: str) -> None:
    viewer = await town.desks.sessions.viewer(giver)
    assert viewer is not None
    await town.desks.acts.act(viewer, Wish("a" * 32, "hand_over", "enquiry.1", task, "外出学习", taker))
    await town.seen(select(SeatRow.person).where(SeatRow.task_id == task, SeatRow.person == taker, SeatRow.open))
