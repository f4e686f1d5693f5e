"""What the schedules of single days start: reminders of an exchange, summaries (DQ-4.3a, b), pay totals, funds.

A thin starter, as that of the yearly cycles: the ids of what it opens are institution and year, so that a schedule
that fires twice changes nothing.
"""

from datetime import timedelta

from temporalio import workflow

from workflows.engine.steps import PATIENT
from workflows.yearly_cycles import SCHEDULED


@workflow.defn
class YearEnd:
    """One firing of one of these schedules of one programme."""

    @workflow.run
    async def run(self, pack_id: str, opens: str) -> list[str]:
        """The ids of the cases that were opened; `opens` names the activity, e.g. open_summaries."""
        at = workflow.info().typed_search_attributes.get(SCHEDULED) or workflow.info().start_time
        opened: list[str] = await workflow.execute_activity(
            opens,
            args=[pack_id, at],
            start_to_close_timeout=timedelta(minutes=1),
            retry_policy=PATIENT,
        )
        return opened
