"""The reminder to the county health bureau when no exchange of the year is recorded by November (DQ-4.3b).

Which form, and when, is the bureau's to choose; that there is one a year is the text's.
"""

from temporalio import workflow

from activities.engine.messages import CaseStart
from policies.engine.questions import Question
from policies.engine.tasks import Status
from workflows.engine.case import Case

RULE = ("DQ-4.3b",)
RECORDED = "exchange_recorded"


@workflow.defn
class AnnualExchange(Case):
    """One year of one bureau in which an exchange is still missing."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: CaseStart) -> str:
        """Until one is recorded, in the task or on the page of the year."""
        self.enter("exchange_missing")
        task = self.open(Question("record", "record_exchange", refs={"due_on": self.facts["due_on"]}))
        await self.until(lambda: not task.live or self.told("elsewhere", RECORDED))
        refs = {}
        if task.status is Status.SETTLED:
            refs = {"by_request": task.deciding.request}
            self.write("keep_exchange", request=task.deciding.request)
        self.note("exchange_recorded", rule_ids=RULE, **refs)
        return await self.close("exchange_held")
