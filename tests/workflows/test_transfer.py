"""A service that goes on at another institution: agreed, filed anew, two segments of one service (EXC-08)."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from db.credit import ServiceCredit
from db.engine.cases import CaseFile, FindingRow
from db.engine.tasks import TaskRow
from db.evaluation import Certificate
from db.term_changes import TermChange
from policies.engine.dates import term_last_day
from policies.engine.pack import Pack
from services.engine.permissions import NotForYou
from services.field_problems import FactsRefused
from services.term_changes import ChangeUnderWay
from tests.builders.county import HOSPITAL, OTHER_TOWNSHIP, TOWNSHIP
from tests.workflows.evaluations import accepted, archived, graded, issued, opined
from tests.workflows.office import Office
from tests.workflows.term_changes import (
    agreed,
    gone_on,
    stood_still,
    transfer_agreed,
    transfer_filed,
    transfer_proposed,
)
from tests.workflows.terms import (
    absent,
    certified,
    checked,
    checked_in,
    confirmed,
    filed_term,
    in_service,
    outcome_of,
    quarters_pass,
    served_besides,
    until_day,
)

NEW = ("p-t2-hr", "p-t2-head")


@pytest.fixture
async def filed(office: Office, dq_a: Pack) -> str:
    return await filed_term(office, dq_a)


@pytest.fixture
async def term(office: Office, filed: str) -> str:
    await in_service(office, filed)
    return filed


async def first_day(office: Office, term: str) -> date:
    return date.fromisoformat((await office.case(term)).facts["planned_start"])


async def clocks(office: Office, term: str) -> dict[str, Any]:
    """The facts of the newest finding of the clocks."""
    rows = select(FindingRow).where(FindingRow.case_id == term, FindingRow.rule == "DQ-3.2.1b")
    await office.seen(rows)
    newest = (await office.rows(rows.order_by(FindingRow.id.desc())))[0]
    facts: dict[str, Any] = newest.finding["inputs"]["facts"]
    return facts


async def test_exc_08_a_transfer_closes_the_segment_with_an_opinion_and_the_months_at_the_site_start_again(
    office: Office, term: str
) -> None:
    began = await first_day(office, term)
    await quarters_pass(office, term, began, until=1)
    following = await gone_on(office, term)
    change = await agreed(office, term)
    assert change.starts_on is not None
    await opined(office, term, "")
    assert await outcome_of(office, term) == "transferred"
    assert not await office.rows(select(TaskRow).where(TaskRow.name == "decide_grade")), "a segment has no grade"
    posting = await office.case((await office.case(term)).facts["posting"])
    assert posting.open_key, "the placement goes on to bind the person"
    assert await in_service(office, following) == change.starts_on
    await quarters_pass(office, following, change.starts_on, until=1)
    here, served = await clocks(office, following), (change.ends_on - began).days + 1 if change.ends_on else 0
    assert (here["site_first_day"], here["before_days"]) == (change.starts_on.isoformat(), served), "said, not lost"
    await until_day(office, term_last_day(change.starts_on, 6) + timedelta(days=1))
    await certified(office, following, "certify")
    await checked_in(office, following, 2)
    await opined(office, following, officers=NEW)
    await graded(office, following, "qualified")
    await accepted(office, following)
    await issued(office, following)
    certificate = await office.seen(select(Certificate))
    assert (certificate.case_id, certificate.first_day) == (following, began), "one service, of all its segments"
    entries = await office.rows(select(ServiceCredit).order_by(ServiceCredit.first_day))
    assert [(one.first_day, one.last_day) for one in entries] == [
        (began, change.ends_on),
        (change.starts_on, certificate.last_day),
    ], "nobody served between the two"
    await archived(office, following)
    assert await outcome_of(office, following) == "archived"
    assert not await office.damage()


async def test_exc_08_where_the_bureau_says_so_the_months_go_on_without_the_days_between(
    office: Office, term: str
) -> None:
    began = await first_day(office, term)
    await quarters_pass(office, term, began, until=1)
    following = await gone_on(office, term, "file_continue")
    change = await agreed(office, term)
    assert change.site_months == "continue"
    await in_service(office, following)
    await until_day(office, term_last_day(began, 6) + timedelta(days=8))
    await certified(office, following, "certify")
    here = await clocks(office, following)
    assert (here["site_first_day"], here["site_paused_days"], here["before_days"]) == (began.isoformat(), 7, 0)


async def test_exc_08_absences_and_accumulated_service_go_with_the_person(office: Office, term: str) -> None:
    for day in (1, 3, 5):
        await until_day(office, await first_day(office, term) + timedelta(days=day))
        await absent(office, term, day=day)
        await confirmed(office, term)
    await checked(office, term, await served_besides(office, term, day=2))
    await office.days_pass(12)
    following = await gone_on(office, term)
    await in_service(office, following)
    assert len((await clocks(office, following))["activities"]) == 1
    rows = select(FindingRow).where(FindingRow.case_id == following, FindingRow.rule == "DQ-3.2.2e")
    found = await office.seen(rows)
    assert found.finding["figures"]["times"] == 3, "what was confirmed there counts here"


@pytest.mark.parametrize("side", ["sending", "receiving", "destination", "person"])
async def test_exc_08_refused_by_any_of_them_the_service_goes_on_where_it_is(
    office: Office, term: str, side: str
) -> None:
    people = {"sending": "p-h1-head", "receiving": "p-t1-head", "destination": "p-t2-head", "person": "p-doctor"}
    await transfer_proposed(office, term)
    await office.answer(f"transfer_{side}", people[side], "refuse_transfer", "不宜变动", case=term)
    await office.seen(select(TermChange).where(TermChange.state == "refused"))
    await office.rests(term)
    assert not await office.rows(select(TaskRow).where(TaskRow.name.like("transfer%"), TaskRow.status == "open"))
    await office.days_pass(15)
    await office.stands(term, "in_service")


async def test_exc_08_the_filing_is_the_last_day_where_the_proposed_one_has_passed(office: Office, term: str) -> None:
    await transfer_proposed(office, term, days=3)
    await transfer_agreed(office, term)
    change = await office.seen(select(TermChange).where(TermChange.case_id == term))
    days = {
        "last_day": change.last_day.isoformat(),
        "starts_on": (change.last_day + timedelta(days=1)).isoformat(),
    }
    await office.answer("transfer_days", "p-coordinator", "set_transfer_days", form=days, case=term)
    await office.days_pass(20)
    for officer in ("p-bureau-officer", "p-bureau-deputy"):
        await office.answer("transfer_filing", officer, "file_restart", case=term)
    change = await agreed(office, term)
    assert change.ends_on is not None
    assert change.ends_on > change.last_day, "until then the service went on"
    assert change.starts_on == change.ends_on + timedelta(days=1)


async def test_exc_08_nobody_proposes_it_who_may_not_and_nothing_that_cannot_be(office: Office, term: str) -> None:
    for person in ("p-t2-hr", "p-doctor"):
        with pytest.raises(NotForYou):
            await transfer_proposed(office, term, person)
    for nowhere in (TOWNSHIP, HOSPITAL, "nowhere"):
        with pytest.raises(FactsRefused) as refused:
            await transfer_proposed(office, term, days=-1, to=nowhere, words=" ")
        assert [problem.field for problem in refused.value.problems] == ["destination", "last_day", "words"]
    await transfer_proposed(office, term)
    with pytest.raises(ChangeUnderWay):
        await transfer_proposed(office, term, to=OTHER_TOWNSHIP)
    await transfer_agreed(office, term)
    today = office.clock.now().date().isoformat()
    form = {"last_day": today, "starts_on": today}
    with pytest.raises(FactsRefused):
        await office.answer("transfer_days", "p-coordinator", "set_transfer_days", form=form, case=term)


async def test_exc_08_a_person_who_leaves_before_the_last_day_ends_the_term_and_nothing_goes_on(
    office: Office, term: str
) -> None:
    await transfer_proposed(office, term)
    await transfer_filed(office, term)
    await office.notify(term, "person_left", kind="resigned", on="2027-01-01", by="p-h1-hr")
    await office.answer("credit_of_partial_term", "p-coordinator", "not_count", "时间过短", case=term)
    assert await outcome_of(office, term) == "ended_early"
    assert await office.rows(select(TermChange.state)) == ["moot"]
    assert len(await office.rows(select(CaseFile).where(CaseFile.lifecycle == "ServiceTerm"))) == 1


async def test_exc_08_a_person_who_leaves_before_the_next_first_day_has_what_was_served_decided(
    office: Office, term: str
) -> None:
    began = await first_day(office, term)
    following = await gone_on(office, term)
    change = await agreed(office, term)
    await office.notify(following, "person_left", kind="resigned", on="2027-01-01", by="p-h1-hr")
    await office.answer("credit_of_partial_term", "p-coordinator", "count_partial", "按实际天数", case=following)
    assert await outcome_of(office, following) == "ended_early"
    (credit,) = await office.rows(select(ServiceCredit))
    assert (credit.first_day, credit.last_day) == (began, change.ends_on)
    posting = await office.case((await office.case(term)).facts["posting"])
    assert posting.open_key is None
    await opined(office, term, "")
    assert await outcome_of(office, term) == "transferred"


async def test_exc_08_before_the_first_day_a_transfer_needs_no_opinion(office: Office, filed: str) -> None:
    following = await gone_on(office, filed, days=0)
    assert await outcome_of(office, filed) == "transferred"
    await in_service(office, following)
    assert not await office.rows(select(TaskRow).where(TaskRow.name == "term_opinion"))


async def test_exc_08_who_stands_still_is_not_sent_elsewhere_meanwhile(office: Office, term: str) -> None:
    await transfer_proposed(office, term, days=5)
    await transfer_filed(office, term)
    await stood_still(office, term, "suspension")
    await office.days_pass(10)
    await office.stands(term, "suspended")
    assert len(await office.rows(select(CaseFile).where(CaseFile.lifecycle == "ServiceTerm"))) == 1
