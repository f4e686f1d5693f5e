"""A lifecycle of one question, for proofs about the engine."""

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from activities.engine.messages import CaseStart
from policies.engine.questions import Question
from workflows.engine.case import Case


@workflow.defn
class Enquiry(Case):
    """Asks the head of the sending institution and ends."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: CaseStart) -> str:
        self.enter("under_two_way_review")
        (task,) = await self.ask(Question("review/1", "sending_review"))
        return await self.close("matched" if task.outcome == "agree" else "rejected")


@workflow.defn(name="Enquiry")
class Faulty:
    """The same lifecycle in a release that cannot go on with it."""

    @workflow.run
    async def run(self, _start: CaseStart) -> str:
        raise ApplicationError("cannot go on", type="Faulty")
