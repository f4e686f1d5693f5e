"""From demand report to filed placement."""

from tests.workflows.year import CYCLE, FIRST_BATCH, decide_batch, matched, posts_published, submit


async def test_from_the_demand_report_to_the_filed_placement(office, dq_a):
    (post,) = await posts_published(office, dq_a)
    case = await matched(office, "p-doctor", post)
    await submit(office, case)
    await office.stands(case, "submitted_for_filing")
    await decide_batch(office, {case: "file"})
    filed = await office.stands(case, "filed")
    assert (filed.outcome, filed.state, filed.open_key) == ("filed", "closed", "county_hired_township_used:p-doctor")
    assert (await office.stands(CYCLE, "published")).state == "closed"
    assert (await office.stands(FIRST_BATCH, "filed")).state == "closed"
    assert not await office.damage()
