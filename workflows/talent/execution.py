"""A contract in force and after its last day, until it is closed: every part goes on beside whatever else is asked.

What is claimed, delivered late or decided after the term still enters the record; a matter that ends after the last day
is written down and no longer ends the contract, which is then for the acceptance.
"""

from datetime import date, datetime, timedelta

from temporalio import workflow

from workflows.local_days import begins
from workflows.talent.assessments import Assessments
from workflows.talent.base import TalentCase
from workflows.talent.before_signature import BeforeSignature
from workflows.talent.ends import EXPIRED, Ends
from workflows.talent.excuses import Excuses
from workflows.talent.gates import GATES, Gates
from workflows.talent.midterm import MIDTERM, MidTerm
from workflows.talent.quarters import Quarters
from workflows.talent.trained import Trained
from workflows.talent.working_time import WorkingTime

_ONE_DAY = timedelta(days=1)


class Execution:
    """The parts of one signed contract."""

    def __init__(self, case: TalentCase, last_day: date, *, backdated: bool) -> None:
        self._case, self._last_day = case, last_day
        self._gates, self._quarters, self._excuses = Gates(case), Quarters(case), Excuses(case)
        self._trained = Trained(case)
        self._working_time, self.assessments = WorkingTime(case), Assessments(case)
        self._midterm, self._signature = MidTerm(case), BeforeSignature(case, asks=backdated)
        self.ends = Ends(case)
        self._reminds_on: date | None = None
        # The instant of the last look: what passes while a part writes is looked at by the next one.
        self._looked = workflow.now()

    @property
    def expired(self) -> bool:
        """Whether the last day had ended at the last look."""
        return self._looked >= begins(self._last_day + _ONE_DAY)

    async def advance(self) -> None:
        """Do what can be done now."""
        case = self._case
        self._looked = workflow.now()
        self._reminds_on = date.fromisoformat(await case.effect("reminder", "acceptance_reminder"))
        if not self.expired:
            await self._gates.advance()
            await self._midterm.advance(self._looked)
        await self._quarters.advance(self._looked)
        await self._excuses.advance()
        await self._trained.advance()
        self._signature.advance()
        await self._working_time.advance(self._looked)
        await self.assessments.advance()
        self.ends.advance()
        if self.ends.outcome:
            return
        if self.expired:
            self._say_expired()
        elif self._looked >= begins(self._reminds_on):
            self._say_expires()

    def next_at(self) -> datetime | None:
        """When to look again though nothing has happened."""
        parts = (self._quarters, self._midterm, self._working_time, self.assessments)
        instants = [*(each.next_at(self._looked) for each in parts), begins(self._last_day + _ONE_DAY)]
        if self._reminds_on:
            instants.append(begins(self._reminds_on))
        return min((at for at in instants if at and at > self._looked), default=None)

    def _say_expires(self) -> None:
        if self._case.once("expires"):
            self._case.note("contract_expires", rule_ids=("OT-6.1e",), last_day=self._last_day.isoformat())
            self._case.tell_employer("contract_expires")
            self._case.tell_expert("contract_expires")

    def _say_expired(self) -> None:
        """A check-in that is still open is asked on, until the contract is closed."""
        if self._case.once(EXPIRED):
            self._case.enter("expired")
            self._case.note("contract_expired", rule_ids=("OT-6.1e",), last_day=self._last_day.isoformat())
            for task in self._case.state.tasks:
                if task.name in (*GATES, MIDTERM):
                    self._case.withdraw(task)
            self._case.tell_employer("contract_expired")
            self._case.tell_expert("contract_expired")
