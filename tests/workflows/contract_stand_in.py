"""A stand-in for the contract beside which a matter runs: it opens terminations when told to and hears how they end."""

from temporalio import workflow

from activities.engine.messages import CaseStart
from workflows.engine.case import Case

OVER = ("termination_over", "rescission_over", "cannot_continue")


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
            told = await self.hear(f"told/{number}", *OVER, "find_ground", "close_contract")
            if told.name == "close_contract":
                return await self.close("closed")
            if told.name == "find_ground":
                refs = {name: value for name, value in told.refs.items() if name != "by"}
                await self.effect(f"found/{number}", "open_termination", **refs)
