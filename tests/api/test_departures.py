"""Departures as facts (EXC-10), and the posts for which other systems apply."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, insert, select

from db.engine.cases import CaseFile, EventRow
from db.engine.evidence_chain import append
from db.engine.opening import NewCase, open_case
from db.engine.tasks import InboxRow
from db.posting import Post, PostMatch
from policies.engine.pack import Pack
from services.engine.keys import SCOPES
from tests.api.conftest import Town
from tests.builders.county import HOSPITAL, OTHER_TOWNSHIP, TOWNSHIP
from vault.keyring import Keyring

LEFT = {"kind": "retired", "on": "2026-03-01", "reason": "到龄退休", "request": "hr-2026-17"}
PATH = "/people/p-doctor/departures"
AT = datetime(2026, 3, 1, tzinfo=UTC)


async def _case(town: Town, pack: Pack, number: int = 1, lifecycle: str = "PostingCase") -> str:
    case = NewCase(f"c.{number}", lifecycle, pack, (), {}, institution=HOSPITAL, subject="p-doctor")
    async with town.record.begin() as session:
        await open_case(session, case, at=AT)
    return case.id


async def _kept(town: Town) -> list[InboxRow]:
    async with town.record() as session:
        return list(await session.scalars(select(InboxRow)))


async def test_a_departure_is_kept_once_however_often_it_is_sent(town: Town, dq_a: Pack) -> None:
    case = await _case(town, dq_a)
    program = await town.program("facts:write")

    first = await town.http.post(PATH, json=LEFT, headers=program)
    again = await town.http.post(PATH, json=LEFT, headers=program)

    # Nobody has started the case's workflow yet, so the fact waits for it.
    assert (first.status_code, first.json()) == (202, {"case_id": case, "state": "received", "again": False})
    assert (again.status_code, again.json()["again"]) == (202, True)
    (row,) = await _kept(town)
    assert (row.case_id, row.words, row.channel) == (case, "到龄退休", "api")
    assert {name: row.message["refs"][name] for name in ("kind", "on")} == {"kind": "retired", "on": "2026-03-01"}


@pytest.mark.parametrize("person", ["p-h1-hr", "p-monitor"])
async def test_hr_of_the_person_and_the_monitor_may_record_it(town: Town, dq_a: Pack, person: str) -> None:
    await _case(town, dq_a)
    answer = await town.http.post(PATH, json=LEFT, headers=await town.person(person))
    assert answer.status_code == 202
    assert [row.person for row in await _kept(town)] == [person]


@pytest.mark.parametrize("person", ["p-t1-hr", "p-h2-hr", "p-h1-head", "p-coordinator", "p-doctor"])
async def test_other_people_may_not(town: Town, dq_a: Pack, person: str) -> None:
    await _case(town, dq_a)
    answer = await town.http.post(PATH, json=LEFT, headers=await town.person(person))
    assert (answer.status_code, answer.json()["code"]) == (403, "not_for_you")
    assert await _kept(town) == []


async def test_hr_does_not_record_their_own_departure(town: Town) -> None:
    answer = await town.http.post("/people/p-h1-hr/departures", json=LEFT, headers=await town.person("p-h1-hr"))
    assert (answer.status_code, answer.json()["code"]) == (403, "own_case")


async def test_a_key_needs_the_scope(town: Town) -> None:
    others = await town.program(*(scope for scope in SCOPES if scope != "facts:write"))
    answer = await town.http.post(PATH, json=LEFT, headers=others)
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


@pytest.mark.parametrize(("language", "title"), [("zh-CN", "没有办理中的报名"), ("en", "There is no open application")])
async def test_without_an_open_application_the_refusal_says_so(
    town: Town, dq_a: Pack, language: str, title: str
) -> None:
    await _case(town, dq_a, lifecycle="HospitalSupply")
    headers = {**await town.program(), "Accept-Language": language}
    answer = await town.http.post(PATH, json=LEFT, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "no_open_application")
    assert answer.json()["title"] == title


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"on": "2999-01-01"}, "on", "date_future"),
        ({"kind": "bored"}, "kind", "choice_unknown"),
        ({"grade": "excellent"}, "grade", "facts_only"),
    ],
)
async def test_a_wrong_fact_is_named_by_its_field(town: Town, change: Mapping[str, str], field: str, code: str) -> None:
    answer = await town.http.post(PATH, json={**LEFT, **change}, headers=await town.program())
    assert answer.status_code == 422
    assert [(each["field"], each["code"]) for each in answer.json()["errors"]] == [(field, code)]


async def test_an_unknown_person_and_a_missing_reason_are_refused(town: Town) -> None:
    program = await town.program()
    nobody = await town.http.post("/people/p-nobody/departures", json=LEFT, headers=program)
    silent = await town.http.post(PATH, json={**LEFT, "reason": " "}, headers=program)
    assert (nobody.status_code, nobody.json()["code"]) == (404, "person_unknown")
    assert (silent.status_code, silent.json()["code"]) == (422, "reason_missing")


async def _publish(town: Town, pack: Pack) -> None:
    """Two cycles; in the first an open, a matched and a closed post."""
    for number in (1, 2):
        await _case(town, pack, number, lifecycle="DemandCycle")
    posts = (("post.1", 1, "open", TOWNSHIP), ("post.2", 1, "open", TOWNSHIP), ("post.3", 1, "closed", OTHER_TOWNSHIP))
    async with town.record.begin() as session:
        for post, cycle, state, institution in (*posts, ("post.4", 2, "open", TOWNSHIP)):
            facts = {"specialty": "internal_medicine", "mode": "full", "published_at": AT}
            session.add(Post(id=post, cycle=f"c.{cycle}", demand="c.1", institution=institution, state=state, **facts))
        await session.flush()
        session.add(PostMatch(post="post.2", case_id="c.1", at=AT))
    async with town.record() as session:
        assert await session.scalar(select(func.count()).select_from(CaseFile)) == 2


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["post.1", "post.2", "post.3", "post.4"]),
        ({"cycle": "c.1"}, ["post.1", "post.2", "post.3"]),
        ({"state": "open"}, ["post.1", "post.4"]),
        ({"cycle": "c.1", "state": "matched"}, ["post.2"]),
        ({"state": "closed"}, ["post.3"]),
        ({"cycle": "c.none"}, []),
    ],
)
async def test_posts_are_listed_by_cycle_and_state(
    town: Town, dq_a: Pack, asked: Mapping[str, str], found: list[str]
) -> None:
    await _publish(town, dq_a)
    answer = await town.http.get("/posts", params=asked, headers=await town.program("cases:read"))
    assert [post["id"] for post in answer.json()["items"]] == found


async def test_posts_come_in_pages_and_say_what_an_application_needs(town: Town, dq_a: Pack) -> None:
    await _publish(town, dq_a)
    person = await town.person("p-doctor")

    first = (await town.http.get("/posts", params={"limit": 3}, headers=person)).json()
    rest = (await town.http.get("/posts", params={"limit": 3, "cursor": first["next"]}, headers=person)).json()

    assert ([post["id"] for post in rest["items"]], rest["next"]) == (["post.4"], None)
    assert first["items"][1] == {
        "id": "post.2",
        "cycle": "c.1",
        "institution": TOWNSHIP,
        "specialty": "internal_medicine",
        "mode": "full",
        "duties": "",
        "state": "matched",
        "published_at": "2026-03-01T00:00:00Z",
    }


async def test_posts_need_the_scope_and_a_known_state(town: Town) -> None:
    program = await town.program(*(scope for scope in SCOPES if scope != "cases:read"))
    assert (await town.http.get("/posts", headers=program)).json()["code"] == "scope_missing"
    assert (await town.http.get("/posts")).status_code == 401
    unknown = await town.http.get("/posts", params={"state": "taken"}, headers=await town.program())
    assert (unknown.status_code, unknown.json()["code"]) == (422, "request_invalid")


async def test_a_program_reads_that_a_person_left_and_not_why(town: Town, dq_a: Pack, keyring: Keyring) -> None:
    """policy.md 6: a service account sees its own starts, nobody's retirement or lost licence (R-31)."""
    program = await town.program("cases:read", "cases:start")
    (account,) = await town.desks.keys.accounts()
    case = NewCase("c.1", "PostingCase", dq_a, (), {}, institution=HOSPITAL, subject="p-doctor", started_by=account.id)
    refs = {"kind": "licence_lost", "on": "2026-03-01"}
    async with town.record.begin() as session:
        await open_case(session, case, at=AT)
        row = await session.get_one(CaseFile, case.id)
        lines = append(row, [{"event": "person_left", "actor": "p-h1-hr", "refs": refs}], at=AT, keyring=keyring)
        await session.execute(insert(EventRow), lines)
    for headers, seen in ((program, {"on"}), (await town.person("p-h1-head"), {"kind", "on"})):
        (line,) = (await town.http.get(f"/cases/{case.id}/timeline", headers=headers)).json()["items"]
        assert set(line["refs"]) == seen
