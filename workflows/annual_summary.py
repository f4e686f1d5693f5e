"""The yearly summary of one institution: written by its HR officer, sent by its head, collected by the county health
bureau (DQ-4.3a).
"""

from temporalio import workflow

from activities.engine.messages import CaseStart
from policies.engine.questions import Question
from workflows.engine.case import Case

RULE = ("DQ-4.3a",)
SUMMED_UP_BY = {"grassroots": "summary_grassroots", "hospital": "summary_hospital"}


@workflow.defn
class AnnualSummary(Case):
    """One institution's summary of one year."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: CaseStart) -> str:
        """From the first of December to the bureau's collection; what is returned is written again."""
        number = 0
        while True:
            number += 1
            self.enter("summarising")
            # The year's last day binds the first version; a returned one has its own working days.
            refs = {"due_on": self.facts["due_on"]} if number == 1 else {}
            name = SUMMED_UP_BY[self.facts["answered_by"]]
            (summary,) = await self.ask(Question(f"summary/{number}", name, refs=refs))
            self.enter("collecting")
            (collected,) = await self.ask(Question(f"collect/{number}", "collect_summary", refs={"of": summary.id}))
            request = collected.deciding.request
            if collected.outcome == "collect":
                self.note("summary_collected", rule_ids=RULE, by_request=request)
                return await self.close("collected")
            if self.once(f"returned/{number}"):
                self.note("summary_returned", rule_ids=RULE, by_request=request)
