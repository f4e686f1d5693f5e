"""What comes from outside: a post taken back (EXC-04), a person who has left (EXC-10)."""

import json
from collections.abc import AsyncIterator, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import select

from db.engine.cases import CaseFile
from db.engine.tasks import InboxRow, TaskRow
from db.posting import BatchItem, Post, PostMatch
from policies.engine.pack import Pack
from policies.engine.refusals import ReasonMissing
from services.engine.permissions import NotForYou
from services.engine.places import Places
from services.facts import PersonUnknown
from services.field_problems import FactsRefused
from services.post_board import PostBoard, PostUnknown
from services.posting import CANCEL, CycleEnded, Departure, NoOpenApplication, PostTakenBack
from tests.builders.county import settle_doctors
from tests.workflows.conftest import OpenCounty
from tests.workflows.office import OPENS, Office
from tests.workflows.year import CYCLE, choose, matched, posts_published

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("year")]
REASON = "科室撤并，不再需要"
TODAY = OPENS.date()


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
    doctors = await settle_doctors(office.record, 8)
    return Year(list(await posts_published(office, dq_a, posts=10, people=doctors)), doctors)


@pytest.fixture
def posts(year: Year) -> Iterator[str]:
    return year.posts


@pytest.fixture
def doctor(year: Year) -> str:
    return next(year.doctors)


async def line(office: Office, case: str, event: str, **refs: str) -> dict[str, Any]:
    """The first line of the file with this name and these refs."""
    bodies = [json.loads(body) for body in await office.file_of(case)]
    return next(one for one in bodies if one["event"] == event and refs.items() <= one["refs"].items())


async def ended_early(office: Office, case: str) -> None:
    await office.seen(select(CaseFile.id).where(CaseFile.id == case, CaseFile.outcome == "ended_early"))


async def take_back(office: Office, post: str, request: str, *, by: str = "p-t1-head") -> str:
    return (await office.applications.cancel_post(post, by=by, reason=REASON, request=request)).state


async def leave(office: Office, person: str, request: str, kind: str = "retired", **facts: Any) -> Departure:
    told = {"on": TODAY, "by": "p-h1-hr", "reason": "到龄退休", "request": request, **facts}
    return await office.applications.record_departure(person, kind, **told)


async def test_exc_04_the_person_under_review_and_the_cycles_file_get_the_reason(
    office: Office, posts: Iterator[str], doctor: str
) -> None:
    post = next(posts)
    case = await choose(office, doctor, post)
    await office.open_task("receiving_review", "p-t1-head", case=case)
    assert await take_back(office, post, "take-back-1") == "recorded"
    await office.stands(case, "choosing")
    assert (await line(office, case, "post_closed"))["refs"] == {"post": post, "by_request": "take-back-1"}
    cancelled = await line(office, CYCLE, "post_cancelled", post=post)
    assert (cancelled["actor"], cancelled["refs"]["by_request"]) == ("p-t1-head", "take-back-1")
    letters = [one for one in await office.letters("outcome", what="post_closed") if one.case_id == case]
    assert [(one.person, one.details["by_request"]) for one in letters] == [(doctor, "take-back-1")]


async def test_exc_04_a_person_who_is_correcting_for_the_post_chooses_again_at_once(
    office: Office, posts: Iterator[str], doctor: str
) -> None:
    post = next(posts)
    case = await choose(office, doctor, post)
    await office.answer("sending_review", "p-h1-head", "agree", case=case)
    await office.answer("receiving_review", "p-t1-head", "return", "请补充材料", case=case)
    await office.open_task("correct_application", doctor, case=case)
    await take_back(office, post, "take-back-2")
    await office.stands(case, "choosing")
    correction = select(TaskRow.status).where(TaskRow.case_id == case, TaskRow.name == "correct_application")
    assert await office.rows(correction) == ["withdrawn"]


async def test_exc_04_a_second_click_is_one_request_and_another_hand_may_not_use_its_id(
    office: Office, posts: Iterator[str]
) -> None:
    post = next(posts)
    await take_back(office, post, "take-back-3")
    await office.seen(select(Post).where(Post.id == post, Post.state == "closed"))
    again = await office.applications.cancel_post(post, by="p-t1-head", reason=REASON, request="take-back-3")
    assert again.again
    with pytest.raises(NotForYou):
        await take_back(office, post, "take-back-3", by="p-coordinator")
    with pytest.raises(PostTakenBack):
        await take_back(office, post, "take-back-4")
    kept = select(InboxRow.request).where(InboxRow.message["refs"]["post"].astext == post)
    assert await office.rows(kept.where(InboxRow.message["name"].astext == CANCEL)) == ["take-back-3"]


async def test_exc_04_a_post_is_not_taken_back_without_a_reason(office: Office, posts: Iterator[str]) -> None:
    with pytest.raises(ReasonMissing):
        await office.applications.cancel_post(next(posts), by="p-t1-head", reason=" ", request="take-back-5")
    with pytest.raises(PostUnknown):
        await take_back(office, "post.nowhere", "take-back-6")


async def test_exc_10_a_departure_ends_the_case_frees_the_post_and_leaves_the_batch(
    office: Office, posts: Iterator[str], doctor: str
) -> None:
    post = next(posts)
    case = await matched(office, doctor, post)
    await office.tell_time()
    assert await leave(office, doctor, "leaving-1") == Departure(case, "recorded", again=False)
    await ended_early(office, case)
    assert not await office.rows(select(PostMatch).where(PostMatch.post == post))
    assert not await office.rows(select(BatchItem).where(BatchItem.case_id == case))
    left = await line(office, case, "person_left")
    refs = {"kind": "retired", "on": TODAY.isoformat(), "by_request": "leaving-1"}
    assert (left["actor"], left["refs"]) == ("p-h1-hr", refs)
    letters = [one.person for one in await office.letters("outcome", what="person_left") if one.case_id == case]
    assert letters == ["p-coordinator"]
    assert (await leave(office, doctor, "leaving-1")).again
    with pytest.raises(NoOpenApplication):
        await leave(office, doctor, "leaving-2")


async def test_exc_10_what_hr_explains_stays_in_the_record_and_out_of_the_notice(
    office: Office, posts: Iterator[str], doctor: str
) -> None:
    case = await choose(office, doctor, next(posts))
    await leave(office, doctor, "leaving-3", kind="died", reason="因病去世", by="hr-system")
    await ended_early(office, case)
    (row,) = await office.rows(select(InboxRow).where(InboxRow.request == "leaving-3"))
    assert row.message["refs"] == {"kind": "died", "on": TODAY.isoformat(), "by": "hr-system"}
    assert (row.words, row.person, row.recorded_by) == ("因病去世", None, "hr-system")


@pytest.mark.parametrize(
    ("kind", "on", "field"), [("bored", TODAY, "kind"), ("left", TODAY + timedelta(days=400), "on")]
)
async def test_exc_10_an_unknown_kind_and_a_day_to_come_are_refused_by_field(
    office: Office, doctor: str, *, kind: str, on: date, field: str
) -> None:
    with pytest.raises(FactsRefused) as refused:
        await leave(office, doctor, f"leaving-{kind}", kind, on=on)
    assert [problem.field for problem in refused.value.problems] == [field]


async def test_exc_10_a_departure_needs_a_reason_and_somebody_with_an_open_application(office: Office) -> None:
    with pytest.raises(ReasonMissing):
        await leave(office, "p-t1-hr", "leaving-4", reason="")
    with pytest.raises(PersonUnknown):
        await leave(office, "p-nobody", "leaving-5")
    with pytest.raises(NoOpenApplication):
        await leave(office, "p-t1-hr", "leaving-6")


async def test_a_cycle_that_has_ended_takes_no_post_back_and_says_so(office: Office, posts: Iterator[str]) -> None:
    """The year's last post: when every application has ended the cycle has, too (EXC-02, EXC-04)."""
    running = select(CaseFile).where(CaseFile.lifecycle == "PostingCase", CaseFile.state != "closed")
    for number, case in enumerate(await office.rows(running)):
        await leave(office, str(case.subject), f"leaving-last-{number}")
    await office.seen(select(CaseFile).where(CaseFile.id == CYCLE, CaseFile.state == "closed"))
    post = next(posts)
    with pytest.raises(CycleEnded):
        await take_back(office, post, "take-back-7")
    assert (await PostBoard(office.record, places=Places(office.record, office.clock)).post(post)).cycle_ended
    assert not await office.rows(select(InboxRow).where(InboxRow.request == "take-back-7"))
