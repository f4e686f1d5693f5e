"""Nominated terms in steps: shared by their tests and by the recorder."""

from datetime import timedelta

from sqlalchemy import select

from db.evaluation import Certificate, Grade
from policies.engine.pack import Pack
from tests.workflows.evaluations import REASON, accepted, graded, issued, listed, opined, settled_beside
from tests.workflows.office import Office
from tests.workflows.openings import completed_term
from tests.workflows.trainees import completed, filed_training, in_training, settle_trainees

HOSPITAL_OFFICERS = ("p-h1-hr", "p-h1-head")


async def nominated(office: Office, term: str, pack: Pack) -> None:
    """The committee nominates, and the group has said over whom the share is counted: one of five."""
    await settled_beside(office, pack, 4)
    await graded(office, term, "excellent", REASON)
    await office.answer("grade_cohort", "p-group-deputy", "cohort_together")


async def nominated_doctor(office: Office, pack: Pack) -> str:
    """The nominated term of somebody who was sent down."""
    term = await completed_term(office)
    await opined(office, term, "excellent")
    await nominated(office, term, pack)
    return term


async def nominated_trainee(office: Office, pack: Pack) -> str:
    """A nominated training; `pack` is that of those who are sent down, with whom the placements begin."""
    await settle_trainees(office.record)
    term = await filed_training(office, pack)
    await completed(office, term, await in_training(office, term))
    await opined(office, term, "excellent", HOSPITAL_OFFICERS)
    await nominated(office, term, pack)
    return term


async def came_home(office: Office, term: str) -> None:
    """The township writes down that the trainee is back, and the group archives the file."""
    (grade,) = await office.rows(select(Grade).where(Grade.case_id == term))
    form = {"returned_on": (grade.last_day + timedelta(days=1)).isoformat()}
    await office.answer("record_return", "p-t1-hr", "record_return", form=form, case=term)
    await office.answer("archive_term", "p-coordinator", "archive", case=term)


async def live_through_nomination(office: Office, pack: Pack) -> None:
    """A training whose certificate is issued before the list, and raised by it."""
    term = await nominated_trainee(office, pack)
    await issued(office, term)
    await listed(office, {term: "excellent"})
    await accepted(office, term)
    await office.seen(select(Certificate).where(Certificate.priority))
    await came_home(office, term)
    await office.stands(term, "archived")
