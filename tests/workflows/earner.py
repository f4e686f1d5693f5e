"""A lifecycle that earns service, as a term will."""

from temporalio import workflow

from activities.engine.messages import CaseStart
from workflows.engine.case import Case


@workflow.defn
class Earner(Case):
    """Enters its credit and ends."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: CaseStart) -> str:
        await self.effect("earned/1", "earn")
        return await self.close("archived")
