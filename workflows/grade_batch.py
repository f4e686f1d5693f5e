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
            listed = await self._decided(number)
            request = listed.deciding.request
            if self._goes_to_the_public(listed) and not await self._stands_after_notice(number, request):
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
            self.note("cohort_settled", rule_ids=RULE, by_request=cohort.deciding.request)

    async def _decided(self, number: int) -> Task:
        """The committee's word on every nominated person; due with the year's list."""
        refs = {"due_on": self.facts["due_on"]} if number == 1 and self.facts["due_on"] else {}
        task = self.open(Question(f"close/{number}", "close_grades", refs=refs))
        await self.until(partial(_settled, task))
        return task

    def _goes_to_the_public(self, listed: Task) -> bool:
        """COR-20: where the programme wants it, and somebody is excellent."""
        return self.facts["public_notice"] == "on" and listed.refs.get("excellent") != "0"

    async def _stands_after_notice(self, number: int, listed: str) -> bool:
        self.enter("public_notice")
        (notice,) = await self.ask(Question(f"notice/{number}", "public_notice"))
        request = notice.deciding.request
        await self.effect(f"notice/{number}/kept", "keep_notice", request=request, list=listed)
        if notice.outcome == "notice_clean":
            return True
        if self.once(f"notice/{number}/objected"):
            self.note("notice_objected", rule_ids=RULE, by_request=request)
        return False


def _settled(task: Task) -> bool:
    return not task.live
