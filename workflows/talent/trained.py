"""Local physicians whom the employer reports as trained under the contract: its leader says of each whether they are
(OT-1.3a). The text does not say who counts; a goal is reported, and nothing follows from it.
"""

from policies.engine.questions import SUBMITTER, Question
from workflows.talent.base import TalentCase, request_of

REPORTED, CONFIRM = "trained_reported", "confirm_trained"


class Trained:
    """One question for each report."""

    def __init__(self, case: TalentCase) -> None:
        self._case = case

    async def advance(self) -> None:
        """Ask about what has been reported, and keep what the leader has said."""
        case, reports = self._case, 0
        while report := case.take(f"trained/{reports + 1}", REPORTED):
            reports += 1
            refs = {"trained": report.refs["trained"], SUBMITTER: report.refs["by"]}
            task = case.open(Question(f"trained/{report.refs['trained']}", CONFIRM, refs=refs))
            if task.outcome and case.once(f"{task.key}/settled"):
                request = request_of(task)
                case.write("settle_trained", trained=report.refs["trained"], outcome=task.outcome, request=request)
                case.note("trained_settled", rule_ids=("OT-1.3a",), by_request=request)
