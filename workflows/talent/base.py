"""What every part of a flexible-talent contract waits with: an answer, or the expert's withdrawal before signing."""

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


class TalentCase(Case):
    """A case of one expert at one employer under one commission."""

    def may_withdraw(self) -> bool:
        """The expert freely until the contract is signed; after that parties propose its end (policy.md 3.14)."""
        return "once:signed" not in self.state.marks

    async def answer(self, key: str, name: str, **refs: str) -> Task:
        """Ask and wait for the answer. Raises Ended when the expert has withdrawn."""
        task = self.open(Question(key, name, refs=refs))
        await self.until(lambda: not task.live or "withdrawn" in self.state.marks)
        if "withdrawn" in self.state.marks:
            raise withdrawn()
        return task

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
    return task.answers[-1].request
