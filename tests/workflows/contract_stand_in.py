"""A stand-in for the contract beside which a matter runs: it opens terminations when told to and hears how they end."""

from temporalio import workflow

from activities.engine.messages import CaseStart
from workflows.engine.case import Case

OVER = ("termination_over", "rescission_over", "cannot_continue_over")


@workflow.defn
class ContractStandIn(Case):
    """Opens what a notice asks for, keeps what it is told, ends when it is told to."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: CaseStart) -> str:
        self.enter("active")
        number = 0
        while True:
            number += 1
            told = await self.hear(f"told/{number}", *OVER, "find_ground", "unqualified_year")
            if told.name == "find_ground":
                await self.effect(f"found/{number}", "open_termination", **told.refs)
            if told.name == "unqualified_year":
                await self.effect(f"found/{number}", "ask_rescission", **told.refs)
