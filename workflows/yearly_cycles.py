"""What the yearly schedule starts: a cycle for every health group that has none yet (DQ-3.1.2a: 每年年初).

A thin starter: the cycle's id is the group and the year, so that a cycle started by hand before, or a schedule that
fires twice, changes nothing.
"""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import SearchAttributeKey

from workflows.engine.steps import PATIENT

SCHEDULED = SearchAttributeKey.for_datetime("TemporalScheduledStartTime")


@workflow.defn
class YearlyCycles:
    """One firing of the schedule of one programme."""

    @workflow.run
    async def run(self, pack_id: str) -> list[str]:
        """The ids of the cycles that were opened."""
        at = workflow.info().typed_search_attributes.get(SCHEDULED) or workflow.info().start_time
        opened: list[str] = await workflow.execute_activity(
            "open_cycles",
            args=[pack_id, at],
            start_to_close_timeout=timedelta(minutes=1),
            retry_policy=PATIENT,
        )
        return opened
