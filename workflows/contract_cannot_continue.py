"""A flexible-talent contract that cannot go on: death, illness, force majeure, a lost licence, the employer's reasons
(OT-6.2b; policy.md 3.14, stage 11). The employer's leader confirms what somebody else there has raised; the commission
files it.
"""

from temporalio import workflow

from activities.engine.messages import CaseStart
from policies.engine.questions import SUBMITTER, Question
from workflows.ends.filing import filed
from workflows.ends.matter import LOST, ContractEnd, Ended, MatterOver

RULE = ("OT-6.2b",)


@workflow.defn
class ContractCannotContinue(ContractEnd):
    """One report about one contract."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: CaseStart) -> str:
        """From the employer's record to the filing."""
        try:
            ended = await self._reported()
        except MatterOver as over:
            ended = over.ended
        if ended.outcome == LOST:
            self.say_lost()
        return await self.close(ended.outcome)

    async def _reported(self) -> Ended:
        if self.once("raised"):
            # Of what kind it is may be a fact of somebody's health, and stays out of the lines and of the history.
            self.write("name_end_kind")
            ended_on = self.facts["ended_on"]
            self.note("cannot_continue_raised", rule_ids=RULE, actor=self.facts["by"], ended_on=ended_on)
        self.enter("confirming_end")
        # Who has raised it does not confirm it: the conflict goes to whoever steps in (DEF-12, COR-06).
        refs = {SUBMITTER: self.facts["by"]}
        (confirmed,) = await self.ask(Question("confirm", "confirm_cannot_continue", refs=refs))
        request = confirmed.deciding.request
        if confirmed.outcome == "can_continue":
            if self.once("goes_on"):
                self.note("contract_goes_on", rule_ids=RULE, by_request=request)
            return Ended("can_continue", request)
        self.enter("reporting_end")
        filing = await filed(self)
        self.ensure_object()
        if self.once("filed"):
            self.note("cannot_continue_filed", rule_ids=RULE, by_request=filing.deciding.request)
            self.tell_all("cannot_continue_filed")
            self.tell_finance("cannot_continue_filed")
            over = {"outcome": "cannot_continue", "ended_on": self.facts["ended_on"]}
            self.inform(self.facts["contract"], "cannot_continue_over", case=self.start.case_id, **over)
        return Ended("cannot_continue", filing.deciding.request)
