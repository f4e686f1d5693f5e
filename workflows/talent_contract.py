"""One expert's flexible-talent contract, from the employer's need to the close (OT-2 to OT-7; policy.md 3.14).

The contract lives six months to three years, and most of its text is about what must not happen by itself: no figure,
no deadline and no correction ends it. Annual assessments, terminations and rescissions are cases of their own beside it
(decision 0017) and tell it how they ended.
"""

from datetime import date
from functools import partial

from temporalio import workflow

from activities.engine.messages import CaseStart
from workflows.talent.accepting import Accepting
from workflows.talent.base import Ended
from workflows.talent.ends import EXPIRED
from workflows.talent.execution import Execution
from workflows.talent.nominating import Nominating
from workflows.talent.opening import ImportedContract
from workflows.talent.signing import Signing


@workflow.defn
class TalentContract(ImportedContract):
    """One nomination and the contract that follows from it."""

    # The term began before the paper was signed: what that means is asked while the contract runs.
    _backdated = False

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: CaseStart) -> str:
        """From the need to the close, or to the end that people have decided."""
        return await self.unless_taken_back(self._lived)

    async def _lived(self) -> str:
        try:
            last_day = await self._signed()
        except Ended as ended:
            self.write("drop_nomination")
            return await self.close(ended.outcome)
        execution = Execution(self, last_day, backdated=self._backdated)
        await self._fulfilled(execution)
        if ended_on := execution.ends.ended_on:
            return await self._ended(execution.ends.outcome, ended_on)
        self.beside = execution
        accepting = Accepting(self)
        await accepting.accepted()
        await execution.assessments.finished()
        await accepting.reported("completed")
        self.write("end_contract", ended_on=last_day.isoformat(), outcome="closed")
        return await self.close("closed")

    async def _signed(self) -> date:
        """The last day of a contract that is in force: signed here, or imported while it ran (COR-17)."""
        if self.was_imported:
            self._backdated = "imported_backdated" in self.facts
            return await self.imported()
        await Nominating(self).filed()
        signing = Signing(self)
        last_day = await signing.signed()
        self._backdated = signing.backdated
        return last_day

    async def _fulfilled(self, execution: Execution) -> None:
        """The contract is in force until its last day has passed, or people have decided its end."""
        if f"once:{EXPIRED}" not in self.state.marks:
            self.enter("active")
        while True:
            heard = self.heard_so_far()
            await execution.advance()
            if execution.ends.outcome or execution.expired:
                return
            await self.until(partial(self._heard_since, heard), latest=execution.next_at())

    def _heard_since(self, before: int) -> bool:
        return self.heard_so_far() != before

    async def _ended(self, outcome: str, ended_on: date) -> str:
        """Three different ends, each decided by people in a matter of its own (G-10)."""
        self.write("end_contract", ended_on=ended_on.isoformat(), outcome=outcome)
        if outcome == "terminated":
            return await self.close("terminated")
        if outcome == "rescinded":
            return await self.close("rescinded")
        return await self.close("cannot_continue")
