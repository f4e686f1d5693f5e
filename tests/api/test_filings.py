"""Starting an assessment method over the API, and asking whether one is in force (DQ-3.3.2a)."""

import pytest

from tests.api.conftest import Town
from tests.builders.county import BUREAU, FINANCE, GROUP, HRSS, INSURANCE, settle_bureaus

METHOD = {"group": GROUP, "programme": "county_hired_township_used", "version": 1}
ASKED = {"group": GROUP, "programme": "county_hired_township_used"}


async def test_exc_14_a_version_is_started_once(town: Town) -> None:
    await settle_bureaus(town.record)
    headers = await town.program()

    first = await town.http.post("/assessment-methods", json=METHOD, headers=headers)
    again = await town.http.post("/assessment-methods", json=METHOD, headers=headers)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["case_id"] == again.json()["case_id"] == f"method.dq-a.{GROUP}.sent-down.1"


async def test_a_second_version_waits_for_the_end_of_the_first(town: Town) -> None:
    await settle_bureaus(town.record)
    headers = await town.program()
    await town.http.post("/assessment-methods", json=METHOD, headers=headers)

    refused = await town.http.post("/assessment-methods", json={**METHOD, "version": 2}, headers=headers)

    assert (refused.status_code, refused.json()["code"]) == (409, "method_under_way")
    assert refused.json()["facts"]["case"] == f"method.dq-a.{GROUP}.sent-down.1"


async def test_a_start_names_the_bureaus_that_nobody_has_registered(town: Town) -> None:
    refused = await town.http.post("/assessment-methods", json=METHOD, headers=await town.program())

    assert refused.status_code == 422
    assert {each["field"] for each in refused.json()["errors"]} == {"hrss_bureau", "finance_bureau", "insurance_bureau"}


@pytest.mark.parametrize("field", ["approved", "decision", "outcome"])
async def test_as115_a_start_carries_facts_only(town: Town, field: str) -> None:
    refused = await town.http.post("/assessment-methods", json={**METHOD, field: True}, headers=await town.program())

    assert (refused.status_code, refused.json()["code"]) == (422, "facts_only")


async def test_a_person_starts_only_for_a_group_in_reach(town: Town) -> None:
    await settle_bureaus(town.record)
    coordinator, officer = await town.person("p-coordinator"), await town.person("p-finance")

    allowed = await town.http.post("/assessment-methods", json=METHOD, headers=coordinator)
    elsewhere = await town.http.post("/assessment-methods", json={**METHOD, "group": "dq-jt2"}, headers=coordinator)
    not_at_all = await town.http.post("/assessment-methods", json=METHOD, headers=officer)

    assert allowed.status_code == 201
    assert [each.json()["code"] for each in (elsewhere, not_at_all)] == ["scope_missing"] * 2


async def test_as_27_a_program_learns_what_is_in_force_and_who_is_missing(busy_town: Town) -> None:
    await settle_bureaus(busy_town.record)
    headers = await busy_town.program()
    nothing = await busy_town.http.get("/assessment-methods", params=ASKED, headers=headers)
    case = (await busy_town.http.post("/assessment-methods", json=METHOD, headers=headers)).json()["case_id"]

    under_way = await busy_town.http.get("/assessment-methods", params=ASKED, headers=headers)

    assert nothing.json() == {"in_force": None, "under_way": None, "missing": []}
    assert under_way.json() == {"in_force": None, "under_way": case, "missing": [BUREAU, HRSS, FINANCE, INSURANCE]}
