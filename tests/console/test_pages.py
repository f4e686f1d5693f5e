"""My tasks, the monitor, the case page: what each shows, to whom, in both languages."""

import pytest
from sqlalchemy import delete, select, update

from db.engine.people import RoleHolding
from db.engine.post import LetterRow
from db.engine.tasks import DecisionRow, InboxRow, SeatRow, TaskRow
from tests.builders.county import SINCE
from tests.console.conftest import Town

PATHS = ["/tasks", "/monitor", "/posts", "/paper", "/cases/enquiry.1", "/act-as", "/sign-in"]


@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_every_page_opens_in_both_languages(town: Town, language: str) -> None:
    task = await town.enquire()
    browser = await town.as_person("p-coordinator")
    for path in [*PATHS, f"/tasks/{task}/paper"]:
        page = await browser.get(f"{path}?lang={language}")
        expected = 403 if path.endswith("/paper") and path != "/paper" and page.status == 403 else 200
        assert (path, page.status, page.one("html")["lang"]) == (path, expected, language)


async def test_english_pages_have_no_chinese_but_names_and_quotes(town: Town) -> None:
    await town.enquire()
    browser = await town.as_person("p-h1-head")
    for path in ("/tasks", "/monitor", "/sign-in"):
        page = await browser.get(f"{path}?lang=en")
        for each in page.html.select(".languages, option, .out"):
            each.decompose()
        text = page.html.get_text()
        for name in ("聘用", "凌远航", "陆永康", "德清县人民医院"):
            text = text.replace(name, "")
        assert [char for char in text if "\u4e00" <= char <= "\u9fff"] == []


async def test_my_tasks_lists_only_what_is_asked_of_me(town: Town) -> None:
    task = await town.enquire()
    mine = await (await town.as_person("p-h1-head")).get("/tasks")
    assert mine.one("ul.tasks a.title")["href"] == f"/tasks/{task}"
    assert "目前没有" in (await (await town.as_person("p-h2-head")).get("/tasks")).text


async def test_my_tasks_goes_on_behind_its_cursor(town: Town) -> None:
    for number in (1, 2, 3):
        await town.enquire(number)
        await town.seen(select(TaskRow).where(TaskRow.case_id == f"enquiry.{number}"))
    first = await town.desks.tasks.my_tasks("p-h1-head", limit=2)
    rest = await town.desks.tasks.my_tasks("p-h1-head", limit=2, after=first.after)
    seen = [line.case for line in (*first.lines, *rest.lines)]
    assert sorted(seen) == ["enquiry.1", "enquiry.2", "enquiry.3"]
    assert rest.after == ""


async def test_the_monitor_counts_and_narrows_by_its_address(town: Town) -> None:
    await town.enquire()
    browser = await town.as_person("p-monitor")
    assert "enquiry.1" in (await browser.get("/monitor")).text
    assert "enquiry.1" not in (await browser.get("/monitor?overdue=1")).one("#cases").text
    town.clock.move(days=30)
    browser = await town.as_person("p-monitor")
    late = await browser.get("/monitor?overdue=1&sort=started&q=enquiry")
    assert "已逾期" in late.one("#cases").text
    assert "enquiry.1" not in (await browser.get("/monitor?q=other")).one("#cases").text


async def test_the_monitor_is_closed_to_those_who_watch_over_nothing(town: Town) -> None:
    await town.enquire()
    assert (await (await town.as_person("p-doctor")).get("/monitor")).status == 403


async def test_the_monitor_lists_letters_and_answers_that_did_not_go_through(town: Town) -> None:
    await town.enquire()
    async with town.record.begin() as session:
        await session.execute(update(LetterRow).values(state="refused"))
        row = {"request": "stuck", "case_id": "enquiry.1", "verb": "comment", "person": "p-doctor", "message": {}}
        session.add(InboxRow(**row, form={}, received_at=town.clock.now()))
    browser = await town.as_person("p-monitor")
    assert "决定超过一分钟" not in (await browser.get("/monitor")).text
    town.clock.move(seconds=61)
    page = await browser.get("/monitor")
    assert "邮件被拒收" in page.text
    assert "决定超过一分钟未记入" in page.text


@pytest.mark.parametrize(
    ("person", "status"),
    [
        ("p-doctor", 200),
        ("p-h1-head", 200),
        ("p-h1-hr", 200),
        ("p-coordinator", 200),
        ("p-bureau-officer", 200),
        ("p-monitor", 200),
        ("p-h2-head", 404),
        ("p-t2-head", 404),
        ("p-doctor-3", 404),
    ],
)
async def test_a_case_opens_only_to_those_whom_it_touches(town: Town, person: str, status: int) -> None:
    await town.enquire()
    assert (await (await town.as_person(person)).get("/cases/enquiry.1")).status == status


async def test_reasons_are_read_by_both_sides_but_not_by_the_monitor(town: Town) -> None:
    task = await town.enquire()
    await (await town.as_person("p-h1-head")).decide(f"/tasks/{task}", "reject", "科室人手不足")
    await town.seen(select(DecisionRow.request))
    for person in ("p-doctor", "p-h1-hr", "p-coordinator"):
        assert "科室人手不足" in (await (await town.as_person(person)).get("/cases/enquiry.1")).text
    watched = await (await town.as_person("p-monitor")).get("/cases/enquiry.1")
    assert "科室人手不足" not in watched.text
    assert "意见内容不对您的角色开放" in watched.text


async def test_the_case_page_says_why_by_clause_quote_and_default(town: Town) -> None:
    await town.enquire()
    page = await (await town.as_person("p-h1-hr")).get("/cases/enquiry.1")
    assert town.pack.clauses["DQ-3.1.3b"].quote in page.text
    assert "系统默认，非政策规定" in page.text
    assert "征求意见稿" in page.text


async def test_a_comment_stands_in_the_file_with_its_words(town: Town) -> None:
    await town.enquire()
    browser = await town.as_person("p-h1-hr")
    fields = {"request": "c" * 32, "act": "comment", "words": "已电话联系本人"}
    assert "已记录" in (await browser.post("/cases/enquiry.1/acts", fields)).text
    await town.seen(select(InboxRow).where(InboxRow.request == "c" * 32, InboxRow.state == "applied"))
    assert "已电话联系本人" in (await browser.get("/cases/enquiry.1")).text


async def test_urging_is_for_those_who_watch_and_not_twice_in_a_row(town: Town) -> None:
    task = await town.enquire()
    fields = {"act": "urge", "task": task}
    watcher = await town.as_person("p-monitor")
    assert (await watcher.post("/cases/enquiry.1/acts", {**fields, "request": "u" * 32})).status == 200
    again = await watcher.post("/cases/enquiry.1/acts", {**fields, "request": "v" * 32})
    assert (again.status, "刚刚催办过" in again.text) == (409, True)
    head = await town.as_person("p-h1-head")
    assert (await head.post("/cases/enquiry.1/acts", {**fields, "request": "w" * 32})).status == 409


async def test_hr_names_somebody_for_a_task_that_nobody_holds(town: Town) -> None:
    async with town.record.begin() as session:
        heads = RoleHolding.role.in_(("R-02", "R-04", "R-39", "R-10"))
        await session.execute(delete(RoleHolding).where(heads))
    task = await town.enquire()
    assert (await town.seats(task), await town.all_of(select(TaskRow.vacant))) == ([], [True])
    watcher = await town.as_person("p-monitor")
    form = await watcher.get(f"/tasks/{task}/hand-over?case=enquiry.1")
    assert "指定办理人" in form.text
    assert "p-doctor" not in form.text
    fields = {"request": "n" * 32, "act": "hand_over", "task": task, "taker": "p-h1-hr", "words": "院长空缺"}
    assert (await watcher.post("/cases/enquiry.1/acts", fields)).status == 200
    await town.seen(select(SeatRow).where(SeatRow.person == "p-h1-hr", SeatRow.open))


async def test_nobody_hands_a_task_to_the_person_whose_case_it_is(town: Town) -> None:
    task = await town.enquire()
    async with town.record.begin() as session:
        session.add(RoleHolding(person="p-doctor", role="R-06", institution="dq-h1", held_from=SINCE))
    fields = {"request": "n" * 32, "act": "hand_over", "task": task, "taker": "p-doctor", "words": "请代办"}
    page = await (await town.as_person("p-h1-head")).post("/cases/enquiry.1/acts", fields)
    assert (page.status, "须由他人办理" in page.text) == (409, True)
    assert [seat.person for seat in await town.seats(task)] == ["p-h1-head"]
