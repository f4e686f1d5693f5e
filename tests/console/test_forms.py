"""The forms of a cycle as people fill them in, and the page on which a head decides about all applicants of a post."""

import pytest
from sqlalchemy import select
from starlette.datastructures import FormData

from console.forms import nested, of_choice
from db.engine.tasks import DecisionRow, InboxRow, TaskRow
from db.posting import Application, Post
from tests.console.conftest import Browser, Town
from tests.workflows.year import choose, posts_published, report, start_cycle


def test_rows_in_which_nothing_was_filled_in_are_left_out() -> None:
    fields = FormData(
        [
            ("request", "r"),
            ("lines-0-specialty", "内科"),
            ("lines-0-headcount", "2"),
            ("lines-0-mode", "full"),
            ("lines-1-specialty", " "),
            ("lines-1-headcount", ""),
            ("lines-1-mode", "half"),
            ("people-3-specialty", "内科"),
            ("people-4-person", "p-1"),
            ("people-4-specialty", "外科"),
            ("included-2", "case.a"),
            ("nil_trainees", "true"),
        ]
    )
    form = nested(fields)
    assert form["lines"] == [{"specialty": "内科", "headcount": "2", "mode": "full"}]
    assert form["people"] == [{"person": "p-1", "specialty": "外科"}]
    assert form["included"] == ["case.a"]
    assert "request" not in form


def test_only_the_parts_of_the_choice_are_sent_on() -> None:
    form = {"factors": {"a": "b"}, "demand": "case", "unmet": []}
    assert of_choice(form, name="balancing", choice="return_demand") == {"demand": "case"}
    assert of_choice(form, name="review", choice="agree") == {}


def test_a_field_that_is_named_to_break_the_nesting_is_harmless() -> None:
    fields = FormData([("lines", "x"), ("lines-0-specialty", "y"), ("a-b-c-d-e", "z"), ("-", ""), ("--", "")])
    assert nested(fields)["a"] == {"b": {"c-d-e": "z"}}


async def _task_of(town: Town, name: str, person: str) -> tuple[Browser, str]:
    assert town.office is not None
    row = await town.office.open_task(name, person)
    await town.office.tell_time()
    return await town.as_person(person), f"/tasks/{row.id}"


async def test_a_demand_is_refused_field_by_field_and_kept_as_typed(town: Town) -> None:
    await start_cycle(town.office)
    browser, path = await _task_of(town, "demand_report", "p-t1-hr")
    typed = {"lines-0-specialty": "内科", "lines-0-headcount": "许多", "lines-2-specialty": "外科"}
    page = await browser.decide(path, "submit", **typed)
    assert page.status == 422
    assert page.one("#problem-lines-0-headcount").text.startswith("不是允许范围内的整数")
    assert page.one("#problem-lines-1-headcount")
    fields = page.fields()
    assert (fields["lines-0-headcount"], fields["lines-1-specialty"]) == ("许多", "外科")
    english = await browser.decide(f"{path}?lang=en", "submit", **typed)
    assert "whole number" in english.one("#problem-lines-0-headcount").text
    assert await town.all_of(select(InboxRow.request)) == []
    right = {"lines-0-headcount": "2", "lines-1-headcount": "1", "nil_trainees": "true"}
    assert "Recorded." in (await browser.post(path, {**fields, **right, "choice": "submit"})).text


async def test_a_hospital_ticks_its_people_and_sees_what_the_rule_finds(town: Town) -> None:
    await start_cycle(town.office)
    browser, path = await _task_of(town, "supply_report", "p-h1-hr")
    page = await browser.get(path)
    assert "符合" in page.text
    assert town.pack.clauses["DQ-3.1.1a"].quote in page.text
    ticks = {box["value"]: box["name"] for box in page.html.select("input[type=checkbox]")}
    answer = await browser.decide(path, "submit", **{str(ticks["p-doctor"]): "p-doctor"})
    assert "已记录" in answer.text
    decision = await town.seen(select(DecisionRow).where(DecisionRow.choice == "submit"))
    assert [one["person"] for one in decision.form["people"]] == ["p-doctor"]


async def test_posts_are_published_only_with_the_four_factors_in_words(town: Town) -> None:
    await start_cycle(town.office)
    await report(town.office)
    browser, path = await _task_of(town, "balancing", "p-coordinator")
    page = await browser.decide(path, "publish", "按需求公布")
    assert (page.status, len(page.html.select("textarea[aria-invalid]"))) == (422, 4)
    factors = {name: "已考虑" for name in page.fields() if name.startswith("factors-")}
    assert len(factors) == 4
    assert "已记录" in (await browser.decide(path, "publish", "按需求公布", **factors)).text
    assert await town.seen(select(Post.id))


async def test_an_applicant_chooses_from_the_open_posts(town: Town) -> None:
    (post,) = await posts_published(town.office, town.pack)
    browser, path = await _task_of(town, "choose_post", "p-doctor")
    twice = await browser.decide(path, "apply", first=post, second=post)
    assert (twice.status, twice.one("#problem-second").text[:8]) == (422, "同一项选择了两次")
    assert "已记录" in (await browser.decide(path, "apply", first=post, reassign="yes")).text
    wishes = await town.seen(select(Application))
    assert (wishes.first, wishes.accepts_reassignment) == (post, True)


@pytest.fixture
async def contested(town: Town) -> str:
    """A post for which two people have applied."""
    (post,) = await posts_published(town.office, town.pack, people=("p-doctor", "p-doctor-2"))
    for person in ("p-doctor", "p-doctor-2"):
        await choose(town.office, person, post)
    for case in (await town.office.case_of("p-doctor"), await town.office.case_of("p-doctor-2")):
        await town.seen(select(TaskRow).where(TaskRow.case_id == case, TaskRow.name == "receiving_review"))
    await town.office.tell_time()
    return post


async def test_the_head_takes_one_applicant_and_rejects_the_others_on_one_page(town: Town, contested: str) -> None:
    browser = await town.as_person("p-t1-head")
    page = await browser.get(f"/posts/{contested}")
    assert "凌远航" in page.text
    assert "郁思齐" in page.text
    tasks = [str(box["value"]) for box in page.html.select("input[name=chosen]") if box["value"]]
    fields = {**page.fields(), "chosen": tasks[0], "others": "reject"}
    nothing_said = await browser.post(f"/posts/{contested}", fields)
    assert (nothing_said.status, "请写明理由" in nothing_said.text) == (422, True)
    assert await town.all_of(select(InboxRow.request).where(InboxRow.task_id.in_(tasks))) == []
    for task in tasks:
        await town.office.answer("sending_review", "p-h1-head", "agree", case=task.rpartition(".")[0])
    done = await browser.post(f"/posts/{contested}", {**fields, "words": "岗位只需一人"})
    assert done.text.count("已记录") == 2  # also the rejection, though agreeing now fills the post at once
    kept = await town.all_of(select(InboxRow).where(InboxRow.task_id.in_(tasks)))
    assert {row.task_id: row.message["choice"] for row in kept} == {tasks[0]: "agree", tasks[1]: "reject"}


async def test_the_others_may_be_left_open(town: Town, contested: str) -> None:
    browser = await town.as_person("p-t1-head")
    page = await browser.get(f"/posts/{contested}")
    nobody = await browser.post(f"/posts/{contested}", page.fields())
    assert nobody.status == 422
    tasks = [str(box["value"]) for box in page.html.select("input[name=chosen]") if box["value"]]
    await browser.post(f"/posts/{contested}", {**page.fields(), "chosen": tasks[0]})
    kept = await town.all_of(select(InboxRow.task_id).where(InboxRow.task_id.in_(tasks)))
    assert kept == [tasks[0]]


async def test_a_post_shows_no_applicants_to_others(town: Town, contested: str) -> None:
    for person in ("p-t2-head", "p-doctor", "p-h1-head"):
        page = await (await town.as_person(person)).get(f"/posts/{contested}")
        assert "郁思齐" not in page.one("main").text
