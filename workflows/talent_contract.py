"""One expert's flexible-talent contract, from the employer's need to the close (OT-2 to OT-7; policy.md 3.14).

The contract lives six months to three years, and most of its text is about what must not happen by itself: no figure,
no deadline and no correction ends it. Annual assessments, terminations and rescissions are cases of their own beside it
(decision 0017) and tell it how they ended.
"""

from datetime import date, timedelta
from functools import partial

from temporalio import workflow

from activities.engine.messages import CaseStart
from workflows.local_days import begins
from workflows.talent.accepting import Accepting
from workflows.talent.assessments import Assessments
from workflows.talent.base import Ended, TalentCase
from workflows.talent.ends import Ends
from workflows.talent.excuses import Excuses
from workflows.talent.gates import GATES, Gates
from workflows.talent.nominating import Nominating
from workflows.talent.quarters import Quarters
from workflows.talent.signing import Signing
from workflows.talent.working_time import WorkingTime

_ONE_DAY = timedelta(days=1)


@workflow.defn
class TalentContract(TalentCase):
    """One nomination and the contract that follows from it."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: CaseStart) -> str:
        """From the need to the close, or to the end that people have decided."""
        try:
            await Nominating(self).filed()
            last_day = await Signing(self).signed()
        except Ended as ended:
            return await self.close(ended.outcome)
        ends = await self._fulfilled(last_day)
        if ends.ended_on:
            return await self._ended(ends.outcome, ends.ended_on)
        accepting = Accepting(self)
        await accepting.accepted()
        await Assessments(self).finished()
        await accepting.reported("completed")
        self.write("end_contract", ended_on=last_day.isoformat(), outcome="closed")
        return await self.close("closed")

    async def _ended(self, outcome: str, ended_on: date) -> str:
        """Three different ends, each decided by people in a matter of its own (G-10)."""
        self.write("end_contract", ended_on=ended_on.isoformat(), outcome=outcome)
        if outcome == "terminated":
            return await self.close("terminated")
        if outcome == "rescinded":
            return await self.close("rescinded")
        return await self.close("cannot_continue")

    async def _fulfilled(self, last_day: date) -> Ends:
        """The contract is in force: every part goes on whenever something has happened or its own time has come."""
        self.enter("active")
        gates, quarters, ends = Gates(self), Quarters(self), Ends(self)
        excuses, working_time, assessments = Excuses(self), WorkingTime(self), Assessments(self)
        reminder = begins(date.fromisoformat(await self.effect("reminder", "acceptance_reminder")))
        over = begins(last_day + _ONE_DAY)
        while True:
            heard, now = len(self.state.applied), workflow.now()
            await gates.advance()
            await quarters.advance()
            await excuses.advance()
            await working_time.advance()
            await assessments.advance()
            ends.advance()
            if ends.outcome:
                return ends
            if now >= over:
                self._say_expired(last_day)
                return ends
            if now >= reminder:
                self._say_expires(last_day)
            instants = [over, reminder, quarters.next_at(), working_time.next_at(), assessments.next_at()]
            ahead = [at for at in instants if at and at > now]
            await self.until(partial(self._heard_since, heard), latest=min(ahead, default=None))

    def _heard_since(self, before: int) -> bool:
        return len(self.state.applied) != before

    def _say_expires(self, last_day: date) -> None:
        if self.once("expires"):
            self.note("contract_expires", rule_ids=("OT-6.1e",), last_day=last_day.isoformat())
            self.tell_employer("contract_expires")
            self.tell_expert("contract_expires")

    def _say_expired(self, last_day: date) -> None:
        """A check-in that is still open is asked on, until the contract is closed."""
        self.enter("expired")
        if self.once("expired"):
            self.note("contract_expired", rule_ids=("OT-6.1e",), last_day=last_day.isoformat())
            for task in self.state.tasks:
                if task.name in GATES:
                    self.withdraw(task)
            self.tell_employer("contract_expired")
            self.tell_expert("contract_expired")
