"""Stages 3 and 4, application to match: each test has a doctor and posts of its own in one year's office."""

import json
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from sqlalchemy import select

from db.engine.cases import CaseFile, EventRow, FindingRow
from db.engine.opening import OneOpenCase
from db.engine.tasks import DecisionRow, InboxRow, TaskRow
from db.posting import Application, BatchItem, Post, PostMatch
from policies.engine.pack import Pack
from policies.engine.refusals import ReasonMissing
from services.engine.decisions import NotCounted
from services.field_problems import FactsRefused
from services.posting import NotOnDispatchList, PostMatched
from tests.builders.county import TOWNSHIP, settle_doctors
from tests.workflows.conftest import OpenCounty
from tests.workflows.office import Office
from tests.workflows.year import CYCLE, YEAR, agree, application, choose, matched, posts_published

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("year")]
DOCTORS = 26


class Year:
    """Posts and doctors that no test has used yet."""

    def __init__(self, posts: list[str], doctors: list[str]) -> None:
        self.posts, self.doctors = iter(posts), iter(doctors)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(open_county: OpenCounty) -> AsyncIterator[Office]:
    async with open_county() as office:
        yield office


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def year(office: Office, dq_a: Pack) -> Year:
    doctors = await settle_doctors(office.record, DOCTORS)
    listed = [*doctors, "p-new-doctor", "p-nurse", "p-doctor", "p-doctor-2"]
    return Year(list(await posts_published(office, dq_a, posts=40, people=listed)), doctors)


@pytest.fixture
def posts(year: Year) -> Iterator[str]:
    return year.posts


@pytest.fixture
def doctor(year: Year) -> str:
    return next(year.doctors)


async def outcome(office: Office, case: str) -> str:
    """How a case has ended, once it has."""
    return str(await office.seen(select(CaseFile.outcome).where(CaseFile.id == case, CaseFile.state == "closed")))


async def told(office: Office, case: str, kind: str) -> list[dict[str, str]]:
    return [letter.details for letter in await office.letters("outcome", what=kind) if letter.case_id == case]


# Admission.


async def test_less_than_three_years_is_asked_of_the_group_and_then_of_the_bureau(office: Office) -> None:
    """AS-16 through the workflow: ask, never refuse."""
    case = await office.case_of("p-new-doctor")
    await office.answer("eligibility_ask", "p-coordinator", "admit", "确有需要")
    await office.answer("eligibility_ask", "p-bureau-officer", "admit", "同意")
    await office.stands(case, "choosing")
    finding = (await office.rows(select(FindingRow).where(FindingRow.case_id == case)))[0]
    assert (finding.rule, finding.outcome) == ("DQ-3.1.1a", None)


async def test_a_nurse_is_asked_about_and_a_refusal_ends_the_case_with_its_reason(office: Office) -> None:
    """COR-21."""
    case = await office.case_of("p-nurse")
    with pytest.raises(ReasonMissing):
        await office.answer("profession_ask", "p-coordinator", "refuse")
    await office.answer("profession_ask", "p-coordinator", "refuse", "本年度仅限医师")
    assert await outcome(office, case) == "rejected"
    assert [one["by_request"] for one in await told(office, case, "not_admitted")]


async def test_a_doctor_may_decline(office: Office, doctor: str) -> None:
    case = await office.case_of(doctor)
    await office.answer("choose_post", doctor, "decline", "个人原因")
    assert await outcome(office, case) == "declined"


async def test_who_is_on_no_dispatch_list_is_told_so(office: Office, posts: Iterator[str]) -> None:
    with pytest.raises(NotOnDispatchList):
        await office.applications.start(application("p-doctor-3", next(posts)), by="client")


@pytest.mark.parametrize(("second", "field"), [("nowhere", "second"), ("same", "second")])
async def test_a_post_that_cannot_be_had_and_the_same_post_twice_are_refused_by_field(
    office: Office, posts: Iterator[str], doctor: str, *, second: str, field: str
) -> None:
    post = next(posts)
    form = {"first": post, "second": post if second == "same" else second, "reassign": "no"}
    with pytest.raises(FactsRefused) as refused:
        await office.answer("choose_post", doctor, "apply", form=form)
    assert [problem.field for problem in refused.value.problems] == [field]


async def test_the_choices_of_an_application_and_its_word_on_reassignment_are_kept(
    office: Office, posts: Iterator[str], doctor: str
) -> None:
    first, second = next(posts), next(posts)
    case = await choose(office, doctor, first, second, reassign="yes")
    await office.open_task("sending_review", "p-h1-head", case=case)
    kept = (await office.rows(select(Application).where(Application.case_id == case)))[0]
    assert (kept.round, kept.first, kept.second, kept.accepts_reassignment) == (1, first, second, True)


# EXC-14.


async def test_an_application_by_api_reaches_the_case_that_waits_for_it_and_its_repetition_is_answered_with_it(
    office: Office, posts: Iterator[str], doctor: str
) -> None:
    order = application(doctor, next(posts), number="H1-7")
    first = await office.applications.start(order, by="client")
    case = await office.case_of(doctor)
    await office.open_task("sending_review", "p-h1-head", case=case)
    again = await office.applications.start(order, by="client")
    assert (first.case_id, again.case_id, again.created) == (case, case, False)
    (kept,) = await office.rows(select(InboxRow.request).where(InboxRow.case_id == case))
    assert kept == f"application.dq-a.{YEAR}.H1-7"
    with pytest.raises(OneOpenCase):
        await office.applications.start(application(doctor, next(posts), number="H1-8"), by="client")


async def test_after_a_withdrawal_a_second_application_is_a_case_of_its_own_and_starts_at_its_post(
    office: Office, posts: Iterator[str], doctor: str
) -> None:
    first = await choose(office, doctor, next(posts))
    await office.act("withdraw", doctor, first, words="另有安排")
    assert await outcome(office, first) == "withdrawn"
    order = application(doctor, next(posts), number=f"again-{doctor}")
    second = await office.applications.start(order, by="client")
    repeated = await office.applications.start(order, by="client")
    assert second.created
    assert second.case_id != first
    assert (repeated.case_id, repeated.created) == (second.case_id, False)
    await agree(office, second.case_id)
    await office.stands(second.case_id, "matched")


# Two-way review.


async def test_as_25_sending_agrees_receiving_rejects_no_match_and_another_open_post_may_be_chosen(
    office: Office, posts: Iterator[str], doctor: str
) -> None:
    post, other = next(posts), next(posts)
    case = await choose(office, doctor, post)
    await office.answer("sending_review", "p-h1-head", "agree", case=case)
    with pytest.raises(ReasonMissing):
        await office.answer("receiving_review", "p-t1-head", "reject", case=case)
    await office.answer("receiving_review", "p-t1-head", "reject", "专业不符", case=case)
    await office.stands(case, "choosing")
    letters = await told(office, case, "rejected_by_one_side")
    assert [(one["side"], one["post"]) for one in letters] == [("receiving_review", post)]
    assert not await office.rows(select(PostMatch).where(PostMatch.case_id == case))
    assert (await office.rows(select(Post.state).where(Post.id == post))) == ["open"]
    await choose(office, doctor, other)
    await agree(office, case)
    await office.stands(case, "matched")


async def test_one_rejection_takes_the_other_sides_question_back(
    office: Office, posts: Iterator[str], doctor: str
) -> None:
    case = await choose(office, doctor, next(posts))
    await office.answer("sending_review", "p-h1-head", "reject", "本科室人手不足", case=case)
    await office.stands(case, "choosing")
    tasks = select(TaskRow.status).where(TaskRow.case_id == case, TaskRow.name == "receiving_review")
    assert await office.rows(tasks) == ["withdrawn"]


async def test_exc_01_a_return_goes_to_the_person_and_back_and_keeps_the_other_sides_agreement(
    office: Office, posts: Iterator[str], doctor: str
) -> None:
    case = await choose(office, doctor, next(posts))
    await office.answer("receiving_review", "p-t1-head", "agree", case=case)
    await office.answer("sending_review", "p-h1-head", "return", "请补充轮转计划", case=case)
    await office.answer("correct_application", doctor, "resubmit", case=case)
    await office.answer("sending_review", "p-h1-head", "agree", case=case)
    await office.stands(case, "matched")
    asked = select(TaskRow.name).where(TaskRow.case_id == case).order_by(TaskRow.opened_at, TaskRow.id)
    assert (await office.rows(asked)).count("receiving_review") == 1
    kept = select(DecisionRow.choice).where(DecisionRow.case_id == case).order_by(DecisionRow.decided_at)
    assert await office.rows(kept) == ["apply", "agree", "return", "resubmit", "agree"]
    assert not await told(office, case, "returned_twice")


async def test_exc_01_the_second_return_of_one_side_tells_the_group(
    office: Office, posts: Iterator[str], doctor: str
) -> None:
    case = await choose(office, doctor, next(posts))
    for _ in range(2):
        assert not await told(office, case, "returned_twice")
        await office.answer("sending_review", "p-h1-head", "return", "请补正", case=case)
        await office.answer("correct_application", doctor, "resubmit", case=case)
    await office.open_task("sending_review", "p-h1-head", case=case)
    (letter,) = [one for one in await office.letters("outcome", what="returned_twice") if one.case_id == case]
    assert letter.person == "p-coordinator"


async def test_exc_01_a_person_may_withdraw_instead_of_correcting(
    office: Office, posts: Iterator[str], doctor: str
) -> None:
    case = await choose(office, doctor, next(posts))
    await office.answer("receiving_review", "p-t1-head", "return", "请补正", case=case)
    await office.answer("correct_application", doctor, "withdraw", case=case)
    assert await outcome(office, case) == "withdrawn"


async def test_the_second_choice_comes_after_the_first_then_a_second_round_then_the_group_nominates(
    office: Office, posts: Iterator[str], doctor: str
) -> None:
    tried = [next(posts) for _ in range(5)]
    case = await choose(office, doctor, tried[0], tried[1])
    for _ in range(2):
        await office.answer("receiving_review", "p-t1-head", "reject", "专业不符", case=case)
    await choose(office, doctor, tried[2])
    await office.answer("receiving_review", "p-t1-head", "reject", "专业不符", case=case)
    await office.answer("nominate", "p-coordinator", "nominate", "岗位急需", form={"post": tried[3]}, case=case)
    await office.answer("nomination_consent", doctor, "refuse", "路途过远", case=case)
    await office.answer("nominate", "p-coordinator", "nominate", "岗位急需", form={"post": tried[4]}, case=case)
    await office.answer("nomination_consent", doctor, "consent", case=case)
    await agree(office, case)
    await office.stands(case, "matched")
    reviewed = select(TaskRow.refs["post"].astext).where(TaskRow.case_id == case, TaskRow.name == "sending_review")
    assert await office.rows(reviewed.order_by(TaskRow.opened_at)) == [*tried[:3], tried[4]]
    rounds = select(Application.round).where(Application.case_id == case).order_by(Application.round)
    assert await office.rows(rounds) == [1, 2]


async def test_the_group_may_close_a_case_that_no_post_fits(office: Office, posts: Iterator[str], doctor: str) -> None:
    case = await choose(office, doctor, next(posts))
    await office.answer("sending_review", "p-h1-head", "reject", "不同意", case=case)
    await choose(office, doctor, next(posts))
    await office.answer("sending_review", "p-h1-head", "reject", "不同意", case=case)
    await office.answer("nominate", "p-coordinator", "close_unfilled", "无合适岗位", case=case)
    assert await outcome(office, case) == "not_matched"
    assert await told(office, case, "not_matched")


async def test_as_117_who_has_answered_for_one_side_is_not_taken_by_the_other(
    office: Office, posts: Iterator[str], doctor: str
) -> None:
    case = await choose(office, doctor, next(posts))
    task = await office.open_task("receiving_review", "p-t1-head", case=case)
    await office.answer("sending_review", "p-h1-head", "agree", case=case)
    with pytest.raises(Exception, match="task=") as refused:
        await office.act("hand_over", "p-t1-head", case, task=task.id, words="代办", taker="p-h1-head")
    assert type(refused.value).__name__ == "BothSides"
    await office.answer("receiving_review", "p-t1-head", "agree", case=case)
    await office.stands(case, "matched")


# Withdrawal, posts taken back, people who leave.


async def test_exc_03_a_matched_person_may_withdraw_and_the_post_is_open_again(
    office: Office, posts: Iterator[str], doctor: str
) -> None:
    post = next(posts)
    case = await matched(office, doctor, post)
    await office.act("withdraw", doctor, case, words="家中变故")
    assert await outcome(office, case) == "withdrawn"
    assert not await office.rows(select(PostMatch).where(PostMatch.post == post))
    assert not await office.rows(select(BatchItem).where(BatchItem.case_id == case))


async def test_exc_04_a_post_taken_back_before_a_match_sends_its_applicant_to_choose_again(
    office: Office, posts: Iterator[str], doctor: str
) -> None:
    post = next(posts)
    case = await choose(office, doctor, post)
    await office.answer("receiving_review", "p-t1-head", "agree", case=case)
    await office.applications.cancel_post(post, by="p-t1-hr", reason="科室撤并", request=f"cancel-{post}")
    await office.stands(case, "choosing")
    assert [one["post"] for one in await told(office, case, "post_closed")] == [post]
    assert await office.rows(select(Post.state).where(Post.id == post)) == ["closed"]
    with pytest.raises(FactsRefused):
        await choose(office, doctor, post)


async def test_exc_04_a_post_closed_just_before_the_reviews_is_said_to_be_closed_and_why(
    office: Office, posts: Iterator[str], doctor: str
) -> None:
    """The closing tells those who are under review; whose choice was still on its way learns it at the claim."""
    post = next(posts)
    task = await office.open_task("choose_post", doctor)
    refs = {"first": post, "first_receiver": TOWNSHIP, "reassign": "no"}
    message = {"task": task.id.rsplit(".", 1)[1], "choice": "apply", "revision": 1, "refs": refs}
    async with office.record.begin() as session:
        row = {"request": f"slow-{post}", "case_id": task.case_id, "verb": "decide", "task_id": task.id}
        session.add(InboxRow(**row, person=doctor, message=message, form={}, received_at=office.clock.now()))
    await office.applications.cancel_post(post, by="p-t1-hr", reason="科室撤并", request=f"early-{post}")
    await office.seen(select(Post).where(Post.id == post, Post.state == "closed"))
    async with office.record() as session:
        await office.delivery.deliver(await session.get_one(InboxRow, f"slow-{post}"))
    await office.answer("sending_review", "p-h1-head", "agree", case=task.case_id)
    await office.answer("receiving_review", "p-t1-head", "agree", case=task.case_id)
    await office.stands(task.case_id, "choosing")
    assert not await told(office, task.case_id, "post_taken")
    (letter,) = await told(office, task.case_id, "post_closed")
    assert letter["by_request"] == f"early-{post}"


async def test_exc_04_a_matched_post_is_not_taken_back(office: Office, posts: Iterator[str], doctor: str) -> None:
    post = next(posts)
    await matched(office, doctor, post)
    with pytest.raises(PostMatched):
        await office.applications.cancel_post(post, by="p-t1-hr", reason="科室撤并", request=f"cancel-{post}")
    assert await office.rows(select(Post.state).where(Post.id == post)) == ["open"]


async def test_exc_10_a_person_who_has_left_ends_the_case_early_and_frees_the_post(
    office: Office, posts: Iterator[str], doctor: str
) -> None:
    post = next(posts)
    case = await matched(office, doctor, post)
    await office.notify(case, "person_left")
    assert await outcome(office, case) == "ended_early"
    assert not await office.rows(select(PostMatch).where(PostMatch.post == post))
    assert (await office.case(case)).open_key is None


async def test_a_second_choice_that_was_given_to_another_meanwhile_is_not_reviewed(
    office: Office, posts: Iterator[str], year: Year
) -> None:
    slow, quick = next(year.doctors), next(year.doctors)
    first, second = next(posts), next(posts)
    case = await choose(office, slow, first, second)
    await matched(office, quick, second)
    await office.answer("receiving_review", "p-t1-head", "reject", "专业不符", case=case)
    await office.stands(case, "choosing")
    reviewed = select(TaskRow).where(TaskRow.case_id == case, TaskRow.refs["post"].astext == second)
    assert not await office.rows(reviewed)
    assert [one["post"] for one in await told(office, case, "post_taken")] == [second]


async def test_every_file_of_the_year_is_whole(office: Office) -> None:
    assert not await office.damage()
    bodies = [json.loads(body) for body in await office.file_of(await office.case_of("p-nurse"))]
    assert [body["seq"] for body in bodies] == sorted(body["seq"] for body in bodies)


async def test_a_notice_that_comes_twice_counts_once(office: Office, posts: Iterator[str]) -> None:
    twice, after = next(posts), next(posts)
    for post, times in ((twice, 2), (after, 1)):
        for _ in range(times):
            assert await office.notify(CYCLE, "cancel_post", request=f"cancel-{post}", post=post) == "applied"
    query = select(EventRow.body).where(EventRow.case_id == CYCLE, EventRow.body.contains("post_cancelled"))
    await office.seen(query.where(EventRow.body.contains(f'"{after}"')))
    assert len(await office.rows(query.where(EventRow.body.contains(f'"{twice}"')))) == 1


async def test_a_case_that_has_ended_takes_no_word_any_more(office: Office, posts: Iterator[str], doctor: str) -> None:
    case = await choose(office, doctor, next(posts))
    assert await office.notify(case, "person_left", request=f"left-{case}") == "applied"
    assert await outcome(office, case) == "ended_early"
    with pytest.raises(NotCounted):
        await office.act("comment", doctor, case, words="已离职")
