"""What a hostile approver tries with forged forms: request ids, revisions, takers, sheets of paper (AS-116, DEF-12)."""

import pytest
from sqlalchemy import select

from db.engine.tasks import DecisionRow, InboxRow, PaperDecision, SeatRow, TaskRow
from policies.engine.refusals import BothSides, NotYourTask, OwnCase, Refusal
from services.engine.acts import Wish
from services.engine.decisions import Answer
from services.engine.takers import TakerUnfit
from tests.builders.county import appoint, dismiss
from tests.console.conftest import Town
from tests.console.test_paper import record


async def handed(town: Town, task: str, giver: str, taker: str) -> None:
    viewer = await town.desks.sessions.viewer(giver)
    assert viewer is not None
    await town.desks.acts.act(viewer, Wish("a" * 32, "hand_over", "enquiry.1", task, "外出学习", taker))


async def test_an_act_cannot_take_the_id_of_a_notice_that_is_to_come(town: Town) -> None:
    await town.enquire()
    browser = await town.as_person("p-h1-head")
    forged = {"request": "enquiry.1.2.n0", "act": "comment", "words": "占位"}
    await browser.post("/cases/enquiry.1/acts", forged)
    assert [len(request) for request in await town.all_of(select(InboxRow.request))] == [32]


async def test_an_old_link_decides_no_newer_revision(town: Town) -> None:
    task = await town.enquire()
    link = f"/d/{await town.link('p-h1-head')}"
    fields = (await town.browser().get(link)).fields()
    async with town.record.begin() as session:
        (await session.get_one(TaskRow, task)).revision = 2
        (await session.get_one(SeatRow, (task, "p-h1-head", 1))).revision = 2
    page = await town.browser().post(link, {**fields, "revision": "2", "choice": "agree"})
    assert page.status == 409
    assert await town.all_of(select(InboxRow.request)) == []


async def test_the_id_of_another_task_s_answer_is_no_receipt(town: Town) -> None:
    first, second = await town.enquire(1), await town.enquire(2)
    same = Answer("b" * 32, first, "p-h1-head", 1, "agree")
    await town.desks.decisions.answer(same)
    with pytest.raises(NotYourTask):
        await town.desks.decisions.answer(Answer("b" * 32, second, "p-h1-head", 1, "agree"))


async def test_the_id_of_a_comment_is_no_receipt(town: Town) -> None:
    task = await town.enquire()
    viewer = await town.desks.sessions.viewer("p-h1-head")
    assert viewer is not None
    await town.desks.acts.act(viewer, Wish("c" * 32, "comment", "enquiry.1", words="请补充材料"))
    with pytest.raises(NotYourTask):
        await town.desks.decisions.answer(Answer("c" * 32, task, "p-h1-head", 1, "agree"))


async def offered(town: Town, task: str, giver: str) -> list[str]:
    """Whom the page of the hand-over lets the giver choose."""
    page = await (await town.as_person(giver)).get(f"/tasks/{task}/hand-over?case=enquiry.1")
    handing = page.one('form:has(input[value="hand_over"])')
    return [str(each["value"]) for each in handing.select("select[name=taker] option") if each["value"]]


async def sits_at_the_other_side(town: Town, person: str) -> None:
    """The person was asked for the receiving side of the same case."""
    task = {"id": "enquiry.1.other", "case_id": "enquiry.1", "key": "other", "name": "receiving_review", "step": 0}
    shown = {"status": "settled", "step_name": "review", "role": "R-02", "institution": "dq-t01", "revision": 1}
    async with town.record.begin() as session:
        session.add(TaskRow(**task, **shown, choices=[], refs={}, opened_at=town.clock.now()))
        await session.flush()
        seat = {"task_id": task["id"], "person": person, "revision": 1, "role": "R-02", "why": "holder", "open": False}
        session.add(SeatRow(**seat))


async def test_only_those_are_offered_whom_the_act_accepts(town: Town) -> None:
    """DEF-12: of the hospital's people one sits at the other side, one is the subject, one holds no role."""
    task = await town.enquire()
    await appoint(town.record, "p-doctor-2", "R-03", "dq-h1")
    await sits_at_the_other_side(town, "p-h1-hr")
    assert await offered(town, task, "p-h1-head") == ["p-doctor-2"]
    with pytest.raises(BothSides):
        await handed(town, task, "p-h1-head", "p-h1-hr")
    await handed(town, task, "p-h1-head", "p-doctor-2")
    await town.seen(select(SeatRow).where(SeatRow.person == "p-doctor-2", SeatRow.open))


async def test_who_names_somebody_for_a_vacant_task_may_call_on_the_bodies_above(town: Town) -> None:
    for role, place in (("R-04", "dq-h1"), ("R-10", "dq-wjj"), ("R-39", "dq-wjj")):
        await dismiss(town.record, role, place)
    task = await town.enquire()
    found = await offered(town, task, "p-monitor")
    assert found[0] == "p-h1-hr"
    assert {"p-bureau-officer", "p-coordinator", "p-t1-head"} < set(found)
    assert {"p-monitor", "p-doctor"} & set(found) == set()
    await handed(town, task, "p-monitor", "p-bureau-officer")
    await town.seen(select(SeatRow).where(SeatRow.person == "p-bureau-officer", SeatRow.open))


@pytest.mark.parametrize(
    ("taker", "refusal"),
    [
        ("p-h1-head", TakerUnfit),
        ("p-doctor", OwnCase),
        ("p-doctor-2", TakerUnfit),
        ("p-t1-head", TakerUnfit),
        ("p-h2-head", TakerUnfit),
        ("p-monitor", TakerUnfit),
        ("p-nobody", TakerUnfit),
    ],
)
async def test_a_task_goes_to_nobody_who_may_not_decide_it(town: Town, taker: str, refusal: type[Refusal]) -> None:
    task = await town.enquire()
    with pytest.raises(refusal):
        await handed(town, task, "p-h1-head", taker)
    assert [seat.person for seat in await town.seats(task) if seat.open] == ["p-h1-head"]


async def test_a_monitor_is_no_taker_in_the_own_office(town: Town) -> None:
    task = await town.enquire(task="sending_review", sending="dq-jt1")
    held = [seat.person for seat in await town.seats(task)]
    assert "p-monitor" not in await offered(town, task, held[0])
    with pytest.raises(TakerUnfit):
        await handed(town, task, held[0], "p-monitor")


async def test_who_drafted_does_not_take_over_the_review_of_the_draft(town: Town) -> None:
    task = await town.enquire(task="bureau_filing", bureau="dq-wjj")
    await town.desks.decisions.answer(Answer("d" * 32, task, "p-bureau-officer", 1, "file_batch"))
    await town.seen(select(SeatRow).where(SeatRow.person == "p-bureau-section", SeatRow.open))
    assert "p-bureau-officer" not in await offered(town, task, "p-bureau-section")
    with pytest.raises(TakerUnfit):
        await handed(town, task, "p-bureau-section", "p-bureau-officer")


async def test_a_second_click_on_a_comment_is_one_comment(town: Town) -> None:
    await town.enquire()
    browser = await town.as_person("p-h1-head")
    comment = (await browser.get("/cases/enquiry.1")).fields("section.say form")
    for _ in range(2):
        await browser.post("/cases/enquiry.1/acts", {**comment, "words": "请补充材料"})
    assert len(await town.all_of(select(InboxRow.request))) == 1


async def test_the_file_names_who_took_a_task_over_and_shows_no_id(town: Town) -> None:
    task = await town.enquire()
    await handed(town, task, "p-h1-head", "p-h1-hr")
    await town.seen(select(SeatRow).where(SeatRow.person == "p-h1-hr", SeatRow.open))
    page = (await (await town.as_person("p-h1-head")).get("/cases/enquiry.1")).one(".timeline").text
    assert "蒋雪琴" in page
    assert "p-h1-hr" not in page


async def test_a_sheet_that_could_not_be_counted_is_not_lost(town: Town) -> None:
    task = await town.enquire()
    await record(town, task)
    async with town.record.begin() as session:
        (await session.scalars(select(PaperDecision))).one().revision = 7
    (paper,) = await town.all_of(select(PaperDecision.id))
    browser = await town.as_person("p-coordinator")
    assert (await browser.post(f"/paper/{paper}", {"choice": "confirm"})).status == 409
    assert await town.all_of(select(PaperDecision.verdict)) == [""]
    assert f"/paper/{paper}" in str((await browser.get("/paper")).html)


async def test_a_sheet_whose_confirmation_was_cut_off_waits_to_be_confirmed_again(town: Town) -> None:
    task = await town.enquire()
    await record(town, task)
    async with town.record.begin() as session:
        (await session.scalars(select(PaperDecision))).one().verdict = "confirmed"
    (paper,) = await town.all_of(select(PaperDecision.id))
    browser = await town.as_person("p-coordinator")
    assert f"/paper/{paper}" in str((await browser.get("/paper")).html)
    await browser.post(f"/paper/{paper}", {"choice": "confirm"})
    await town.seen(select(DecisionRow.request))
    assert f"/paper/{paper}" not in str((await browser.get("/paper")).html)


async def test_minutes_that_settle_two_cases_are_read_in_both(town: Town) -> None:
    first, second = await town.enquire(1), await town.enquire(2, sending="dq-h2")
    await record(town, first)
    await record(town, second, by="p-h2-hr", signer="p-h2-head")
    (digest,) = set(await town.all_of(select(PaperDecision.evidence)))
    reader = await town.as_person("p-h2-head")
    assert (await reader.http.get(f"/scans/{digest}")).status_code == 200
