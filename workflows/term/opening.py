"""A term that was under way before the system was there: it goes on from what was imported (COR-17).

What was done before is a stated fact and nobody's decision here: check-ins already past are not asked again, and no
letter repeats what people were told long ago.
"""

from datetime import date, timedelta

from policies.engine.dates import term_last_day
from workflows.engine.case import Case

ONBOARDING, IN_SERVICE, COMPLETED = "onboarding", "in_service", "term_completed"


class Opening:
    """What the start of a term says of its time before; nothing for a term that was opened here."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self.imported = "imported" in case.facts
        self._stage = case.facts.get("imported", "")

    def enter(self) -> None:
        """The file says that it was imported, and the person may say what is wrong with it."""
        if self.imported and self._case.once("imported"):
            self._case.write("enter_opening")
            self._case.note("term_imported")
            self._case.tell("term_imported", person=self._case.facts["person"])

    @property
    def first_day(self) -> date | None:
        """The first day of a service that had begun; None where it is still to begin."""
        began = self.imported and self._stage != ONBOARDING
        return date.fromisoformat(self._case.facts["planned_start"]) if began else None

    @property
    def completed(self) -> bool:
        """Whether the service was over and only the evaluation is left."""
        return self._stage == COMPLETED


def due_before(facts: dict[str, str], first_day: date, months: int) -> int:
    """How many check-ins, or notes, of one every so many months had fallen due when the term was imported."""
    if facts.get("imported", ONBOARDING) == ONBOARDING:
        return 0
    imported_on, number = date.fromisoformat(facts["imported_on"]), 0
    while term_last_day(first_day, months * (number + 1)) + timedelta(days=1) <= imported_on:
        number += 1
    return number


def targets_stated(facts: dict[str, str]) -> bool:
    """Whether the targets of a training stood when it was imported."""
    return "imported_targets" in facts


def targets_missing(facts: dict[str, str]) -> bool:
    """Whether a training was imported while it ran, and without its targets."""
    return facts.get("imported") == IN_SERVICE and not targets_stated(facts)
