"""Attendance over the API: in bulk and as a monthly sheet; each row by itself, a correction is a row of its own."""

import io
from collections.abc import Mapping
from datetime import date, timedelta

import pytest
import xlsxwriter  # type: ignore[import-untyped]  # ships no types
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from db.attendance import AttendanceDay
from policies.engine.pack import Pack
from services.attendance_sheet import MONTH, SheetLine, month_sheet
from tests.api.conftest import Town
from tests.builders.county import OTHER_TOWNSHIP, TOWNSHIP, appoint
from tests.workflows.office import Office
from tests.workflows.terms import filed_term, in_service, until_day


@pytest.fixture
async def term(office: Office, dq_a: Pack) -> str:
    """A term in its second week."""
    term = await filed_term(office, dq_a)
    await until_day(office, await in_service(office, term) + timedelta(days=9))
    return term


async def first_day(office: Office, term: str) -> date:
    return date.fromisoformat((await office.case(term)).facts["planned_start"])


async def recorded(office: Office) -> list[tuple[int, int, str, str, str]]:
    """(day of the month, revision, morning, afternoon, channel) of every row, in the order of days."""
    rows = await office.rows(select(AttendanceDay).order_by(AttendanceDay.day, AttendanceDay.revision))
    return [(row.day.day, row.revision, row.morning, row.afternoon, row.channel) for row in rows]


async def test_days_in_bulk_are_stored_row_by_row_and_bad_ones_say_why(
    office: Office, busy_town: Town, term: str
) -> None:
    first = await first_day(office, term)
    days = [(first + timedelta(days=number)).isoformat() for number in range(-1, 12)]
    rows: list[dict[str, object]] = [
        {"person": "p-doctor", "day": days[1], "kind": "on_post"},
        {"term": term, "day": days[2], "kind": "on_post", "afternoon": "sick"},
        {"term": term, "day": days[0], "kind": "on_post"},
        {"term": term, "day": days[12], "kind": "on_post"},
        {"term": term, "day": days[3], "kind": "asleep"},
        {"term": "term.none", "day": days[3], "kind": "on_post"},
        {"person": "p-doctor-2", "day": days[3], "kind": "on_post"},
        {"day": days[3], "kind": "on_post"},
        {"term": term, "day": "2026-02-30", "kind": "on_post", "grade": "excellent"},
        {"term": term, "day": days[1], "kind": "recall"},
        {"person": "p-doctor", "day": days[1], "kind": "on_post"},
    ]
    answer = await busy_town.http.post("/attendance", json={"rows": rows}, headers=await busy_town.program())
    body = answer.json()
    assert (answer.status_code, body["counts"]) == (200, {"created": 2, "changed": 0, "unchanged": 1, "refused": 8})
    assert [[each["code"] for each in row["errors"]] for row in body["rows"]] == [
        [],
        [],
        ["day_before_service"],
        ["date_future"],
        ["day_kind_unknown"],
        ["term_unknown"],
        ["term_unknown"],
        ["missing"],
        ["date_wrong", "facts_only"],
        ["day_repeated"],
        [],
    ]
    assert body["rows"][8]["outcome"] == "refused"
    assert body["rows"][0]["key"] == term
    assert await recorded(office) == [
        (first.day, 1, "on_post", "on_post", "api"),
        (first.day + 1, 1, "on_post", "sick", "api"),
    ]


async def test_a_correction_is_a_newer_row_and_the_same_rows_again_change_nothing(
    office: Office, busy_town: Town, term: str
) -> None:
    day = await first_day(office, term)
    program = await busy_town.program()

    async def say(kind: str) -> Mapping[str, int]:
        body = {"rows": [{"term": term, "day": day.isoformat(), "kind": kind}]}
        counts: Mapping[str, int] = (await busy_town.http.post("/attendance", json=body, headers=program)).json()[
            "counts"
        ]
        return counts

    assert (await say("off_post"))["created"] == 1
    assert (await say("off_post"))["unchanged"] == 1
    assert (await say("official"))["changed"] == 1
    assert [each[1:3] for each in await recorded(office)] == [(1, "off_post"), (2, "official")]


async def test_under_a_key_the_same_body_has_the_same_answer_and_a_trial_keeps_nothing(
    office: Office, busy_town: Town, term: str
) -> None:
    program = {**await busy_town.program(), "Idempotency-Key": "day-1"}
    body = {"rows": [{"term": term, "day": (await first_day(office, term)).isoformat(), "kind": "on_post"}]}
    tried = await busy_town.http.post("/attendance", json=body, headers=program, params={"try_only": True})
    assert (tried.json()["tried"], tried.json()["counts"]["created"], await recorded(office)) == (True, 1, [])
    once, again = [await busy_town.http.post("/attendance", json=body, headers=program) for _ in range(2)]
    assert once.json() == again.json()
    assert ("Idempotent-Replayed" in once.headers, "Idempotent-Replayed" in again.headers) == (False, True)
    other = {"rows": [{**body["rows"][0], "kind": "sick"}]}
    assert (await busy_town.http.post("/attendance", json=other, headers=program)).status_code == 409


async def test_who_keeps_attendance_records_at_their_own_institution_and_never_their_own_days(
    office: Office, busy_town: Town, term: str
) -> None:
    await appoint(office.record, "p-t2-hr", "R-06", OTHER_TOWNSHIP)
    await appoint(office.record, "p-t1-head", "R-06", TOWNSHIP)
    await appoint(office.record, "p-doctor", "R-06", TOWNSHIP)
    day = (await first_day(office, term)).isoformat()
    body = {"rows": [{"term": term, "day": day, "kind": "on_post"}]}
    found = {}
    for person in ("p-t2-hr", "p-doctor", "p-t1-head", "p-t1-hr", "p-h1-hr", "p-coordinator"):
        answer = await busy_town.http.post("/attendance", json=body, headers=await busy_town.person(person))
        rows = answer.json().get("rows", [])
        found[person] = [each["code"] for row in rows for each in row["errors"]] or answer.status_code
    assert found == {
        "p-t2-hr": ["term_unknown"], "p-doctor": ["own_days"], "p-t1-head": 200, "p-t1-hr": 200,
        "p-h1-hr": ["term_unknown"], "p-coordinator": 403,
    }  # fmt: skip
    reader = await busy_town.program("cases:read")
    assert (await busy_town.http.post("/attendance", json=body, headers=reader)).status_code == 403


def a_sheet(*rows: Mapping[str, str]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, [heading.chinese for heading in MONTH])
        for number, row in enumerate(rows, start=1):
            sheet.write_row(number, 0, [row.get(heading.field, "") for heading in MONTH])
    return content.getvalue()


async def test_a_row_of_the_monthly_sheet_is_stored_whole_or_not_at_all(
    office: Office, busy_town: Town, term: str
) -> None:
    start = await first_day(office, term) + timedelta(days=5)
    at, month = start.day, f"{start:%Y-%m}"
    good = {"term": term, "name": "凌远航", "month": month, f"d{at}": "岗", f"d{at + 1}": "√/病", f"d{at + 2}": "休息"}
    content = a_sheet(
        good,
        {**good, f"d{at + 1}": "睡", f"d{at + 3}": "岗"},
        {**good, "name": "郁思齐"},
        {**good, "month": "七月"},
        {"person": "p-doctor", "month": month, f"d{at + 3}": "召"},
    )
    answer = await busy_town.http.post(
        "/attendance/import", files={"file": ("m.xlsx", content)}, headers=await busy_town.program()
    )
    body = answer.json()
    assert (answer.status_code, body["counts"]) == (200, {"created": 2, "changed": 0, "unchanged": 0, "refused": 3})
    letter = chr(ord("A") + [heading.field for heading in MONTH].index(f"d{at + 1}"))
    said = [[(each["code"], each["column"]) for each in row["errors"]] for row in body["rows"]]
    assert said == [[], [("day_kind_unknown", letter)], [("name_other", "C")], [("month_wrong", "D")], []]
    assert [each[2:] for each in await recorded(office)] == [
        ("on_post", "on_post", "import"), ("on_post", "sick", "import"),
        ("rest_day", "rest_day", "import"), ("recall", "recall", "import"),
    ]  # fmt: skip


async def test_what_the_sheet_is_written_with_can_be_sent_back(office: Office, busy_town: Town, term: str) -> None:
    first = await first_day(office, term)
    line = SheetLine(term, "p-doctor", "凌远航", {first.day: "岗/病"})
    content = month_sheet(first, [line])
    assert CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names == ["考勤", "图例"]
    answer = await busy_town.http.post(
        "/attendance/import", files={"file": ("m.xlsx", content)}, headers=await busy_town.program()
    )
    assert answer.json()["counts"]["created"] == 1
    template = await busy_town.http.get("/attendance/import-template", headers=await busy_town.program())
    assert template.content.startswith(b"PK")
