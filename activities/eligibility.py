"""Judging a person by the three-year rule with what the record knows of them (DQ-3.1.1a)."""

from datetime import date
from typing import cast

from db.engine.people import Person
from policies.eligibility import DispatchFacts, may_be_sent
from policies.engine.finding import Finding
from policies.engine.pack import Pack
from policies.vocabulary import Profession


def judged(person: Person, planned_start: date, pack: Pack) -> Finding:
    """The finding for a planned first day; an unknown profession or certificate date is asked about, not guessed."""
    # A profession that the vocabulary lacks is none that the text names: the rule asks.
    profession = cast("Profession", person.profession)
    return may_be_sent(DispatchFacts(profession, person.qualified_on, planned_start), pack)
