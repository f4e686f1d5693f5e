"""The performance-pay total of a group and year, approved by four bureaus, and what is paid within it (DQ-3.4.2a to c).

The bureau first says what the text leaves open: one virtual institution for each group or for the county, and whether
these heads leave the sending units' own totals (COR-23). The group works out the total; all four approve it or return
it. The case stays open while the group pays, so that payments and the inflows of the guarantee pool enter its file;
figures that have changed go before all four again, and the total approved before stands until then. A payment is
recorded by one person and confirmed by another; what waits is reserved, and only what is confirmed is paid.
"""

from collections.abc import Callable
from datetime import date, datetime

from temporalio import workflow

from activities.engine.messages import CaseStart, Notice
from policies.engine.questions import Question
from policies.engine.tasks import Task
from workflows.four_bureaus import FourBureaus
from workflows.local_days import day_of

RULE = ("DQ-3.4.2a", "DQ-3.4.2b")
PAID = ("DQ-3.4.2c", "DQ-3.4.3a")
RECORDED, SETTLED = "pay_recorded", "settle_pay_year"


@workflow.defn
class PayTotal(FourBureaus):
    """One group's total of one year."""

    draft_task, revision_task = "pay_total_draft", "pay_total_revision"
    health_task, other_task = "pay_total_approval_health", "pay_total_approval"

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start)
        self.entered = 0

    @workflow.run
    async def run(self, start: CaseStart) -> str:
        """From the bureau's answers to the year's last payment, or until the group drops it."""
        await self._questions_settled()
        draft = await self.agreed()
        if draft is None:
            return await self.close("dropped")
        while True:
            if await self._distributed(draft) == SETTLED:
                self.write("enter_payments")
                return await self.close("pay_year_settled")
            # A correction that the group drops leaves the total as it was approved.
            draft = await self.agreed() or draft

    async def until(self, done: Callable[[], bool], *, latest: datetime | None = None) -> bool:
        """What is paid or comes in while people are asked enters the file at once."""
        while True:
            self._enter_what_was_recorded()
            came = await super().until(lambda: done() or self._recorded_meanwhile(), latest=latest)
            if not came or not self._recorded_meanwhile():
                return came

    async def _questions_settled(self) -> None:
        self.enter("pay_questions")
        await self.ask(Question("virtual_scope", "pay_virtual_scope"), Question("heads_leave", "pay_heads_leave"))
        if self.once("questions_settled"):
            self.note("pay_questions_settled", rule_ids=RULE[:1])

    async def _distributed(self, draft: Task) -> str:
        """The group pays until it settles the year or submits the total anew."""
        self._say_approved(draft)
        self.enter("pay_distributing")
        (paid,) = await self.ask(Question(f"distribute/{self.number}", "pay_distribution", refs=self._settles_on()))
        return paid.outcome

    def _say_approved(self, draft: Task) -> None:
        if draft.refs["submission"] == str(self.number) and self.once(f"approved/{self.number}"):
            request = draft.deciding.request
            self.write("approve_total", draft=request, submission=str(self.number), **self.opinions())
            self.note("pay_total_approved", rule_ids=RULE, submission=str(self.number))
            self.tell("pay_total_approved", role="R-07", place=self.facts["group"])

    def _settles_on(self) -> dict[str, str]:
        """The day of settlement, unless it had passed when the total was approved."""
        ahead = date.fromisoformat(self.facts["settles_on"]) > day_of(workflow.now())
        return {"due_on": self.facts["settles_on"]} if ahead else {}

    def _recorded_meanwhile(self) -> bool:
        return self.told(f"recorded/{self.entered + 1}", RECORDED)

    def _enter_what_was_recorded(self) -> None:
        while recorded := self.take(f"recorded/{self.entered + 1}", RECORDED):
            self.entered += 1
            if self.once(f"recorded/{self.entered}"):
                self.write("enter_payments")
                self._say_recorded(recorded)

    def _say_recorded(self, recorded: Notice) -> None:
        """Who recorded, confirmed, sent back or withdrew; what a payment says stays in its row."""
        verdict, by = recorded.refs.get("verdict"), recorded.refs.get("by", "")
        if verdict == "confirmed":
            self.note("pay_confirmed", rule_ids=PAID[:1], actor=by)
        elif verdict == "sent_back":
            self.note("pay_sent_back", rule_ids=PAID[:1], actor=by)
        elif verdict == "withdrawn":
            self.note("pay_withdrawn", rule_ids=PAID[:1], actor=by)
        else:
            self.note("pay_recorded", rule_ids=PAID)

    def drafting(self, *, again: bool) -> None:
        """The group works the total out, or corrects what was returned."""
        if again:
            self.enter("pay_total_revising")
        else:
            self.enter("pay_total_drafting")

    def submitted(self, draft: Task) -> None:
        """The total goes to all four at once, led by the health bureau."""
        self.enter("pay_total_approval")
        if self.once(f"submitted/{self.number}"):
            request = draft.deciding.request
            self.note("pay_total_submitted", rule_ids=RULE, by_request=request, submission=str(self.number))

    def returned(self) -> None:
        """One of the four has returned it."""
        if self.once(f"returned/{self.number}"):
            self.note("pay_total_returned", rule_ids=RULE, submission=str(self.number))
