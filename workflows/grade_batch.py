"""The list of the excellent of one group and year: the cap is decided over the whole cohort, never by racing cases
(DQ-3.3.3d; COR-11, COR-12, COR-20).

Above the cap the committee discusses again; nobody is downgraded by the system. Nominations that come after a list was
settled make the next one of the year, under the same cap.
"""

from functools import partial

from temporalio import workflow

from activities.engine.messages import CaseStart
from policies.engine.questions import Question
from policies.engine.tasks import Task
from workflows.engine.case import Case

RULE = ("DQ-3.3.3d",)
SETTLED = "settled"


@workflow.defn
class GradeBatch(Case):
    """One list."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: CaseStart) -> str:
        """From the first nomination to the settled list."""
        await self._cohort_settled()
        number = 0
        while True:
            number += 1
            self.enter("grading")
            request = await self._decided(number)
            if self.facts["public_notice"] == "on" and not await self._stands_after_notice(number):
                continue
            if await self.effect(f"list/{number}", "settle_list", request=request) == SETTLED:
                break
            # Members whose grade was settled otherwise meanwhile have changed the cohort.
            if self.once(f"list/{number}/exceeds"):
                self.note("grades_exceed", rule_ids=RULE, by_request=request)
        if self.once("list/settled"):
            self.note("grades_closed", rule_ids=RULE, by_request=request)
        return await self.close("grades_closed")

    async def _cohort_settled(self) -> None:
        """COR-11: asked once of each group, before its first list."""
        if self.facts["cohort"]:
            return
        self.enter("asking_cohort")
        (cohort,) = await self.ask(Question("cohort", "grade_cohort"))
        if self.once("cohort/settled"):
            self.note("cohort_settled", rule_ids=RULE, by_request=cohort.answers[-1].request)

    async def _decided(self, number: int) -> str:
        """The committee's word on every nominated person; due with the year's list."""
        refs = {"due_on": self.facts["due_on"]} if number == 1 and self.facts["due_on"] else {}
        task = self.open(Question(f"close/{number}", "close_grades", refs=refs))
        await self.until(partial(_settled, task))
        return task.answers[-1].request

    async def _stands_after_notice(self, number: int) -> bool:
        self.enter("public_notice")
        (notice,) = await self.ask(Question(f"notice/{number}", "public_notice"))
        if notice.outcome == "notice_clean":
            return True
        if self.once(f"notice/{number}/objected"):
            self.note("notice_objected", rule_ids=RULE, by_request=notice.answers[-1].request)
        return False


def _settled(task: Task) -> bool:
    return not task.live
