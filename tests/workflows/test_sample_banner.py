"""The sample banner fits the plan, and its contracts stand where the guide says, on whatever day it is planted."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from activities.talent_funds import PLACES, funded_hospitals
from cli.sample_banner import COMMISSION, FIRST, SECOND, THIRD, banner_institutions, banner_people
from cli.sample_contracts import (
    ASSESSED,
    ENDING,
    HOURS_A_WEEK,
    OFFICER,
    RECRUITED,
    RUNNING,
    WARNED,
    WELL,
    Sample,
    draft_of,
    running_sheet,
    sessions_of,
    worked_weeks,
)
from db.engine.people import Institution, Person, RoleHolding
from policies.engine.calendar import CHINA
from policies.talent.working_time import Worked, WorkingTimeFacts, contradicts, measured, warning_of
from services.county_words import INSTITUTION_KINDS
from services.forms.talent import schedule_facts
from tests.workflows import running_contracts as running
from tests.workflows.contract_ends import banner_pack
from tests.workflows.office import Office

DAYS = [date(2026, 11, 22), date(2027, 1, 1), date(2028, 2, 29), date(2028, 7, 3)]


def test_every_body_is_of_a_known_kind_and_every_person_is_at_one() -> None:
    codes = {one["code"] for one in banner_institutions()}
    assert {one["kind"] for one in banner_institutions()} <= set(INSTITUTION_KINDS)
    assert {one["institution"] for one in banner_people()} <= codes
    assert {one.expert for one in (*RUNNING, *RECRUITED)} < {one["id"] for one in banner_people()}


async def test_the_plan_finds_its_three_hospitals_though_their_names_say_that_they_are_samples(office: Office) -> None:
    pack = await banner_pack(office)
    async with office.record.begin() as session:
        for one in banner_institutions():
            session.add(Institution(**one))
            await session.flush()
        found = await funded_hospitals(session, COMMISSION, pack)
    assert found == dict(zip(PLACES, (FIRST, SECOND, THIRD), strict=True))


def so_far(one: Sample, today: date) -> WorkingTimeFacts:
    """What the contract's page computes with on a day: all that has been worked to the end of the day before."""
    rows = sessions_of(one, today)
    assert all(one.since(today) <= date.fromisoformat(row["day"]) < today for row in rows)
    worked = sum((Decimal(row["units"]) for row in rows), Decimal(0))
    worked += HOURS_A_WEEK * len(worked_weeks(one, 0, one.stated or 0))
    drafted = schedule_facts(draft_of(one, today))
    return replace(drafted, until=today - timedelta(days=1), worked=(Worked("clinic", worked),))


@pytest.mark.parametrize("today", DAYS)
async def test_one_is_well_above_two_are_warned_of_and_none_is_below_the_line(office: Office, today: date) -> None:
    pack = await banner_pack(office)
    assert not any(contradicts(so_far(one, today)) for one in RUNNING)
    raw = {one.number: measured(so_far(one, today), pack).raw or 0 for one in RUNNING}
    assert raw[WELL.number] > 90
    assert raw[ASSESSED.number] > 90
    for one in (WARNED, ENDING):
        assert 70 < raw[one.number] < 80
        assert warning_of(Fraction(raw[one.number]), pack) == "working_time_warning_second"


async def test_the_sheet_of_running_contracts_is_taken_whole(office: Office) -> None:
    await banner_pack(office)
    async with office.record.begin() as session:
        for one in banner_institutions():
            session.add(Institution(**one))
            await session.flush()
        for one in banner_people():
            session.add(Person(**{name: value for name, value in one.items() if name != "roles"}))
        await session.flush()
        session.add(RoleHolding(person=OFFICER, role="R-23", institution=COMMISSION, held_from=date(2024, 1, 1)))
    viewer = await running.viewer(office, OFFICER)
    today = office.clock.now().astimezone(CHINA).date()
    seen = await running.desk(office).look(viewer, running_sheet(today))
    results = [(row.result.outcome, row.result.problems) for row in seen.imported.rows]
    assert results == [("created", ())] * len(RUNNING)
