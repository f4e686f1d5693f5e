"""What a term of service has on record, as far as the reader may see it (policy.md 6)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.people import Person
from db.posting import Post
from db.service import Absence, Leave
from policies.engine.words import Words
from services.absences import IN_SERVICE
from services.engine.acts import CaseUnknown
from services.engine.permissions import NotForYou, Right, Viewer
from services.engine.places import Places


@dataclass(frozen=True)
class AbsenceLine:
    """One absence: local days, working days, recorded/confirmed/dismissed/split, how often it counts."""

    first_day: date
    last_day: date
    days: Decimal
    state: str
    times: int | None
    words: str


@dataclass(frozen=True)
class LeaveLine:
    """One leave: kind, local days, state, what it does to the clock, when the person was back."""

    kind: str
    first_day: date
    last_day: date
    state: str
    weighs: str
    returned_on: date | None
    words: str


@dataclass(frozen=True)
class TermRecord:
    """Where and how the person serves, what was recorded, and whether the reader may record more."""

    case: str
    person: str
    stage: str
    receiving: Words
    sending: Words
    specialty: str
    mode: str
    absences: tuple[AbsenceLine, ...]
    may_record: bool
    leaves: tuple[LeaveLine, ...]
    may_ask: bool


class TermRecordDesk:
    """Reads the record of a term."""

    def __init__(self, sessions: Sessions, *, places: Places) -> None:
        """A desk over the record."""
        self._sessions, self._places = sessions, places

    async def term(self, case_id: str, viewer: Viewer) -> TermRecord:
        """The record of a term. Raises CaseUnknown, NotForYou for who sees neither the person nor either side."""
        places = await self._places.now()
        async with self._sessions() as session:
            case = await session.get(CaseFile, case_id)
            if case is None or case.lifecycle != "ServiceTerm":
                raise CaseUnknown(case=case_id)
            sides = (case.facts["receiving"], case.facts["sending"])
            if viewer.person != case.subject and not viewer.may(Right.FINDINGS, sides):
                raise NotForYou(right=Right.FINDINGS.value)
            person = await session.get_one(Person, case.subject)
            post = await session.get_one(Post, case.facts["post"])
            found = select(Absence).where(Absence.case_id == case_id).order_by(Absence.first_day, Absence.id)
            rows = (await session.scalars(found)).all()
            asked = select(Leave).where(Leave.case_id == case_id).order_by(Leave.first_day, Leave.id)
            leaves = (await session.scalars(asked)).all()
        return TermRecord(
            case_id,
            person.name,
            case.stage,
            places.name(sides[0]),
            places.name(sides[1]),
            post.specialty,
            post.mode,
            tuple(AbsenceLine(r.first_day, r.last_day, r.days, r.state, r.times, r.words or "") for r in rows),
            may_record(viewer, case),
            tuple(
                LeaveLine(r.kind, r.first_day, r.last_day, r.state, r.weighs, r.returned_on, r.words or "")
                for r in leaves
            ),
            viewer.person == case.subject and case.stage == IN_SERVICE,
        )


def may_record(viewer: Viewer, case: CaseFile) -> bool:
    """HR of the receiving institution, while the service runs; never about themselves (DEF-12)."""
    keeps = viewer.may(Right.RECORD_ABSENCE, [case.facts["receiving"]])
    return keeps and case.stage == IN_SERVICE and viewer.person != case.subject
