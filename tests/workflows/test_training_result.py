"""AS-32: what a trainee's grade earns, and the return to the township (DQ-3.5.2a, b; programme 3.2, stages 6 to 8)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from db.credit import ServiceCredit
from db.engine.cases import FindingRow
from db.evaluation import Certificate, Grade
from db.talents import TalentListed
from policies.engine.pack import Pack
from policies.vocabulary import TRAINEE
from services.field_problems import FactsRefused
from tests.workflows.evaluations import REASON, accepted, graded, issued, listed, opinion, settled_beside
from tests.workflows.office import Office
from tests.workflows.talents import called
from tests.workflows.terms import outcome_of
from tests.workflows.trainees import completed, filed_training, in_training, settle_trainees


@pytest.fixture
async def training(office: Office, dq_a: Pack) -> str:
    """A training whose six months are certified."""
    await settle_trainees(office.record)
    term = await filed_training(office, dq_a)
    await completed(office, term, await in_training(office, term))
    await office.stands(term, "under_evaluation")
    return term


async def opined(office: Office, term: str, proposed: str) -> None:
    """The hospital, which has received the trainee, gives the opinion."""
    await office.answer("term_summary", "p-trainee", "submit_summary", form={"summary": REASON}, case=term)
    for officer in ("p-h1-hr", "p-h1-head"):
        await office.answer("term_opinion", officer, "give_opinion", form=opinion(proposed), case=term)
    await office.answer("opinion_comment", "p-trainee", "no_comment", case=term)


async def returned(office: Office, term: str) -> None:
    """The township writes down that the trainee is back, and the group archives the file."""
    (grade,) = await office.rows(select(Grade).where(Grade.case_id == term))
    early = {"returned_on": grade.last_day.isoformat()}
    with pytest.raises(FactsRefused):
        await office.answer("record_return", "p-t1-hr", "record_return", form=early, case=term)
    form = {"returned_on": (grade.last_day + timedelta(days=1)).isoformat()}
    await office.answer("record_return", "p-t1-hr", "record_return", form=form, case=term)
    await office.answer("archive_term", "p-coordinator", "archive", case=term)
    assert await outcome_of(office, term) == "archived"


async def test_as_32_a_qualified_training_is_recorded_without_priority(office: Office, training: str) -> None:
    await opined(office, training, "qualified")
    await graded(office, training, "qualified")
    await accepted(office, training)
    await issued(office, training)
    await returned(office, training)
    (certificate,) = await office.rows(select(Certificate))
    assert not certificate.priority
    assert not await office.rows(select(ServiceCredit)), "a training is no grassroots service"
    found = select(FindingRow.outcome).where(FindingRow.case_id == training, FindingRow.rule == "DQ-3.5.2a")
    assert await office.rows(found) == ["no_priority"]
    assert not await office.damage()


async def test_as_32_an_excellent_training_earns_priority_and_counts_in_the_groups_cohort(
    office: Office, training: str, dq_a: Pack
) -> None:
    await settled_beside(office, dq_a, 4)
    await opined(office, training, "excellent")
    await graded(office, training, "excellent")
    await office.answer("grade_cohort", "p-group-deputy", "cohort_together")
    await listed(office, {training: "excellent"})
    await accepted(office, training)
    await issued(office, training)
    await returned(office, training)
    (grade,) = await office.rows(select(Grade).where(Grade.case_id == training))
    (certificate,) = await office.rows(select(Certificate))
    assert (grade.programme, grade.grade, certificate.priority) == (TRAINEE, "excellent", True)
    await called(office)
    assert await office.rows(select(TalentListed.term)) == [training]
    assert "talent_listed" not in [one.what for one in await office.damage()]


async def test_a_lone_trainee_is_no_fifth_of_a_cohort_of_their_own(office: Office, training: str, dq_a: Pack) -> None:
    await settled_beside(office, dq_a, 4)
    await opined(office, training, "excellent")
    await graded(office, training, "excellent")
    await office.answer("grade_cohort", "p-group-deputy", "cohort_apart")
    with pytest.raises(FactsRefused):
        await listed(office, {training: "excellent"})
