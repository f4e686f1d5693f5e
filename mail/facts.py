"""What a letter says, as facts (COR-09, DEF-19)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Kind(StrEnum):
    """Why a letter is written; each has its three files under templates/email."""

    TASK = "task"
    REMINDER = "reminder"
    URGE = "urge"
    ESCALATION = "escalation"
    RECEIVED_REFUSED = "received_refused"
    OUTCOME = "outcome"
    RECORDED_FOR_YOU = "recorded_for_you"
    VACANCY_ALERT = "vacancy_alert"
    SEAT_ENDED = "seat_ended"
    OPINION_GIVEN = "opinion_given"
    COPIED = "copied"
    SIGN_IN = "sign_in"


_MATTER = ("case_number", "programme", "title")
_ASKED = (*_MATTER, "asked_by", "role", "ask", "due")
NEEDS: dict[Kind, tuple[str, ...]] = {
    Kind.TASK: _ASKED,
    Kind.REMINDER: _ASKED,
    Kind.URGE: _ASKED,
    Kind.ESCALATION: (*_MATTER, "asked_by", "holder", "due"),
    Kind.RECEIVED_REFUSED: (*_MATTER, "reason"),
    Kind.OUTCOME: (*_MATTER, "result"),
    Kind.RECORDED_FOR_YOU: (*_MATTER, "role", "result", "decided_on"),
    Kind.VACANCY_ALERT: (*_MATTER, "holder"),
    Kind.SEAT_ENDED: (*_MATTER, "role"),
    Kind.OPINION_GIVEN: _ASKED,
    Kind.COPIED: (*_MATTER, "asked_by"),
    Kind.SIGN_IN: ("valid_until",),
}


class LetterIncomplete(Exception):
    """A letter of this kind lacks a fact that its words need."""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """The facts of one letter to one person, its words already in the letter's language.

    The addressee's is the only personal name (DEF-19); contact and signature are the office's own. Instants are aware.
    asked_by: who asks (institution and role). role: in which role the addressee is asked; acting_for: for whom, if as a
    deputy. holder: whose turn it is, or which post is vacant, as role and institution. place: institution and post.
    topic: the task's id, one calendar entry for each; sequence: rises when that entry's deadline changes (RFC 5545).
    first_letter: the id of the letter that this one follows up.
    """

    id: str
    kind: Kind
    language: str
    mail_to: str
    name: str
    form_of_address: str
    link: str
    contact_person: str
    contact_telephone: str
    organisation: str
    written_at: datetime
    topic: str = ""
    sequence: int = 0
    first_letter: str | None = None
    case_number: str | None = None
    programme: str | None = None
    title: str | None = None
    asked_by: str | None = None
    role: str | None = None
    acting_for: str | None = None
    ask: str | None = None
    place: str | None = None
    due: datetime | None = None
    provisional: bool = False
    holder: str | None = None
    result: str | None = None
    reason: str | None = None
    decided_on: date | None = None
    valid_until: datetime | None = None


def ensure_complete(letter: Letter) -> None:
    """Refuse a letter whose words would have a hole."""
    missing = [fact for fact in NEEDS[letter.kind] if not getattr(letter, fact)]
    if missing:
        raise LetterIncomplete(f"{letter.kind}: {', '.join(missing)}")
