"""Starts over the API: facts only, once only, and kept when Temporal is away."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import func, select
from temporalio.client import Client
from temporalio.service import RetryConfig

from activities.engine.delivery import Delivery
from api.problems import PROBLEMS
from db.engine.access import IdempotentAnswer
from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.tasks import InboxRow
from services.engine.idempotency import UNANSWERED
from stack.ports import free_port
from stack.temporal import TemporalServer
from tests.api.conftest import OpenTown, Town
from tests.builders.county import GROUP
from tests.conftest import StandingClock

CYCLE = {"group": GROUP, "year": 2026, "planned_start": "2026-07-01"}


async def number_of(town: Town, table: type[CaseFile] | type[InboxRow]) -> int:
    async with town.record() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.parametrize("field", ["decision", "grade", "confirmed", "approved", "outcome"])
async def test_as115_a_start_that_carries_what_people_decide_is_refused(town: Town, field: str) -> None:
    headers = {**await town.program(), "Accept-Language": "zh-CN"}

    answer = await town.http.post("/demand-cycles", json={**CYCLE, field: True}, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (422, "facts_only")
    assert answer.json()["errors"][0]["field"] == field
    assert answer.json()["title"] == "发起只收事实"
    assert await number_of(town, CaseFile) == 0


async def test_as115_a_service_account_may_not_decide_whatever_its_scopes(town: Town) -> None:
    program, person = await town.program(), await town.person("p-t1-hr")
    body = {"revision": 1, "choice": "submit"}

    by_key = await town.http.post("/tasks/demand.x.1/decisions", json=body, headers=program)
    by_both = await town.http.post("/tasks/demand.x.1/decisions", json=body, headers={**program, **person})
    by_person = await town.http.post("/tasks/demand.x.1/decisions", json=body, headers=person)

    assert [(each.status_code, each.json()["code"]) for each in (by_key, by_both)] == [(403, "may_not_decide")] * 2
    assert (by_person.status_code, by_person.json()["code"]) == (404, "task_unknown")
    assert await number_of(town, InboxRow) == 0


async def test_the_same_key_and_body_get_the_same_answer(town: Town) -> None:
    headers = {**await town.program(), "Idempotency-Key": "start-1"}

    first = await town.http.post("/demand-cycles", json=CYCLE, headers=headers)
    again = await town.http.post("/demand-cycles", json=CYCLE, headers=headers)

    assert (first.json(), first.status_code) == (again.json(), again.status_code)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert first.headers["Location"] == f"/api/v1/cases/{first.json()['case_id']}"
    assert await number_of(town, CaseFile) == 1


async def test_the_same_key_with_another_body_is_refused_with_its_own_code(town: Town) -> None:
    headers = {**await town.program(), "Idempotency-Key": "start-1"}
    await town.http.post("/demand-cycles", json=CYCLE, headers=headers)

    answer = await town.http.post("/demand-cycles", json={**CYCLE, "year": 2027}, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_reused")
    assert await number_of(town, CaseFile) == 1


async def test_exc14_twenty_equal_starts_at_once_are_one_case(town: Town) -> None:
    program = await town.program()
    keyed: Mapping[str, str] = {**program, "Idempotency-Key": "start-1"}

    async with asyncio.TaskGroup() as group:
        sent = [
            group.create_task(town.http.post("/demand-cycles", json=CYCLE, headers=keyed if number % 2 else program))
            for number in range(20)
        ]

    answers = [each.result() for each in sent]
    assert {each.json()["case_id"] for each in answers} == {f"cycle.dq-a.{GROUP}.2026"}
    assert await number_of(town, CaseFile) == 1
    bodies = {each.text for number, each in enumerate(answers) if number % 2}
    assert len(bodies) == 1


async def test_a_refused_start_leaves_its_key_free(town: Town) -> None:
    headers = {**await town.program(), "Idempotency-Key": "start-1"}
    refused = await town.http.post("/demand-cycles", json={**CYCLE, "group": "dq-none"}, headers=headers)

    answer = await town.http.post("/demand-cycles", json=CYCLE, headers=headers)

    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "institution_unknown")
    assert answer.json()["created"] is True


async def test_a_claim_whose_process_died_is_taken_over(town: Town, clock: StandingClock) -> None:
    headers = {**await town.program(), "Idempotency-Key": "start-1"}
    first = await town.http.post("/demand-cycles", json=CYCLE, headers=headers)
    async with town.record.begin() as session:
        claim = await session.scalar(select(IdempotentAnswer))
        assert claim is not None
        claim.status, claim.body = UNANSWERED, {}
    clock.move(seconds=61)

    again = await town.http.post("/demand-cycles", json=CYCLE, headers=headers)

    assert again.json() == {"case_id": first.json()["case_id"], "created": False}


async def test_a_start_is_kept_while_temporal_is_away(open_town: OpenTown, record: Sessions, tmp_path: Path) -> None:
    server = TemporalServer(None, free_port(), log=tmp_path / "temporal.log")
    await server.start()
    impatient = RetryConfig(max_retries=1)
    delivery = Delivery(await Client.connect(server.address, retry_config=impatient), record, task_queue="nobody")
    server.kill()

    async with open_town(delivery) as town:
        answer = await town.http.post("/demand-cycles", json=CYCLE, headers=await town.program())

    assert answer.status_code == 202
    async with town.record() as session:
        case = await session.get_one(CaseFile, answer.json()["case_id"])
    assert case.state == "starting"


async def test_a_program_reads_what_it_started_and_nothing_else(busy_town: Town) -> None:
    mine, other = await busy_town.program(), await busy_town.program()
    started = await busy_town.http.post("/demand-cycles", json=CYCLE, headers=mine)
    case = started.json()["case_id"]
    lines = await busy_town.seen(f"/cases/{case}/timeline", mine)

    read = await busy_town.http.get(f"/cases/{case}", headers=mine)
    listed = await busy_town.http.get("/cases", params={"lifecycle": "DemandCycle"}, headers=mine)
    foreign = await busy_town.http.get(f"/cases/{case}", headers=other)

    assert started.status_code == 201
    assert read.json()["pack"] == "dq-a"
    assert [each["id"] for each in listed.json()["items"]] == [case]
    assert "window_opened" in [line["event"] for line in lines]
    assert (foreign.status_code, foreign.json()["code"]) == (404, "case_unknown")
    assert (await busy_town.http.get("/cases", headers=other)).json() == {"next": None, "items": []}


async def test_the_cursor_of_the_timeline_leads_through_every_line(busy_town: Town) -> None:
    mine = await busy_town.program()
    case = (await busy_town.http.post("/demand-cycles", json=CYCLE, headers=mine)).json()["case_id"]
    await busy_town.seen(f"/cases/{case}/timeline", mine)
    whole = (await busy_town.http.get(f"/cases/{case}/timeline", headers=mine)).json()["items"]
    read: list[int] = []
    wanted = {"limit": "1"}
    while True:
        piece = (await busy_town.http.get(f"/cases/{case}/timeline", params=wanted, headers=mine)).json()
        read += [line["number"] for line in piece["items"]]
        if piece["next"] is None:
            break
        wanted["cursor"] = piece["next"]
    assert len(whole) > 1
    assert read[: len(whole)] == [line["number"] for line in whole] == list(range(1, len(whole) + 1))


async def test_a_person_reads_their_tasks_and_decides(busy_town: Town) -> None:
    person, stranger = await busy_town.person("p-t1-hr"), await busy_town.person("p-t2-hr")
    await busy_town.http.post("/demand-cycles", json=CYCLE, headers=await busy_town.program())
    task = (await busy_town.seen("/tasks", person))[0]["id"]
    page = (await busy_town.http.get(f"/tasks/{task}", headers=person)).json()
    body = {"request": "request-0001", "revision": page["revision"], "choice": "nil_return", "form": {"nil": "yes"}}

    foreign = await busy_town.http.post(f"/tasks/{task}/decisions", json=body, headers=stranger)
    answer = await busy_town.http.post(f"/tasks/{task}/decisions", json=body, headers=person)
    again = await busy_town.http.post(f"/tasks/{task}/decisions", json=body, headers=person)

    assert page["rule_id"].startswith("DQ-3.1.2a")
    assert {choice["name"] for choice in page["choices"]} == {"submit", "nil_return"}
    assert (foreign.status_code, foreign.json()["code"]) == (403, "not_your_task")
    assert (answer.status_code, answer.json()["state"]) == (200, "recorded"), answer.text
    assert again.json()["again"] is True


async def test_a_person_starts_only_where_their_roles_reach(town: Town) -> None:
    coordinator, officer = await town.person("p-coordinator"), await town.person("p-t1-hr")

    allowed = await town.http.post("/demand-cycles", json=CYCLE, headers=coordinator)
    elsewhere = await town.http.post("/demand-cycles", json={**CYCLE, "group": "dq-jt2"}, headers=coordinator)
    not_at_all = await town.http.post("/demand-cycles", json=CYCLE, headers=officer)

    assert allowed.is_success
    assert [each.json()["code"] for each in (elsewhere, not_at_all)] == ["scope_missing"] * 2


async def test_an_application_of_an_unknown_person_names_the_field(town: Town) -> None:
    body = {"year": 2026, "person": "p-nobody", "first": "post.1"}

    answer = await town.http.post("/applications", json=body, headers=await town.program())

    assert answer.json()["errors"][0]["field"] == "person"
    assert answer.json()["code"] in PROBLEMS
