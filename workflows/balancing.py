"""Balancing supply and demand: the group allocates, grassroots demand first, weighing four factors (DQ-3.1.2d).

There is no formula in the text and none here: the gaps are shown, a person allocates, the factors and every unmet
need are written down.
"""

from temporalio import workflow

from activities.engine.messages import CaseStart
from policies.engine.questions import Question
from policies.engine.tasks import Task
from workflows.engine.case import Case

RULE = ("DQ-3.1.2d",)


@workflow.defn
class Balancing(Case):
    """One balancing of one cycle."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: CaseStart) -> str:
        """Until the posts are published."""
        number = 0
        while True:
            number += 1
            self.enter("balancing")
            (task,) = await self.ask(Question(f"balance/{number}", "balancing"))
            if task.outcome == "publish":
                return await self._published(task)
            if task.outcome == "record_unmet":
                self._unmet(number, task.deciding.request)
            else:
                await self._returned(number, task)

    async def _published(self, task: Task) -> str:
        request = task.deciding.request
        self.write("publish_posts", request=request)
        self.note("posts_published", rule_ids=RULE, by_request=request)
        self.inform(self.facts["cycle"], "published")
        return await self.close("balanced")

    def _unmet(self, number: int, request: str) -> None:
        if self.once(f"unmet/{number}"):
            self.write("record_unmet", request=request)
            self.note("unmet_recorded", rule_ids=RULE, by_request=request)

    async def _returned(self, number: int, task: Task) -> None:
        """The institution looks at its demand again; balancing goes on when it is back."""
        demand, request = task.refs["demand"], task.deciding.request
        if self.once(f"returned/{number}"):
            self.note("demand_sent_back", rule_ids=RULE, by_request=request, demand=demand)
            self.inform(demand, "returned", request=request)
        self.enter("waiting_for_demand")
        await self.hear(f"back/{number}", "all_in")
