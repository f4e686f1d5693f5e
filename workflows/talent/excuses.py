"""Force majeure that the employer claims; only what the commission confirms is left out of a figure (G-13)."""

from policies.engine.questions import Question
from workflows.talent.base import TalentCase, request_of

CLAIMED, SETTLE = "excuse_claimed", "settle_excuse"


class Excuses:
    """One question for each claim."""

    def __init__(self, case: TalentCase) -> None:
        self._case = case
        self._claims = 0

    async def advance(self) -> None:
        """Ask about what has been claimed, and keep what the commission has said."""
        case = self._case
        while claim := case.take(f"claim/{self._claims + 1}", CLAIMED):
            self._claims += 1
            refs = {"excuse": claim.refs["excuse"]}
            task = case.open(Question(f"excuse/{claim.refs['excuse']}", SETTLE, refs=refs))
            if task.outcome and case.once(f"excuse/{claim.refs['excuse']}/settled"):
                request = request_of(task)
                case.write("settle_excuse", excuse=claim.refs["excuse"], outcome=task.outcome, request=request)
                case.note("excuse_settled", rule_ids=("OT-S3",), by_request=request)
                case.tell_employer("excuse_settled", by_request=request)
