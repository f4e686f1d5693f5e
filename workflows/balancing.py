"""Balancing supply and demand: the group allocates, grassroots demand first, weighing the four named factors
(DQ-3.1.2d).

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
        number = 1
        while True:
            self.enter("balancing")
            (task,) = await self.ask(Question(f"balance/{number}", "balancing"))
            if await self._done(task, number) == "publish":
                self.inform(self.facts["cycle"], "published")
                return await self.close("balanced")
            number += 1

    async def _done(self, task: Task, number: int) -> str:
        request = task.answers[-1].request
        if task.outcome == "publish":
            await self.effect(f"publish/{number}", "publish_posts", request=request)
            self.note("posts_published", rule_ids=RULE, by_request=request)
        elif task.outcome == "record_unmet":
            await self.effect(f"unmet/{number}", "record_unmet", request=request)
            self.note("unmet_recorded", rule_ids=RULE, by_request=request)
        else:
            await self._returned(task, request)
        return task.outcome

    async def _returned(self, task: Task, request: str) -> None:
        """The institution looks at its demand again; balancing goes on when it is back."""
        demand = task.refs["demand"]
        self.note("demand_sent_back", rule_ids=RULE, by_request=request, demand=demand)
        self.inform(demand, "returned", request=request)
        self.enter("waiting_for_demand")
        await self.until(lambda: any(n.name == "all_in" for n in self.state.notices))
        self.take_notice("all_in")
