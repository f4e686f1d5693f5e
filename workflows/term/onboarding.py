"""Getting ready for the first day: what is prepared, and the practice filing (DQ-3.2.1c, DQ-3.2.2a, b; stage 7).

Without the practice filing nobody starts. Working group, plan and post are a soft gate: the group may let the service
start without them, with a reason; a trainee's targets and mentor are as hard as the filing. Whoever is not ready on the
day gets another day, and both sides are told; so does whom group or bureau give a later day before (EXC-09).
"""

from collections.abc import Awaitable, Callable
from datetime import date
from functools import partial

from activities.engine.messages import Notice
from policies.engine.questions import Question
from policies.engine.tasks import Task
from workflows.engine.case import Case
from workflows.local_days import begins, day_of
from workflows.term.preparation import preparation_of
from workflows.term.sides import receiving, sending

RULES = ("DQ-3.2.1c", "DQ-3.2.2a")
SET = "first_day_set"
Wait = Callable[..., Awaitable[bool]]


class Onboarding:
    """From the filing to the first day of service; `wait` ends with the case when the person leaves."""

    def __init__(self, case: Case, wait: Wait) -> None:
        self._case, self._wait = case, wait
        self._ready_by = case.facts["ready_by"]
        self._preparation = preparation_of(case, self._open)

    async def first_day(self) -> date:
        """The first day of service, reached, with its gates passed or settled by the group."""
        case = self._case
        case.enter("onboarding")
        planned, number = date.fromisoformat(case.facts["planned_start"]), 0
        filing = self._open("practice_filing", "filing")
        while True:
            number += 1
            await self._prepared(filing, planned, number)
            await self._wait(partial(self._is_set, number), latest=begins(planned))
            asked = case.task_of(f"start/{number}") is not None
            if not self._is_set(number):
                if self._preparation.ready and not filing.live and not asked:
                    return planned
                settled = await self._settled(number, planned, filing)
                if settled.outcome == "start_anyway":
                    return day_of(settled.deciding.at)
            said = self._set_day(number)
            planned = date.fromisoformat((said or settled).refs["starts_on"])
            await self._moved(number, planned, said)

    def _is_set(self, number: int) -> bool:
        """Whether group or bureau have set another day, before this one came or was settled."""
        case, key = self._case, _set_key(number)
        asked = case.task_of(f"start/{number}")
        if key in case.state.heard:
            return True
        return "once:started" not in case.state.marks and not (asked and asked.answers) and case.told(key, SET)

    def _set_day(self, number: int) -> Notice | None:
        """The notice with the other day; what was asked about this one is asked no more."""
        if not self._is_set(number):
            return None
        said = self._case.take(_set_key(number), SET)
        asked = self._case.task_of(f"start/{number}")
        if asked and asked.live:
            self._case.withdraw(asked)
        return said

    async def _prepared(self, filing: Task, planned: date, number: int) -> None:
        """Until everything is ready, the planned day has come, or another one is set."""
        while not self._is_set(number):
            # More may come while it writes.
            before = self._answers()
            await self._preparation.advance(self._ready_by)
            if self._preparation.ready and not filing.live:
                return
            if not await self._wait(lambda before=before: self._answers() != before, latest=begins(planned)):
                return

    def _answers(self) -> int:
        return sum(len(task.answers) for task in self._case.state.tasks) + len(self._case.state.notices)

    async def _settled(self, number: int, planned: date, filing: Task) -> Task:
        """Not everything is there on the day: the group sets another; with only a soft gate open it may start."""
        hard = filing.live or (self._preparation.hard and not self._preparation.ready)
        name = "move_start" if hard else "settle_start"
        task = self._case.open(Question(f"start/{number}", name, refs={"planned": planned.isoformat()}))
        await self._wait(lambda: not task.live or self._is_set(number))
        return task

    async def _moved(self, number: int, planned: date, said: Notice | None) -> None:
        case = self._case
        self._ready_by = await case.effect(f"moved/{number}", "start_moved", starts_on=planned.isoformat())
        if case.once(f"moved/{number}"):
            if said:
                by, request = said.refs["by"], said.request
                case.note("start_moved", actor=by, starts_on=planned.isoformat(), by_request=request)
            else:
                case.note("start_moved", rule_ids=RULES, starts_on=planned.isoformat())
            case.tell("start_moved", person=case.facts["person"])
            case.tell("start_moved", **sending(case))
            case.tell("start_moved", **receiving(case))
            for task in case.state.tasks:
                if task.live and "due_on" in task.refs:
                    case.retime(task, due_on=self._ready_by)

    def _open(self, name: str, key: str, **refs: str) -> Task:
        return self._case.open(Question(key, name, refs={"due_on": self._ready_by, **refs}))


def _set_key(number: int) -> str:
    return f"set/{number}"
