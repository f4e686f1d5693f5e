"""From the completed term to the final grade (三(三)3; stages 10 to 12).

The party committee decides and the system derives nothing. Qualified and unqualified are settled at once; who is
nominated as excellent waits for the list of the year, because its cap is that of the whole cohort (COR-12). While an
objection is open nothing follows from the grade (DEF-16).
"""

from policies.engine.questions import SUBMITTER, Question
from policies.engine.tasks import Task
from workflows.engine.case import Case
from workflows.term.opinion import Opinion

RULE = ("DQ-3.3.3b", "DQ-3.3.3c")
NOMINATED = "nominated"


class Evaluation:
    """Opinion, grade, notice, objection."""

    def __init__(self, case: Case, first_day: str) -> None:
        self._case, self._first_day, self._decider = case, first_day, ""

    async def grade(self) -> str:
        """The grade against which nobody objects any more: excellent, qualified or unqualified."""
        case = self._case
        await case.effect("evaluation", "open_evaluation", first_day=self._first_day)
        case.enter("under_evaluation")
        if case.once("evaluation/opened"):
            case.note("evaluation_opened", rule_ids=("DQ-3.3.3a",))
        opinion, number = await Opinion(case).given(), 0
        while True:
            number += 1
            grade = await self._decided(number, opinion)
            case.enter("graded")
            if not await self._reopened(number):
                return grade
            case.enter("under_evaluation")

    async def _decided(self, number: int, opinion: Task) -> str:
        """What the committee decides; of a nomination, what its list of the year says."""
        case = self._case
        (decided,) = await case.ask(Question(f"grade/{number}", "decide_grade", refs={"of": opinion.id}))
        request = decided.answers[-1].request
        state = await case.effect(f"grade/{number}/kept", "keep_grade", request=request, choice=decided.outcome)
        nominated = state == NOMINATED
        if case.once(f"grade/{number}/said"):
            case.note("grade_nominated" if nominated else "grade_settled", rule_ids=RULE, by_request=request)
        if not nominated:
            return state
        listed = await case.hear(f"grade/{number}/listed", "graded")
        if case.once(f"grade/{number}/listed"):
            refs = {name: listed.refs[name] for name in ("grade", "list", "request")}
            case.write("settle_grade", **refs)
            case.note("grade_settled", rule_ids=(*RULE, "DQ-3.3.3d"), list=listed.refs["list"])
        self._decider = listed.refs["by"]
        return listed.refs["grade"]

    async def _reopened(self, number: int) -> bool:
        """Whether the person objects in time and the group has the committee discuss it again."""
        case = self._case
        notice = case.open(Question(f"grade/{number}/notice", "grade_notice"))
        await case.until(lambda: not notice.live or notice.due is not None)
        if notice.live and not await case.until(lambda: not notice.live, latest=notice.due):
            case.withdraw(notice)
            case.note("objection_time_ended", rule_ids=RULE)
        if notice.outcome != "appeal_grade":
            return False
        # Who has settled the list is no reviewer of what it says (DEF-16).
        refs = {"objected": notice.id, SUBMITTER: self._decider}
        (review,) = await case.ask(Question(f"grade/{number}/appeal", "grade_appeal", refs=refs))
        if review.outcome == "uphold_grade":
            return False
        if case.once(f"grade/{number}/reopened"):
            request = review.answers[-1].request
            case.note("grade_reopened", rule_ids=RULE, by_request=request)
            case.tell("grade_reopened", person=case.facts["person"], by_request=request)
        return True
