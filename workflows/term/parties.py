"""Whom a term speaks to: the person and both institutions, and where something was agreed, group and bureau."""

from workflows.engine.case import Case
from workflows.term.sides import receiving, sending


class Parties:
    """Those who are told of what becomes of a term."""

    def __init__(self, case: Case) -> None:
        self._case = case

    def tell_all(self, kind: str) -> None:
        """The person and both institutions."""
        case = self._case
        case.tell(kind, person=case.facts["person"])
        case.tell(kind, **sending(case))
        case.tell(kind, **receiving(case))

    def tell_sides(self, kind: str) -> None:
        """Both institutions."""
        self._case.tell(kind, **sending(self._case))
        self._case.tell(kind, **receiving(self._case))

    def receiving_at(self, institution: str) -> dict[str, str]:
        """Role and place of another institution on the receiving side."""
        return receiving(self._case) | {"place": institution}

    def tell_above(self, kind: str) -> None:
        """The group, and the bureau that filed the placement."""
        case, facts = self._case, self._case.facts
        case.tell(kind, role="R-07", place=facts["group"])
        case.tell(kind, role="R-09", place=facts["bureau"])

    def tell_asker(self, kind: str, asker: str) -> None:
        """Who has proposed something, and the person whose term it is."""
        case, person = self._case, self._case.facts["person"]
        case.tell(kind, person=person)
        if asker != person:
            case.tell(kind, person=asker)
