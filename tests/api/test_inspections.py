"""Inspections over the API: a program or the bureau's officer opens one; people decide (DQ-3.2.3a)."""

from sqlalchemy import select

from db.engine.cases import CaseFile
from tests.api.conftest import Town

INSPECTION = {"institution": "dq-t01", "inspected_on": "2026-02-27", "number": "2026-7"}


async def test_a_program_opens_one_inspection_however_often_it_asks(town: Town) -> None:
    program = await town.program("cases:start")
    first = await town.http.post("/inspections", json=INSPECTION, headers=program)
    again = await town.http.post("/inspections", json=INSPECTION, headers=program)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["case_id"] == again.json()["case_id"] == "inspection.dq-a.dq-t01.2026.1"
    async with town.record() as session:
        case = await session.get_one(CaseFile, first.json()["case_id"])
    assert (case.lifecycle, case.institution, case.subject) == ("InspectionRectification", "dq-wjj", None)


async def test_what_cannot_be_is_refused_field_by_field_and_nothing_is_kept(town: Town) -> None:
    wrong = {**INSPECTION, "institution": "dq-wjj", "inspected_on": "2030-01-01", "concerns": "no.such.case"}
    answer = await town.http.post("/inspections", json=wrong, headers=await town.program("cases:start"))
    assert answer.status_code == 422
    assert {(one["field"], one["code"]) for one in answer.json()["errors"]} == {
        ("institution", "institution_not_inspected"), ("inspected_on", "date_future"), ("concerns", "case_unknown"),
    }  # fmt: skip
    decided = await town.http.post(
        "/inspections", json={**INSPECTION, "verdict": "order"}, headers=await town.program("cases:start")
    )
    assert (decided.status_code, decided.json()["code"]) == (422, "facts_only")
    async with town.record() as session:
        assert (await session.scalars(select(CaseFile.id))).all() == []


async def test_of_people_only_the_bureau_opens_one(town: Town) -> None:
    for person, status in (("p-coordinator", 403), ("p-t1-head", 403), ("p-bureau-officer", 201)):
        answer = await town.http.post("/inspections", json=INSPECTION, headers=await town.person(person))
        assert answer.status_code == status, person
