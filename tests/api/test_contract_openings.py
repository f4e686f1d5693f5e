"""Running contracts over the API: looked at, confirmed by the same person, each row with its result (COR-17)."""

import pytest
from sqlalchemy import select

from db.engine.cases import CaseFile
from tests.api.conftest import Town
from tests.workflows import running_contracts as running
from tests.workflows import talent_life as life
from tests.workflows.office import Office

PATH = "/talent-contracts/openings"


@pytest.fixture(autouse=True)
async def banner(office: Office) -> Office:
    await running.settled(office)
    return office


async def test_cor_17_a_sheet_is_looked_at_and_confirmed_and_sent_twice_it_begins_once(
    banner: Office, busy_town: Town
) -> None:
    officer = await busy_town.person(running.OFFICER)
    files = {"file": ("openings.xlsx", running.a_sheet(running.with_gates(), running.with_gates(worked="x")))}
    looked = (await busy_town.http.post(f"{PATH}/import", files=files, headers=officer)).json()
    assert (looked["tried"], looked["counts"]["created"], looked["counts"]["refused"]) == (True, 1, 1)
    (fault,) = looked["rows"][1]["errors"]
    assert (fault["code"], fault["column"], bool(fault["detail"])) == ("opening_amount", "S", True)
    assert not await banner.rows(select(CaseFile))
    confirming = f"{PATH}/{looked['sheet']}/confirmation"
    done = (await busy_town.http.post(confirming, headers=officer)).json()
    again = (await busy_town.http.post(confirming, headers=officer)).json()
    assert (done["counts"]["created"], again["counts"]["unchanged"]) == (1, 1)
    case = done["rows"][0]["key"]
    await banner.stands(case, "active")
    read = (await busy_town.http.get(f"/cases/{case}", headers=officer)).json()
    assert (read["imported_on"], read["stage"]) == ("2040-03-05", "active")
    told = await busy_town.http.get(f"/cases/{case}/timeline", headers=officer)
    assert told.json()["items"][0]["event"] == "contract_imported"
    sessions = f"/talent-contracts/{case}/sessions"
    row = {"key": "A", "day": "2040-01-31", "kind": "training", "units": "1"}
    program = await busy_town.program("facts:write")
    refused = await busy_town.http.post(sessions, json={"rows": [row]}, headers=program)
    assert [one["code"] for one in refused.json()["rows"][0]["errors"]] == ["before_import"]


async def test_who_imports_over_the_api(busy_town: Town) -> None:
    files = {"file": ("openings.xlsx", running.a_sheet(running.with_gates()))}
    for person in (life.HR, life.LEADER, life.EXPERT, life.COMMISSION_LEADER):
        headers = await busy_town.person(person)
        assert (await busy_town.http.post(f"{PATH}/import", files=files, headers=headers)).status_code == 403
        assert (await busy_town.http.get(f"{PATH}/import-template", headers=headers)).status_code == 403
    program = await busy_town.program("cases:start", "facts:write")
    assert (await busy_town.http.post(f"{PATH}/import", files=files, headers=program)).status_code == 403
    officer = await busy_town.person(running.OFFICER)
    unseen = await busy_town.http.post(f"{PATH}/{'0' * 64}/confirmation", headers=officer)
    assert (unseen.status_code, unseen.json()["code"]) == (409, "sheet_not_seen")
    sheet = await busy_town.http.get(f"{PATH}/import-template", headers=officer)
    assert sheet.content.startswith(b"PK")
