"""The engine of every case, through a small lifecycle: kinds of tasks, ladders, conflicts, what nothing may break."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence

import pytest
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from activities.engine.messages import Decide, Recorded
from db.engine.base import Sessions
from db.engine.cases import TransitionRow
from db.engine.opening import NewCase, open_case
from db.engine.packs import PackShelf, shelve
from db.engine.tasks import DecisionRow, InboxRow, SeatRow, TaskRow
from policies.engine.pack import Pack
from policies.engine.refusals import AlreadyAnswered, BothSides, NotYourTask, OwnCase, StaleRevision, TaskClosed
from services.engine.decisions import Answer, NotCounted
from services.engine.takers import TakerUnfit
from tests.builders.county import BUREAU, GROUP, HOSPITAL, TOWNSHIP, appoint, dismiss
from tests.conftest import PACKS, StandingClock
from tests.workflows.enquiry import Enquiry, enquiry_pack
from tests.workflows.office import Office, opened_office
from vault.keyring import Keyring

CASE = "enquiry.1"
T1 = f"{CASE}.t1"


@pytest.fixture(scope="module")
def pack() -> Pack:
    return enquiry_pack((PACKS / "dq-a.toml").read_text())


@pytest.fixture
async def office(county: Sessions, keyring: Keyring, clock: StandingClock, shelf: PackShelf) -> AsyncIterator[Office]:
    async with opened_office(county, keyring, clock=clock, shelf=shelf, workflows=[Enquiry]) as office:
        yield office


async def ask(
    office: Office, pack: Pack, *tasks: str, subject: str = "p-doctor", case: str = CASE, **facts: str
) -> None:
    """A case that asks these tasks about a person."""
    async with office.record.begin() as session:
        await shelve(session, pack, office.clock)
        places = {"sending": HOSPITAL, "receiving": TOWNSHIP, "bureau": BUREAU, "group": GROUP, "institution": HOSPITAL}
        new = NewCase(
            case,
            "Enquiry",
            pack,
            tuple(dict.fromkeys(tasks)),
            {"ask": " ".join(tasks), "person": subject, **places, **facts},
            institution=HOSPITAL,
            subject=subject,
        )
        await open_case(session, new, at=office.clock.now())
    assert await office.delivery.start(case)
    await office.seen(select(TaskRow).where(TaskRow.case_id == case))


async def heads(record: Sessions, *people: str) -> None:
    for person in people:
        await appoint(record, person, "R-02", TOWNSHIP)


def names(bodies: Sequence[str]) -> list[str]:
    return [json.loads(body)["event"] for body in bodies]


async def rungs(office: Office, case: str = CASE) -> list[str]:
    bodies = [json.loads(body) for body in await office.file_of(case)]
    return [body["refs"]["rung"] for body in bodies if body["event"] == "rung_fired"]


# Kinds, through the workflow.


async def test_of_several_people_asked_any_one_settles_the_task_and_the_others_are_told_it_is_closed(
    office: Office, pack: Pack
) -> None:
    await heads(office.record, "p-t2-head")
    await ask(office, pack, "for_any")
    late = await office.open_task("for_any", "p-t1-head")
    await office.answer("for_any", "p-t2-head", "agree")
    assert (await office.stands(CASE, "matched")).state == "closed"
    with pytest.raises(TaskClosed):
        await office.decisions.answer(Answer("late", late.id, "p-t1-head", 1, "reject", "太晚"))
    assert len(await office.rows(select(DecisionRow))) == 1


async def test_of_all_people_asked_each_must_agree(office: Office, pack: Pack) -> None:
    await heads(office.record, "p-t2-head")
    await ask(office, pack, "for_all")
    await office.answer("for_all", "p-t1-head", "agree")
    assert (await office.case(CASE)).state == "open"
    assert [seat.person for seat in await office.rows(select(SeatRow).where(SeatRow.open))] == ["p-t2-head"]
    await office.answer("for_all", "p-t2-head", "agree")
    await office.stands(CASE, "matched")


async def test_of_all_people_asked_one_refusal_settles_at_once(office: Office, pack: Pack) -> None:
    await heads(office.record, "p-t2-head", "p-t2-hr")
    await ask(office, pack, "for_all")
    await office.answer("for_all", "p-t1-head", "agree")
    await office.answer("for_all", "p-t2-hr", "reject", "不具备条件")
    await office.stands(CASE, "rejected")
    assert not await office.rows(select(SeatRow).where(SeatRow.open))


async def test_a_quorum_of_two_settles_with_the_second_equal_vote(office: Office, pack: Pack) -> None:
    await heads(office.record, "p-t2-head", "p-t2-hr")
    await ask(office, pack, "for_quorum")
    await office.answer("for_quorum", "p-t1-head", "agree")
    await office.answer("for_quorum", "p-t2-head", "reject", "不同意")
    await office.answer("for_quorum", "p-t2-hr", "agree")
    await office.stands(CASE, "matched")


async def test_a_chain_asks_clerk_section_head_and_leader_in_turn_and_a_sent_back_step_again(
    office: Office, pack: Pack
) -> None:
    await ask(office, pack, "for_chain")
    await office.answer("for_chain", "p-bureau-officer", "agree")
    await office.answer("for_chain", "p-bureau-section", "send_back", "请补充意见")
    await office.answer("for_chain", "p-bureau-officer", "agree")
    await office.answer("for_chain", "p-bureau-section", "agree")
    await office.answer("for_chain", "p-bureau-deputy", "agree")
    await office.stands(CASE, "matched")
    steps = select(DecisionRow.step).order_by(DecisionRow.decided_at)
    assert await office.rows(steps) == [0, 1, 0, 1, 2]
    revisions = await office.rows(select(SeatRow.revision).order_by(SeatRow.revision))
    assert revisions == [1, 2, 3, 4, 5]


async def test_a_step_asked_again_has_a_whole_new_ladder_and_the_old_revision_no_longer_answers(
    office: Office, pack: Pack
) -> None:
    await ask(office, pack, "for_chain")
    first, revision = await office.asked("for_chain", "p-bureau-officer")
    await office.days_pass(5.5)
    assert await rungs(office) == ["before_3", "before_1"]
    await office.answer("for_chain", "p-bureau-officer", "agree")
    await office.answer("for_chain", "p-bureau-section", "send_back", "请补充")
    again, renewed = await office.asked("for_chain", "p-bureau-officer")
    assert (revision, renewed) == (1, 3)
    assert first.due_at is not None
    assert again.due_at is not None
    assert again.due_at > first.due_at
    with pytest.raises(StaleRevision):
        await office.decisions.answer(Answer("old", first.id, "p-bureau-officer", revision, "agree"))
    await office.days_pass(30)
    assert (await rungs(office))[2:7] == ["before_3", "before_1", "due", "overdue_1", "overdue_3"]


# Verbs.


async def test_a_handed_over_task_goes_to_the_taker_with_its_deadline_and_no_longer_to_the_giver(
    office: Office, pack: Pack
) -> None:
    await ask(office, pack, "sending_review")
    given, _ = await office.asked("sending_review", "p-h1-head")
    await office.act("hand_over", "p-h1-head", CASE, task=T1, words="出差", taker="p-h1-hr")
    taken, _ = await office.asked("sending_review", "p-h1-hr")
    assert taken.due_at == given.due_at
    with pytest.raises(NotYourTask):
        await office.decisions.answer(Answer("gone", T1, "p-h1-head", 1, "agree"))
    letter = (await office.letters("task"))[-1]
    assert (letter.person, letter.task_id) == ("p-h1-hr", T1)
    await office.answer("sending_review", "p-h1-hr", "agree")
    await office.stands(CASE, "matched")
    assert "handed_over" in names(await office.file_of(CASE))


async def test_a_task_is_not_handed_to_the_person_whose_case_it_is(office: Office, pack: Pack) -> None:
    await ask(office, pack, "sending_review", subject="p-h1-hr")
    with pytest.raises(OwnCase):
        await office.act("hand_over", "p-h1-head", CASE, task=T1, words="出差", taker="p-h1-hr")


async def test_a_task_is_not_handed_to_who_sits_on_the_other_side(office: Office, pack: Pack) -> None:
    await ask(office, pack, "sending_review", "receiving_review", together="yes")
    row = await office.open_task("sending_review", "p-h1-head")
    with pytest.raises(BothSides):
        await office.act("hand_over", "p-h1-head", CASE, task=row.id, words="出差", taker="p-t1-head")


async def test_who_has_answered_cannot_take_over_another_seat_of_the_same_asking(office: Office, pack: Pack) -> None:
    await heads(office.record, "p-t2-head")
    await ask(office, pack, "for_all")
    await office.answer("for_all", "p-t2-head", "agree")
    with pytest.raises(TakerUnfit):
        await office.act("hand_over", "p-t1-head", CASE, task=T1, words="出差", taker="p-t2-head")
    # The case itself refuses an act that passed the desk before the answer came.
    refs = {"from": "p-t1-head", "to": "p-t2-head", "role": "R-02", "institution": TOWNSHIP}
    async with office.record.begin() as session:
        row = {"request": "raced", "case_id": CASE, "verb": "hand_over", "task_id": T1, "person": "p-t1-head"}
        session.add(InboxRow(**row, message={"task": "t1", "refs": refs}, form={}, received_at=office.clock.now()))
    async with office.record() as session:
        outcome = await office.delivery.deliver(await session.get_one(InboxRow, "raced"))
    assert (outcome.state, outcome.refusal) == ("refused", "AlreadyAnswered")
    await office.answer("for_all", "p-t1-head", "agree")
    await office.stands(CASE, "matched")


async def test_who_has_answered_has_no_seat_left_to_hand_over(office: Office, pack: Pack) -> None:
    """Two clicks on two pages: the answer counts, and the seat that is then given away would be one answer too few."""
    await heads(office.record, "p-t2-head")
    await ask(office, pack, "for_all")
    await office.answer("for_all", "p-t1-head", "agree")
    given = await put_handing(office, "given", "p-t1-head", "p-t1-hr")
    assert (await office.delivery.deliver(given)).refusal == "AlreadyAnswered"
    assert (await office.case(CASE)).state == "open"
    await office.answer("for_all", "p-t2-head", "agree")
    await office.stands(CASE, "matched")


async def test_urging_writes_a_letter_and_is_throttled_for_a_day(office: Office, pack: Pack) -> None:
    await ask(office, pack, "sending_review")
    await office.act("urge", "p-monitor", CASE, task=T1)
    with pytest.raises(NotCounted, match="UrgedTooSoon"):
        await office.act("urge", "p-monitor", CASE, task=T1)
    await office.days_pass(1)
    await office.act("urge", "p-monitor", CASE, task=T1)
    assert [letter.person for letter in await office.letters("urge") if not letter.details] == ["p-h1-head"] * 2


async def test_a_comment_stands_in_the_file_and_changes_nothing_else(office: Office, pack: Pack) -> None:
    await ask(office, pack, "sending_review")
    await office.act("comment", "p-h1-head", CASE, words="已电话联系")
    assert names(await office.file_of(CASE))[-1] == "commented"
    assert (await office.open_task("sending_review", "p-h1-head")).revision == 1
    assert "已电话联系" not in "".join(await office.file_of(CASE))


async def test_a_withdrawn_case_takes_its_questions_back(office: Office, pack: Pack) -> None:
    await ask(office, pack, "sending_review", "receiving_review", together="yes")
    await office.act("withdraw", "p-doctor", CASE, words="家中有事")
    assert (await office.stands(CASE, "withdrawn")).state == "closed"
    assert set(await office.rows(select(TaskRow.status))) == {"withdrawn"}
    with pytest.raises(NotCounted, match="CaseClosed"):
        await office.act("withdraw", "p-doctor", CASE, words="再次撤回")


async def test_a_case_that_may_no_longer_be_withdrawn_says_so(office: Office, pack: Pack) -> None:
    await ask(office, pack, "sending_review", kept="yes")
    with pytest.raises(NotCounted, match="WithdrawalTooLate"):
        await office.act("withdraw", "p-doctor", CASE, words="家中有事")
    assert (await office.open_task("sending_review", "p-h1-head")).status == "open"


# Who is asked.


async def test_a_vacant_role_is_asked_of_the_head_and_hr_is_told(office: Office, pack: Pack) -> None:
    """DEF-23, EXC-13."""
    await dismiss(office.record, "R-03", HOSPITAL)
    await ask(office, pack, "supply_report")
    task = await office.open_task("supply_report", "p-h1-head")
    assert task.vacant
    assert [letter.person for letter in await office.letters("vacancy_alert")] == ["p-monitor"]
    assert await office.rows(select(SeatRow.why)) == ["vacant"]


async def test_the_head_who_stood_in_for_a_vacant_role_does_not_approve_their_own_report(
    office: Office, pack: Pack
) -> None:
    await dismiss(office.record, "R-03", HOSPITAL)
    await ask(office, pack, "supply_report", "supply_approval")
    await office.answer("supply_report", "p-h1-head", "nil_return")
    assert (await office.open_task("supply_approval", "p-bureau-leader")).case_id == CASE


async def test_a_body_without_a_head_is_vacant_and_no_conflict(office: Office, pack: Pack) -> None:
    """The vacant role is the head's own: the bureau's leader is asked for it, and HR may name somebody else."""
    await dismiss(office.record, "R-04", HOSPITAL)
    await ask(office, pack, "sending_review")
    task = await office.open_task("sending_review", "p-bureau-leader")
    assert task.vacant
    assert await office.rows(select(SeatRow.why)) == ["vacant"]
    await office.act("hand_over", "p-monitor", CASE, task=task.id, words="院长空缺", taker="p-h1-hr")
    await office.open_task("sending_review", "p-h1-hr")


@pytest.mark.parametrize(
    ("deputy", "subject", "asked"),
    [
        (None, "p-doctor", "p-h1-head"),
        (None, "p-h1-head", "p-bureau-leader"),
        ("p-h1-hr", "p-h1-head", "p-h1-hr"),
    ],
)
async def test_nobody_decides_on_their_own_case_a_deputy_or_the_bureau_is_asked(
    office: Office, pack: Pack, deputy: str | None, subject: str, asked: str
) -> None:
    """COR-06."""
    if deputy:
        await appoint(office.record, deputy, "R-39", HOSPITAL)
    await ask(office, pack, "sending_review", subject=subject)
    await office.open_task("sending_review", asked)
    assert await office.rows(select(SeatRow.person)) == [asked]
    assert len(await office.letters("vacancy_alert")) == (asked != "p-h1-head")


@pytest.mark.parametrize("together", [{"together": "yes"}, {}])
async def test_one_person_who_heads_both_sides_is_asked_for_one_of_them_only(
    office: Office, pack: Pack, together: dict[str, str]
) -> None:
    """COR-06, asked in one breath and one after the other."""
    await dismiss(office.record, "R-02", TOWNSHIP)
    await heads(office.record, "p-h1-head")
    await ask(office, pack, "sending_review", "receiving_review", **together)
    await office.answer("sending_review", "p-h1-head", "agree")
    await office.answer("receiving_review", "p-bureau-leader", "agree")
    await office.stands(CASE, "matched")
    assert (await office.letters("vacancy_alert"))[0].person == "p-monitor"


async def test_a_task_that_nobody_may_take_waits_for_hr_to_name_somebody(office: Office, pack: Pack) -> None:
    await dismiss(office.record, "R-10", BUREAU)
    await ask(office, pack, "sending_review", subject="p-h1-head")
    task = await office.seen(select(TaskRow).where(TaskRow.vacant))
    assert not await office.rows(select(SeatRow))
    assert [letter.person for letter in await office.letters("vacancy_alert")] == ["p-monitor"]
    await office.days_pass(40)
    assert (await office.case(CASE)).state == "open"
    await office.act("hand_over", "p-monitor", CASE, task=task.id, words="指定办理", taker="p-h2-head")
    await office.answer("sending_review", "p-h2-head", "agree")
    await office.stands(CASE, "matched")


# Time.


async def test_weeks_of_silence_remind_and_escalate_and_decide_nothing(office: Office, pack: Pack) -> None:
    """DEF-06, DEF-07, COR-07."""
    await ask(office, pack, "sending_review")
    await office.days_pass(45)
    fired = await rungs(office)
    assert fired[:6] == ["before_3", "before_1", "due", "overdue_1", "overdue_3", "overdue_5"]
    assert fired[6:] == [f"weekly_{number}" for number in range(1, len(fired) - 5)]
    assert len(fired) >= 9
    assert (await office.case(CASE)).state == "open"
    assert not await office.rows(select(DecisionRow))
    kinds = {"before_3": "reminder", "overdue_1": "urge", "overdue_3": "escalation", "overdue_5": "escalation"}
    by_rung = {rung: {one.person for one in await office.letters(kind, rung=rung)} for rung, kind in kinds.items()}
    assert by_rung == {
        "before_3": {"p-h1-head"},
        "overdue_1": {"p-h1-head", "p-monitor"},
        "overdue_3": {"p-group-deputy"},
        "overdue_5": {"p-bureau-leader", "p-monitor"},
    }
    await office.answer("sending_review", "p-h1-head", "agree")
    assert (await office.rows(select(DecisionRow)))[0].late


async def test_rungs_of_two_tasks_that_are_due_together_are_one_transition(office: Office, pack: Pack) -> None:
    await ask(office, pack, "sending_review", "receiving_review", together="yes")
    await office.rests(CASE)
    before = await office.events(CASE)
    await office.days_pass(3.5)
    await office.rests(CASE)
    bodies = [json.loads(body) for body in await office.file_of(CASE)]
    fired = [body for body in bodies if body["event"] == "rung_fired"]
    assert [body["refs"]["rung"] for body in fired] == ["before_3", "before_3"]
    assert len({body["seq"] for body in fired}) == 1
    assert await office.events(CASE) - before <= 12


async def test_a_deadline_that_touches_a_year_without_a_notice_is_provisional(office: Office, pack: Pack) -> None:
    """DEF-02."""
    await ask(office, pack, "sending_review", case="enquiry.spring")
    await office.answer("sending_review", "p-h1-head", "agree")
    await office.days_pass(298)
    await ask(office, pack, "sending_review", case="enquiry.winter")
    bases = await office.rows(select(TaskRow.due_basis).order_by(TaskRow.case_id))
    assert bases == ["official", "provisional"]


# What nothing may break.


async def test_the_same_answer_sent_twice_is_one_decision_and_says_that_it_was_recorded_before(
    office: Office, pack: Pack
) -> None:
    await ask(office, pack, "for_all", together="yes")
    click = Answer("click", T1, "p-t1-head", 1, "agree")
    first = await office.decisions.answer(click)
    second = await office.decisions.answer(click)
    await office.recorded("click")
    assert (first.state, first.again, second.again) == ("recorded", False, True)
    assert len(await office.rows(select(DecisionRow))) == 1


async def test_two_clicks_in_the_same_moment_are_one_decision(office: Office, pack: Pack) -> None:
    await heads(office.record, "p-t2-head")
    await ask(office, pack, "for_all")
    click = Answer("click", T1, "p-t1-head", 1, "agree")
    await asyncio.gather(*(office.decisions.answer(click) for _ in range(4)))
    await office.recorded("click")
    assert len(await office.rows(select(DecisionRow))) == 1
    with pytest.raises(AlreadyAnswered):
        await office.decisions.answer(Answer("another", T1, "p-t1-head", 1, "agree"))


async def test_a_request_that_was_applied_is_answered_so_by_the_case_itself(office: Office, pack: Pack) -> None:
    await heads(office.record, "p-t2-head")
    await ask(office, pack, "for_all")
    await office.answer("for_all", "p-t1-head", "agree")
    again = Decide("r1", "t1", "p-t1-head", "agree", 1, office.clock.now())
    handle = office.workflow(CASE)
    recorded = await handle.execute_update("decide", again, id="r1-delivered-again", result_type=Recorded)
    assert recorded.again


async def test_the_file_tells_a_transition_in_the_order_in_which_it_happened(office: Office, pack: Pack) -> None:
    await ask(office, pack, "sending_review", "receiving_review")
    await office.answer("sending_review", "p-h1-head", "agree")
    await office.answer("receiving_review", "p-t1-head", "agree")
    await office.stands(CASE, "matched")
    told = names(await office.file_of(CASE))
    assert told == [
        "asked", "stage",
        "decided", "matched", "settled", "asked",
        "decided", "matched", "settled", "stage", "closed",
    ]  # fmt: skip
    assert not await office.damage()


async def put_answer(office: Office, request: str, person: str, *, revision: int = 1) -> InboxRow:
    message = {"task": "t1", "choice": "agree", "revision": revision, "refs": {}}
    return await put(office, request, "decide", person, message)


async def put(office: Office, request: str, verb: str, person: str, message: Mapping[str, object]) -> InboxRow:
    """A row that is kept and not delivered yet."""
    row = {
        "request": request,
        "case_id": CASE,
        "verb": verb,
        "task_id": None,
        "person": person,
        "message": message,
        "form": {},
        "channel": "page",
        "received_at": office.clock.now(),
    }
    async with office.record.begin() as session:
        await session.execute(insert(InboxRow).values(row))
    async with office.record() as session:
        return await session.get_one(InboxRow, request)


async def put_handing(office: Office, request: str, giver: str, taker: str) -> InboxRow:
    refs = {"from": giver, "to": taker, "role": "R-02", "institution": TOWNSHIP, "why": "handed_over"}
    return await put(office, request, "hand_over", giver, {"task": "t1", "refs": refs})


async def transitions(office: Office) -> int:
    return int(await office.seen(select(func.count()).select_from(TransitionRow).where(TransitionRow.case_id == CASE)))


async def test_a_long_case_continues_as_new_without_losing_an_answer_or_a_word(office: Office, pack: Pack) -> None:
    await heads(office.record, "p-t2-head")
    await ask(office, pack, "for_all", "sending_review")
    first_run = (await office.workflow(CASE).describe()).run_id
    await office.answer("for_all", "p-t1-head", "agree")
    comments = 0
    while (await office.workflow(CASE).describe()).run_id == first_run:
        await office.act("comment", "p-h1-head", CASE, words="记录")
        comments += 1
        assert comments < 60
    await office.answer("for_all", "p-t2-head", "agree")
    await office.answer("sending_review", "p-h1-head", "agree")
    await office.stands(CASE, "matched")
    told = names(await office.file_of(CASE))
    assert (told.count("commented"), told.count("decided"), told.count("matched")) == (comments, 3, 2)
    assert not await office.rows(select(InboxRow).where(InboxRow.state != "applied"))
    run = office.env.client.get_workflow_handle(CASE, run_id=first_run)
    assert len((await run.fetch_history()).events) <= 450
    assert not await office.damage()


async def test_a_lost_case_is_rebuilt_from_its_snapshot_and_says_nothing_twice(office: Office, pack: Pack) -> None:
    await ask(office, pack, "sending_review", "receiving_review")
    await office.answer("sending_review", "p-h1-head", "agree")
    await office.open_task("receiving_review", "p-t1-head")
    letters, seq = len(await office.letters("task")), await transitions(office)
    await office.workflow(CASE).terminate()
    assert await office.delivery.rebuild(CASE)
    await office.days_pass(3)
    assert await rungs(office) == ["before_3"]
    await office.answer("receiving_review", "p-t1-head", "agree")
    await office.stands(CASE, "matched")
    assert (len(await office.letters("task")), await transitions(office)) == (letters, seq + 2)
    assert names(await office.file_of(CASE)).count("matched") == 2
    assert not await office.damage()


async def test_an_answer_that_a_lost_case_had_taken_and_not_committed_is_delivered_again(
    office: Office, pack: Pack
) -> None:
    await ask(office, pack, "for_any")
    await office.workflow(CASE).terminate()
    kept = await put_answer(office, "kept", "p-t1-head")
    assert (await office.delivery.deliver(kept)).state == "pending"
    assert await office.delivery.rebuild(CASE)
    assert (await office.delivery.deliver(kept)).state == "applied"
    await office.stands(CASE, "matched")


async def test_a_case_that_runs_is_not_rebuilt_and_one_that_has_closed_cannot_be(office: Office, pack: Pack) -> None:
    await ask(office, pack, "for_any")
    run = (await office.workflow(CASE).describe()).run_id
    assert await office.delivery.rebuild(CASE)
    assert (await office.workflow(CASE).describe()).run_id == run
    await office.answer("for_any", "p-t1-head", "agree")
    await office.stands(CASE, "matched")
    assert not await office.delivery.rebuild(CASE)
