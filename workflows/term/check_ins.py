"""Quarterly check-ins from the first day on (DEF-17; DQ-3.2.1d, DQ-3.3.1b, DQ-4.3c)."""

from datetime import date, datetime, timedelta

from temporalio import workflow

from policies.engine.dates import term_last_day
from policies.engine.questions import Question
from workflows.engine.case import Case
from workflows.local_days import begins
from workflows.term.opening import due_before


class CheckIns:
    """One question after every so many months; the answers stand in the file."""

    def __init__(self, case: Case, first_day: date) -> None:
        self._case, self._first_day = case, first_day
        self._months = int(case.facts["check_in_every_months"])
        # Those that were due before the term was imported are nobody's any more.
        self.before = self.asked = due_before(case.facts, first_day, self._months)

    async def advance(self) -> None:
        """Ask what is due by now. A run that begins after the certificate finds what was asked before, and no more."""
        over = "once:certified" in self._case.state.marks
        while workflow.now() >= self.next_at():
            key = f"check_in/{self.asked + 1}"
            if over and self._case.task_of(key) is None:
                return
            self.asked += 1
            self._case.open(Question(key, "check_in", refs={"number": str(self.asked)}))

    def next_at(self) -> datetime:
        """When the next one begins: on the day after so many months."""
        months = self._months * (self.asked + 1)
        return begins(term_last_day(self._first_day, months) + timedelta(days=1))

    @property
    def settled(self) -> bool:
        """Whether nothing that was asked is still open."""
        return not any(task.live for task in self._case.state.tasks if task.name == "check_in")
