"""Compiling the agreed plan and having it reviewed and filed by the bureau (DQ-3.1.3c).

The bureau decides person by person: file, return or object; an objection needs the leader's word. What is returned
or comes late goes into a supplementary batch. 审核报备 is treated as required: nobody starts before "filed".
"""

from temporalio import workflow

from activities.engine.messages import CaseStart
from policies.engine.questions import Question
from workflows.engine.case import Case

RULE = ("DQ-3.1.3c",)


@workflow.defn
class FilingBatch(Case):
    """One batch of one group."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: CaseStart) -> str:
        """From the first match to the bureau's verdict on every person."""
        self.enter("compiling")
        (compiled,) = await self.ask(Question("compile", "compile_batch"))
        self.write("seal_batch", request=compiled.answers[-1].request)
        self.note("batch_submitted", rule_ids=RULE, by_request=compiled.answers[-1].request)
        self.enter("bureau_review")
        (filing,) = await self.ask(Question("filing", "bureau_filing"))
        request = filing.answers[-1].request
        verdict = "confirm"
        if filing.refs["objected"] == "yes":
            self.enter("objection")
            (confirmation,) = await self.ask(Question("objection", "confirm_objection", refs={"of": filing.id}))
            verdict = confirmation.outcome
        self.write("announce_verdicts", request=request, objections=verdict)
        self.note("batch_decided", rule_ids=RULE, by_request=request, objections=verdict)
        return await self.close("filed")
