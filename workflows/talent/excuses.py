"""Force majeure that the employer claims; only what the commission confirms is left out of a figure (G-13).

Who claims it does not settle it (DEF-12).
"""

from policies.engine.questions import SUBMITTER, Question
from policies.engine.tasks import Task
from workflows.talent.base import TalentCase, request_of

CLAIMED, SETTLE = "excuse_claimed", "settle_excuse"


class Excuses:
    """One question for each claim."""

    def __init__(self, case: TalentCase) -> None:
        self._case = case

    async def advance(self) -> None:
        """Ask about what has been claimed, and keep what the commission has said."""
        case, claims = self._case, 0
        while claim := case.take(f"claim/{claims + 1}", CLAIMED):
            claims += 1
            refs = {"excuse": claim.refs["excuse"], SUBMITTER: claim.refs.get("by", "")}
            task = case.open(Question(f"excuse/{claim.refs['excuse']}", SETTLE, refs=refs))
            if task.outcome and case.once(f"{task.key}/settled"):
                request = request_of(task)
                case.write("settle_excuse", excuse=claim.refs["excuse"], outcome=task.outcome, request=request)
                case.note("excuse_settled", rule_ids=("OT-S3",), by_request=request)
                case.tell_employer("excuse_settled", by_request=request)


def settled(case: TalentCase, task: Task) -> bool:
    """Whether what the commission has said of a claim is on its way into the record: from then on it is computed with.

    The answer alone is not enough, which may come while the case writes something else.
    """
    return f"once:{task.key}/settled" in case.state.marks
