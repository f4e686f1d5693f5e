"""Years of talent funds and requests for them over the API: facts in, a case out, never an amount (OT-5a, OT-7.2)."""

import pytest
from sqlalchemy import select

from db.engine.cases import CaseFile
from tests.api.conftest import Town
from tests.builders.banner import COMMISSION, EMPLOYER, settle_banner
from tests.workflows import fund_payments as pay
from tests.workflows import fund_years as funds
from tests.workflows.office import Office


@pytest.fixture
async def banner(office: Office) -> Office:
    await settle_banner(office.record)
    await office.tell_time()
    return office


async def test_exc14_a_year_that_is_begun_twice_is_one_case_and_carries_facts_only(
    banner: Office, busy_town: Town
) -> None:
    program = await busy_town.program("cases:start")
    year = banner.clock.instant.year
    body = {"commission": COMMISSION, "year": year}
    keyed = {**program, "Idempotency-Key": "year-1"}
    first = await busy_town.http.post("/fund-years", json=body, headers=keyed)
    again = await busy_town.http.post("/fund-years", json=body, headers=keyed)
    unkeyed = await busy_town.http.post("/fund-years", json=body, headers=program)
    assert (first.status_code, unkeyed.status_code) == (201, 200)
    assert (again.json(), again.headers["Idempotent-Replayed"]) == (first.json(), "true")
    assert first.json()["case_id"] == unkeyed.json()["case_id"] == f"funds.ot-a.{COMMISSION}.{year}"
    amounts = await busy_town.http.post("/fund-years", json={**body, "hospital_1": "100"}, headers=program)
    assert (amounts.status_code, amounts.json()["errors"][0]["code"]) == (422, "field_unknown")
    assert amounts.headers["content-type"] == "application/problem+json"
    far = await busy_town.http.post("/fund-years", json={**body, "year": year + 30}, headers=program)
    assert (far.status_code, far.json()["errors"][0]["code"]) == (422, "year_far")
    assert len(await banner.rows(select(CaseFile).where(CaseFile.lifecycle == "FundYear"))) == 1


async def test_a_request_is_begun_once_under_its_number_and_only_while_the_year_has_funds(
    banner: Office, busy_town: Town
) -> None:
    program = await busy_town.program("cases:start")
    contract = await pay.contracted(banner, "30")
    body = {"kind": "reward", "employer": EMPLOYER, "contract": contract, "number": "2040-1"}
    early = await busy_town.http.post("/fund-payments", json=body, headers=program)
    assert (early.status_code, early.json()["code"]) == (409, "funds_not_open")
    await funds.funded(banner)
    first = await busy_town.http.post("/fund-payments", json=body, headers=program)
    again = await busy_town.http.post("/fund-payments", json=body, headers=program)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["case_id"] == again.json()["case_id"]
    for wrong, field in (({"kind": "building"}, "kind"), ({"contract": None}, "contract"), ({"yuan": "9"}, "yuan")):
        refused = await busy_town.http.post("/fund-payments", json={**body, "number": "2", **wrong}, headers=program)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, field)
    task = await banner.open_task("fund_request", "o-h1-hr", case=first.json()["case_id"])
    assert set(task.choices) == {"request_funds", "give_up"}


async def test_who_may_begin_funds_by_the_api(banner: Office, busy_town: Town) -> None:
    """A person needs the right at the institution; a program the scope, and it decides nothing."""
    year = {"commission": COMMISSION, "year": banner.clock.instant.year}
    asked = {"kind": "petition", "employer": EMPLOYER}
    scopeless = await busy_town.program("facts:write")
    for path, body in (("/fund-years", year), ("/fund-payments", asked)):
        assert (await busy_town.http.post(path, json=body, headers=scopeless)).status_code == 403
    for person, status in (("o-h1-hr", 403), ("o-finance", 403), ("o-monitor", 403), ("o-officer", 201)):
        answer = await busy_town.http.post("/fund-years", json=year, headers=await busy_town.person(person))
        assert answer.status_code == status, person
    for person, status in (("o-h2-hr", 403), ("o-officer", 403), ("o-expert", 403), ("o-h1-leader", 201)):
        answer = await busy_town.http.post("/fund-payments", json=asked, headers=await busy_town.person(person))
        assert answer.status_code == status, person
