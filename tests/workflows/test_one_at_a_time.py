"""What only one transition at a time may look at: who comes second waits for the first, and sees what it has written.

Two last reports, or two last applications, that commit in the same moment would each take the other for missing, and
nobody would tell the cycle; two matches would each open a batch.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import func, select, text

from db.demand import DemandLine
from db.posting import BatchItem, PostMatch
from policies.engine.pack import Pack
from tests.workflows.office import Office
from tests.workflows.year import CYCLE, DEMAND, choose, demanded, matched, posts_published, start_cycle

WAITING = text("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")


@asynccontextmanager
async def held(office: Office, what: str) -> AsyncIterator[None]:
    """Somebody else is looking at this; at the end a transition has come that waits for it."""
    async with office.record.begin() as session:
        await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(what, 0))))
        yield
        await office.seen(WAITING)


async def test_two_last_reports_are_counted_one_after_the_other(office: Office) -> None:
    await start_cycle(office)
    await office.answer("demand_report", "p-t1-hr", "submit", form=demanded())
    await office.open_task("demand_approval", "p-t1-head")
    async with held(office, CYCLE):
        await office.say("demand_approval", "p-t1-head", "approve")
    await office.stands(DEMAND, "reported")
    assert len(await office.rows(select(DemandLine))) == 1


async def test_two_applications_that_end_at_once_are_counted_one_after_the_other(office: Office, dq_a: Pack) -> None:
    (post,) = await posts_published(office, dq_a)
    case = await choose(office, "p-doctor", post)
    async with held(office, CYCLE):
        await office.say("sending_review", "p-h1-head", "reject", "人手不足", case=case)
        await office.stands(case, "choosing")
        await office.say("choose_post", "p-doctor", "decline", "另有安排", case=case)
    assert (await office.stands(case, "declined")).state == "closed"
    assert (await office.stands(CYCLE, "published")).state == "closed"


async def test_two_matches_in_the_same_moment_come_into_one_batch(office: Office, dq_a: Pack) -> None:
    people = ("p-doctor", "p-doctor-2")
    first, second = await posts_published(office, dq_a, posts=2, people=people)
    await matched(office, people[0], first)
    case = await choose(office, people[1], second)
    await office.answer("sending_review", "p-h1-head", "agree", case=case)
    async with held(office, f"batch:{CYCLE}"):
        await office.say("receiving_review", "p-t1-head", "agree", case=case)
    await office.stands(case, "matched")
    assert len(await office.rows(select(PostMatch.post))) == 2
    assert len({item.batch for item in await office.rows(select(BatchItem))}) == 1
