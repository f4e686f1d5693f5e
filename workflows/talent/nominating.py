"""From the employer's need to the commission's filing (OT-1.2, OT-4a; policy.md 3.14, stages 1 to 4).

The employer nominates; the commission reviews the qualification, selects and evaluates, in this order, and files. No
criteria and no deadlines are in the text for the second and third step: people decide, with their reasons. A return
goes back to the employer, and the way through the commission begins again.
"""

from policies.engine.tasks import Task
from workflows.talent.base import TalentCase, not_selected, request_of, withdrawn

NOMINATED = ("OT-4a",)
FILED = ("OT-4a", "OT-2.2b", "OT-6.2a")


class Nominating:
    """One nomination."""

    def __init__(self, case: TalentCase) -> None:
        self._case = case

    async def filed(self) -> None:
        """Until the commission has filed it. Raises Ended when the way ends before."""
        await self._needed()
        version = 0
        while True:
            version += 1
            await self._submitted(version)
            if await self._selected(version):
                break
        case = self._case
        case.enter("filing")
        filing = await case.answer("filing", "talent_filing")
        if case.once("filed"):
            request = request_of(filing)
            case.write("file_talent", request=request)
            case.note("talent_filed", rule_ids=FILED, by_request=request)
            case.tell_employer("talent_filed")
            case.tell_expert("talent_filed")
        case.enter("filed")

    async def _needed(self) -> None:
        """Stage 1: the employer's officer writes the need, its leader approves it (PD)."""
        case, version = self._case, 0
        case.enter("need")
        while True:
            version += 1
            need = await case.answer(f"need/{version}", "talent_need")
            if need.outcome == "give_up":
                self._given_up(need)
            approval = await case.answer(f"need_approval/{version}", "talent_need_approval", of=need.id)
            if approval.outcome == "approve":
                return
            if approval.outcome == "give_up":
                self._given_up(approval)

    async def _submitted(self, version: int) -> None:
        """Stage 2: what the rules find of the nomination stands before the leader and the commission."""
        case, turn = self._case, 0
        case.enter("nominated")
        while True:
            turn += 1
            key = f"{version}.{turn}"
            nomination = await case.answer(f"nominate/{key}", "talent_nomination")
            if nomination.outcome == "give_up":
                self._given_up(nomination)
            await case.effect(f"judged/{key}", "judge_nomination", request=request_of(nomination))
            submission = await case.answer(f"submit/{key}", "talent_submission", of=nomination.id)
            if submission.outcome == "submit":
                break
        if case.once(f"submitted/{version}"):
            request = request_of(submission)
            case.write("record_nomination", nomination=request_of(nomination))
            case.note("talent_nominated", rule_ids=NOMINATED, by_request=request, version=str(version))
            case.tell_expert("talent_nominated")

    async def _selected(self, version: int) -> bool:
        """Stage 3: three reviews in the order of the text; False when the qualification review returns it."""
        case = self._case
        case.enter("qualification_review")
        review = await case.answer(f"qualification/{version}", "qualification_review")
        if review.outcome == "return":
            if case.once(f"returned/{version}"):
                case.note("talent_returned", rule_ids=NOMINATED, by_request=request_of(review))
            return False
        if review.outcome == "not_pass":
            self._not_selected(review, "qualification_review")
        case.enter("preliminary_selection")
        selection = await case.answer(f"selection/{version}", "preliminary_selection")
        if selection.outcome == "not_shortlisted":
            self._not_selected(selection, "preliminary_selection")
        case.enter("comprehensive_evaluation")
        evaluation = await case.answer(f"evaluation/{version}", "comprehensive_evaluation")
        if evaluation.outcome == "not_select":
            self._not_selected(evaluation, "comprehensive_evaluation")
        return True

    def _not_selected(self, decided: Task, at: str) -> None:
        """With its reason; the employer may nominate again (the text says nothing of a refusal)."""
        case = self._case
        if case.once("not_selected"):
            request = request_of(decided)
            case.note("talent_not_selected", rule_ids=NOMINATED, by_request=request, stage=at)
            case.tell_employer("talent_not_selected", by_request=request)
            case.tell_expert("talent_not_selected", by_request=request)
        raise not_selected()

    def _given_up(self, decided: Task) -> None:
        case = self._case
        if case.once("given_up"):
            case.note("talent_given_up", by_request=request_of(decided))
        raise withdrawn()
