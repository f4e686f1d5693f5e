"""Getting ready for the first day: post, plan and practice filing (DQ-3.2.1c, DQ-3.2.2a; stage 7).

Without the practice filing nobody starts. Working group, plan and post are a soft gate: the group may let the service
start without them, with a reason. Whoever is not ready on the day gets another day, and both sides are told.
"""

from collections.abc import Awaitable, Callable
from datetime import date

from policies.engine.questions import Question
from policies.engine.tasks import Task
from workflows.engine.case import Case
from workflows.term.days import begins, day_of

RULES = ("DQ-3.2.1c", "DQ-3.2.2a")
Wait = Callable[..., Awaitable[bool]]


class Onboarding:
    """From the filing to the first day of service; `wait` ends with the case when the person leaves."""

    def __init__(self, case: Case, wait: Wait) -> None:
        self._case, self._wait = case, wait
        self._version = 1
        self._ready_by = case.facts["ready_by"]

    async def first_day(self) -> date:
        """The first day of service, reached, with its gates passed or settled by the group."""
        case = self._case
        case.enter("onboarding")
        planned, number = date.fromisoformat(case.facts["planned_start"]), 0
        filing = self._open("practice_filing", "filing")
        while True:
            number += 1
            await self._wait(lambda: self._planned() and not filing.live, latest=begins(planned))
            await self._wait(lambda: False, latest=begins(planned))
            asked = case.task_of(f"start/{number}") is not None
            if self._planned() and not filing.live and not asked:
                return planned
            settled = await self._settled(number, planned, filing)
            if settled.outcome == "start_anyway":
                return day_of(settled.answers[-1].at)
            planned = date.fromisoformat(settled.refs["starts_on"])
            await self._moved(number, planned)

    def _planned(self) -> bool:
        """Whether post and plan stand and the person has signed; a plan that is sent back is made anew."""
        while True:
            post = self._open("prepare_post", f"post/{self._version}")
            if post.live:
                return False
            signing = self._open("sign_plan", f"plan/{self._version}", of=post.id)
            if signing.live or signing.outcome == "sign_plan":
                return not signing.live
            self._version += 1

    async def _settled(self, number: int, planned: date, filing: Task) -> Task:
        """Not everything is there on the day: the group sets another; with only the soft gate open it may start."""
        name = "move_start" if filing.live else "settle_start"
        task = self._case.open(Question(f"start/{number}", name, refs={"planned": planned.isoformat()}))
        await self._wait(lambda: not task.live)
        return task

    async def _moved(self, number: int, planned: date) -> None:
        case = self._case
        self._ready_by = await case.effect(f"moved/{number}", "start_moved", starts_on=planned.isoformat())
        if case.once(f"moved/{number}"):
            case.note("start_moved", rule_ids=RULES, starts_on=planned.isoformat())
            case.tell("start_moved", person=case.facts["person"])
            case.tell("start_moved", role="R-03", place=case.facts["sending"])
            case.tell("start_moved", role="R-01", place=case.facts["receiving"])
            for task in case.state.tasks:
                if task.live and "due_on" in task.refs:
                    case.retime(task, due_on=self._ready_by)

    def _open(self, name: str, key: str, **refs: str) -> Task:
        return self._case.open(Question(key, name, refs={"due_on": self._ready_by, **refs}))
