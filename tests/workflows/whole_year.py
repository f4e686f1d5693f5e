"""One year in which every lifecycle comes to each of its ends: what histories, budgets and leaks are measured on."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import func, select

from db.engine.cases import CaseFile
from db.engine.tasks import TaskRow
from policies.engine.pack import Pack
from tests.builders.county import settle_doctors
from tests.workflows.evaluations import REASON, archived, graded, opined
from tests.workflows.filings import live_through_filings
from tests.workflows.office import Office
from tests.workflows.pay_totals import live_through_pay
from tests.workflows.terms import (
    absent,
    certified,
    confirmed,
    in_service,
    on_leave,
    quarters_pass,
    ready,
    started_on,
    until_day,
)
from tests.workflows.year import (
    BALANCING,
    DEMAND,
    OTHER_DEMAND,
    OTHER_SUPPLY,
    agree,
    choose,
    decide_batch,
    demanded,
    matched,
    publication,
    start_cycle,
    submit,
)

POSTS = 6


async def live_through(office: Office, pack: Pack) -> None:
    """From the start of a cycle to the end of its last case."""
    filed, gone, voided, declined, unmatched, left, withdrawn = await settle_doctors(office.record, 7)
    listed = [filed, gone, voided, declined, unmatched, left, withdrawn, "p-nurse"]
    posts = await _balanced(office, pack, listed)
    await _declined_and_rejected(office, declined)
    await _not_matched(office, unmatched, posts)
    case = await choose(office, left, posts[0])
    await office.notify(case, "person_left")
    await office.stands(case, "ended_early")
    await _filed_after_an_objection(office, filed, posts)
    await _filed(office, gone, posts[1])
    await _filed(office, voided, posts[2])
    await _withdrawn_from_the_next_batch(office, withdrawn, posts[3])
    await _served(office)
    await live_through_filings(office, reason=REASON)
    await live_through_pay(office, reason=REASON)
    running = select(func.count()).select_from(CaseFile).where(CaseFile.state != "closed")
    await office.seen(running.having(func.count() == 0))


async def _balanced(office: Office, pack: Pack, listed: Sequence[str]) -> Sequence[str]:
    """Two report in time, two not at all; one demand goes back once; something stays unmet."""
    await start_cycle(office)
    await office.answer("demand_report", "p-t1-hr", "submit", form=demanded(POSTS + 2))
    await office.answer("demand_approval", "p-t1-head", "return", REASON)
    await office.answer("demand_report", "p-t1-hr", "submit", form=demanded(POSTS + 2))
    await office.answer("demand_approval", "p-t1-head", "approve", REASON)
    people = [{"person": person} for person in listed]
    await office.answer("supply_report", "p-h1-hr", "submit", form={"people": people})
    await office.answer("supply_approval", "p-h1-head", "approve")
    await office.days_pass(30)
    for case in (OTHER_DEMAND, OTHER_SUPPLY):
        await office.answer("late_report", "p-coordinator", "exclude", REASON, case=case)
    await office.answer("balancing", "p-coordinator", "return_demand", REASON, form={"demand": DEMAND})
    await office.answer("demand_report", "p-t1-hr", "submit", form=demanded(POSTS + 1))
    await office.answer("demand_approval", "p-t1-head", "approve")
    await office.stands(BALANCING, "balancing")
    unmet = {"institution": "dq-t01", "specialty": "internal_medicine", "headcount": 1, "reason": REASON}
    await office.answer("balancing", "p-coordinator", "record_unmet", REASON, form={"unmet": [unmet]})
    form = publication(pack, posts=POSTS, revision=2)
    await office.answer("balancing", "p-coordinator", "publish", form=form)
    await office.open_task("choose_post", listed[0])
    return [f"post.{BALANCING.removeprefix('balancing.')}.{number}" for number in range(1, POSTS + 1)]


async def _declined_and_rejected(office: Office, person: str) -> None:
    await office.answer("choose_post", person, "decline", REASON)
    await office.answer("profession_ask", "p-coordinator", "refuse", REASON)


async def _not_matched(office: Office, person: str, posts: Sequence[str]) -> None:
    """Returned once, rejected three times, nominated and refused: no post in the end."""
    case = await choose(office, person, posts[0], posts[1])
    await office.answer("sending_review", "p-h1-head", "return", REASON, case=case)
    await office.answer("correct_application", person, "resubmit", case=case)
    for _ in range(2):
        await office.answer("receiving_review", "p-t1-head", "reject", REASON, case=case)
    await choose(office, person, posts[2])
    await office.answer("receiving_review", "p-t1-head", "reject", REASON, case=case)
    await office.answer("nominate", "p-coordinator", "nominate", REASON, form={"post": posts[4]}, case=case)
    await office.answer("nomination_consent", person, "refuse", REASON, case=case)
    await office.answer("nominate", "p-coordinator", "close_unfilled", REASON, case=case)


async def _filed_after_an_objection(office: Office, person: str, posts: Sequence[str]) -> None:
    """A silent fortnight, a match, an objection that stands, another choice, and the filing."""
    case = await choose(office, person, posts[0])
    await office.days_pass(14)
    await agree(office, case)
    await submit(office, case)
    await decide_batch(office, {case: "object"})
    await office.answer("confirm_objection", "p-bureau-leader", "confirm", REASON)
    await office.answer("replan", "p-coordinator", "choose_again", REASON, case=case)
    await choose(office, person, posts[5])
    await agree(office, case)
    await submit(office, case)
    await decide_batch(office, {case: "file"})
    await office.stands(case, "filed")


async def _withdrawn_from_the_next_batch(office: Office, person: str, post: str) -> None:
    case = await matched(office, person, post)
    await office.open_task("compile_batch", "p-coordinator")
    await office.act("withdraw", person, case, words=REASON)
    await office.stands(case, "withdrawn")


async def _filed(office: Office, person: str, post: str) -> None:
    """A placement is filed in a batch of its own."""
    case = await matched(office, person, post)
    await submit(office, case)
    await decide_batch(office, {case: "file"})
    await office.stands(case, "filed")


async def _served(office: Office) -> None:
    """One starts late and is certified, one leaves while serving, the service of one ends with the void of its
    credit.
    """
    terms = select(CaseFile).where(CaseFile.lifecycle == "ServiceTerm").order_by(CaseFile.started_at)
    late, gone, voided = [term.id for term in await office.rows(terms)]
    await ready(office, voided)
    first_day = await in_service(office, gone)
    await office.notify(gone, "person_left", kind="retired", on=first_day.isoformat())
    await office.answer("credit_of_partial_term", "p-coordinator", "not_count", REASON, case=gone)
    await _voided(office, voided)
    moved_to = first_day + timedelta(days=30)
    form = {"starts_on": moved_to.isoformat()}
    await office.answer("move_start", "p-coordinator", "move_start", REASON, form=form, case=late)
    await in_service(office, late, moved_to=moved_to)
    await _on_leave_twice(office, late, moved_to)
    await quarters_pass(office, late, moved_to, until=2)
    await office.days_pass(8)
    await certified(office, late, "certify")
    await _evaluated(office, late)


async def _evaluated(office: Office, term: str) -> None:
    """An unqualified result, upheld against an objection; the group does not count the time."""
    await opined(office, term, "unqualified")
    await graded(office, term, "unqualified")
    person = (await office.case(term)).facts["person"]
    await office.answer("grade_notice", person, "appeal_grade", REASON, case=term)
    await office.answer("grade_appeal", "p-group-deputy", "uphold_grade", REASON, case=term)
    for officer in ("p-coordinator", "p-group-deputy"):
        await office.answer("credit_of_unqualified", officer, "not_count", REASON, case=term)
    await archived(office, term)


async def _voided(office: Office, term: str) -> None:
    """Four days without leave, one of them upheld against an objection."""
    await office.stands(term, "in_service")
    for number in range(4):
        await absent(office, term, day=1 + number)
        await confirmed(office, term)
        await office.days_pass(1)
    notice = select(TaskRow).where(TaskRow.case_id == term, TaskRow.key == "absence/1/notice", TaskRow.status == "open")
    person = (await office.case(term)).facts["person"]
    await office.answer((await office.seen(notice)).id, person, "object_absence", REASON, case=term)
    await office.answer("absence_appeal", "p-group-deputy", "uphold_absence", REASON, case=term)
    for officer in ("p-coordinator", "p-group-deputy"):
        await office.answer("credit_void", officer, "void_end", REASON, case=term)
    await office.stands(term, "credit_void")


async def _on_leave_twice(office: Office, term: str, first_day: date) -> None:
    """A refused leave, and one of a kind that the group weighs."""
    day = (first_day - await started_on(office)).days + 2
    await on_leave(office, term, "personal", day=day, days=1, answer="refuse_leave")
    await on_leave(office, term, "disaster_duty", day=day, days=5)
    await office.answer("leave_effect", "p-coordinator", "leave_pauses", REASON, case=term)
    back = first_day + timedelta(days=6)
    await until_day(office, back)
    person = (await office.case(term)).facts["person"]
    await office.answer("close_leave", person, "returned", form={"returned_on": back.isoformat()}, case=term)
