"""What follows from the final grade: the certificate, return or stay, the archive (三(五); stages 13 and 14).

What the text leaves open, the time of an unqualified result, is put to people (DEF-08). Staying is the person's choice
and needs both institutions and the bureau (COR-22).
"""

from policies.engine.questions import Question
from policies.engine.tasks import Task
from workflows.engine.case import Case
from workflows.term.certificate import ASK, EARNS, NOT_COUNTED, Certificate
from workflows.term.sides import parties

STAYS, RETURNS = ("DQ-3.5.3",), ("DQ-3.5.2a",)


class Outcomes:
    """The last stages of a term."""

    def __init__(self, case: Case, certificate: Certificate, *, grade: str) -> None:
        self._case, self._certificate, self._grade = case, certificate, grade

    async def applied(self) -> None:
        """From the final grade to the archived file."""
        case = self._case
        earned = await self._certificate.earned_by(self._grade)
        if case.once("grade/final"):
            case.note("grade_final", rule_ids=EARNS)
            for telling in parties(case):
                case.tell("grade_final", **telling)
        if earned == ASK:
            (settled,) = await case.ask(Question("unqualified", "credit_of_unqualified"))
            earned = NOT_COUNTED if settled.outcome == "not_count" else "counts"
        if earned != NOT_COUNTED:
            await self._certificate.issued(earned)
        elif case.once("not_counted"):
            case.note("time_not_counted", rule_ids=EARNS)
        await self._went_home_or_stays()
        case.enter("outcome_applied")
        (archived,) = await case.ask(Question("archive", "archive_term"))
        if case.once("archived"):
            case.note("archived", by_request=archived.deciding.request)

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
            for telling in parties(case):
                case.tell("stay_settled", **telling)

    async def _returned(self) -> None:
        case = self._case
        returned = case.open(Question("return", "record_return"))
        if await self._left(returned):
            return
        if case.once("stay/settled"):
            case.note("returned_home", rule_ids=RETURNS, by_request=returned.deciding.request)
            for telling in parties(case):
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
            case.note("stay_refused", rule_ids=STAYS, by_request=refused.deciding.request)
        return refused is None
