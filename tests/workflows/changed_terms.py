"""Terms that change on their way: what their histories are recorded of."""

from datetime import timedelta

from policies.engine.pack import Pack
from tests.workflows.evaluations import opined
from tests.workflows.office import Office
from tests.workflows.term_changes import agreed, end_answered, end_proposed, gone_on, resumed, stood_still
from tests.workflows.terms import filed_term, in_service, outcome_of, until_day


async def live_through_changes(office: Office, pack: Pack) -> None:
    """Suspended until people resume it, days of force majeure, a proposal refused and another one agreed to."""
    term = await filed_term(office, pack)
    await in_service(office, term)
    standstill = await stood_still(office, term, "suspension")
    await office.answer("review_standstill", "p-coordinator", "still_stands", "尚不具备条件", case=term)
    await resumed(office, term, standstill, days=2)
    await office.days_pass(2)
    await office.stands(term, "in_service")
    await stood_still(office, term, "force_majeure", since=1, days=2)
    await office.days_pass(4)
    await end_proposed(office, term, "p-t1-hr", "by_receiving")
    await end_answered(office, term, "sending", "refuse_end")
    await office.rests(term)
    await end_proposed(office, term, "p-doctor", "by_person", days=3)
    for side in ("sending", "receiving"):
        await end_answered(office, term, side)
    for officer in ("p-bureau-officer", "p-bureau-deputy"):
        await end_answered(office, term, "bureau", by=officer)
    change = await agreed(office, term)
    await until_day(office, change.last_day + timedelta(days=1))
    await opined(office, term, "")
    await office.answer("credit_of_partial_term", "p-coordinator", "count_partial", "按实际天数", case=term)
    assert await outcome_of(office, term) == "ended_early"


async def live_through_a_transfer(office: Office, pack: Pack) -> None:
    """A term that goes on at another institution (EXC-08)."""
    term = await filed_term(office, pack)
    await in_service(office, term)
    await gone_on(office, term)
    await opined(office, term, "")
    assert await outcome_of(office, term) == "transferred"
