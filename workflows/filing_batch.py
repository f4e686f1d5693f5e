"""Compiling the agreed plan and having it reviewed and filed by the bureau (DQ-3.1.3c).

The bureau decides person by person: file, return or object; an objection needs the leader's word. What is returned or
comes late goes into a supplementary batch. 审核报备 is treated as required: nobody starts before "filed".
"""

from functools import partial

from temporalio import workflow

from activities.engine.messages import CaseStart
from policies.engine.questions import Question
from policies.engine.tasks import Task
from workflows.engine.case import Case

RULE = ("DQ-3.1.3c",)
CHANGES = ("emptied", "enrolled")


@workflow.defn
class FilingBatch(Case):
    """One batch of one group."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: CaseStart) -> str:
        """From the first match to the bureau's verdict on every person."""
        compiled = self.open(Question("compile", "compile_batch"))
        if not await self._compiled(compiled):
            return await self.close("withdrawn")
        self._submit(compiled.deciding.request)
        self.enter("bureau_review")
        (filing,) = await self.ask(Question("filing", "bureau_filing"))
        request, objections = filing.deciding.request, "confirm"
        if filing.refs["objected"] == "yes":
            self.enter("objection")
            (confirmation,) = await self.ask(Question("objection", "confirm_objection", refs={"of": filing.id}))
            objections = confirmation.outcome
        self.write("announce_verdicts", request=request, objections=objections)
        self.note("batch_decided", rule_ids=RULE, by_request=request, objections=objections)
        return await self.close("filed")

    async def _compiled(self, task: Task) -> bool:
        """Due some days after the last match; False when everybody has withdrawn and nothing is left to compile."""
        number = 0
        while True:
            number += 1
            self.enter("compiling")
            await self.until(partial(self._compiled_or_changed, task, number))
            if not task.live:
                return True
            change = self.take(f"change/{number}", *CHANGES)
            if change and change.name == "enrolled":
                if self.once(f"retimed/{number}"):
                    self.retime(task)
                continue
            # At this stage nobody is enrolled any more, so that the answer stays true.
            self.enter("withdrawn")
            if await self.effect(f"empty/{number}", "is_empty") == "yes":
                return False

    def _compiled_or_changed(self, task: Task, number: int) -> bool:
        return not task.live or self.told(f"change/{number}", *CHANGES)

    def _submit(self, request: str) -> None:
        if self.once("submitted"):
            self.write("seal_batch", request=request)
            self.note("batch_submitted", rule_ids=RULE, by_request=request)
