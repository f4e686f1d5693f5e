"""A filed term that ends early: proposed by a side or the person, decided by both institutions (EXC-07, DEF-14)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from db.credit import ServiceCredit
from db.engine.cases import FindingRow
from db.engine.tasks import SeatRow, TaskRow
from db.term_changes import TermChange
from policies.engine.dates import term_last_day
from policies.engine.pack import Pack
from services.engine.permissions import NotForYou
from services.field_problems import FactsRefused
from services.term_changes import ChangeUnderWay
from tests.workflows.evaluations import opined
from tests.workflows.office import Office
from tests.workflows.term_changes import agreed, end_agreed, end_answered, end_proposed
from tests.workflows.terms import (
    absent,
    certified,
    checked_in,
    confirmed,
    filed_term,
    in_service,
    outcome_of,
    quarters_pass,
    until_day,
)


@pytest.fixture
async def filed(office: Office, dq_a: Pack) -> str:
    return await filed_term(office, dq_a)


@pytest.fixture
async def term(office: Office, filed: str) -> str:
    await in_service(office, filed)
    return filed


async def told(office: Office, what: str) -> set[str]:
    return {str(letter.person) for letter in await office.letters("outcome", what=what)}


async def seated(office: Office, task: str) -> set[str]:
    rows = select(SeatRow.person).join(TaskRow, TaskRow.id == SeatRow.task_id).where(TaskRow.name == task, SeatRow.open)
    await office.seen(rows)
    return set(await office.rows(rows))


async def test_exc_07_a_recall_that_both_institutions_agree_to_ends_the_term_on_its_day_and_people_decide_the_credit(
    office: Office, term: str
) -> None:
    await end_proposed(office, term, "p-h1-hr", "recall", days=10)
    change = await end_agreed(office, term)
    await office.rests(term)
    assert await told(office, "early_end_agreed") == {
        "p-doctor", "p-h1-hr", "p-t1-hr", "p-coordinator", "p-bureau-officer",
    }  # fmt: skip
    await until_day(office, change.last_day)
    await office.stands(term, "in_service")
    await until_day(office, change.last_day + timedelta(days=1))
    await office.stands(term, "under_evaluation")
    await opined(office, term, "")
    await office.answer("credit_of_partial_term", "p-coordinator", "count_partial", "按实际天数", case=term)
    assert await outcome_of(office, term) == "ended_early"
    clocks = select(FindingRow).where(FindingRow.case_id == term, FindingRow.rule == "DQ-3.2.1b")
    last = (await office.rows(clocks.order_by(FindingRow.id.desc())))[0]
    assert change.last_day.isoformat() in str(last.finding), "no day is counted after the last one"
    (credit,) = await office.rows(select(ServiceCredit))
    assert (credit.last_day, credit.verdict, credit.confirmed_by) == (change.last_day, "counted", "p-coordinator")
    posting = await office.case((await office.case(term)).facts["posting"])
    assert posting.open_key is None
    assert not await office.rows(select(TaskRow).where(TaskRow.name == "decide_grade")), "a part of a term has no grade"
    assert not await office.damage()


async def test_exc_07_refused_by_one_side_the_term_goes_on_and_who_proposed_it_is_told(
    office: Office, term: str
) -> None:
    await end_proposed(office, term, "p-t1-hr", "by_receiving")
    await end_answered(office, term, "sending", "refuse_end")
    await office.seen(select(TermChange).where(TermChange.state == "refused"))
    await office.rests(term)
    assert await told(office, "early_end_refused") == {"p-doctor", "p-t1-hr"}
    assert await office.rows(select(TaskRow.status).where(TaskRow.name == "early_end_receiving")) == ["withdrawn"]
    await office.days_pass(20)
    await office.stands(term, "in_service")
    await end_proposed(office, term, "p-t1-hr", "by_receiving")


async def test_exc_07_a_head_who_proposed_it_does_not_decide_it_for_their_own_side(office: Office, term: str) -> None:
    """DEF-12: another person of that side decides; where there is none, the leader in charge of the bureau."""
    await end_proposed(office, term, "p-h1-head", "recall")
    assert "p-h1-head" not in await seated(office, "early_end_sending")
    assert await seated(office, "early_end_receiving") == {"p-t1-head"}


async def test_def_14_a_persons_own_wish_needs_the_consent_of_the_bureau_too(office: Office, term: str) -> None:
    await end_proposed(office, term, "p-doctor", "by_person", days=3)
    for side in ("sending", "receiving"):
        await end_answered(office, term, side)
    await end_answered(office, term, "bureau", by="p-bureau-officer")
    await office.days_pass(5)
    await office.stands(term, "in_service")
    await end_answered(office, term, "bureau", by="p-bureau-deputy")
    change = await agreed(office, term)
    assert change.ends_on is not None
    assert change.ends_on > change.last_day, "nobody serves to a day that had passed when all agreed"
    await until_day(office, change.ends_on + timedelta(days=1))
    await opined(office, term, "")
    await office.open_task("credit_of_partial_term", "p-coordinator", case=term)


async def test_def_14_a_bureau_that_does_not_consent_leaves_the_person_in_service(office: Office, term: str) -> None:
    await end_proposed(office, term, "p-doctor", "by_person", days=3)
    for side in ("sending", "receiving"):
        await end_answered(office, term, side)
    for officer in ("p-bureau-officer", "p-bureau-deputy"):
        await end_answered(office, term, "bureau", "refuse_end", by=officer)
    await office.seen(select(TermChange).where(TermChange.state == "refused"))
    await office.days_pass(5)
    await office.stands(term, "in_service")


async def test_def_14_before_the_first_day_an_agreed_end_needs_no_decision_about_credit(
    office: Office, filed: str
) -> None:
    """EXC-04: a post that is taken back after the filing is an early end."""
    await end_proposed(office, filed, "p-t1-head", "post_cancelled", days=0)
    await end_answered(office, filed, "sending")
    deputy = next(iter(await seated(office, "early_end_receiving")))
    await end_answered(office, filed, "receiving", by=deputy)
    await office.days_pass(1)
    assert await outcome_of(office, filed) == "ended_early"
    assert not await office.rows(select(TaskRow).where(TaskRow.name == "credit_of_partial_term"))


async def test_exc_07_what_is_asked_about_an_absence_is_answered_before_the_term_ends(
    office: Office, term: str
) -> None:
    await absent(office, term, day=1)
    await end_proposed(office, term, "p-t1-hr", "agreement", days=1)
    change = await end_agreed(office, term)
    await until_day(office, change.last_day + timedelta(days=2))
    await office.stands(term, "in_service")
    await confirmed(office, term)
    await office.days_pass(12)
    await opined(office, term, "")
    await office.open_task("credit_of_partial_term", "p-coordinator", case=term)


async def test_exc_07_one_proposal_at_a_time_and_none_that_the_reader_may_not_make(office: Office, term: str) -> None:
    for person, occasion in (("p-t1-hr", "recall"), ("p-h1-hr", "by_person"), ("p-t2-hr", "by_receiving")):
        with pytest.raises(NotForYou):
            await end_proposed(office, term, person, occasion)
    with pytest.raises(FactsRefused) as refused:
        await end_proposed(office, term, "p-t1-hr", "by_receiving", days=-1, words=" ")
    assert [problem.field for problem in refused.value.problems] == ["last_day", "words"]
    first = await end_proposed(office, term, "p-t1-hr", "by_receiving", request="r" * 32)
    again = await end_proposed(office, term, "p-t1-hr", "by_receiving", request="r" * 32)
    assert (first.again, again.again) == (False, True)
    with pytest.raises(ChangeUnderWay):
        await end_proposed(office, term, "p-h1-hr", "recall")


async def test_a_certified_term_drops_what_was_proposed_and_says_so(office: Office, term: str) -> None:
    first_day = date.fromisoformat((await office.case(term)).facts["planned_start"])
    await quarters_pass(office, term, first_day, until=1)
    await until_day(office, term_last_day(first_day, 6) + timedelta(days=1))
    await end_proposed(office, term, "p-h1-hr", "recall", days=60)
    await certified(office, term, "certify")
    await office.seen(select(TermChange).where(TermChange.state == "moot"))
    await office.rests(term)
    assert await told(office, "change_dropped") == {"p-doctor", "p-h1-hr"}
    await checked_in(office, term, 2)
    await office.stands(term, "under_evaluation")


async def test_exc_10_what_was_proposed_falls_with_a_departure(office: Office, term: str) -> None:
    await end_proposed(office, term, "p-t1-hr", "by_receiving")
    await office.notify(term, "person_left", kind="resigned", on="2041-01-02", by="p-h1-hr")
    await office.answer("credit_of_partial_term", "p-coordinator", "not_count", "时间过短", case=term)
    assert await outcome_of(office, term) == "ended_early"
    assert await office.rows(select(TermChange.state)) == ["moot"], "nobody decides about it any more"
    assert not await office.damage()
