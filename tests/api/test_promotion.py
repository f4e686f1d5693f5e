"""The service ledger and the check before a promotion over the API (DQ-3.1.1a, COR-15)."""

from sqlalchemy import select

from db.credit import ServiceCredit
from db.engine.cases import CaseFile
from tests.api.conftest import Town

CLAIM = {
    "kind": "paired_assistance",
    "first_day": "2019-03-01",
    "last_day": "2019-08-31",
    "source": "派至青川县人民医院",
    "evidence": "德卫12号",
    "number": "hr-2019-4",
}
CHECK = {"person": "p-doctor", "target_title": "associate_senior", "number": "hr-7"}
CLAIMS = "/people/p-doctor/service-claims"


async def test_a_program_delivers_a_claim_once_and_confirms_nothing(town: Town) -> None:
    program = await town.program("facts:write")
    answers = [await town.http.post(CLAIMS, json=CLAIM, headers=program) for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    confirmed = await town.http.post(CLAIMS, json={**CLAIM, "confirmed": True}, headers=program)
    assert (confirmed.status_code, confirmed.json()["code"]) == (422, "facts_only")
    wrong = await town.http.post(CLAIMS, json={**CLAIM, "last_day": "2019-01-01", "number": "x"}, headers=program)
    assert [(one["field"], one["code"]) for one in wrong.json()["errors"]] == [("last_day", "service_order")]
    async with town.record() as session:
        (row,) = (await session.scalars(select(ServiceCredit))).all()
    assert (row.verdict, row.confirmed_by, row.case_id) == ("", None, None)


async def test_a_check_is_started_once_and_one_is_open_for_a_title(town: Town) -> None:
    program = await town.program("cases:start")
    first = await town.http.post("/promotion-checks", json=CHECK, headers=program)
    again = await town.http.post("/promotion-checks", json=CHECK, headers=program)
    assert (first.status_code, again.status_code) == (201, 200)
    other = await town.http.post("/promotion-checks", json={**CHECK, "number": "hr-8"}, headers=program)
    assert (other.status_code, other.json()["code"]) == (409, "one_open_case")
    async with town.record() as session:
        case = await session.get_one(CaseFile, first.json()["case_id"])
    assert (case.lifecycle, case.subject, case.institution) == ("PromotionServiceGate", "p-doctor", "dq-h1")


async def test_a_person_asks_for_themself_alone(town: Town) -> None:
    for person, status in (("p-doctor-2", 403), ("p-h1-hr", 403), ("p-doctor", 201)):
        headers = await town.person(person)
        claimed = await town.http.post(CLAIMS, json=CLAIM, headers=headers)
        checked = await town.http.post("/promotion-checks", json=CHECK, headers=headers)
        assert (claimed.status_code, checked.status_code) == (status, status), person
