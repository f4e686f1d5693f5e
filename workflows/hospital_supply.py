"""A county hospital's list of staff to be sent down (DQ-3.1.2c); every name is checked for three full years
(DQ-3.1.1a).
"""

from temporalio import workflow

from activities.engine.messages import CaseStart
from workflows.reporting import Reporting, ReportWords


@workflow.defn
class HospitalSupply(Reporting):
    """The list is the pool from which people apply; a name below three years is asked about, never dropped."""

    words = ReportWords("supply_report", "supply_approval", "take_supply", ("DQ-3.1.2c", "DQ-3.1.1a"))

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: CaseStart) -> str:
        """Until the group has balanced supply and demand."""
        return await self.reported()
