"""What a certificate is worth to whoever holds its code, and what its term shows of it (DQ-3.5.1a, EXC-11)."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.evaluation import NOMINATED, QUALIFIED_OR_ABOVE
from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.people import Person
from db.engine.tasks import TaskRow
from db.evaluation import Certificate, Grade, frozen
from policies.engine.words import Words
from policies.vocabulary import TRAINEE
from services.engine.permissions import Right, Viewer, ensure
from services.engine.places import Places

VALID, FROZEN, UNKNOWN = "valid", "frozen", "unknown"
# The questions in which a result is still decided or objected to.
DECIDING = ("decide_grade", "grade_notice", "grade_appeal")


@dataclass(frozen=True)
class Issued:
    """A certificate as its term shows it. Local days, both counted.

    result_open: it stands on "qualified or above", and whether the result is excellent is not final yet (COR-12).
    """

    number: str
    code: str
    issued_on: date
    first_day: date
    last_day: date
    priority: bool
    standing: str
    result_open: bool


@dataclass(frozen=True)
class Earned:
    """What one person has earned: for the lists of promotions, of clinical backbone and of talents to recommend.

    grade: qualified_or_above while it is open whether the result is excellent. chosen: an excellent trainee, who is
    trained as backbone and recommended first (DQ-3.5.2b).
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
            select(Certificate, frozen(Certificate.case_id), result_is_open(), Grade, Person)
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
                QUALIFIED_OR_ABOVE if is_open else grade.grade,
                grade.programme == TRAINEE and row.priority,
                _issued(row, held=held, is_open=is_open),
            )
            for row, held, is_open, grade, person in rows
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
    query = select(Certificate, frozen(Certificate.case_id), result_is_open())
    query = query.join(Grade, Grade.case_id == Certificate.case_id).where(Certificate.case_id == term)
    found = (await session.execute(query)).first()
    if found is None:
        return None
    row, held, is_open = found
    return _issued(row, held=held, is_open=is_open)


def result_is_open() -> ColumnElement[bool]:
    """Whether the result of a graded term waits for the year's list, for the person or for the committee (DEF-16)."""
    deciding = TaskRow.name.in_(DECIDING)
    asked = exists().where(TaskRow.case_id == Grade.case_id, TaskRow.status == "open", deciding)
    return or_(Grade.state == NOMINATED, asked)


def _issued(row: Certificate, *, held: bool, is_open: bool) -> Issued:
    days = (row.issued_on, row.first_day, row.last_day)
    return Issued(row.number, shown(row.code), *days, row.priority, FROZEN if held else VALID, is_open)


def shown(code: str) -> str:
    """In fours, as people read it to each other."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def plain(written: str) -> str:
    """A typed code without its hyphens and blanks; what looks like a letter of the alphabet used is read as one."""
    kept = "".join(each for each in written.upper() if each.isalnum())
    return kept.replace("0", "O").replace("1", "I")
