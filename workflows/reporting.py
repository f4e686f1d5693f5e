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
        number = 1
        while True:
            if await self._report(number) == "excluded":
                return await self._excluded()
            self._taken(number)
            if await self._closed_or_returned() == "balanced":
                return await self.close("balanced")
            number += 1

    async def _report(self, number: int) -> str:
        """One approved report; "excluded" when the group will not wait for it."""
        version = 1
        while True:
            self.enter("reporting")
            report = self.open(self._question(f"report/{number}.{version}", self.words.report))
            await self._in_or_excluded(report)
            if self._is_excluded():
                return "excluded"
            self.enter("report_approval")
            approval = self.open(self._question(f"approval/{number}.{version}", self.words.approval, of=report))
            await self._in_or_excluded(approval)
            if self._is_excluded():
                return "excluded"
            if approval.outcome == "approve":
                return await self._accepted(report)
            version += 1

    def _question(self, key: str, name: str, *, of: Task | None = None) -> Question:
        """The first report is due with the window; a returned one, and an approval, in their own working days."""
        refs = {"of": of.id} if of else {}
        if name == self.words.report and key.endswith("/1.1"):
            refs["due_on"] = self.facts["closes_on"]
        return Question(key, name, refs=refs)

    async def _in_or_excluded(self, task: Task) -> None:
        closes = datetime.fromisoformat(self.facts["closes_at"])
        if not self._late() and not await self.until(lambda: not task.live, latest=closes):
            self.note("window_closed", rule_ids=("DQ-3.1.2a",))
            self.open(Question("late", "late_report"))
        await self.until(lambda: not task.live or self._is_excluded())

    async def _accepted(self, report: Task) -> str:
        """A late report waits for the group's word on its lateness."""
        late = self._late()
        if late:
            self.enter("late")
            await self.until(lambda: not late.live)
        return "excluded" if self._is_excluded() else report.outcome

    def _late(self) -> Task | None:
        return self.task_of("late")

    def _is_excluded(self) -> bool:
        late = self._late()
        return late is not None and late.outcome == "exclude"

    def _taken(self, number: int) -> None:
        report = max((task for task in self.state.tasks if task.name == self.words.report), key=lambda task: task.id)
        self.enter("reported")
        self.note("report_taken", rule_ids=self.words.rules, outcome=report.outcome)
        request = report.answers[-1].request
        self.write(self.words.take, request=request, number=str(number))

    async def _closed_or_returned(self) -> str:
        """The group publishes, or returns the demand for another look."""
        await self.until(lambda: bool(self.state.notices))
        notice = self.take_notice("balanced") or self.take_notice("returned")
        if notice is None:
            self.state.notices.clear()
            return await self._closed_or_returned()
        if notice.name == "returned":
            self.note("demand_returned", rule_ids=("DQ-3.1.2d",), request=notice.refs["request"])
        return notice.name

    async def _excluded(self) -> str:
        self.note("excluded", rule_ids=self.words.rules)
        self.write("report_excluded")
        return await self.close("excluded")
