"""What a certificate is worth to whoever holds its code, and what its term shows of it (DQ-3.5.1a, EXC-11)."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.people import Person
from db.evaluation import Certificate, Grade, frozen
from policies.engine.words import Words
from policies.vocabulary import TRAINEE
from services.engine.permissions import Right, Viewer, ensure
from services.engine.places import Places

VALID, FROZEN, UNKNOWN = "valid", "frozen", "unknown"


@dataclass(frozen=True)
class Issued:
    """A certificate as its term shows it. Local days, both counted."""

    number: str
    code: str
    issued_on: date
    first_day: date
    last_day: date
    priority: bool
    standing: str


@dataclass(frozen=True)
class Earned:
    """What one person has earned: for the lists of promotions, of clinical backbone and of talents to recommend.

    chosen: an excellent trainee, who is trained as backbone and recommended first (DQ-3.5.2b).
    """

    term: str
    name: str
    institution: Words
    programme: str
    grade: str
    chosen: bool
    certificate: Issued


class CertificateDesk:
    """Answers the public, and lists for offices who has earned what."""

    def __init__(self, sessions: Sessions, *, places: Places) -> None:
        """A desk over the record."""
        self._sessions, self._places = sessions, places

    async def earned(self, viewer: Viewer) -> list[Earned]:
        """Every certificate of people at home or received in the viewer's reach, the newest first. Raises NotForYou."""
        ensure(viewer, Right.FINDINGS)
        reach, places = viewer.reached_for(Right.FINDINGS), await self._places.now()
        query = (
            select(Certificate, frozen(Certificate.case_id), Grade, Person)
            .join(Grade, Grade.case_id == Certificate.case_id)
            .join(CaseFile, CaseFile.id == Certificate.case_id)
            .join(Person, Person.id == Certificate.person)
            .where(or_(CaseFile.institution.in_(reach), Person.institution.in_(reach)))
            .order_by(Certificate.issued_on.desc(), Certificate.number.desc())
        )
        async with self._sessions() as session:
            rows = (await session.execute(query)).all()
        return [
            Earned(
                row.case_id,
                person.name,
                places.name(person.institution),
                grade.programme,
                grade.grade,
                grade.programme == TRAINEE and row.priority,
                _issued(row, held=held),
            )
            for row, held, grade, person in rows
        ]

    async def standing(self, written: str) -> str:
        """valid, frozen or unknown, and nothing else, for a code as somebody has typed it."""
        code = plain(written)
        query = select(frozen(Certificate.case_id)).where(Certificate.code == code)
        async with self._sessions() as session:
            held = await session.scalar(query)
        return UNKNOWN if held is None else FROZEN if held else VALID


async def certificate_of(session: AsyncSession, term: str) -> Issued | None:
    """The certificate of a term, if one was issued."""
    query = select(Certificate, frozen(Certificate.case_id)).where(Certificate.case_id == term)
    found = (await session.execute(query)).first()
    if found is None:
        return None
    row, held = found
    return _issued(row, held=held)


def _issued(row: Certificate, *, held: bool) -> Issued:
    days = (row.issued_on, row.first_day, row.last_day)
    return Issued(row.number, shown(row.code), *days, row.priority, FROZEN if held else VALID)


def shown(code: str) -> str:
    """In fours, as people read it to each other."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def plain(written: str) -> str:
    """A typed code without its hyphens and blanks; what looks like a letter of the alphabet used is read as one."""
    kept = "".join(each for each in written.upper() if each.isalnum())
    return kept.replace("0", "O").replace("1", "I")
