"""Leave during the term: asked for, approved or refused, closed on return (DQ-3.2.2c; EXC-06).

A long leave, and one of a kind that the text leaves open, is put to the group: whether the months at the site go on,
pause or start again (DEF-21). It is never turned into absence; only staying away beyond its end is recorded as one,
for people to confirm.
"""

from datetime import date, datetime

from temporalio import workflow

from policies.engine.questions import Question
from policies.engine.tasks import Task
from workflows.engine.case import Case
from workflows.local_days import begins

RULE = ("DQ-3.2.2c",)


class Leaves:
    """Every leave that is asked for in the term."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._open: list[Task] = []
        self._ends: list[datetime] = []

    async def advance(self) -> None:
        """Take what has been asked for and answered."""
        self._open, self._ends, number = [], [], 0
        while asked := self._case.take(f"leave/{number + 1}", "leave"):
            number += 1
            await self._one(f"leave/{number}", asked.refs["leave"], asked.refs.get("back_on", ""))

    def next_at(self) -> datetime | None:
        """When the next approved leave has ended."""
        return min(self._ends, default=None)

    @property
    def settled(self) -> bool:
        """Whether nobody is asked any more, and nobody is away."""
        return not self._open and not self._ends

    @property
    def answered(self) -> bool:
        """Whether nobody is asked any more, though somebody may be away."""
        return not self._open

    async def _one(self, key: str, leave: str, back_on: str) -> None:
        case = self._case
        if back_on:
            # Approved in an earlier segment: here only the return is left.
            await self._closed(key, leave, begins(date.fromisoformat(back_on)))
            return
        request = self._ask(f"{key}/request", "leave_request", leave)
        if request.live:
            return
        answer = request.deciding.request
        approved = "yes" if request.outcome == "approve_leave" else "no"
        settled = await case.effect(f"{key}/settled", "settle_leave", leave=leave, approved=approved, request=answer)
        if case.once(f"{key}/told"):
            case.note("leave_approved" if approved == "yes" else "leave_refused", rule_ids=RULE, by_request=answer)
            case.tell("leave_answered", person=case.facts["person"])
        if approved == "yes":
            back_on, _, asks = settled.partition(" ")
            self._counted(key, leave, asks)
            await self._closed(key, leave, begins(date.fromisoformat(back_on)))

    def _counted(self, key: str, leave: str, asks: str) -> None:
        """DEF-21: whether it breaks the continuous months is a human decision."""
        if asks != "ask":
            return
        question = self._ask(f"{key}/clock", "leave_effect", leave)
        if not question.live and self._case.once(f"{key}/clock"):
            request = question.deciding.request
            self._case.write("weigh_leave", leave=leave, effect=question.outcome, request=request)
            rule = self._case.facts.get("term_rule", "DQ-3.2.1b")
            self._case.note("leave_weighed", rule_ids=(rule,), by_request=request)

    async def _closed(self, key: str, leave: str, ended: datetime) -> None:
        """The day after its last day the person says when they were back; what lies between is for people to judge."""
        if workflow.now() < ended:
            self._ends.append(ended)
            return
        closing = self._ask(f"{key}/close", "close_leave", leave)
        if not closing.live:
            request = closing.deciding.request
            await self._case.effect(f"{key}/closed", "close_leave", leave=leave, request=request)

    def _ask(self, key: str, name: str, leave: str) -> Task:
        task = self._case.open(Question(key, name, refs={"leave": leave}))
        if task.live:
            self._open.append(task)
        return task
