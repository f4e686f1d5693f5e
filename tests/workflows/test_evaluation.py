"""Stages 10 to 14: opinion, grade, notice, objection, certificate, return or stay, archive (DQ-3.3.3, DQ-3.5)."""

from collections.abc import Mapping

import pytest
from sqlalchemy import select

from db.credit import ServiceCredit
from db.engine.cases import CaseFile, FindingRow
from db.engine.tasks import TaskRow
from db.evaluation import Certificate, Grade
from policies.engine.pack import Pack
from policies.engine.refusals import ReasonMissing
from services.field_problems import FactsRefused
from tests.workflows.evaluations import (
    MEETING,
    accepted,
    archived,
    completed,
    graded,
    issued,
    listed,
    opined,
    opinion,
    settled_beside,
)
from tests.workflows.office import Office
from tests.workflows.terms import absent, certified, confirmed, filed_term, in_service, outcome_of, quarters_pass


@pytest.fixture
async def term(office: Office, dq_a: Pack) -> str:
    term = await filed_term(office, dq_a)
    await completed(office, term)
    return term


async def the_grade(office: Office, term: str) -> Grade:
    found: Grade = (await office.rows(select(Grade).where(Grade.case_id == term)))[0]
    return found


async def test_as_31_a_qualified_term_earns_its_certificate_with_priority_and_is_archived(
    office: Office, term: str
) -> None:
    await opined(office, term)
    await graded(office, term, "qualified")
    await accepted(office, term)
    await issued(office, term)
    await archived(office, term)
    assert await outcome_of(office, term) == "archived"
    (certificate,) = await office.rows(select(Certificate))
    grade = await the_grade(office, term)
    assert (certificate.priority, certificate.first_day, len(certificate.code)) == (True, grade.first_day, 16)
    (credit,) = await office.rows(select(ServiceCredit))
    assert (credit.person, credit.verdict, credit.confirmed_by) == ("p-doctor", "counted", "p-bureau-deputy")
    assert (grade.state, grade.proposed, grade.minutes) == ("settled", "qualified", MEETING["minutes"])
    assert len(await office.letters("outcome", what="certificate_issued")) == 3
    assert not await office.damage()


async def test_as_29_an_opinion_without_one_of_the_five_dimensions_is_refused(office: Office, term: str) -> None:
    four = dict.fromkeys("德能勤绩", "良好")
    await office.answer("term_summary", "p-doctor", "submit_summary", form={"summary": "完成任务"}, case=term)
    form = opinion(dimensions=four | {"廉": "  "})
    with pytest.raises(FactsRefused) as refused:
        await office.answer("term_opinion", "p-t1-hr", "give_opinion", form=form, case=term)
    assert [problem.field for problem in refused.value.problems] == ["dimensions-廉"]


async def test_as_30_what_the_receiving_institution_proposes_decides_nothing(office: Office, term: str) -> None:
    await opined(office, term, "excellent")
    grade = await the_grade(office, term)
    assert (grade.proposed, grade.grade, grade.state) == ("excellent", "", "open")
    found = select(FindingRow.outcome).where(FindingRow.case_id == term, FindingRow.rule == "DQ-3.3.3b")
    assert await office.rows(found) == ["proposal"]
    with pytest.raises(ReasonMissing):
        await graded(office, term, "qualified", words="")
    await graded(office, term, "qualified")
    assert (await the_grade(office, term)).grade == "qualified"


async def test_as_09_one_of_four_is_above_the_cap_and_the_list_does_not_close(
    office: Office, term: str, dq_a: Pack
) -> None:
    await settled_beside(office, dq_a, 3)
    await opined(office, term, "excellent")
    await graded(office, term, "excellent")
    await office.answer("grade_cohort", "p-group-deputy", "cohort_together")
    with pytest.raises(FactsRefused) as refused:
        await listed(office, {term: "excellent"})
    (problem,) = refused.value.problems
    assert (problem.code, dict(problem.values)) == ("cap_exceeded", {"excellent": "1", "cohort": "4", "cap": "0"})
    assert (await the_grade(office, term)).state == "nominated"


async def test_as_10_one_of_five_is_excellent_once_the_list_of_the_year_says_so(
    office: Office, term: str, dq_a: Pack
) -> None:
    await settled_beside(office, dq_a, 4)
    await opined(office, term, "excellent")
    await graded(office, term, "excellent")
    await office.stands(term, "under_evaluation")
    await office.answer("grade_cohort", "p-group-deputy", "cohort_together")
    batch = await listed(office, {term: "excellent"})
    await accepted(office, term)
    assert (await outcome_of(office, batch), (await the_grade(office, term)).settled_by) == ("grades_closed", batch)
    await issued(office, term)
    await archived(office, term)
    assert await outcome_of(office, term) == "archived"
    assert not [damage for damage in await office.damage() if "beside" not in str(damage)]


async def test_nobody_is_downgraded_but_by_the_committee_with_its_reason(office: Office, term: str) -> None:
    await opined(office, term, "excellent")
    await graded(office, term, "excellent")
    await office.answer("grade_cohort", "p-group-deputy", "cohort_apart")
    form = MEETING | {"grades": [{"case": term, "grade": "qualified", "reason": ""}]}
    with pytest.raises(FactsRefused):
        await office.answer("close_grades", "p-committee", "close_grades", form=form)
    await listed(office, {term: "qualified"})
    await accepted(office, term)
    grade = await the_grade(office, term)
    assert (grade.grade, grade.state) == ("qualified", "settled")


async def test_exc_12_an_objection_that_is_upheld_has_the_committee_discuss_it_again(office: Office, term: str) -> None:
    await opined(office, term)
    await graded(office, term, "unqualified")
    await office.answer("grade_notice", "p-doctor", "appeal_grade", "门诊数据有误", case=term)
    await office.stands(term, "graded")
    assert not await office.open_tasks("issue_certificate")
    await office.answer("grade_appeal", "p-group-deputy", "reopen_grade", "数据确有误", case=term)
    again = await office.open_task("decide_grade", "p-committee", case=term)
    assert again.key == "grade/2"
    await graded(office, term, "qualified")
    await accepted(office, term)
    await office.open_task("issue_certificate", "p-bureau-officer", case=term)


async def test_silence_in_every_question_to_the_person_holds_nothing_up_and_says_nothing(
    office: Office, term: str
) -> None:
    await office.days_pass(20)
    for officer in ("p-t1-hr", "p-t1-head"):
        await office.answer("term_opinion", officer, "give_opinion", form=opinion(), case=term)
    await office.days_pass(20)
    await graded(office, term, "qualified")
    await office.days_pass(20)
    await office.open_task("issue_certificate", "p-bureau-officer", case=term)
    settled = select(TaskRow.name).where(TaskRow.case_id == term, TaskRow.outcome != "", TaskRow.status == "settled")
    mine = {"term_summary", "opinion_comment", "grade_notice"}
    assert not mine & set(await office.rows(settled))


@pytest.mark.parametrize(("choice", "certificates"), [("not_count", 0), ("count_no_priority", 1)])
async def test_what_becomes_of_an_unqualified_term_is_asked(
    office: Office, term: str, choice: str, certificates: int
) -> None:
    await opined(office, term, "unqualified")
    await graded(office, term, "unqualified")
    await accepted(office, term)
    for officer in ("p-coordinator", "p-group-deputy"):
        await office.answer("credit_of_unqualified", officer, choice, "集团研究决定", case=term)
    if certificates:
        await issued(office, term)
    await archived(office, term)
    assert await outcome_of(office, term) == "archived"
    assert [row.priority for row in await office.rows(select(Certificate))] == [False] * certificates


async def test_a_certificate_that_the_bureau_sends_back_comes_again(office: Office, term: str) -> None:
    await opined(office, term)
    await graded(office, term, "qualified")
    await accepted(office, term)
    await office.answer("issue_certificate", "p-bureau-officer", "return_certificate", "缺会议纪要", case=term)
    for officer in ("p-bureau-section", "p-bureau-deputy"):
        await office.answer("issue_certificate", officer, "return_certificate", "缺会议纪要", case=term)
    await office.answer("certificate_returned", "p-coordinator", "resubmit_result", "已补交", case=term)
    await issued(office, term)
    await office.seen(select(Certificate))


FORMALITIES: Mapping[str, str] = {"staffing_office": "同意", "hr_bureau": "同意"}


async def test_who_wishes_to_stay_needs_both_institutions_and_the_bureau(office: Office, term: str) -> None:
    await opined(office, term)
    await graded(office, term, "qualified")
    await accepted(office, term)
    await issued(office, term)
    await office.answer("stay_or_return", "p-doctor", "wish_to_stay", case=term)
    await office.answer("stay_sending", "p-h1-head", "agree_stay", case=term)
    assert not await office.open_tasks("stay_bureau")
    await office.answer("stay_receiving", "p-t1-head", "agree_stay", case=term)
    with pytest.raises(FactsRefused):
        await office.answer("stay_bureau", "p-bureau-officer", "agree_stay", case=term)
    for officer in ("p-bureau-officer", "p-bureau-section", "p-bureau-deputy"):
        await office.answer("stay_bureau", officer, "agree_stay", form=FORMALITIES, case=term)
    await office.answer("archive_term", "p-coordinator", "archive", case=term)
    assert await outcome_of(office, term) == "archived"
    assert len(await office.letters("outcome", what="stay_settled")) == 3


@pytest.mark.parametrize("grade", ["qualified", "excellent"])
async def test_a_void_term_is_graded_earns_nothing_and_ends_as_void(office: Office, dq_a: Pack, grade: str) -> None:
    term = await filed_term(office, dq_a)
    first_day = await in_service(office, term)
    await office.days_pass(5)
    for number in (1, 2, 3, 4):
        await absent(office, term, day=number)
        await confirmed(office, term)
    for officer in ("p-coordinator", "p-group-deputy"):
        await office.answer("credit_void", officer, "void_continue", "已逐次核实", case=term)
    await quarters_pass(office, term, first_day, until=2)
    await office.days_pass(8)
    await certified(office, term, "certify")
    await opined(office, term)
    await graded(office, term, grade)
    if grade == "excellent":
        # COR-12 asks for no certificate of time that does not count, and the list may still say how it was served.
        await office.answer("grade_cohort", "p-group-deputy", "cohort_together")
        await listed(office, {term: "qualified"})
    await accepted(office, term)
    await archived(office, term)
    assert await outcome_of(office, term) == "credit_void"
    assert not await office.rows(select(TaskRow).where(TaskRow.name == "issue_certificate"))
    assert not await office.rows(select(Certificate))


async def test_the_person_may_be_posted_again_while_the_result_is_still_out(office: Office, term: str) -> None:
    posting = (await office.case(term)).facts["posting"]
    assert (await office.rows(select(CaseFile.open_key).where(CaseFile.id == posting)))[0] is None
