"""What a client or a sheet says about people and institutions, and what became of each row."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy.exc import IntegrityError

from policies.engine.refusals import Refusal
from services.field_problems import FieldProblem

Stored = TypeVar("Stored")
CREATED, CHANGED, UNCHANGED, REFUSED = "created", "changed", "unchanged", "refused"


class PersonUnknown(Refusal):
    """There is no person with this id."""


class InstitutionUnknown(Refusal):
    """There is no institution with this code."""


class PersonKnown(Refusal):
    """The person is registered already; change the entry instead of adding it."""


class InstitutionKnown(Refusal):
    """The institution is registered already; change the entry instead of adding it."""


class VersionStale(Refusal):
    """The entry was changed by somebody else since it was read."""


class StoredMeanwhile(Refusal):
    """Others stored the same people or institutions at the same moment, again and again; nothing of this was stored."""


TRIES = 3


async def stored_anew(store: Callable[[], Awaitable[Stored]]) -> Stored:
    """What storing rows leads to, read and judged anew while others have stored the same meanwhile.

    Raises StoredMeanwhile when that happens again and again.
    """
    for _ in range(TRIES):
        with suppress(IntegrityError):
            return await store()
    raise StoredMeanwhile


@dataclass(frozen=True)
class RoleFacts:
    """A role of the catalogue at an institution, from a day until before another (None: open)."""

    role: str
    institution: str
    held_from: date
    held_until: date | None = None


@dataclass(frozen=True)
class PersonFacts:
    """What is said about one person; None leaves what is known, "" empties it. Local days.

    Without an id the person is found by identity number, then by e-mail address. `faults` were found before, in a
    sheet's cells.
    """

    id: str | None = None
    name: str | None = None
    email: str | None = None
    institution: str | None = None
    language: str | None = None
    profession: str | None = None
    specialty: str | None = None
    professional_title: str | None = None
    qualified_on: date | None = None
    phone: str | None = None
    id_number: str | None = None
    roles: tuple[RoleFacts, ...] = ()
    faults: tuple[FieldProblem, ...] = ()


@dataclass(frozen=True)
class InstitutionFacts:
    """What is said about one institution; None leaves what is known. `faults` were found before, in a sheet's cells."""

    code: str | None = None
    name: str | None = None
    name_en: str | None = None
    kind: str | None = None
    parent: str | None = None
    contact_name: str | None = None
    contact_phone: str | None = None
    faults: tuple[FieldProblem, ...] = ()


@dataclass(frozen=True)
class RowResult:
    """What became of one row: created, changed, unchanged or refused; `key` is the id or code, if there is one."""

    outcome: str
    key: str = ""
    problems: tuple[FieldProblem, ...] = ()
