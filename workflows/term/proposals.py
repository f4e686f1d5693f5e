"""What is proposed for a running term, put to those who have to agree, one proposal after the other (EXC-07, EXC-08).

Who made a proposal does not decide it (DEF-12), and nobody answers for two. Refused by any, the term goes on.
"""

from abc import ABC, abstractmethod
from datetime import date, datetime, timedelta
from typing import ClassVar

from temporalio import workflow

from activities.engine.messages import Notice
from policies.engine.questions import SUBMITTER, Question
from policies.engine.tasks import Task
from workflows.engine.case import Case
from workflows.local_days import begins
from workflows.term.parties import Parties

_ONE_DAY = timedelta(days=1)


class Proposals(ABC):
    """Every proposal of one kind; a subclass says whom it is put to and what follows."""

    kind: ClassVar[str]
    refuses: ClassVar[str]
    rules: ClassVar[tuple[str, ...]]

    def __init__(self, case: Case) -> None:
        self._case, self._parties = case, Parties(case)
        self.last_day: date | None = None
        self.agreed: Notice | None = None
        self._under_way: tuple[str, Notice] | None = None

    @abstractmethod
    def proposed(self, key: str, proposal: Notice) -> None:
        """Say that it was proposed."""

    @abstractmethod
    def tasks(self, key: str, proposal: Notice) -> list[Task]:
        """Those who are asked by now; more of them once the former have agreed."""

    @abstractmethod
    def settled(self, asked: list[Task]) -> bool:
        """Whether everybody has agreed."""

    @abstractmethod
    async def concluded(self, key: str, proposal: Notice, asked: list[Task]) -> date:
        """Everybody has agreed: the last day of the term as it is now."""

    @abstractmethod
    def refused(self, proposal: Notice, *, side: str, request: str) -> None:
        """Say that one of those who were asked, by its task, does not agree."""

    async def advance(self) -> None:
        """Take what has been proposed and answered."""
        self.last_day, self.agreed, self._under_way, number = None, None, None, 0
        while proposal := self._case.take(f"{self.kind}/{number + 1}", self.kind):
            number += 1
            await self._one(f"{self.kind}/{number}", proposal)

    def next_at(self) -> datetime | None:
        """When the agreed last day has ended."""
        return begins(self.last_day + _ONE_DAY) if self.last_day else None

    @property
    def over(self) -> bool:
        """Whether all have agreed, and the last day has passed."""
        at = self.next_at()
        return at is not None and workflow.now() >= at

    def drop(self) -> None:
        """The term is certified: what was proposed has lost its object, and who proposed it is told."""
        if self._under_way is None:
            return
        key, proposal = self._under_way
        for task in self.tasks(key, proposal):
            self._case.withdraw(task)
        if self._case.once(f"{key}/dropped"):
            self._case.write("settle_change", change=proposal.refs["change"], state="moot", request="")
            self._case.note("change_dropped", change=proposal.refs["change"])
            self._parties.tell_asker("change_dropped", proposal.refs["by"])
        self.last_day = self.agreed = self._under_way = None

    def fall(self) -> None:
        """The term has ended otherwise, and nobody decides about it any more."""
        if self._under_way is None:
            return
        key, proposal = self._under_way
        for task in self.tasks(key, proposal):
            self._case.withdraw(task)
        if self._case.once(f"{key}/fell"):
            self._case.write("settle_change", change=proposal.refs["change"], state="moot", request="")
            self._case.note("change_fell", change=proposal.refs["change"])
            self.fell(proposal)
        self.last_day = self.agreed = self._under_way = None

    def fell(self, proposal: Notice) -> None:  # noqa: B027  # of an early end everybody learns otherwise
        """Tell those who do not learn it otherwise."""

    async def _one(self, key: str, proposal: Notice) -> None:
        marks = self._case.state.marks
        if f"once:{key}/dropped" in marks or f"once:{key}/fell" in marks:
            return
        if self._case.once(f"{key}/proposed"):
            self.proposed(key, proposal)
        asked = self.tasks(key, proposal)
        refusal = next((task for task in asked if task.outcome == self.refuses), None)
        if refusal:
            self._refused(key, proposal, refusal, asked)
            return
        self._under_way = key, proposal
        if self.settled(asked):
            self.last_day = await self.concluded(key, proposal, asked)
            self.agreed = proposal

    def ask(self, key: str, name: str, proposal: Notice, **places: str) -> Task:
        """One question about the proposal; who has proposed it is not asked."""
        refs = {"change": proposal.refs["change"], SUBMITTER: proposal.refs["by"]}
        return self._case.open(Question(f"{key}/{name}", name, refs=refs, places=places))

    def _refused(self, key: str, proposal: Notice, refusal: Task, asked: list[Task]) -> None:
        case, request = self._case, refusal.deciding.request
        for task in asked:
            case.withdraw(task)
        if case.once(f"{key}/settled"):
            case.write("settle_change", change=proposal.refs["change"], state="refused", request=request)
            self.refused(proposal, side=refusal.name, request=request)
