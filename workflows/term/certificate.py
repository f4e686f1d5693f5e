"""The certificate of a term on its way: asked of the bureau, sent back, mended, issued, raised (F-20; 三(五)1 and 2).

What a committee that nominates somebody has settled is "qualified or above", and its certificate is asked for at once;
only "excellent" waits for the list of the year (COR-12). Until then the certificate goes its own way beside the list,
the notice and the objection, none of which can make it worse.
"""

from policies.engine.questions import Question
from policies.engine.tasks import Task
from workflows.engine.case import Case
from workflows.term.sides import parties

EARNS, RAISES = ("DQ-3.5.1a",), ("DQ-3.5.2a", "DQ-3.5.2b")
ASK, NOT_COUNTED, PRIORITY = "ask", "not_counted", "priority"


class Certificate:
    """One certificate; none where the time does not count."""

    def __init__(self, case: Case, *, void: bool) -> None:
        self._case, self._void = case, void
        self._earned = self._at_least = ""
        self._awaited: Task | None = None

    async def earned_by(self, grade: str, *, key: str = "outcome") -> str:
        """What a grade earns: priority, counts or not_counted; ask where the text does not say."""
        return await self._case.effect(key, "judge_outcome", grade=grade, void="yes" if self._void else "no")

    async def begin(self) -> None:
        """Qualified or above is settled: what that earns in any case is asked for."""
        if not self._void:
            self._earned = self._at_least = await self.earned_by("qualified", key="outcome/at_least")

    @property
    def stirred(self) -> bool:
        """Whether people have answered what it waited for."""
        return self._awaited is not None and not self._awaited.live

    async def advance(self) -> bool:
        """Go as far as people have answered; whether it is issued. Nothing happens before it has begun."""
        case, number = self._case, 0
        while self._earned:
            number += 1
            asked = self._awaited = case.open(Question(f"certificate/{number}", "issue_certificate"))
            if asked.live:
                return False
            request = asked.deciding.request
            if asked.outcome == "issue_certificate":
                self._awaited = None
                return await self._issue(request)
            if case.once(f"certificate/{number}/back"):
                case.note("certificate_returned", rule_ids=EARNS, by_request=request)
            question = Question(f"certificate/{number}/mended", "certificate_returned", refs={"of": asked.id})
            mended = self._awaited = case.open(question)
            if mended.live:
                return False
        return False

    async def issued(self, earned: str) -> None:
        """The grade is final: wait for the bureau, and give the certificate what it has gained by the list."""
        self._earned = earned
        while not await self.advance():
            await self._case.until(lambda: self.stirred)
        if self._at_least and earned == PRIORITY != self._at_least:
            await self._raise()

    async def _issue(self, request: str) -> bool:
        case = self._case
        await case.effect("certificate", "issue_certificate", earned=self._earned, request=request)
        if case.once("certificate/issued"):
            case.note("certificate_issued", rule_ids=EARNS, by_request=request)
            for telling in parties(case):
                case.tell("certificate_issued", **telling)
        return True

    async def _raise(self) -> None:
        """The same number and code; one that the bureau issued after the list has its priority already."""
        case = self._case
        if await case.effect("certificate/raised", "raise_certificate") and case.once("certificate/raised"):
            case.note("certificate_raised", rule_ids=RAISES)
            for telling in parties(case):
                case.tell("certificate_raised", **telling)
