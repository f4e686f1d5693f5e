"""A lifecycle whose first two commands have changed places: the timer before the commit."""

from temporalio import workflow

from activities.engine.messages import CaseStart
from workflows.hospital_supply import HospitalSupply


@workflow.defn(name="HospitalSupply")
class WaitsBeforeItCommits(HospitalSupply):
    """Goes under the recorded lifecycle's name."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: CaseStart) -> str:
        await workflow.sleep(1)
        return await self.reported()
