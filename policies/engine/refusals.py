"""Refusals: what the engine will not do, each a fact with its own name.

A refusal travels by its class name (Temporal's `ApplicationError.type`), gets its HTTP number in `api/errors.py`
only, and its words in two languages in `api/problems.py`. `facts` carries ids and codes, never a person's words.
"""


class Refusal(Exception):
    """Something that was asked for is not done, and the asker is told why."""

    def __init__(self, **facts: str) -> None:
        super().__init__(", ".join(f"{name}={value}" for name, value in sorted(facts.items())))
        self.facts = facts

    @classmethod
    def kinds(cls) -> tuple[type["Refusal"], ...]:
        """Every refusal there is, in a stable order, nested ones too."""
        found: list[type[Refusal]] = []
        for kind in cls.__subclasses__():
            found.extend((kind, *kind.kinds()))
        return tuple(found)


class TaskUnknown(Refusal):
    """The case has no such task."""


class TaskClosed(Refusal):
    """The task was decided, withdrawn or replaced before this answer came."""


class NotYourTask(Refusal):
    """The person holds no seat at this task."""


class NotYetYourTurn(Refusal):
    """Others sign before this person does."""


class StepUnknown(Refusal):
    """The step to which a task is to go back is none before the present one."""


class SignerUnfit(Refusal):
    """The task cannot take another signer: its answer is more than a choice, or all who sign have done so."""


class RoleEnded(Refusal):
    """The person was asked in a role that has ended; somebody else is asked now (DEF-23)."""


class StaleRevision(Refusal):
    """The answer was given to an older revision of the task than the one now open."""


class ChoiceUnknown(Refusal):
    """The choice is not in the closed list of this step."""


class AlreadyAnswered(Refusal):
    """The person has answered this step already; the recorded answer stands."""


class ReasonMissing(Refusal):
    """The choice needs a written reason (DEF-10, EXC-01)."""


class FormIncomplete(Refusal):
    """The answer lacks a part of its form that the task needs."""


class OwnCase(Refusal):
    """Nobody decides on their own case (DEF-12)."""


class BothSides(Refusal):
    """One person cannot act for two sides of one case (DEF-12, COR-06)."""


class CaseClosed(Refusal):
    """The case has ended; its file is kept, nothing more is decided in it."""


class UrgedTooSoon(Refusal):
    """The task was urged a short while ago; urging is throttled."""


class WithdrawalTooLate(Refusal):
    """After filing a withdrawal needs the consent of both sides and of the filing body (DEF-14)."""
