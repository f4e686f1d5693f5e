"""What every part of a flexible-talent contract waits with: an answer, or the expert's withdrawal before signing."""

from datetime import datetime
from functools import partial
from typing import Protocol

from policies.engine.questions import Question
from policies.engine.tasks import Task
from workflows.engine.case import Case

COMMISSION, FINANCE = "R-23", "R-26"
EMPLOYER_HR, EMPLOYER_LEADER = "R-19", "R-20"


class Ended(Exception):
    """The contract has come to an end before it was in force."""

    def __init__(self, outcome: str) -> None:
        super().__init__(outcome)
        self.outcome = outcome


def withdrawn() -> Ended:
    """The expert has withdrawn, or the employer has given it up."""
    return Ended("withdrawn")


def not_selected() -> Ended:
    """The commission does not take the nomination."""
    return Ended("not_selected")


def not_signed() -> Ended:
    """One side does not sign."""
    return Ended("not_signed")


class Beside(Protocol):
    """What goes on beside a question that is waited for."""

    async def advance(self) -> None:
        """Do what can be done now."""

    def next_at(self) -> datetime | None:
        """When to look again though nothing has happened."""


class TalentCase(Case):
    """A case of one expert at one employer under one commission."""

    beside: Beside | None = None

    @property
    def was_imported(self) -> bool:
        """Whether it was running before the system was there (COR-17)."""
        return "imported" in self.facts

    def may_withdraw(self) -> bool:
        """The expert freely until the signed paper is recorded; after that parties propose its end (policy.md 3.14).

        What was imported had been signed before.
        """
        return not self.was_imported and not any(
            task.name == "contract_paper" and task.outcome == "record_contract" for task in self.state.tasks
        )

    def heard_so_far(self) -> int:
        """How many answers and notices have come: taken before anything is done, since more may come meanwhile."""
        return len(self.state.applied)

    async def answer(self, key: str, name: str, **refs: str) -> Task:
        """Ask and wait for the answer. Raises Ended when the expert has withdrawn."""
        task = self.open(Question(key, name, refs=refs))
        while task.live:
            heard = self.heard_so_far()
            if self.beside:
                await self.beside.advance()
            latest = self.beside.next_at() if self.beside else None
            await self.until(partial(self._answered, task, heard), latest=latest)
        if "withdrawn" in self.state.marks:
            raise withdrawn()
        return task

    def _answered(self, task: Task, heard: int) -> bool:
        return not task.live or self.heard_so_far() != heard

    def tell_employer(self, kind: str, **details: str) -> None:
        """The employer's HR officer and its leader."""
        self.tell(kind, role=EMPLOYER_HR, place=self.facts["employer"], **details)
        self.tell(kind, role=EMPLOYER_LEADER, place=self.facts["employer"], **details)

    def tell_commission(self, kind: str, **details: str) -> None:
        """The commission's officer."""
        self.tell(kind, role=COMMISSION, place=self.facts["commission"], **details)

    def tell_expert(self, kind: str, **details: str) -> None:
        """The expert, or the leader of the team."""
        self.tell(kind, person=self.facts["person"], **details)


def request_of(task: Task) -> str:
    """The request of the answer that settled a task."""
    return task.deciding.request
