"""Accumulated service: recorded, confirmed by the receiving side, never credited twice (DQ-3.2.1b, DEF-22; F-14)."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from db.engine.cases import FindingRow
from db.engine.packs import shelve
from db.engine.tasks import SeatRow, TaskRow
from db.service import ServiceActivity
from policies.engine.dates import term_last_day
from policies.engine.pack import Pack, parse_pack
from services.absences import NotInService
from services.field_problems import FactsRefused
from tests.builders.county import TOWNSHIP, appoint
from tests.workflows.office import Office
from tests.workflows.terms import (
    certified,
    checked,
    filed_term,
    in_service,
    quarters_pass,
    served_besides,
    started_on,
    until_day,
)


@pytest.fixture
async def term(office: Office, dq_a: Pack) -> str:
    """A term in service since three weeks."""
    term = await filed_term(office, dq_a)
    first_day = await in_service(office, term)
    await until_day(office, first_day + timedelta(days=21))
    return term


async def rows(office: Office) -> list[ServiceActivity]:
    return list(await office.rows(select(ServiceActivity).order_by(ServiceActivity.id)))


async def settled(office: Office, activity: str, state: str) -> ServiceActivity:
    found: ServiceActivity = await office.seen(
        select(ServiceActivity).where(ServiceActivity.id == activity, ServiceActivity.state == state)
    )
    return found


async def newest_finding(office: Office, term: str) -> FindingRow:
    found = select(FindingRow).where(FindingRow.case_id == term, FindingRow.rule == "DQ-3.2.1b")
    row: FindingRow = (await office.rows(found.order_by(FindingRow.id.desc())))[0]
    return row


async def test_only_confirmed_activities_are_counted_and_people_certify_them(office: Office, term: str) -> None:
    first_day = await started_on(office)
    whole = await served_besides(office, term, day=2, part="day")
    await checked(office, term, whole)
    await settled(office, whole, "confirmed")
    dismissed = await served_besides(office, term, day=3)
    await checked(office, term, dismissed, "dismiss_activity")
    await settled(office, dismissed, "dismissed")
    await quarters_pass(office, term, first_day, until=2)
    await office.open_task("certify_term", "p-t1-hr", case=term)
    found = await newest_finding(office, term)
    assert (found.outcome, found.finding["figures"]) == (None, {"half_days": 2})
    await certified(office, term, "certify")
    await office.stands(term, "under_evaluation")
    assert (await newest_finding(office, term)).finding["figures"] == {"half_days": 2}
    assert [letter.person for letter in await office.letters("outcome", what="activity_dismissed")] == ["p-doctor"]
    assert not await office.damage()


async def test_as_18_accumulated_service_certified_as_not_enough_keeps_the_term_open_with_its_activities(
    office: Office, term: str
) -> None:
    await checked(office, term, await served_besides(office, term, day=2))
    await quarters_pass(office, term, await started_on(office), until=2)
    await certified(office, term, "not_met", "累计不足")
    await office.stands(term, "in_service")
    assert not await office.open_tasks("certify_term")


async def test_another_form_counts_only_when_the_group_has_approved_it(office: Office, term: str) -> None:
    approved = await served_besides(office, term, day=2, form="other", other_form="线上讲座")
    await checked(office, term, approved)
    await office.answer("approve_activity_form", "p-coordinator", "approve_form", "集团同意", case=term)
    assert (await settled(office, approved, "confirmed")).group_approved is True
    refused = await served_besides(office, term, day=3, form="other", other_form="参观学习")
    await checked(office, term, refused)
    await office.answer("approve_activity_form", "p-coordinator", "refuse_form", "不属服务", case=term)
    assert (await settled(office, refused, "dismissed")).group_approved is False
    await quarters_pass(office, term, await started_on(office), until=2)
    await office.open_task("certify_term", "p-t1-hr", case=term)
    assert (await newest_finding(office, term)).finding["figures"] == {"half_days": 1}


async def test_one_half_day_is_never_credited_twice_whatever_it_is_called(office: Office, term: str) -> None:
    await served_besides(office, term, day=2, part="morning")
    with pytest.raises(FactsRefused) as refused:
        await served_besides(office, term, day=2, part="morning", form="教学")
    assert [(one.field, one.code) for one in refused.value.problems] == [("part", "activity_known")]
    await served_besides(office, term, day=2, part="night")
    with pytest.raises(FactsRefused) as refused:
        await served_besides(office, term, day=2, part="afternoon")
    assert [(one.field, one.code) for one in refused.value.problems] == [("part", "half_days_over")]
    first, _ = await rows(office)
    await checked(office, term, first.id, "dismiss_activity")
    await settled(office, first.id, "dismissed")
    await served_besides(office, term, day=2, part="afternoon")
    assert len(await rows(office)) == 3


async def test_what_cannot_be_is_refused_and_a_repeated_click_is_one_activity(office: Office, term: str) -> None:
    wrong = (
        ({"day": 40}, "day", "date_future"),
        ({"day": 0}, "day", "activity_early"),
        ({"day": 2, "form": "讲座"}, "form", "choice_unknown"),
        ({"day": 2, "form": "other"}, "other_form", "missing"),
    )
    for more, field, code in wrong:
        with pytest.raises(FactsRefused) as refused:
            await served_besides(office, term, **more)
        assert [(one.field, one.code) for one in refused.value.problems] == [(field, code)]
    with pytest.raises(NotInService):
        await served_besides(office, "term.dq-a.2040.99.1", day=2, by="p-doctor")
    for _ in range(2):
        await served_besides(office, term, day=2, request="v" * 32)
    assert len(await rows(office)) == 1


async def test_nobody_confirms_what_they_have_recorded(office: Office, term: str) -> None:
    await appoint(office.record, "p-t1-hr", "R-06", TOWNSHIP)
    await appoint(office.record, "p-t1-head", "R-06", TOWNSHIP)
    await served_besides(office, term, day=2, by="p-t1-hr")
    task = await office.open_task("confirm_activity", "p-t1-head", case=term)
    assert await office.rows(select(SeatRow.person).where(SeatRow.task_id == task.id, SeatRow.open)) == ["p-t1-head"]


async def test_a_certified_term_waits_for_an_activity_that_is_still_being_checked(office: Office, term: str) -> None:
    first_day = await started_on(office)
    await quarters_pass(office, term, first_day, until=2)
    await until_day(office, term_last_day(first_day, 6) + timedelta(days=2))
    activity = await served_besides(office, term, day=100)
    await certified(office, term, "certify")
    await office.seen(select(FindingRow).where(FindingRow.case_id == term, FindingRow.outcome == "met"))
    await office.rests(term)
    assert (await office.case(term)).stage == "in_service"
    await checked(office, term, activity)
    await office.stands(term, "under_evaluation")


async def test_an_activity_that_was_altered_beside_its_file_is_found(office: Office, term: str) -> None:
    activity = await served_besides(office, term, day=2)
    await checked(office, term, activity)
    await settled(office, activity, "confirmed")
    assert not await office.damage()
    async with office.record.begin() as session:
        await session.execute(text("UPDATE service_activity SET half_days = 2"))
    assert [(one.what, one.how) for one in await office.damage()] == [("activity", "altered")]


async def test_the_group_is_not_asked_of_a_form_that_nobody_has_confirmed(office: Office, term: str) -> None:
    activity = await served_besides(office, term, day=2, form="other", other_form="线上讲座")
    await checked(office, term, activity, "dismiss_activity")
    await settled(office, activity, "dismissed")
    asked = select(TaskRow.id).where(TaskRow.name == "approve_activity_form")
    assert not await office.rows(asked)


async def test_def_22_once_the_bureau_has_confirmed_a_number_the_missing_half_day_is_awaited_and_not_certified(
    office: Office, dq_a: Pack
) -> None:
    await with_conversion(office, dq_a, days=1)
    term = await filed_term(office, dq_a)
    first_day = await in_service(office, term)
    await checked(office, term, await served_besides(office, term, day=1))
    await quarters_pass(office, term, first_day, until=2)
    await until_day(office, term_last_day(first_day, 6) + timedelta(days=12))
    assert not await office.open_tasks("certify_term")
    looks = select(FindingRow.outcome).where(FindingRow.case_id == term, FindingRow.rule == "DQ-3.2.1b")
    assert await office.rows(looks) == ["not_met", "not_met"]
    await checked(office, term, await served_besides(office, term, day=150))
    await office.open_task("certify_term", "p-t1-hr", case=term)
    assert await office.rows(looks.order_by(FindingRow.id)) == ["not_met", "not_met", "met"]


async def with_conversion(office: Office, pack: Pack, *, days: int) -> None:
    """A later version of the pack in which the bureau has confirmed that so many days are six months."""
    head, name, tail = pack.text.partition("[parameters.accumulated_days_for_six_months]")
    changed = tail.replace("value = 124", f"value = {days}", 1).replace("active = false", "active = true", 1)
    later = parse_pack(head.replace(pack.version, f"{pack.version}-b") + name + changed, file="dq-a.toml")
    async with office.record.begin() as session:
        await shelve(session, later, office.clock)
