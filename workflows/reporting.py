"""What a report at the start of the year goes through, whoever reports (DQ-3.1.2a to c).

The HR officer submits or says there is nothing (nil); the head approves or returns; what is not in when the window
closes is asked of the group, which accepts it late or excludes it, with a reason. Silence is never a nil return
(DEF-07).
"""

from dataclasses import dataclass
from datetime import datetime

from activities.engine.messages import CaseStart
from policies.engine.questions import Question
from policies.engine.tasks import Task
from workflows.engine.case import Case


@dataclass(frozen=True)
class ReportWords:
    """The names, in the pack, of what this kind of report asks and writes."""

    report: str
    approval: str
    take: str
    rules: tuple[str, ...]


class Reporting(Case):
    """One institution's report in one cycle, until the group has balanced supply and demand."""

    words: ReportWords

    def __init__(self, start: CaseStart) -> None:
        super().__init__(start)

    async def reported(self) -> str:
        """From the first question to the end of the cycle's interest in it."""
        number = 0
        while True:
            number += 1
            report = await self._report(number)
            if report is None:
                return await self._excluded()
            self._taken(number, report)
            notice = await self.hear(f"group/{number}", "balanced", "returned")
            if notice.name == "balanced":
                return await self.close("balanced")
            if self.once(f"returned/{number}"):
                self.note("demand_returned", rule_ids=("DQ-3.1.2d",), request=notice.refs["request"])

    async def _report(self, number: int) -> Task | None:
        """An approved report; None when the group will not wait for it."""
        version = 0
        while True:
            version += 1
            self.enter("reporting")
            report = self.open(self._report_question(number, version))
            await self._in_or_excluded(report, number)
            if self._is_excluded():
                return None
            self.enter("report_approval")
            approval = self.open(Question(f"approval/{number}.{version}", self.words.approval, refs={"of": report.id}))
            await self._in_or_excluded(approval, number)
            if self._is_excluded():
                return None
            if approval.outcome == "approve":
                return await self._in_time_or_accepted(report)

    def _report_question(self, number: int, version: int) -> Question:
        """The first report is due with the window; a returned one in its own working days."""
        refs = {"due_on": self.facts["closes_on"]} if (number, version) == (1, 1) else {}
        return Question(f"report/{number}.{version}", self.words.report, refs=refs)

    async def _in_or_excluded(self, task: Task, number: int) -> None:
        """The window binds the first report only: one that the group has returned is late by no window."""
        if number == 1 and not self._late():
            closes = datetime.fromisoformat(self.facts["closes_at"])
            if not await self.until(lambda: not task.live, latest=closes):
                self.note("window_closed", rule_ids=("DQ-3.1.2a",))
                self.open(Question("late", "late_report"))
        await self.until(lambda: not task.live or self._is_excluded())

    async def _in_time_or_accepted(self, report: Task) -> Task | None:
        """A late report waits for the group's word on its lateness."""
        late = self._late()
        if late and late.live:
            self.enter("late")
            await self.until(lambda: not late.live)
        return None if self._is_excluded() else report

    def _late(self) -> Task | None:
        return self.task_of("late")

    def _is_excluded(self) -> bool:
        late = self._late()
        return late is not None and late.outcome == "exclude"

    def _taken(self, number: int, report: Task) -> None:
        self.enter("reported")
        if self.once(f"taken/{number}"):
            self.note("report_taken", rule_ids=self.words.rules, outcome=report.outcome)
            self.write(self.words.take, request=report.deciding.request, number=str(number))

    async def _excluded(self) -> str:
        self.note("excluded", rule_ids=self.words.rules)
        self.write("report_excluded")
        return await self.close("excluded")
