"""An application that one place has rejected goes on to another: each place reads its own review, not the other's."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from db.engine.cases import CaseFile, EventRow
from db.engine.evidence_chain import append
from db.engine.tasks import DecisionRow, Evidence, PaperDecision, SeatRow, TaskRow
from services.case_reads import CaseFilter
from tests.builders.county import BUREAU, HOSPITAL, OTHER_TOWNSHIP, TOWNSHIP, appoint, dismiss
from tests.console.conftest import Town

CASE = "enquiry.1"
FIRST, SECOND = "post.first", "post.second"
# task, its place, its person, the post, the words of the answer ("" for one that is still open)
REVIEWS = (
    ("t2", HOSPITAL, "p-h1-head", FIRST, "sending_review", "院里支持去一院"),
    ("t3", TOWNSHIP, "p-t1-head", FIRST, "receiving_review", "本院暂无床位"),
    ("t4", HOSPITAL, "p-h1-head", SECOND, "sending_review", "院里支持去二院"),
    ("t5", OTHER_TOWNSHIP, "p-t2-head", SECOND, "receiving_review", ""),
)


@pytest.fixture
async def rejected(town: Town) -> Town:
    """Rejected by the first township for one post, now before the second for another."""
    await town.enquire()
    async with town.record.begin() as session:
        case = await session.get_one(CaseFile, CASE)
        bodies: list[dict[str, object]] = []
        for number, review in enumerate(REVIEWS):
            session.add(task_of(town, review, hours=number // 2))
            await session.flush()
            session.add(seat_of(review))
            bodies.append({"event": "asked", "task": f"{CASE}.{review[0]}"})
            if review[5]:
                session.add(answer_of(town, review))
                bodies.append({"event": "decided", "task": f"{CASE}.{review[0]}", "refs": {"choice": "reject"}})
        bodies.append({"event": "review_rejected", "refs": {"post": FIRST, "side": "receiving_review"}})
        bodies.append({"event": "stage", "refs": {"from": "choosing", "to": "under_two_way_review"}})
        lines = append(case, bodies, at=town.clock.now(), keyring=town.keyring)
        await session.execute(insert(EventRow), lines)
    return town


Review = tuple[str, str, str, str, str, str]


def task_of(town: Town, review: Review, *, hours: int) -> TaskRow:
    local, place, _, post, name, words = review
    shown = {"id": f"{CASE}.{local}", "case_id": CASE, "key": local, "name": name, "step": 0, "step_name": "review"}
    at = town.clock.now() + timedelta(hours=hours)
    status = "settled" if words else "open"
    return TaskRow(
        **shown,
        status=status,
        role="R-02",
        institution=place,
        revision=1,
        choices=[],
        refs={"post": post},
        opened_at=at,
    )


def seat_of(review: Review) -> SeatRow:
    local, place, person, _, _, words = review
    at = {"role": "R-02", "institution": place, "why": "holder", "revision": 1}
    return SeatRow(task_id=f"{CASE}.{local}", person=person, open=not words, **at)


def answer_of(town: Town, review: Review) -> DecisionRow:
    local, _, person, _, _, words = review
    now = town.clock.now()
    row = {"request": f"r-{local}", "case_id": CASE, "task_id": f"{CASE}.{local}", "person": person, "words": words}
    how = {"revision": 1, "step": 0, "role": "R-02", "choice": "reject", "channel": "page", "form": {}, "late": False}
    return DecisionRow(**row, **how, decided_on=now.date(), received_at=now, decided_at=now)


async def text(town: Town, person: str) -> str:
    page = await (await town.as_person(person)).get(f"/cases/{CASE}")
    assert page.status == 200
    return page.text


@pytest.mark.parametrize("person", ["p-t1-head", "p-t1-hr"])
async def test_who_rejected_reads_that_review_and_nothing_later(rejected: Town, person: str) -> None:
    said = await text(rejected, person)
    assert "本院暂无床位" in said
    assert "院里支持去一院" in said
    assert "一方不同意" in said
    for later in ("院里支持去二院", "下渚湖", "闵春生", "双向审核中", "阶段变更"):
        assert later not in said
    assert "您参与的环节已结束" in said
    assert "留言" not in said


@pytest.mark.parametrize("person", ["p-t2-head", "p-t2-hr"])
async def test_the_next_place_does_not_read_why_the_first_rejected(rejected: Town, person: str) -> None:
    said = await text(rejected, person)
    assert "院里支持去二院" in said
    assert "双向审核中" in said
    assert "这里只显示您所在单位参与的内容" in said
    for foreign in ("本院暂无床位", "院里支持去一院", "莫干山镇卫生院", "一方不同意"):
        assert foreign not in said


@pytest.mark.parametrize("person", ["p-doctor", "p-h1-head", "p-h1-hr", "p-coordinator", "p-bureau-officer"])
async def test_the_person_the_sending_side_and_who_watch_over_both_read_all(rejected: Town, person: str) -> None:
    said = await text(rejected, person)
    for each in ("本院暂无床位", "院里支持去一院", "院里支持去二院", "下渚湖"):
        assert each in said
    assert "这里只显示您所在单位参与的内容" not in said


@pytest.mark.parametrize(("person", "listed"), [("p-t1-hr", 0), ("p-t2-hr", 1), ("p-h1-hr", 1)])
async def test_the_monitor_and_the_programs_list_the_case_where_it_is(rejected: Town, person: str, listed: int) -> None:
    monitor = await (await rejected.as_person(person)).get("/monitor")
    assert monitor.one("#cases").text.count(CASE) == listed
    viewer = await rejected.desks.sessions.viewer(person)
    assert viewer is not None
    assert [case.id for case in await rejected.desks.case_reads.cases(viewer, CaseFilter())].count(CASE) == listed


async def test_a_program_s_timeline_is_cut_to_the_person_s_share(rejected: Town) -> None:
    lines: dict[str, set[str]] = {}
    for person in ("p-t1-hr", "p-t2-hr", "p-coordinator"):
        viewer = await rejected.desks.sessions.viewer(person)
        assert viewer is not None
        found = await rejected.desks.case_reads.timeline(viewer, CASE)
        lines[person] = {line.task.removeprefix(f"{CASE}.") for line in found if line.task}
    assert lines["p-t1-hr"] == {"t2", "t3"}
    assert lines["p-t2-hr"] == {"t1", "t4", "t5"}
    assert lines["p-coordinator"] == {"t1", "t2", "t3", "t4", "t5"}


async def test_the_old_task_page_does_not_say_where_the_case_stands_now(rejected: Town) -> None:
    page = await (await rejected.as_person("p-t1-head")).get(f"/tasks/{CASE}.t3")
    assert "您参与的环节已经结束" in page.text
    assert "双向审核中" not in page.text
    sending = await (await rejected.as_person("p-h1-head")).get(f"/tasks/{CASE}.t2")
    assert "您参与的环节已经结束" not in sending.text


async def test_a_place_that_is_asked_again_reads_on(rejected: Town) -> None:
    async with rejected.record.begin() as session:
        again: Review = ("t6", TOWNSHIP, "p-t1-head", "post.third", "receiving_review", "")
        session.add(task_of(rejected, again, hours=5))
        await session.flush()
        session.add(seat_of(again))
    assert "双向审核中" in await text(rejected, "p-t1-hr")
    assert await rejected.all_of(select(SeatRow.person).where(SeatRow.task_id == f"{CASE}.t6")) == ["p-t1-head"]


async def test_a_scan_of_another_place_s_review_is_not_handed_out(rejected: Town) -> None:
    now = rejected.clock.now()
    scan = {"sha256": "5" * 64, "case_id": CASE, "name": "s.pdf", "media_type": "application/pdf", "content": b"%PDF"}
    paper = {"id": "sheet", "task_id": f"{CASE}.t4", "signer": "p-h1-head", "choice": "agree", "evidence": "5" * 64}
    async with rejected.record.begin() as session:
        session.add(Evidence(**scan, uploaded_by="p-h1-hr", uploaded_at=now))
        await session.flush()
        session.add(
            PaperDecision(**paper, revision=1, decided_on=now.date(), form={}, recorded_by="p-h1-hr", recorded_at=now)
        )
        decision = answer_of(rejected, REVIEWS[2])
        decision.request, decision.revision, decision.evidence = "paper.sheet", 2, "5" * 64
        session.add(decision)
    seen = {}
    for person in ("p-t1-head", "p-t2-head", "p-h1-hr"):
        browser = await rejected.as_person(person)
        seen[person] = (await browser.http.get(f"/scans/{scan['sha256']}")).status_code
    assert seen == {"p-t1-head": 404, "p-t2-head": 200, "p-h1-hr": 200}


async def test_who_has_been_left_says_nothing_more_in_the_case(rejected: Town) -> None:
    said = {"act": "comment", "words": "仍请考虑"}
    first = await (await rejected.as_person("p-t1-head")).post(f"/cases/{CASE}/acts", {**said, "request": "a" * 32})
    second = await (await rejected.as_person("p-t2-head")).post(f"/cases/{CASE}/acts", {**said, "request": "b" * 32})
    assert (first.status, second.status) == (409, 200)
    assert "您无权查看" in first.text


async def comment(town: Town, person: str, words: str, request: str) -> None:
    said = {"act": "comment", "words": words, "request": request * 32}
    assert (await (await town.as_person(person)).post(f"/cases/{CASE}/acts", said)).status == 200


COMMENTS = (("p-t2-head", "二院床位已备好"), ("p-h1-hr", "材料已寄出"), ("p-coordinator", "一院的意见请留意"))


@pytest.mark.parametrize(
    ("reader", "read"),
    [("p-t2-hr", {0, 1}), ("p-h1-head", {0, 1, 2}), ("p-doctor", {0, 1, 2}), ("p-bureau-officer", {0, 1, 2})],
)
async def test_a_place_that_sees_part_of_a_case_reads_no_comment_of_third_places(
    rejected: Town, reader: str, read: set[int]
) -> None:
    for number, (person, words) in enumerate(COMMENTS):
        await comment(rejected, person, words, "def"[number])
    said = await text(rejected, reader)
    assert {number for number, (_, words) in enumerate(COMMENTS) if words in said} == read


async def test_who_lost_the_office_at_home_is_not_told_where_the_case_stands(rejected: Town) -> None:
    await appoint(rejected.record, "p-h1-head", "R-02", HOSPITAL)
    async with rejected.record.begin() as session:
        (await session.get_one(SeatRow, (f"{CASE}.t1", "p-h1-head", 1))).open = False
    browser = await rejected.as_person("p-h1-head")
    before = (await browser.get(f"/tasks/{CASE}.t2")).text
    await dismiss(rejected.record, "R-02", HOSPITAL)
    after = (await browser.get(f"/tasks/{CASE}.t2")).text
    assert ("双向审核中" in before, "您参与的环节已经结束" in before) == (True, False)
    assert ("双向审核中" in after, "您参与的环节已经结束" in after) == (False, True)


@pytest.fixture
async def asked_without_a_post(town: Town) -> Town:
    """The bureau's officer answered a question of the case that names no post; the case goes on."""
    await town.enquire()
    async with town.record.begin() as session:
        for local, person, place, words in (
            ("t2", "p-bureau-officer", BUREAU, "同意备案"),
            ("t3", "p-t1-head", TOWNSHIP, "本院同意接收"),
        ):
            review = (local, place, person, "", "bureau_filing", words)
            task = task_of(town, review, hours=1)
            task.refs = {}
            session.add(task)
            await session.flush()
            session.add_all([seat_of(review), answer_of(town, review)])
    return town


async def test_who_reaches_nothing_any_more_keeps_only_what_they_were_asked(asked_without_a_post: Town) -> None:
    before = await text(asked_without_a_post, "p-bureau-officer")
    await dismiss(asked_without_a_post.record, "R-09", BUREAU)
    after = await text(asked_without_a_post, "p-bureau-officer")
    assert ("本院同意接收" in before, "双向审核中" in before) == (True, True)
    assert ("同意备案" in after, "您参与的环节已结束" in after) == (True, True)
    assert ("本院同意接收" in after, "双向审核中" in after) == (False, False)


async def test_who_sits_there_now_reads_the_case_without_any_role(asked_without_a_post: Town) -> None:
    async with asked_without_a_post.record.begin() as session:
        review = ("t4", BUREAU, "p-bureau-officer", "", "bureau_filing", "")
        task = task_of(asked_without_a_post, review, hours=2)
        task.refs = {}
        session.add(task)
        await session.flush()
        session.add(seat_of(review))
    await dismiss(asked_without_a_post.record, "R-09", BUREAU)
    assert "双向审核中" in await text(asked_without_a_post, "p-bureau-officer")
