"""What the parties of a flexible-talent contract may raise to end it, and what must stand in it (OT-6.2b, OT-6.3).

`since` is the day on which the contract began to bind: the earlier of its signature and its first day.
"""

from dataclasses import dataclass
from datetime import date

from activities.contract_ends import CANNOT_CONTINUE, CAUSES, KINDS, RESCISSION, STOPS, TERMINATION, Matter
from db.talent_contracts import TalentContract
from services.field_problems import FactsRefused, FieldProblem

# Grounds 2 to 4 to terminate are raised by people; the first is found by the figures of the contract (OT-6.3g).
BY_EMPLOYER, BY_EXPERT = ("h", "i", "j"), ("h",)
OTHER = "j"


@dataclass(frozen=True)
class GroundWish:
    """A ground to terminate. learned_on: the employer's own local day of learning; what the expert raises counts from
    the day on which it is raised, which is when the employer learns of it.
    """

    ground: str
    kind: str
    learned_on: date | None
    words: str
    lifecycle: str = TERMINATION

    def checked(self, *, by: str, expert: bool, since: date, today: date) -> Matter:
        """The matter. Raises FactsRefused."""
        grounds, learned_on = (BY_EXPERT, today) if expert else (BY_EMPLOYER, self.learned_on)
        problems = _listed("ground", self.ground, grounds)
        if self.ground == OTHER and self.kind not in KINDS:
            problems.append(FieldProblem("kind", "missing"))
        problems += _day("learned_on", learned_on, since, today) + _words(self.words)
        _ensure(problems)
        kind = self.kind if self.ground == OTHER else ""
        return Matter(TERMINATION, self.ground, learned_on=learned_on, kind=kind, by=by)


@dataclass(frozen=True)
class CauseWish:
    """A ground to rescind, which the employer raises and then verifies."""

    cause: str
    words: str
    lifecycle: str = RESCISSION

    def checked(self, *, by: str, expert: bool, since: date, today: date) -> Matter:
        """The matter. Raises FactsRefused."""
        _ensure(_listed("cause", self.cause, () if expert else CAUSES) + _words(self.words))
        return Matter(RESCISSION, self.cause, as_of=today.isoformat(), by=by)


@dataclass(frozen=True)
class StopWish:
    """That a contract cannot go on: why, and its last local day."""

    kind: str
    ended_on: date | None
    words: str
    lifecycle: str = CANNOT_CONTINUE

    def checked(self, *, by: str, expert: bool, since: date, today: date) -> Matter:
        """The matter. Raises FactsRefused."""
        problems = _listed("stop", self.kind, () if expert else STOPS)
        _ensure(problems + _day("ended_on", self.ended_on, since, today) + _words(self.words))
        return Matter(CANNOT_CONTINUE, ended_on=self.ended_on, kind=self.kind, by=by)


Wish = GroundWish | CauseWish | StopWish


def bound_since(contract: TalentContract) -> date:
    """The day on which a contract began to bind: the earlier of its signature and its first day."""
    return min((day for day in (contract.signed_on, contract.first_day) if day), default=date.min)


def _listed(name: str, value: str, allowed: tuple[str, ...]) -> list[FieldProblem]:
    return [] if value in allowed else [FieldProblem(name, "choice_unknown", (("choices", ", ".join(allowed)),))]


def _day(name: str, day: date | None, since: date, today: date) -> list[FieldProblem]:
    """Not before the contract and not after today: a slip of the year would make every application late for ever."""
    if day is None:
        return [FieldProblem(name, "date_wrong")]
    if day < since:
        return [FieldProblem(name, "before_contract", (("since", since.isoformat()),))]
    return [FieldProblem(name, "date_future")] if day > today else []


def _words(words: str) -> list[FieldProblem]:
    return [] if words.strip() else [FieldProblem("words", "missing")]


def _ensure(problems: list[FieldProblem]) -> None:
    if problems:
        raise FactsRefused(tuple(problems))
