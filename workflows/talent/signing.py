"""Drafting, signing and the gates before clinical work (OT-2.1a to d, COR-08; policy.md 3.14, stage 5).

The expert and the employer's leader say here that they will sign; what binds is the paper, whose number, day and scan
are recorded after it is signed and sealed. Clinical work waits for the home unit's consent and for practice authority.
"""

from datetime import date

from policies.engine.tasks import Task
from workflows.talent.base import TalentCase, not_signed, request_of

DRAFTED = ("OT-2.1d",)
TERM = ("OT-2.1c",)
SIGNED = ("OT-2.1a", "OT-2.1d", "OT-6.3.0")


class Signing:
    """The contract of one nomination."""

    def __init__(self, case: TalentCase) -> None:
        self._case = case
        self._drafts = 0
        # The term began before the paper was signed: what that means is asked while the contract runs.
        self.backdated = False

    async def signed(self) -> date:
        """The last day of the signed contract. Raises Ended when it is not signed."""
        case = self._case
        case.enter("contracting")
        while True:
            draft = await self._drafted()
            expert = await case.answer(f"expert/{self._drafts}", "contract_by_expert", of=draft.id)
            if expert.outcome == "decline":
                self._declined(expert)
            if expert.outcome == "ask_changes":
                continue
            employer = await case.answer(f"employer/{self._drafts}", "contract_by_employer", of=draft.id)
            if employer.outcome == "sign":
                break
        paper = await case.answer("paper", "contract_paper", of=draft.id)
        if paper.outcome == "not_concluded":
            self._declined(paper)
        signed = await case.effect("signed", "sign_contract", draft=request_of(draft), paper=request_of(paper))
        if case.once("signed"):
            case.note("contract_signed", rule_ids=SIGNED, by_request=request_of(paper))
            case.tell_expert("contract_signed")
            case.tell_commission("contract_signed")
        last_day, _, asks = signed.partition(" ")
        # A contract that was begun before this was a task of its own does not know how to ask it.
        self.backdated = asks in case.start.shapes
        return date.fromisoformat(last_day)

    async def _drafted(self) -> Task:
        """A draft whose term the rule accepts, or the commission does for a written reason (OT-2.1c)."""
        case = self._case
        while True:
            self._drafts += 1
            number = self._drafts
            draft = await case.answer(f"draft/{number}", "contract_draft")
            if draft.outcome == "give_up":
                self._declined(draft)
            found = await case.effect(f"draft/{number}", "judge_contract", request=request_of(draft))
            if found != "ask":
                return draft
            asked = await case.answer(f"term/{number}", "contract_term_question", of=draft.id)
            if case.once(f"term/{number}"):
                case.note("contract_term_settled", rule_ids=TERM, by_request=request_of(asked))
            if asked.outcome == "accept_term":
                return draft

    def _declined(self, decided: Task) -> None:
        case = self._case
        if case.once("not_signed"):
            request = request_of(decided)
            case.note("contract_not_signed", rule_ids=DRAFTED, by_request=request)
            case.tell_employer("contract_not_signed", by_request=request)
            case.tell_commission("contract_not_signed", by_request=request)
        raise not_signed()
