"""A lifecycle in which something is found that the bureau has to look at."""

from temporalio import workflow

from activities.engine.messages import CaseStart
from workflows.engine.case import Case


@workflow.defn
class Finder(Case):
    """Asks for an inspection and ends."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: CaseStart) -> str:
        found = {name: self.facts[name] for name in ("institution", "person")}
        await self.effect("found/1", "open_rectification", **found)
        return await self.close("archived")
