"""Three terms of one group and year, side by side: excellent, qualified, unqualified after an objection."""

from datetime import date, timedelta

from sqlalchemy import select

from db.engine.cases import CaseFile
from policies.engine.dates import term_last_day
from policies.engine.pack import Pack
from tests.builders.county import settle_doctors
from tests.workflows.evaluations import (
    REASON,
    accepted,
    archived,
    graded,
    issued,
    listed,
    opined,
    settled_beside,
)
from tests.workflows.office import Office
from tests.workflows.terms import certified, checked_in, ready, until_day
from tests.workflows.year import decide_batch, matched, posts_published, submit


async def live_through_grades(office: Office, pack: Pack) -> None:
    """From the start of a cycle to three archived terms and a settled list."""
    people = await settle_doctors(office.record, 3)
    posts = await posts_published(office, pack, posts=3, people=people)
    cases = [await matched(office, person, post) for person, post in zip(people, posts, strict=True)]
    await submit(office, *cases)
    await decide_batch(office, dict.fromkeys(cases, "file"))
    await office.seen(select(CaseFile.id).where(CaseFile.lifecycle == "ServiceTerm").offset(2))
    best, good, bad = await _served(office)
    await _excellent(office, best)
    await settled_beside(office, pack, 2)
    await _qualified(office, good)
    await _unqualified(office, bad)
    await office.answer("grade_cohort", "p-group-deputy", "cohort_together")
    for term in (best, good):
        await issued(office, term)
    await listed(office, {best: "excellent"})
    await accepted(office, best)
    for term in (best, good, bad):
        await archived(office, term)
        await office.stands(term, "archived")


async def _served(office: Office) -> list[str]:
    terms = await office.rows(select(CaseFile).where(CaseFile.lifecycle == "ServiceTerm").order_by(CaseFile.id))
    for term in terms:
        await ready(office, term.id)
    first_day = date.fromisoformat(terms[0].facts["planned_start"])
    await until_day(office, first_day)
    for quarter in (1, 2):
        await until_day(office, term_last_day(first_day, 3 * quarter) + timedelta(days=1))
        for term in terms:
            await checked_in(office, term.id, quarter)
    for term in terms:
        await certified(office, term.id, "certify")
        await office.stands(term.id, "under_evaluation")
    return [term.id for term in terms]


async def _excellent(office: Office, term: str) -> None:
    await opined(office, term, "excellent")
    await graded(office, term, "excellent")


async def _qualified(office: Office, term: str) -> None:
    await opined(office, term)
    await graded(office, term, "qualified")
    await accepted(office, term)


async def _unqualified(office: Office, term: str) -> None:
    """Twice: the objection has the committee discuss it again."""
    person = (await office.case(term)).facts["person"]
    await opined(office, term)
    await graded(office, term, "unqualified")
    await office.answer("grade_notice", person, "appeal_grade", REASON, case=term)
    await office.answer("grade_appeal", "p-group-deputy", "reopen_grade", REASON, case=term)
    await graded(office, term, "unqualified")
    await accepted(office, term)
    for officer in ("p-coordinator", "p-group-deputy"):
        await office.answer("credit_of_unqualified", officer, "not_count", REASON, case=term)
