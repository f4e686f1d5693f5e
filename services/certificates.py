"""What a certificate is worth to whoever holds its code, and what its term shows of it (DQ-3.5.1a, EXC-11)."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine.base import Sessions
from db.evaluation import Certificate, frozen

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


class CertificateDesk:
    """Answers the public."""

    def __init__(self, sessions: Sessions) -> None:
        """A desk over the record."""
        self._sessions = sessions

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
    days = (row.issued_on, row.first_day, row.last_day)
    return Issued(row.number, shown(row.code), *days, row.priority, FROZEN if held else VALID)


def shown(code: str) -> str:
    """In fours, as people read it to each other."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def plain(written: str) -> str:
    """A typed code without its hyphens and blanks; what looks like a letter of the alphabet used is read as one."""
    kept = "".join(each for each in written.upper() if each.isalnum())
    return kept.replace("0", "O").replace("1", "I")
