"""One payment out of the talent funds, or what an employer gives or asks for beside them (OT-5c, OT-7.2, OT-N2 to N4).

The employer requests, its leader approves, the commission checks file, result and open grounds, finance pays
(policy.md 3.14, stage 12). Nothing is paid, held or refused but by a person (G-11). Rewards from the employer's own
money are recorded; a case-by-case petition is decided by the Party committee outside and recorded by the commission.
"""

from temporalio import workflow

from activities.engine.messages import CaseStart
from policies.engine.questions import Question
from policies.engine.tasks import Task
from workflows.engine.case import Case

ASKED, PAID_BY, REWARDED, PETITIONED = ("OT-7.2",), ("OT-7.2", "OT-5c"), ("OT-N3",), ("OT-N4",)
OWN_REWARD, PETITION = "own_reward", "petition"
RETURN, GIVE_UP = "return", "give_up"


@workflow.defn
class TalentPayment(Case):
    """One request."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start)
        self.version = self.checks = 0

    @workflow.run
    async def run(self, start: CaseStart) -> str:
        """From the employer's request to its payment, or to whatever ends it before."""
        while True:
            if not await self._requested():
                return await self.close("payment_dropped")
            if self.facts["kind"] == OWN_REWARD:
                self.note("reward_recorded", rule_ids=REWARDED)
                return await self.close("reward_recorded")
            if self.facts["kind"] == PETITION:
                return await self._petitioned()
            if ended := await self._checked_and_paid():
                return ended

    async def _requested(self) -> bool:
        """Written by the officer, approved by the leader; False when the employer gives it up."""
        self.enter("payment_drafting")
        while True:
            self.version += 1
            draft = await self._asked(f"request/{self.version}", "fund_request")
            if draft.outcome == GIVE_UP:
                return self._given_up(draft)
            approval = await self._asked(f"request_approval/{self.version}", "fund_request_approval", of=draft.id)
            if approval.outcome == GIVE_UP:
                return self._given_up(approval)
            if approval.outcome == "approve":
                break
        if self.once(f"requested/{self.version}"):
            decided = request_of(approval)
            self.write("request_payment", request=request_of(draft), approval=decided)
            self.note("funds_requested", rule_ids=ASKED, by_request=decided)
        return True

    def _given_up(self, decided: Task) -> bool:
        if self.once("given_up"):
            self.write("end_request", request=request_of(decided), state="dropped")
        return False

    async def _petitioned(self) -> str:
        """The answer comes from outside; no deadline of the system decides it."""
        self.enter("petition_outside")
        answer = await self._asked("petition", "petition_decision")
        is_granted, request = answer.outcome == "grant_petition", request_of(answer)
        self.write("end_request", request=request, state="granted" if is_granted else "refused", decided="yes")
        self.note("petition_decided", rule_ids=PETITIONED, by_request=request)
        self._tell_employer("petition_decided")
        return await self.close("petition_granted" if is_granted else "petition_refused")

    async def _checked_and_paid(self) -> str:
        """The outcome with which the case has closed; "" when the request goes back to the employer."""
        while True:
            self.checks += 1
            self.enter("payment_check")
            check = await self._asked(f"check/{self.checks}", "fund_check")
            if check.outcome == RETURN:
                self._say_returned(check)
                return ""
            if check.outcome == "refuse_payment":
                return await self._refused(check)
            if check.outcome == "hold_payment":
                if refused := await self._held(check):
                    return await self._refused(refused)
                continue
            if self.once(f"passed/{self.checks}"):
                self.write("keep_check", request=request_of(check))
                self.note("payment_passed", rule_ids=ASKED, by_request=request_of(check))
            if await self._paid(check):
                return await self.close("payment_paid")

    async def _held(self, check: Task) -> Task | None:
        """Until the commission checks it again; the answer that refuses it, if it does."""
        self.enter("payment_held")
        if self.once(f"held/{self.checks}"):
            self.note("payment_held", rule_ids=ASKED, by_request=request_of(check))
            self._tell_employer("payment_held")
        decided = await self._asked(f"held/{self.checks}", "fund_held")
        return decided if decided.outcome == "refuse_payment" else None

    async def _paid(self, check: Task) -> bool:
        """Finance pays what the balance bears; one that has changed meanwhile is stated anew. False on a return."""
        turn = 0
        self.enter("payment_paying")
        while True:
            turn += 1
            key = f"{self.checks}.{turn}"
            paying = await self._asked(f"paying/{key}", "fund_paying", check=request_of(check))
            if paying.outcome == RETURN:
                if self.once(f"returned_by_finance/{key}"):
                    self.note("payment_returned", rule_ids=ASKED, by_request=request_of(paying))
                return False
            request = request_of(paying)
            if await self.effect(f"pay/{key}", "pay_funds", request=request, check=request_of(check)) == "paid":
                self.note("payment_paid", rule_ids=PAID_BY, by_request=request)
                self._tell_employer("payment_paid")
                return True
            if self.once(f"balance/{key}"):
                self.note("balance_changed", rule_ids=PAID_BY)

    def _say_returned(self, check: Task) -> None:
        if self.once(f"returned/{self.checks}"):
            self.write("end_request", request=request_of(check), state="returned")
            self.note("payment_returned", rule_ids=ASKED, by_request=request_of(check))
            self._tell_employer("payment_returned")

    async def _refused(self, decided: Task) -> str:
        self.write("end_request", request=request_of(decided), state="refused")
        self.note("payment_refused", rule_ids=ASKED, by_request=request_of(decided))
        self._tell_employer("payment_refused")
        return await self.close("payment_refused")

    async def _asked(self, key: str, name: str, **refs: str) -> Task:
        (task,) = await self.ask(Question(key, name, refs=refs))
        return task

    def _tell_employer(self, kind: str) -> None:
        self.tell(kind, role="R-19", place=self.facts["employer"])
        self.tell(kind, role="R-20", place=self.facts["employer"])


def request_of(task: Task) -> str:
    """The request of the answer that settled a task."""
    return task.deciding.request
