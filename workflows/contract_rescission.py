"""Rescinding a flexible-talent contract on one of six grounds (六(3): OT-6.3a to OT-6.3f; policy.md 3.14, stage 10).

A person raises it and the employer verifies it with evidence; the expert is heard; the employer's leader decides. Then
people stop the benefits and say whether liability is pursued, and the employer reports to the commission, which files
and does not consent (OT-6.2b, AS-53). No figure starts a rescission and nothing is stopped by itself (G-3, AS-52).
"""

from temporalio import workflow

from activities.engine.messages import CaseStart
from policies.engine.questions import SUBMITTER, Question
from policies.engine.tasks import Status, Task
from workflows.ends.filing import filed
from workflows.ends.matter import LOST, ContractEnd, Ended, MatterOver

SHALL = ("OT-6.3f",)
REPORTED = ("OT-6.2b",)


@workflow.defn
class ContractRescission(ContractEnd):
    """One ground of one contract."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start)
        self.cause = (f"OT-6.3{self.facts['ground']}",)

    @workflow.run
    async def run(self, start: CaseStart) -> str:
        """From the ground to the filing, or to whatever ends the matter before."""
        try:
            ended = await self._pursued()
        except MatterOver as over:
            ended = over.ended
        if ended.outcome == LOST:
            self.say_lost()
        elif ended.outcome != "rescinded":
            self._say_not_rescinded(ended)
            await self.inform_contract("rescission_over", ended)
        return await self.close(ended.outcome)

    async def _pursued(self) -> Ended:
        self._say_raised()
        if not self.facts["by"]:
            # OT-6.3e: an unqualified year asks; whether it is pursued the employer says.
            self.enter("asking_inquiry")
            (asked,) = await self.ask(Question("inquiry", "open_inquiry"))
            if asked.outcome == "no_inquiry":
                return Ended("not_pursued", _request(asked))
        self.hold_payments()
        self.enter("rescission_inquiry")
        (verified,) = await self.ask(Question("verify", "verify_cause"))
        if verified.outcome == "cause_not_established":
            return Ended("not_established", _request(verified))
        if self.once("verified"):
            self.note("cause_verified", rule_ids=self.cause, by_request=_request(verified))
        await self._heard(verified)
        self.enter("deciding_rescission")
        # Who has verified it does not decide on it, also where one person holds both roles (DEF-12).
        refs = {"of": verified.id, SUBMITTER: verified.deciding.person}
        (decided,) = await self.ask(Question("decide", "decide_rescission", refs=refs))
        if decided.outcome == "do_not_rescind":
            return Ended("not_rescinded", _request(decided))
        return await self._rescinded(decided)

    async def _heard(self, verified: Task) -> None:
        """DEF-16: the expert replies, or lets the time pass; silence decides nothing and holds nothing up."""
        self.enter("hearing_expert")
        reply = self.open(Question("reply", "expert_reply", refs={"of": verified.id}))
        await self.until(lambda: reply.status is not Status.OPENING)
        await self.until(lambda: not reply.live, latest=reply.due)
        if self.once("heard"):
            if reply.live:
                self.note("expert_silent", rule_ids=self.cause)
            else:
                self.note("expert_heard", rule_ids=self.cause, by_request=_request(reply))

    async def _rescinded(self, decided: Task) -> Ended:
        """The contract ends by the employer's decision; what follows from it is done by people and reported."""
        # Once it has ended the contract, that the contract is over is its own doing.
        if "once:rescinded" not in self.state.marks:
            self.ensure_object()
        self.pursued_to_the_end()
        ended = Ended("rescinded", _request(decided))
        for task in self.state.tasks:
            if task.name in ("expert_reply", "hold_payments"):
                self.withdraw(task)
        if self.once("rescinded"):
            self.note("contract_rescinded", rule_ids=(*self.cause, *SHALL), by_request=ended.request)
            self.tell_all("contract_rescinded", request=ended.request)
            self.tell_finance("contract_rescinded")
        await self.inform_contract("rescission_over", ended)
        self.enter("rescinding")
        follows = [self.open(Question(name, name)) for name in ("stop_benefits", "pursue_liability")]
        filing = await filed(self)
        if self.once("filed"):
            self.note("rescission_filed", rule_ids=REPORTED, by_request=_request(filing))
            self.tell_all("rescission_filed")
        await self.until(lambda: not any(task.live for task in follows))
        if self.once("followed"):
            self.note("benefits_settled", rule_ids=SHALL, by_request=_request(follows[0]))
            self.note("liability_settled", rule_ids=SHALL, by_request=_request(follows[1]))
        return ended

    def _say_raised(self) -> None:
        if self.once("raised"):
            self.note("rescission_raised", rule_ids=self.cause, actor=self.facts["by"])
            self.tell("rescission_raised", role="R-20", place=self.employer)
            self.tell("rescission_raised", role="R-23", place=self.commission)

    def _say_not_rescinded(self, ended: Ended) -> None:
        if not self.once("said_ended"):
            return
        if ended.outcome == "not_pursued":
            self.note("inquiry_declined", rule_ids=self.cause, by_request=ended.request)
            self.tell("inquiry_declined", role="R-23", place=self.commission)
        elif ended.outcome == "not_established":
            self.note("cause_not_established", rule_ids=self.cause, by_request=ended.request)
            self.tell_all("cause_not_established", request=ended.request)
        else:
            self.note("not_rescinded", rule_ids=self.cause, by_request=ended.request)
            self.tell_all("not_rescinded", request=ended.request)


def _request(task: Task) -> str:
    return task.deciding.request
