"""The common unit on our own engine: a case with one question that four people answer in turn."""

from temporalio import workflow

from activities.engine.messages import CaseStart
from policies.engine.questions import Question
from workflows.engine.case import Case


@workflow.defn
class Unit(Case):
    """Four decisions in turn."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: CaseStart) -> str:
        """Until the fourth person has decided."""
        self.enter("deciding")
        await self.ask(Question("four/1", "four_in_turn"))
        return await self.close("done")
