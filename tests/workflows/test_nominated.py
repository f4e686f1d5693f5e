"""COR-12: a nomination settles "qualified or above" with its certificate at once; "excellent" waits for the list."""

import json
from collections.abc import Mapping

import pytest
from sqlalchemy import select

from db.credit import ServiceCredit
from db.engine.post import LetterRow
from db.engine.tasks import TaskRow
from db.evaluation import Certificate, Grade
from policies.engine.pack import Pack
from services.certificates import CertificateDesk, certificate_of
from services.engine.places import Places
from services.field_problems import FactsRefused
from services.forms.evaluation import QualifiedSettled
from tests.workflows.evaluations import accepted, archived, graded, issued, listed
from tests.workflows.inspections import open_inspection
from tests.workflows.nominations import came_home, nominated_doctor, nominated_trainee
from tests.workflows.office import Office
from tests.workflows.openings import viewer
from tests.workflows.terms import outcome_of
from tests.workflows.test_term_reborn import reborn

CHAIN = ("p-bureau-officer", "p-bureau-section", "p-bureau-deputy")


@pytest.fixture
async def doctor(office: Office, dq_a: Pack) -> str:
    return await nominated_doctor(office, dq_a)


@pytest.fixture
async def trainee(office: Office, dq_a: Pack) -> str:
    return await nominated_trainee(office, dq_a)


async def the_certificate(office: Office) -> Certificate:
    """Waits until there is one."""
    await office.seen(select(Certificate))
    found: Certificate = (await office.rows(select(Certificate)))[0]
    return found


def as_issued(row: Certificate) -> dict[str, object]:
    """All that a certificate says but its priority."""
    said: Mapping[str, object] = {column.name: getattr(row, column.name) for column in Certificate.__table__.columns}
    return {name: value for name, value in said.items() if name != "priority"}


async def is_open(office: Office, term: str) -> bool:
    """Whether the certificate says that its result is not final, and the list of offices says no more than that."""
    async with office.record() as session:
        shown = await certificate_of(session, term)
    assert shown is not None
    desk = CertificateDesk(office.record, places=Places(office.record, office.clock))
    (line,) = await desk.earned(await viewer(office, "p-bureau-officer"))
    assert shown.result_open == (line.grade == "qualified_or_above") == line.certificate.result_open
    return shown.result_open


async def lines(office: Office, term: str) -> list[str]:
    return [json.loads(body)["event"] for body in await office.file_of(term)]


async def returned(office: Office, term: str) -> None:
    """The bureau sends the certificate back."""
    for officer in CHAIN:
        await office.answer("issue_certificate", officer, "return_certificate", "缺会议纪要", case=term)


async def test_cor_12_a_nominated_trainee_has_a_certificate_at_once_and_its_priority_from_the_list(
    office: Office, trainee: str
) -> None:
    await issued(office, trainee)
    before = await the_certificate(office)
    assert (before.priority, await is_open(office, trainee)) == (False, True)
    await office.seen(select(LetterRow).where(LetterRow.details["what"].astext == "certificate_issued"))
    assert len(await office.letters("outcome", what="certificate_issued")) == 3
    await office.stands(trainee, "under_evaluation")
    await listed(office, {trainee: "excellent"})
    await office.open_task("grade_notice", "p-trainee", case=trainee)
    # DEF-16: while the person may object nothing follows from what the list says.
    assert ((await the_certificate(office)).priority, await is_open(office, trainee)) == (False, True)
    await accepted(office, trainee)
    await office.seen(select(Certificate).where(Certificate.priority))
    after = await the_certificate(office)
    assert (as_issued(after), await is_open(office, trainee)) == (as_issued(before), False)
    await office.rests(trainee)
    assert (await lines(office, trainee)).count("certificate_raised") == 1
    told = await office.letters("outcome", what="certificate_raised")
    assert sorted(letter.person for letter in told) == ["p-h1-hr", "p-t1-hr", "p-trainee"]
    assert not [damage for damage in await office.damage() if "beside" not in str(damage)]


async def test_cor_12_a_list_that_says_qualified_changes_nothing_and_no_objection_takes_the_certificate_away(
    office: Office, doctor: str
) -> None:
    await issued(office, doctor)
    before = await the_certificate(office)
    # Who was sent down has the priority of the qualified (DQ-3.5.1a), and the service in the ledger.
    assert before.priority
    assert len(await office.rows(select(ServiceCredit))) == 1
    with pytest.raises(FactsRefused) as refused:
        await listed(office, {doctor: "unqualified"})
    assert [(one.field, one.code) for one in refused.value.problems] == [("grades-0-grade", "qualified_settled")]
    await listed(office, {doctor: "qualified"})
    await office.answer("grade_notice", "p-doctor", "appeal_grade", "应为优秀", case=doctor)
    await office.answer("grade_appeal", "p-group-deputy", "reopen_grade", "数据确有误", case=doctor)
    again = await office.open_task("decide_grade", "p-committee", case=doctor)
    assert again.refs["at_least"] == "qualified"
    with pytest.raises(QualifiedSettled):
        await graded(office, doctor, "unqualified")
    assert await is_open(office, doctor)
    await graded(office, doctor, "qualified")
    await accepted(office, doctor)
    await archived(office, doctor)
    assert await outcome_of(office, doctor) == "archived"
    after = await the_certificate(office)
    assert (as_issued(after), after.priority, await is_open(office, doctor)) == (as_issued(before), True, False)
    assert "certificate_raised" not in await lines(office, doctor)
    asked = select(TaskRow).where(TaskRow.case_id == doctor, TaskRow.name == "issue_certificate")
    assert len(await office.rows(asked)) == 1


async def test_exc_11_what_was_nominated_is_taken_out_of_force_by_freezing_alone(office: Office, doctor: str) -> None:
    await issued(office, doctor)
    code = (await the_certificate(office)).code
    desk = CertificateDesk(office.record, places=Places(office.record, office.clock))
    assert await desk.standing(code) == "valid"
    matter = await open_inspection(office, occasion="report", concerns=doctor)
    await office.open_task("inspection_findings", "p-bureau-officer", case=matter)
    await listed(office, {doctor: "excellent"})
    await accepted(office, doctor)
    await office.open_task("stay_or_return", "p-doctor", case=doctor)
    assert await desk.standing(code) == "frozen"


async def test_cor_12_a_bureau_that_answers_after_the_list_issues_what_the_list_says(
    office: Office, trainee: str
) -> None:
    await returned(office, trainee)
    await listed(office, {trainee: "excellent"})
    await accepted(office, trainee)
    await office.stands(trainee, "graded")
    await office.answer("certificate_returned", "p-coordinator", "resubmit_result", "已补交", case=trainee)
    await issued(office, trainee)
    await came_home(office, trainee)
    assert ((await the_certificate(office)).priority, await is_open(office, trainee)) == (True, False)
    assert "certificate_raised" not in await lines(office, trainee)
    assert len(await office.letters("outcome", what="certificate_issued")) == 3


async def test_who_has_left_meanwhile_keeps_the_certificate_and_is_not_asked_to_stay(
    office: Office, doctor: str
) -> None:
    await office.notify(doctor, "person_left", kind="left", on="2040-03-06")
    await issued(office, doctor)
    await listed(office, {doctor: "excellent"})
    await accepted(office, doctor)
    await office.answer("archive_term", "p-coordinator", "archive", case=doctor)
    assert await outcome_of(office, doctor) == "archived"
    assert not await office.rows(select(TaskRow).where(TaskRow.name == "stay_or_return", TaskRow.outcome != ""))
    await the_certificate(office)


async def test_a_nominated_term_that_is_lost_at_every_step_comes_to_the_same_end(office: Office, doctor: str) -> None:
    await office.open_task("issue_certificate", "p-bureau-officer", case=doctor)
    await reborn(office, doctor)
    await returned(office, doctor)
    await office.open_task("certificate_returned", "p-coordinator", case=doctor)
    await reborn(office, doctor)
    await listed(office, {doctor: "excellent"})
    await office.open_task("grade_notice", "p-doctor", case=doctor)
    await reborn(office, doctor)
    await office.answer("certificate_returned", "p-coordinator", "resubmit_result", "已补交", case=doctor)
    await issued(office, doctor)
    before = as_issued(await the_certificate(office))
    await reborn(office, doctor)
    await accepted(office, doctor)
    await office.open_task("stay_or_return", "p-doctor", case=doctor)
    await reborn(office, doctor)
    await archived(office, doctor)
    assert await outcome_of(office, doctor) == "archived"
    assert as_issued(await the_certificate(office)) == before
    (grade,) = await office.rows(select(Grade).where(Grade.case_id == doctor))
    assert (grade.grade, grade.state) == ("excellent", "settled")
    assert (await lines(office, doctor)).count("certificate_issued") == 1
    assert not [damage for damage in await office.damage() if "beside" not in str(damage)]
