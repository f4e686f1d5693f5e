"""Falsification or irregularities found in an assessment (OT-E3): heard, decided by people, with what it does to money.

The text names a punishment by gravity and says that payments may be affected; it has no scale and no procedure. So
the commission reports what it has found, its leader says whether payments are held meanwhile, the expert is heard, the
leader decides with reasons, and the employer says whether it verifies a ground to rescind (OT-6.3c). Nothing follows by
itself.
"""

from policies.engine.questions import SUBMITTER, Question
from policies.engine.tasks import Status, Task
from workflows.engine.case import Case
from workflows.talent.base import EMPLOYER_HR, EMPLOYER_LEADER, request_of

FOUND, DISMISSED = "report_falsification", "falsification_dismissed"
RULES, RESCISSION = ("OT-E3",), ("OT-E3", "OT-6.3c")


async def settled(case: Case, key: str, found: Task) -> None:
    """Until people have decided what was found, and what follows from it."""
    if case.once(f"falsification/{key}"):
        case.note("falsification_reported", rule_ids=RULES, by_request=request_of(found))
    refs = {"of": found.id, SUBMITTER: found.deciding.person}
    hold = case.open(Question(f"falsification_hold/{key}", "falsification_hold", refs=refs))
    await _heard(case, key, found)
    (decided,) = await case.ask(Question(f"falsification_decision/{key}", "falsification_decision", refs=refs))
    if hold.live:
        case.withdraw(hold)
    if case.once(f"falsification_decided/{key}"):
        case.note("falsification_decided", rule_ids=RULES, by_request=request_of(decided))
        case.tell("falsification_decided", person=case.facts["person"], by_request=request_of(decided))
        for role in (EMPLOYER_HR, EMPLOYER_LEADER):
            case.tell("falsification_decided", role=role, place=case.facts["employer"], by_request=request_of(decided))
    if decided.outcome != DISMISSED:
        await _weighed_by_employer(case, key, decided)


async def _heard(case: Case, key: str, found: Task) -> None:
    """DEF-16: the expert replies or lets the time pass; silence decides nothing."""
    reply = case.open(Question(f"falsification_reply/{key}", "falsification_reply", refs={"of": found.id}))
    await case.until(lambda: reply.status is not Status.OPENING)
    await case.until(lambda: not reply.live, latest=reply.due)
    if reply.live:
        case.withdraw(reply)
        case.note("comment_time_ended", rule_ids=RULES)


async def _weighed_by_employer(case: Case, key: str, decided: Task) -> None:
    """OT-6.3c names falsification as a ground to rescind: the employer's leader says whether it is verified."""
    question = Question(f"falsification_inquiry/{key}", "falsification_inquiry", refs={"of": decided.id})
    (asked,) = await case.ask(question)
    if asked.outcome == "open_inquiry":
        await case.effect(f"falsification_inquiry/{key}", "open_falsification", request=request_of(asked))
    if case.once(f"falsification_weighed/{key}"):
        case.note("falsification_weighed", rule_ids=RESCISSION, by_request=request_of(asked))
