"""Flexible-talent contracts over the API: starts, and sessions in bulk or as a sheet (OT-6.3g, EXC-14)."""

import io

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from db.engine.cases import CaseFile
from db.engine.packs import PackShelf
from db.talent_contracts import TalentSession
from services.talent_contracts import TalentContractDesk
from services.talent_sessions import KINDS
from services.talent_sheet import SessionRow, session_sheet
from services.talent_words import SESSION_KINDS
from tests.api.conftest import Town
from tests.builders.banner import EMPLOYER, settle_banner, settle_head
from tests.builders.county import publish_calendar
from tests.workflows import talent_life as life
from tests.workflows.office import OPENS, Office

START = {"employer": EMPLOYER, "person": "o-expert", "number": "2040-7"}


@pytest.fixture
async def contract(office: Office, shelf: PackShelf) -> str:
    """A contract in force whose gates are still open, on its ninth day."""
    await settle_banner(office.record)
    for year in (OPENS.year + 1, OPENS.year + 2):
        await publish_calendar(office.record, year)
    desk = TalentContractDesk(office.record, office.delivery, clock=office.clock, shelf=shelf)
    case = await life.in_force(office, desk)
    await life.passes_to(office, "2040-07-09")
    return case


async def recorded(office: Office) -> list[tuple[str, int, str, str]]:
    rows = await office.rows(select(TalentSession).order_by(TalentSession.key, TalentSession.revision))
    return [(row.key, row.revision, f"{row.units:f}", row.channel) for row in rows]


async def test_a_start_that_is_sent_twice_is_one_case_and_carries_facts_only(office: Office, busy_town: Town) -> None:
    await settle_banner(office.record)
    program = await busy_town.program("cases:start")
    first = await busy_town.http.post("/talent-contracts", json=START, headers=program)
    again = await busy_town.http.post("/talent-contracts", json=START, headers=program)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["case_id"] == again.json()["case_id"] == "talent.ot-a.2040.1"
    graded = await busy_town.http.post("/talent-contracts", json={**START, "grade": "qualified"}, headers=program)
    assert (graded.status_code, graded.json()["errors"][0]["code"]) == (422, "facts_only")
    own = await busy_town.http.post(
        "/talent-contracts", json={**START, "number": "8", "person": "o-h1-hr"}, headers=program
    )
    assert (own.status_code, own.json()["errors"][0]["code"]) == (422, "own_staff")
    none = {**START, "number": "9", "renews": "talent.ot-a.2039.1"}
    renewed = await busy_town.http.post("/talent-contracts", json=none, headers=program)
    assert [each["code"] for each in renewed.json()["errors"]] == ["not_renewed"]
    assert len(await office.rows(select(CaseFile).where(CaseFile.lifecycle == "TalentContract"))) == 1


async def test_who_may_start_by_the_api(office: Office, busy_town: Town) -> None:
    await settle_banner(office.record)
    callers = [
        (await busy_town.program("facts:write"), 403),
        (await busy_town.person("o-h2-hr"), 403),
        (await busy_town.person("o-expert"), 403),
        (await busy_town.person("o-h1-hr"), 201),
    ]
    for headers, status in callers:
        answer = await busy_town.http.post("/talent-contracts", json=START, headers=headers)
        assert answer.status_code == status, headers


async def test_sessions_in_bulk_are_stored_row_by_row_and_bad_ones_say_why(
    office: Office, busy_town: Town, contract: str
) -> None:
    rows: list[dict[str, object]] = [
        {"key": "A", "day": "2040-07-02", "kind": "training", "units": "1.5"},
        {"key": "B", "day": "2040-07-02", "kind": "clinic", "units": 1},
        {"key": "C", "day": "2040-06-30", "kind": "training", "units": 1},
        {"key": "D", "day": "2040-07-10", "kind": "training", "units": 1},
        {"key": "E", "day": "2040-07-02", "kind": "sleeping", "units": 1},
        {"key": "F", "day": "2040-07-02", "kind": "training", "units": "0.005"},
        {"key": "A", "day": "2040-07-03", "kind": "training", "units": 1},
        {"key": "G", "day": "2040-02-30", "kind": "training", "units": 1},
        {"key": "H", "day": "2040-07-02", "kind": "training", "units": 1, "evidence": "0" * 64},
        {"key": "", "day": "2040-07-02", "kind": "training", "units": 1},
    ]
    path, program = f"/talent-contracts/{contract}/sessions", await busy_town.program("facts:write")
    tried = await busy_town.http.post(path, json={"rows": rows}, params={"try_only": True}, headers=program)
    assert (tried.json()["tried"], await recorded(office)) == (True, [])
    answer = await busy_town.http.post(path, json={"rows": rows}, headers=program)
    assert answer.json()["counts"] == {"created": 1, "changed": 0, "unchanged": 0, "refused": 9}
    assert [[each["code"] for each in row["errors"]] for row in answer.json()["rows"]] == [
        [],
        ["gates_open"],
        ["outside_contract"],
        ["date_future"],
        ["choice_unknown"],
        ["units_wrong"],
        ["row_repeated"],
        ["date_wrong"],
        ["attachment_unknown"],
        ["missing"],
    ]
    assert await recorded(office) == [("A", 1, "1.50", "api")]


async def test_exc_14_a_delivery_that_is_sent_twice_is_stored_once_and_a_correction_is_a_row_of_its_own(
    office: Office, busy_town: Town, contract: str
) -> None:
    path, program = f"/talent-contracts/{contract}/sessions", await busy_town.program("facts:write")
    row = {"key": "A", "day": "2040-07-02", "kind": "training", "units": "1"}
    keyed = {**program, "Idempotency-Key": "delivery-1"}
    first = await busy_town.http.post(path, json={"rows": [row]}, headers=keyed)
    again = await busy_town.http.post(path, json={"rows": [row]}, headers=keyed)
    assert (again.json(), again.headers["Idempotent-Replayed"]) == (first.json(), "true")
    unkeyed = await busy_town.http.post(path, json={"rows": [row]}, headers=program)
    assert unkeyed.json()["counts"]["unchanged"] == 1
    for units in ("2", "0"):
        await busy_town.http.post(path, json={"rows": [{**row, "units": units}]}, headers=program)
    assert await recorded(office) == [("A", 1, "1.00", "api"), ("A", 2, "2.00", "api"), ("A", 3, "0.00", "api")]


async def test_who_may_record_by_the_api(office: Office, busy_town: Town, contract: str) -> None:
    path = f"/talent-contracts/{contract}/sessions"
    body = {"rows": [{"key": "A", "day": "2040-07-02", "kind": "training", "units": "1"}]}
    for person in ("o-expert", "o-officer", "o-h1-leader", "o-monitor"):
        answer = await busy_town.http.post(path, json=body, headers=await busy_town.person(person))
        assert answer.status_code == 403, person
    scopeless = await busy_town.http.post(path, json=body, headers=await busy_town.program("cases:start"))
    assert scopeless.status_code == 403
    for head in ("o-h2-department", "o-h1-department"):
        foreign = await busy_town.http.post(path, json=body, headers=await busy_town.person(head))
        assert [each["code"] for each in foreign.json()["rows"][0]["errors"]] == ["contract_unknown"], head
    assert await recorded(office) == []
    await settle_head(office.record, contract)
    own = await busy_town.http.post(path, json=body, headers=await busy_town.person("o-h1-department"))
    assert own.json()["counts"]["created"] == 1


async def test_a_sheet_of_sessions_is_read_row_by_row(office: Office, busy_town: Town, contract: str) -> None:
    program = await busy_town.program("facts:write")
    template = await busy_town.http.get("/talent-contracts/sessions/import-template", headers=program)
    headings = CalamineWorkbook.from_filelike(io.BytesIO(template.content)).get_sheet_by_index(0).to_python()[0]
    assert headings == ["合同事项编号", "记录编号*", "日期*", "工作类型*", "数量*", "说明"]
    (good,) = life.sessions(contract, ["2040-07-02"], units="1.25", kind="research")
    (bad,) = life.sessions(contract, ["2040-07-20"], kind="research")
    (unnamed,) = life.sessions("", ["2040-07-03"], kind="research")
    rows: list[SessionRow] = [good, bad, unnamed]
    sheet = {"file": ("sessions.xlsx", session_sheet(rows))}
    answer = await busy_town.http.post("/talent-contracts/sessions/import", files=sheet, headers=program)
    found = [(row["row"], row["outcome"], [each["code"] for each in row["errors"]]) for row in answer.json()["rows"]]
    assert found == [(2, "created", []), (3, "refused", ["date_future"]), (4, "refused", ["contract_unknown"])]
    assert answer.json()["rows"][1]["errors"][0]["column"] == "C"
    assert await recorded(office) == [("S-2040-07-02", 1, "1.25", "import")]


def test_every_kind_of_session_has_its_word_in_the_sheet() -> None:
    assert set(SESSION_KINDS) == set(KINDS)


async def test_ot_1_3a_the_goal_of_a_year_counts_each_member_of_a_team(office: Office, busy_town: Town) -> None:
    """Three members beside the leader: one contract, four people. A program without a person reads none of it."""
    await settle_banner(office.record)
    for year in (OPENS.year + 1, OPENS.year + 2):
        await publish_calendar(office.record, year)
    desk = TalentContractDesk(office.record, office.delivery, clock=office.clock, shelf=PackShelf(office.record))
    case = await life.started(office, desk)
    await life.needed(office, case)
    one = {"name": "队员", "title": "associate_senior", "graduate": "yes", "masters": "yes", "age": "40"}
    team = {"members": [one, {**one, "age": "52"}, {**one, "age": "33"}]}
    await life.nominated(office, case, leader_graduate="yes", leader_masters="yes", **team)
    await life.selected(office, case)
    await life.signed(office, case)
    await office.stands(case, "active")
    read = await busy_town.http.get("/talent-targets/2040", headers=await busy_town.person("o-officer"))
    (banner,) = read.json()["banners"]
    assert [banner[name] for name in ("people", "trained", "people_wanted", "outcome")] == [4, 0, 10, "not_reached"]
    assert [(each["hospital"], each["contracts"], each["people"]) for each in banner["hospitals"]] == [
        ("ot-h1", [case], 4),
        ("ot-h2", [], 0),
        ("ot-h3", [], 0),
    ]
    own = await busy_town.http.get("/talent-targets/2040", headers=await busy_town.person("o-h2-hr"))
    assert [each["hospital"] for each in own.json()["banners"][0]["hospitals"]] == ["ot-h2"]
    assert own.json()["banners"][0]["people"] == 4
    for headers in (await busy_town.person("o-monitor"), await busy_town.program("cases:read")):
        assert (await busy_town.http.get("/talent-targets/2040", headers=headers)).status_code == 403
