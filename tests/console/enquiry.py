"""A lifecycle of one question, asked anew when the answer returns it."""

from temporalio import workflow

from activities.engine.messages import CaseStart
from policies.engine.questions import Question
from workflows.engine.case import Case


@workflow.defn(name="Enquiry")
class Enquiry(Case):
    """Asks what its start names until the answer is no return."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: CaseStart) -> str:
        self.enter("under_two_way_review")
        number = 1
        while True:
            (task,) = await self.ask(Question(f"review/{number}", self.facts["task"]))
            if task.outcome != "return":
                return await self.close("matched" if task.outcome == "agree" else "rejected")
            number += 1
