"""A call for a talent scheme, as the county health bureau announces it: who has earned to be recommended first is
reminded, and so is who sent them (DQ-3.5.2b). Whether somebody applies is for them and their institution.
"""

from temporalio import workflow

from activities.engine.messages import CaseStart
from workflows.engine.case import Case

RULE = ("DQ-3.5.2b",)


@workflow.defn
class TalentCall(Case):
    """One call."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: CaseStart) -> str:
        """The list is kept and the letters go out in one transition."""
        self.enter("talents_reminding")
        self.write("remind_talents")
        self.note("talents_reminded", rule_ids=RULE)
        return await self.close("talents_reminded")
