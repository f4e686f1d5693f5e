"""The check before an associate-senior title: a year of grassroots service, in principle (DQ-3.1.1a, COR-15).

It counts what the ledger credits. What is claimed beside it is confirmed by the title office, stretch by stretch,
never guessed. Too little gives a warning, which stops nothing; only the title office makes an exception, with its
reason and evidence (DEF-09, DEF-10).
"""

from temporalio import workflow

from activities.engine.messages import CaseStart
from policies.engine.questions import Question
from policies.engine.tasks import Task
from workflows.engine.case import Case

RULE = ("DQ-3.1.1a",)
ENOUGH = ("reached", "not_concerned")


@workflow.defn
class PromotionServiceGate(Case):
    """One check of one person for one title."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start)

    def may_withdraw(self) -> bool:
        """The person may take the question back at any time: nothing rests on it."""
        return True

    @workflow.run
    async def run(self, start: CaseStart) -> str:
        """From the question to what the title office says."""
        self.enter("weighing_service")
        found = await self._weighed()
        if found == "odd_days":
            settled = await self._asked(Question("odd_days", "settle_odd_days"))
            found = "reached" if settled and settled.outcome == "makes_a_year" else "short"
        if self._withdrawn():
            return await self.close("withdrawn")
        if found in ENOUGH:
            self.tell("promotion_gate_met", person=self.facts["person"])
            return await self.close("gate_met")
        return await self._warned()

    async def _weighed(self) -> str:
        """What the ledger gives, once every claim that could change it is settled."""
        number = 0
        while True:
            number += 1
            found = await self.effect(f"weigh/{number}", "weigh_service")
            if self.once(f"weighed/{number}"):
                self.note("service_weighed", rule_ids=RULE)
            checked = await self._asked(Question(f"claims/{number}", "confirm_service")) if found == "claims" else None
            if checked is None:
                return found
            request = checked.deciding.request
            await self.effect(f"settle/{number}", "settle_claims", request=request)
            if self.once(f"settled/{number}"):
                self.note("claims_settled", rule_ids=RULE, by_request=request)

    async def _warned(self) -> str:
        """The warning, and the title office's word on it; it stops nothing meanwhile."""
        self.enter("service_short")
        person = self.facts["person"]
        if self.once("warned"):
            self.note("promotion_warned", rule_ids=RULE)
            self.tell("promotion_warned", person=person)
        answered = await self._asked(Question("exception", "promotion_exception"))
        if answered is None:
            return await self.close("withdrawn")
        request = answered.deciding.request
        if answered.outcome == "grant_exception":
            self.note("exception_granted", rule_ids=RULE, by_request=request)
            self.tell("promotion_exception", person=person, by_request=request)
            return await self.close("exception_granted")
        self.tell("promotion_warning_stands", person=person, by_request=request)
        return await self.close("warning_stands")

    async def _asked(self, question: Question) -> Task | None:
        """The answered question; None when the person has taken the check back."""
        if self._withdrawn():
            return None
        (task,) = await self.ask(question)
        return None if self._withdrawn() else task

    def _withdrawn(self) -> bool:
        return "withdrawn" in self.state.marks
