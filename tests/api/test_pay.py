"""Starting a pay total over the API, and asking how it stands (DQ-3.4.2a)."""

import pytest

from tests.api.conftest import Town
from tests.builders.county import GROUP, settle_bureaus
from tests.conftest import MONDAY

WANTED: dict[str, str | int] = {"group": GROUP, "year": MONDAY.year}


async def test_exc_14_a_total_is_started_once_and_nothing_is_approved_by_that(town: Town) -> None:
    await settle_bureaus(town.record)
    headers, total = await town.program(), WANTED

    nothing = await town.http.get("/pay-totals", params=total, headers=headers)
    first = await town.http.post("/pay-totals", json=total, headers=headers)
    again = await town.http.post("/pay-totals", json=total, headers=headers)
    stands = await town.http.get("/pay-totals", params=total, headers=headers)

    assert (nothing.status_code, first.status_code, again.status_code) == (404, 201, 200)
    assert first.json()["case_id"] == again.json()["case_id"] == f"pay.dq-a.{GROUP}.{total['year']}"
    body = stands.json()
    assert (body["approved"], body["paid"], body["waiting"], body["left"]) == (None, "0", "0", None)


@pytest.mark.parametrize("field", ["approved", "total", "yuan"])
async def test_as115_a_start_carries_facts_only(town: Town, field: str) -> None:
    refused = await town.http.post("/pay-totals", json={**WANTED, field: 1}, headers=await town.program())

    assert refused.status_code == 422


async def test_a_start_of_another_century_is_refused(town: Town) -> None:
    await settle_bureaus(town.record)
    refused = await town.http.post("/pay-totals", json={**WANTED, "year": 2099}, headers=await town.program())

    assert [each["code"] for each in refused.json()["errors"]] == ["year_far"]


async def test_a_person_starts_only_for_a_group_in_reach(town: Town) -> None:
    await settle_bureaus(town.record)
    officer = await town.person("p-finance")

    assert (await town.http.post("/pay-totals", json=WANTED, headers=officer)).json()["code"] == "scope_missing"
