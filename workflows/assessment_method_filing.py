"""A group's assessment method for one kind of staff, filed by four bureaus (DQ-3.3.1a, DQ-3.3.2a to d, DQ-4.2b).

The method is in force from the day on which the last of the four has filed it; three of four are not enough. Until then
performance assessments and the distribution of performance pay wait; postings may start (policy.md 3.1, stage 0).
"""

from temporalio import workflow

from activities.engine.messages import CaseStart
from policies.engine.tasks import Task
from workflows.four_bureaus import FourBureaus

RULE = ("DQ-3.3.2a", "DQ-4.2b")


@workflow.defn
class AssessmentMethodFiling(FourBureaus):
    """One version of the method of one group for one kind of staff."""

    draft_task, revision_task = "method_draft", "method_revision"
    health_task, other_task = "method_filing_health", "method_filing"

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: CaseStart) -> str:
        """From the draft to the day on which it is in force, or until the group drops it."""
        draft = await self.agreed()
        if draft is None:
            return await self.close("dropped")
        self.write("put_in_force", draft=draft.deciding.request, submission=str(self.number), **self.opinions())
        self.note("method_in_force", rule_ids=RULE, submission=str(self.number))
        self.tell("method_in_force", role="R-07", place=self.facts["group"])
        return await self.close("in_force")

    def drafting(self, *, again: bool) -> None:
        """The group drafts, or revises what was returned."""
        if again:
            self.enter("method_revising")
        else:
            self.enter("method_drafting")

    def submitted(self, draft: Task) -> None:
        """The method goes to all four at once."""
        self.enter("method_filing")
        if self.once(f"submitted/{self.number}"):
            request = draft.deciding.request
            self.note("method_submitted", rule_ids=RULE, by_request=request, submission=str(self.number))

    def returned(self) -> None:
        """One of the four has returned this version."""
        if self.once(f"returned/{self.number}"):
            self.note("method_returned", rule_ids=RULE, submission=str(self.number))
