"""What follows from the final grade: the certificate, return or stay, the archive (三(五); stages 13 and 14).

What the text leaves open, the time of an unqualified result, is put to people (DEF-08). Staying is the person's choice
and needs both institutions and the bureau (COR-22).
"""

from policies.engine.questions import Question
from policies.engine.tasks import Task
from workflows.engine.case import Case
from workflows.term.sides import receiving, sending

EARNS, STAYS, RETURNS = ("DQ-3.5.1a",), ("DQ-3.5.3",), ("DQ-3.5.2a",)
ASK, NOT_COUNTED = "ask", "not_counted"


class Outcomes:
    """The last stages of a term."""

    def __init__(self, case: Case, *, grade: str, void: bool) -> None:
        self._case, self._grade, self._void = case, grade, void

    async def applied(self) -> None:
        """From the final grade to the archived file."""
        case = self._case
        earned = await case.effect("outcome", "judge_outcome", grade=self._grade, void="yes" if self._void else "no")
        if case.once("grade/final"):
            case.note("grade_final", rule_ids=EARNS)
            for telling in self._parties():
                case.tell("grade_final", **telling)
        if earned == ASK:
            (settled,) = await case.ask(Question("unqualified", "credit_of_unqualified"))
            earned = NOT_COUNTED if settled.outcome == "not_count" else "counts"
        if earned != NOT_COUNTED:
            await self._certified(earned)
        elif case.once("not_counted"):
            case.note("time_not_counted", rule_ids=EARNS)
        await self._went_home_or_stays()
        case.enter("outcome_applied")
        (archived,) = await case.ask(Question("archive", "archive_term"))
        if case.once("archived"):
            case.note("archived", by_request=archived.answers[-1].request)

    async def _certified(self, earned: str) -> None:
        """The bureau issues the certificate; what it sends back comes again."""
        case, number = self._case, 0
        while True:
            number += 1
            (asked,) = await case.ask(Question(f"certificate/{number}", "issue_certificate"))
            request = asked.answers[-1].request
            if asked.outcome == "issue_certificate":
                break
            if case.once(f"certificate/{number}/back"):
                case.note("certificate_returned", rule_ids=EARNS, by_request=request)
            await case.ask(Question(f"certificate/{number}/mended", "certificate_returned", refs={"of": asked.id}))
        await case.effect("certificate", "issue_certificate", earned=earned, request=request)
        if case.once("certificate/issued"):
            case.note("certificate_issued", rule_ids=EARNS, by_request=request)
            for telling in self._parties():
                case.tell("certificate_issued", **telling)

    async def _went_home_or_stays(self) -> None:
        """The person's own choice; a trainee returns, as the township records it. Whoever has left is not asked."""
        case = self._case
        if case.facts.get("after_term") == "record_return":
            await self._returned()
            return
        choice = case.open(Question("stay", "stay_or_return"))
        if await self._left(choice):
            return
        stays = choice.outcome == "wish_to_stay" and await self._stay_approved()
        if case.once("stay/settled"):
            case.note("stay_approved" if stays else "returned_home", rule_ids=STAYS)
            for telling in self._parties():
                case.tell("stay_settled", **telling)

    async def _returned(self) -> None:
        case = self._case
        returned = case.open(Question("return", "record_return"))
        if await self._left(returned):
            return
        if case.once("stay/settled"):
            case.note("returned_home", rule_ids=RETURNS, by_request=returned.answers[-1].request)
            for telling in self._parties():
                case.tell("stay_settled", **telling)

    async def _left(self, task: Task) -> bool:
        """Whether the person has left altogether before the task was answered; then nobody returns and nobody stays."""
        case = self._case
        await case.until(lambda: not task.live or case.told("left/late", "person_left"))
        notice = case.take("left/late", "person_left") if task.live else None
        case.withdraw(task)
        if notice and case.once("left/late"):
            refs, said = notice.refs, notice.request
            kind, on = refs.get("kind", ""), refs.get("on", "")
            case.note("person_left", actor=refs.get("by", ""), kind=kind, on=on, by_request=said)
            case.tell("person_left", role="R-07", place=case.facts["group"], by_request=said)
        return notice is not None or not task.outcome

    async def _stay_approved(self) -> bool:
        """Both institutions, then the bureau with what the staffing office and the HR bureau have said."""
        case = self._case
        sides = await case.ask(Question("stay/sending", "stay_sending"), Question("stay/receiving", "stay_receiving"))
        asked = [*sides]
        if all(side.outcome == "agree_stay" for side in sides):
            asked += await case.ask(Question("stay/bureau", "stay_bureau"))
        refused = next((task for task in asked if task.outcome == "refuse_stay"), None)
        if refused and case.once("stay/refused"):
            case.note("stay_refused", rule_ids=STAYS, by_request=refused.answers[-1].request)
        return refused is None

    def _parties(self) -> tuple[dict[str, str], ...]:
        """The person and both institutions."""
        case = self._case
        return {"person": case.facts["person"]}, sending(case), receiving(case)
