"""From the completed term to the final grade (三(三)3; stages 10 to 12).

The party committee decides and the system derives nothing. Qualified and unqualified are settled at once. Who is
nominated as excellent is settled as qualified or above, and the certificate goes its way; whether they are excellent
waits for the list of the year, because its cap is that of the whole cohort (COR-12, decision 0015). While an objection
is open nothing follows from what it is about (DEF-16).
"""

from collections.abc import Callable
from datetime import datetime

from activities.engine.messages import Notice
from policies.engine.questions import SUBMITTER, Question
from policies.engine.tasks import Task
from workflows.engine.case import Case
from workflows.term.certificate import Certificate
from workflows.term.opinion import Opinion

RULE = ("DQ-3.3.3b", "DQ-3.3.3c")
CAPPED = (*RULE, "DQ-3.3.3d")
# NOMINATED is what the committee's word was called before qualified or above was settled with it (COR-12).
NOMINATED, QUALIFIED_OR_ABOVE = "nominated", "qualified_or_above"


class Evaluation:
    """Opinion, grade, notice, objection; the certificate beside them once it has begun."""

    def __init__(self, case: Case, certificate: Certificate, first_day: str) -> None:
        self._case, self._certificate, self._first_day = case, certificate, first_day
        self._decider = self._at_least = ""

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
        refs = {"of": opinion.id} | ({"at_least": self._at_least} if self._at_least else {})
        decided = await self._asked(Question(f"grade/{number}", "decide_grade", refs=refs))
        request = decided.deciding.request
        state = await case.effect(f"grade/{number}/kept", "keep_grade", request=request, choice=decided.outcome)
        if state == QUALIFIED_OR_ABOVE:
            await self._qualified_or_above(number, request)
        elif case.once(f"grade/{number}/said"):
            case.note("grade_nominated" if state == NOMINATED else "grade_settled", rule_ids=RULE, by_request=request)
        return await self._listed(number) if state in (NOMINATED, QUALIFIED_OR_ABOVE) else state

    async def _qualified_or_above(self, number: int, request: str) -> None:
        """COR-12: the lower bound stands from now on; whatever this person objects to later cannot take it away."""
        self._at_least = "qualified"
        if self._case.once(f"grade/{number}/said"):
            self._case.note("grade_at_least_qualified", rule_ids=RULE, by_request=request)
        await self._certificate.begin()

    async def _listed(self, number: int) -> str:
        case, listed = self._case, await self._heard(f"grade/{number}/listed", "graded")
        if case.once(f"grade/{number}/listed"):
            refs = {name: listed.refs[name] for name in ("grade", "list", "request")}
            case.write("settle_grade", **refs)
            case.note("grade_settled", rule_ids=CAPPED, list=listed.refs["list"])
        self._decider = listed.refs["by"]
        return listed.refs["grade"]

    async def _reopened(self, number: int) -> bool:
        """Whether the person objects in time and the group has the committee discuss it again."""
        case = self._case
        notice = case.open(Question(f"grade/{number}/notice", "grade_notice"))
        await self._until(lambda: not notice.live or notice.due is not None)
        if notice.live and not await self._until(lambda: not notice.live, latest=notice.due):
            case.withdraw(notice)
            case.note("objection_time_ended", rule_ids=RULE)
        if notice.outcome != "appeal_grade":
            return False
        # Who has settled the list is no reviewer of what it says (DEF-16).
        refs = {"objected": notice.id, SUBMITTER: self._decider}
        review = await self._asked(Question(f"grade/{number}/appeal", "grade_appeal", refs=refs))
        if review.outcome == "uphold_grade":
            return False
        if case.once(f"grade/{number}/reopened"):
            request = review.deciding.request
            case.note("grade_reopened", rule_ids=RULE, by_request=request)
            case.tell("grade_reopened", person=case.facts["person"], by_request=request)
        return True

    async def _asked(self, question: Question) -> Task:
        task = self._case.open(question)
        await self._until(lambda: not task.live)
        return task

    async def _heard(self, key: str, name: str) -> Notice:
        while (notice := self._case.take(key, name)) is None:
            await self._until(lambda: self._case.told(key, name))
        return notice

    async def _until(self, done: Callable[[], bool], *, latest: datetime | None = None) -> bool:
        """Wait as a case does, while the certificate goes its own way."""
        while True:
            await self._certificate.advance()
            if not await self._case.until(lambda: done() or self._certificate.stirred, latest=latest):
                return False
            if done():
                return True
