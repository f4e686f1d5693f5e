"""Ending a filed term early: proposed by a side, the person or both, decided by both institutions (EXC-07, DEF-14).

Both answer side by side and nobody answers for two (DEF-12); who made the proposal does not decide it either. A
person's own wish needs the consent of the bureau, too, since the placement is filed. Refused by any, the term goes on.
"""

from datetime import date, datetime, timedelta

from temporalio import workflow

from activities.engine.messages import Notice
from policies.engine.questions import SUBMITTER, Question
from policies.engine.tasks import Task
from workflows.engine.case import Case
from workflows.term.days import begins
from workflows.term.parties import Parties

BY_PERSON = "by_person"
SIDES, BUREAU = ("early_end_sending", "early_end_receiving"), "early_end_bureau"
AGREES, REFUSES = "agree_end", "refuse_end"
BOTH_AGREE = ("DQ-3.1.3b",)
_ONE_DAY = timedelta(days=1)


class Endings:
    """Every proposal to end the term early, one after the other."""

    def __init__(self, case: Case) -> None:
        self._case, self._parties = case, Parties(case)
        self.last_day: date | None = None
        self._under_way: tuple[str, Notice] | None = None

    async def advance(self) -> None:
        """Take what has been proposed and answered."""
        self.last_day, self._under_way, number = None, None, 0
        while proposed := self._case.take(f"early_end/{number + 1}", "early_end"):
            number += 1
            await self._one(f"early_end/{number}", proposed)

    def next_at(self) -> datetime | None:
        """When the agreed last day has ended."""
        return begins(self.last_day + _ONE_DAY) if self.last_day else None

    @property
    def over(self) -> bool:
        """Whether all have agreed on an end, and its day has passed."""
        at = self.next_at()
        return at is not None and workflow.now() >= at

    def drop(self) -> None:
        """The term is certified: what was proposed has lost its object, and who proposed it is told."""
        if self._under_way is None:
            return
        key, proposed = self._under_way
        for task in self._tasks(key, proposed):
            self._case.withdraw(task)
        if self._case.once(f"{key}/dropped"):
            self._case.write("settle_change", change=proposed.refs["change"], state="moot", request="")
            self._case.note("change_dropped", change=proposed.refs["change"])
            self._parties.tell_asker("change_dropped", proposed.refs["by"])
        self.last_day = self._under_way = None

    async def _one(self, key: str, proposed: Notice) -> None:
        case, refs = self._case, proposed.refs
        if f"once:{key}/dropped" in case.state.marks:
            return
        if case.once(f"{key}/proposed"):
            occasion, last_day = refs["occasion"], refs["last_day"]
            said = proposed.request
            case.note("early_end_proposed", actor=refs["by"], occasion=occasion, last_day=last_day, by_request=said)
            case.tell("early_end_proposed", person=case.facts["person"])
        asked = self._tasks(key, proposed)
        refusal = next((task for task in asked if task.outcome == REFUSES), None)
        if refusal:
            self._refused(key, proposed, refusal, asked)
        elif all(task.outcome == AGREES for task in asked):
            await self._agreed(key, proposed, asked)
        else:
            self._under_way = key, proposed

    def _tasks(self, key: str, proposed: Notice) -> list[Task]:
        """Both institutions; for a person's own wish the bureau, once both have agreed."""
        asked = [self._ask(f"{key}/{name}", name, proposed) for name in SIDES]
        if proposed.refs["occasion"] == BY_PERSON and all(task.outcome == AGREES for task in asked):
            asked.append(self._ask(f"{key}/{BUREAU}", BUREAU, proposed))
        return asked

    def _ask(self, key: str, name: str, proposed: Notice) -> Task:
        refs = {"change": proposed.refs["change"], SUBMITTER: proposed.refs["by"]}
        return self._case.open(Question(key, name, refs=refs))

    def _refused(self, key: str, proposed: Notice, refusal: Task, asked: list[Task]) -> None:
        case, request = self._case, refusal.answers[-1].request
        for task in asked:
            case.withdraw(task)
        if case.once(f"{key}/settled"):
            case.write("settle_change", change=proposed.refs["change"], state="refused", request=request)
            case.note("early_end_refused", rule_ids=BOTH_AGREE, side=refusal.name, by_request=request)
            self._parties.tell_asker("early_end_refused", proposed.refs["by"])

    async def _agreed(self, key: str, proposed: Notice, asked: list[Task]) -> None:
        case, request = self._case, asked[-1].answers[-1].request
        refs = {"change": proposed.refs["change"], "request": request}
        last_day = await case.effect(f"{key}/agreed", "agree_early_end", **refs)
        if case.once(f"{key}/settled"):
            case.note("early_end_agreed", rule_ids=BOTH_AGREE, last_day=last_day, by_request=request)
            self._parties.tell_all("early_end_agreed")
            self._parties.tell_above("early_end_agreed")
        self.last_day = date.fromisoformat(last_day)
        self._under_way = key, proposed
