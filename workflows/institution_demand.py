"""A grassroots institution's demand plan and trainee list for the year (DQ-3.1.2a, b)."""

from temporalio import workflow

from activities.engine.messages import CaseStart
from workflows.reporting import Reporting, ReportWords


@workflow.defn
class InstitutionDemand(Reporting):
    """One form, two parts: posts that are needed and trainees to be sent; either may be nil, both must be said."""

    words = ReportWords("demand_report", "demand_approval", "take_demand", ("DQ-3.1.2a", "DQ-3.1.2b"))

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: CaseStart) -> str:
        """Until the group has balanced, or excluded, this demand."""
        return await self.reported()
