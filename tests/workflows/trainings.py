"""Trainees whose placements come to each of their ends, and one training that is lived through: for the recorder."""

from sqlalchemy import func, select

from db.engine.cases import CaseFile
from policies.engine.pack import Pack
from services.mentors import MentorDesk
from tests.workflows.evaluations import accepted, archived, graded, issued, opined
from tests.workflows.office import Office
from tests.workflows.trainees import (
    assignment,
    completed,
    filed,
    in_training,
    listed,
    matched,
    mentored,
    settle_trainees,
)
from tests.workflows.year import decide_batch, submit

REASON = "须结合实际情况办理"
PEOPLE = ("p-trainee", "p-trainee-2", "p-trainee-3", "p-trainee-4", "p-trainee-5", "p-junior", "p-senior-gp")


async def live_through_trainings(office: Office, pack: Pack) -> None:
    """From a township's list to the end of everybody's way on it."""
    await settle_trainees(office.record)
    cases = await listed(office, pack, PEOPLE)
    await office.answer("choose_post", "p-doctor", "decline", REASON)
    await _ended_before_a_match(office, cases)
    case = cases["p-trainee"]
    await matched(office, case)
    await submit(office, case)
    await decide_batch(office, {case: "object"})
    await office.answer("confirm_objection", "p-bureau-leader", "confirm", REASON)
    await office.answer("replan", "p-coordinator", "choose_again", REASON, case=case)
    await matched(office, case)
    (term,) = await filed(office, case)
    first_day = await in_training(office, term, "p-mentor-2")
    head = await office.sessions.viewer("p-h1-head")
    assert head
    await MentorDesk(office.record, office.delivery, clock=office.clock).left(
        term, head, reason=REASON, request=office.request()
    )
    await mentored(office, term)
    await completed(office, term, first_day)
    await opined(office, term, officers=("p-h1-hr", "p-h1-head"))
    await graded(office, term, "qualified")
    await accepted(office, term)
    await issued(office, term)
    await archived(office, term)
    await office.stands(term, "archived")
    running = select(func.count()).select_from(CaseFile).where(CaseFile.state != "closed")
    await office.seen(running.having(func.count() == 0))


async def _ended_before_a_match(office: Office, cases: dict[str, str]) -> None:
    await office.answer("training_ask", "p-coordinator", "refuse", REASON, case=cases["p-junior"])
    for person, choice in (("p-trainee-2", "decline"), ("p-trainee-3", "consent"), ("p-trainee-4", "consent")):
        case = cases[person]
        await office.answer("assign_hospital", "p-coordinator", "assign_hospital", form=assignment(), case=case)
        await office.answer("training_consent", person, choice, REASON, case=case)
    await office.answer("training_review", "p-h1-head", "reject", REASON, case=cases["p-trainee-3"])
    await office.answer("assign_hospital", "p-coordinator", "close_unmatched", REASON, case=cases["p-trainee-3"])
    await office.open_task("training_review", "p-h1-head", case=cases["p-trainee-4"])
    await office.act("withdraw", "p-trainee-4", cases["p-trainee-4"], words=REASON)
    await office.notify(cases["p-trainee-5"], "person_left")
    await office.stands(cases["p-trainee-5"], "ended_early")
