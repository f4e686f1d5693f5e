"""What the record holds for a letter: its row, its addressee, the case and task that it is about, who asks.

Few tables at a time: PostgreSQL plans a join of all of them for longer than it runs it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ARRAY, ScalarSelect, Select, Text, and_, any_, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased, defer

from db.engine.cases import CaseFile
from db.engine.packs import PackShelf
from db.engine.people import Institution, Person
from db.engine.post import LetterRow
from db.engine.tasks import DecisionRow, InboxRow, SeatRow, TaskRow
from mail.facts import Kind
from policies.engine.pack import Pack
from policies.engine.words import Language, Words

# Letters that have lost their object once the task is settled, taken back or asked anew.
ABOUT_AN_OPEN_TASK = (
    Kind.TASK,
    Kind.REMINDER,
    Kind.URGE,
    Kind.ESCALATION,
    Kind.VACANCY_ALERT,
    Kind.OPINION_GIVEN,
)
_FIRST = aliased(LetterRow)


@dataclass(frozen=True)
class Dossier:
    """All that one letter is written from. `noticed` are the words that came with a notice, as with a decision."""

    row: LetterRow
    person: Person
    case: CaseFile | None
    task: TaskRow | None
    seat: SeatRow | None
    decision: DecisionRow | None
    asking: Institution
    touched: Institution | None
    holding: Institution | None
    first_letter: str | None
    noticed: str | None
    pack: Pack | None

    @property
    def kind(self) -> Kind:
        """Why the letter is written."""
        return Kind(self.row.kind)

    @property
    def language(self) -> Language:
        """The addressee's language, as packs name it."""
        return "en" if self.person.language == "en" else "zh"

    def said(self, words: Words | None) -> str | None:
        """Words of a pack in the addressee's language."""
        return words.said_in(self.language) if words else None

    def named(self, institution: Institution | None) -> str:
        """An institution's name in the addressee's language, where it has one in English."""
        if institution is None:
            return ""
        return institution.name_en or institution.name if self.language == "en" else institution.name

    def is_moot(self, now: datetime) -> bool:
        """Whether the letter has lost its object while it waited: it would only mislead."""
        if self.kind is Kind.SIGN_IN:
            return datetime.fromisoformat(self.row.details["valid_until"]) <= now
        if self.kind not in ABOUT_AN_OPEN_TASK or self.task is None:
            return False
        left = bool(self.row.link_key) and not (self.seat and self.seat.open)
        return left or self.task.status != "open" or self.task.revision > self.row.revision


async def dossiers(session: AsyncSession, letters: Sequence[str], shelf: PackShelf) -> list[Dossier]:
    """The dossiers of these letters, oldest letter first."""
    found = (await session.execute(_LETTERS, {"letters": list(letters)})).all()
    requests = [row.details["by_request"] for row, *_ in found if "by_request" in row.details]
    decisions, noticed = await _given(session, requests) if requests else ({}, {})
    codes = {code for _, _, case, task, _, asker, _ in found for code in (asker, _code(case), _code(task)) if code}
    places = {place.code: place for place in await session.scalars(_PLACES, {"codes": list(codes)})}
    return [
        Dossier(
            row,
            person,
            case,
            task,
            seat,
            decisions.get(row.details.get("by_request", "")),
            asking=places[asker],
            touched=places.get(_code(case)),
            holding=places.get(_code(task)),
            first_letter=first,
            noticed=noticed.get(row.details.get("by_request", "")),
            pack=await shelf.pack(case.pack, case.pack_version) if case else None,
        )
        for row, person, case, task, seat, asker, first in found
        # Without an asker the letter would be signed by nobody; the courier says so of what has no dossier.
        if asker in places
    ]


def _code(touching: CaseFile | TaskRow | None) -> str:
    return touching.institution or "" if touching else ""


async def _given(
    session: AsyncSession, requests: Iterable[str]
) -> tuple[Mapping[str, DecisionRow], Mapping[str, str | None]]:
    """The decisions behind these requests, and the words that came with those that are notices."""
    values = {"requests": list(requests)}
    decisions = {row.request: row for row in await session.scalars(_DECISIONS, values)}
    noticed = {row.request: row.words for row in await session.execute(_NOTICED, values)}
    return decisions, noticed


def _letters() -> Select[LetterRow, Person, CaseFile | None, TaskRow | None, SeatRow | None, str, str | None]:
    asker = func.coalesce(CaseFile.facts["group"].astext, CaseFile.institution, Person.institution)
    seated = and_(
        SeatRow.task_id == LetterRow.task_id,
        SeatRow.person == LetterRow.person,
        SeatRow.revision == LetterRow.revision,
    )
    return (
        select(LetterRow, Person, CaseFile, TaskRow, SeatRow, asker, _first_letter())
        .join(Person, Person.id == LetterRow.person)
        .outerjoin(CaseFile, CaseFile.id == LetterRow.case_id)
        .outerjoin(TaskRow, TaskRow.id == LetterRow.task_id)
        .outerjoin(SeatRow, seated)
        .where(LetterRow.id == any_(bindparam("letters", type_=ARRAY(Text))))
        .options(defer(CaseFile.snapshot), defer(CaseFile.shapes))
        .order_by(LetterRow.not_before, LetterRow.id)
    )


def _first_letter() -> ScalarSelect[str | None]:
    """The letter that first asked the same person, to which later ones are a reply."""
    return (
        select(func.min(_FIRST.id))
        .where(
            _FIRST.case_id == LetterRow.case_id,
            _FIRST.task_id == LetterRow.task_id,
            _FIRST.person == LetterRow.person,
            _FIRST.revision == LetterRow.revision,
            _FIRST.kind == Kind.TASK,
            _FIRST.id != LetterRow.id,
        )
        .scalar_subquery()
    )


_LETTERS = _letters()
_PLACES = select(Institution).where(Institution.code == any_(bindparam("codes", type_=ARRAY(Text))))
_REQUESTS = bindparam("requests", type_=ARRAY(Text))
_DECISIONS = select(DecisionRow).where(DecisionRow.request == any_(_REQUESTS))
_NOTICED = select(InboxRow.request, InboxRow.words).where(
    InboxRow.request == any_(_REQUESTS), InboxRow.verb == "notice"
)
