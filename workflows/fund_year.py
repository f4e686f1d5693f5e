"""The funds of one year for flexible talent: set, adjusted, floated, settled (OT-5a, OT-5b, OT-N1; policy.md 3.14, 12).

Finance records that the funds stand ready as the plan prints them. The commission proposes an adjustment or a float,
finance approves it (PD); until then the former amounts hold. Floats that exceed the fixed total are asked with both
readings (G-14). Payments are cases of their own beside it (decision 0018), so that this history stays short.
"""

from datetime import date

from temporalio import workflow

from activities.engine.messages import CaseStart
from policies.engine.questions import Question
from policies.engine.tasks import Task
from workflows.engine.case import Case
from workflows.local_days import day_of

SET, CHANGED, FLOAT, PAID = ("OT-5a",), ("OT-5b", "OT-N1"), ("OT-N1",), ("OT-5a", "OT-5b")
ASK, BARRED = "ask", "barred"
ABOVE = {"funds_fixed": "fixed", "funds_on_top": "on_top"}
HOSPITALS = ("hospital_1", "hospital_2", "hospital_3")


@workflow.defn
class FundYear(Case):
    """One commission's year."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: CaseStart) -> str:
        """From the funds' being there to the settlement of the year."""
        self.enter("fund_budget")
        (budget,) = await self.ask(Question("budget", "fund_budget"))
        if budget.outcome == "give_up":
            return await self.close("fund_year_dropped")
        if self.once("budget"):
            request = budget.deciding.request
            self.write("set_budget", request=request)
            self.note("fund_budget_set", rule_ids=SET, by_request=request)
            self._tell_hospitals("fund_budget_set")
        number = 0
        while True:
            number += 1
            self.enter("fund_running")
            (acted,) = await self.ask(Question(f"running/{number}", "fund_running", refs=self._settles_on()))
            if acted.outcome == "settle_funds":
                self.note("fund_year_over", rule_ids=SET, by_request=acted.deciding.request)
                return await self.close("fund_year_settled")
            await self._changed(number, acted)

    async def _changed(self, number: int, proposal: Task) -> None:
        """A proposal holds once finance has approved it; returned, the former amounts stand."""
        self.enter("fund_changing")
        request = proposal.deciding.request
        refs = {"request": request, "kind": proposal.outcome}
        if self.once(f"proposed/{number}"):
            self.note("fund_change_proposed", rule_ids=CHANGED, by_request=request)
        found = await self.effect(f"judged/{number}", "judge_funds", **refs)
        if found == ASK:
            found = await self._total_settled(number, proposal, refs)
        if found == BARRED:
            return
        (approval,) = await self.ask(Question(f"approval/{number}", "fund_change_approval", refs={"of": proposal.id}))
        decided = approval.deciding.request
        if approval.outcome != "approve":
            self._say_returned(number, decided)
        elif self.facts.get("changes_judged"):
            await self._takes_hold(number, decided, refs)
        elif self.once(f"changed/{number}"):
            self.write("change_funds", approval=decided, **refs)
            self.note("funds_changed", rule_ids=CHANGED, by_request=decided)
            self._tell_hospitals("funds_changed")

    async def _takes_hold(self, number: int, decided: str, refs: dict[str, str]) -> None:
        """What was approved holds, unless a payment between has left a hospital with more paid than it would have."""
        held = await self.effect(f"changed/{number}", "change_funds", approval=decided, **refs)
        if not self.once(f"told/{number}"):
            return
        if held != BARRED:
            self.note("funds_changed", rule_ids=CHANGED, by_request=decided)
            self._tell_hospitals("funds_changed")
            return
        self.note("fund_change_overtaken", rule_ids=PAID, by_request=decided)
        self.tell("fund_change_overtaken", role="R-23", place=self.facts["commission"])
        self.tell("fund_change_overtaken", role="R-26", place=self.facts["finance"])

    async def _total_settled(self, number: int, proposal: Task, refs: dict[str, str]) -> str:
        """G-14: the commission's leader says which reading holds; without it nothing does."""
        (settled,) = await self.ask(Question(f"above/{number}", "float_above_total", refs={"of": proposal.id}))
        request, above = settled.deciding.request, ABOVE[settled.outcome]
        if self.once(f"settled/{number}"):
            self.note("float_settled", rule_ids=FLOAT, by_request=request)
        found = await self.effect(f"judged_again/{number}", "judge_funds", above=above, **refs)
        if found == BARRED:
            self._say_returned(number, request)
        return found

    def _say_returned(self, number: int, request: str) -> None:
        if self.once(f"returned/{number}"):
            self.note("fund_change_returned", rule_ids=CHANGED, by_request=request)
            self.tell("fund_change_returned", role="R-23", place=self.facts["commission"])

    def _settles_on(self) -> dict[str, str]:
        """The day of settlement, unless it has passed."""
        ahead = date.fromisoformat(self.facts["settles_on"]) > day_of(workflow.now())
        return {"due_on": self.facts["settles_on"]} if ahead else {}

    def _tell_hospitals(self, kind: str) -> None:
        for place in HOSPITALS:
            self.tell(kind, role="R-19", place=self.facts[place])
            self.tell(kind, role="R-20", place=self.facts[place])
