"""Performance, assessed by the receiving institution with each check-in (DQ-3.3.1a, b).

Only by a method in force: without one the assessment waits, is said to wait, and is asked for as soon as there is one.
The term itself never waits for a method.
"""

from datetime import date

from policies.engine.questions import Question
from policies.engine.tasks import Task
from workflows.engine.case import Case
from workflows.term.check_ins import CheckIns

RULE, WAITS = ("DQ-3.3.1b",), ("DQ-3.3.1a",)
OVER = "assessments/over"


class Assessments:
    """One question for each quarter that has ended, once a method is in force."""

    def __init__(self, case: Case, first_day: date, *, check_ins: CheckIns) -> None:
        self._case, self._first_day, self._check_ins = case, first_day, check_ins
        # Terms that were opened before performance was assessed have no such fact, and are not assessed.
        self._every = int(case.facts.get("assessment_every_check_ins", "0"))
        self._open: list[Task] = []
        self._waiting: list[int] = []

    async def advance(self) -> None:
        """Ask for what is due and may be asked; keep what was answered."""
        self._open, self._waiting = [], []
        if not self._every:
            return
        for quarter in range(self._every, self._check_ins.asked + 1, self._every):
            if quarter <= self._check_ins.before:
                continue
            task = self._case.task_of(f"assessment/{quarter}") or await self._asked(quarter)
            if task is None:
                self._waiting.append(quarter)
            elif task.live:
                self._open.append(task)
            else:
                self._keep(quarter, task)

    def next_at(self) -> None:
        """The check-ins wake it, and a method that comes into force."""

    @property
    def settled(self) -> bool:
        """Whether nothing that was asked is still open."""
        return not self._open

    def end(self) -> None:
        """What was never assessed is said once more when the term ends; nobody is asked for it any more."""
        self._case.once(OVER)
        for quarter in self._waiting:
            if self._case.once(f"assessment/{quarter}/missed"):
                self._case.note("assessment_missed", rule_ids=WAITS, quarter=str(quarter))

    async def _asked(self, quarter: int) -> Task | None:
        over = f"once:{OVER}" in self._case.state.marks
        method = "" if over else await self._method()
        if method:
            return self._case.open(
                Question(
                    f"assessment/{quarter}",
                    "performance_assessment",
                    refs={"quarter": str(quarter), "method": method},
                )
            )
        if self._case.once(f"assessment/{quarter}/waits"):
            self._case.note("assessment_waits", rule_ids=WAITS, quarter=str(quarter))
        return None

    async def _method(self) -> str:
        """The case of the method in force, looked up at each check-in and whenever one has come into force; or ""."""
        told = 0
        while self._case.take(f"method/{told + 1}", "method_in_force"):
            told += 1
        return await self._case.effect(f"method/{self._check_ins.asked}.{told}", "method_now")

    def _keep(self, quarter: int, task: Task) -> None:
        if self._case.once(f"assessment/{quarter}/kept"):
            request, began = task.deciding.request, self._first_day.isoformat()
            method = task.refs["method"]
            self._case.write("keep_result", request=request, quarter=str(quarter), method=method, first_day=began)
            self._case.note("performance_assessed", rule_ids=RULE, quarter=str(quarter), by_request=request)
