"""Facts of a term: absences without leave, accumulated service (DQ-3.2.1b, DQ-3.2.2d)."""

from sqlalchemy import select

from db.service import Absence, ServiceActivity
from policies.engine.pack import Pack
from tests.api.conftest import Town
from tests.workflows.office import Office
from tests.workflows.terms import filed_term, in_service


async def test_an_attendance_system_records_an_absence_once_and_decides_nothing(
    office: Office, busy_town: Town, dq_a: Pack
) -> None:
    term = await filed_term(office, dq_a)
    today = (await in_service(office, term)).isoformat()
    program = await busy_town.program("facts:write")
    body = {"first_day": today, "last_day": today, "days": "1", "words": "未在岗", "request": "k-2026-17"}
    path = f"/terms/{term}/absences"
    answers = [await busy_town.http.post(path, json=body, headers=program) for _ in range(2)]
    assert [(one.status_code, one.json()["again"]) for one in answers] == [(200, False), (200, True)]
    rows = await office.rows(select(Absence))
    assert [(row.state, row.recorded_by[:2], row.channel) for row in rows] == [("recorded", "k-", "api")]
    wrong = await busy_town.http.post(path, json={**body, "days": "2", "request": "k-2026-18"}, headers=program)
    assert (wrong.status_code, wrong.json()["code"]) == (422, "facts_refused")
    reader = await busy_town.program("cases:read")
    assert (await busy_town.http.post(path, json=body, headers=reader)).status_code == 403
    nowhere = await busy_town.http.post("/terms/term.none/absences", json=body, headers=program)
    assert nowhere.status_code == 409


async def test_a_program_records_accumulated_service_once_and_confirms_nothing(
    office: Office, busy_town: Town, dq_a: Pack
) -> None:
    term = await filed_term(office, dq_a)
    today = (await in_service(office, term)).isoformat()
    program = await busy_town.program("facts:write")
    body = {
        "form": "义诊",
        "day": today,
        "part": "day",
        "place": "后坞村",
        "witness": "村卫生室",
        "request": "k-2026-19",
    }
    path = f"/terms/{term}/activities"
    answers = [await busy_town.http.post(path, json=body, headers=program) for _ in range(2)]
    assert [(one.status_code, one.json()["again"]) for one in answers] == [(200, False), (200, True)]
    rows = await office.rows(select(ServiceActivity))
    assert [(row.state, row.half_days, row.channel) for row in rows] == [("recorded", 2, "api")]
    again = await busy_town.http.post(path, json={**body, "part": "morning", "request": "k-2026-20"}, headers=program)
    assert (again.status_code, again.json()["errors"][0]["code"]) == (422, "activity_known")
    forced = await busy_town.http.post(path, json={**body, "state": "confirmed"}, headers=program)
    assert forced.status_code == 422
    reader = await busy_town.program("cases:read")
    assert (await busy_town.http.post(path, json=body, headers=reader)).status_code == 403
