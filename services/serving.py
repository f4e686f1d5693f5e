"""Terms of service whose days may be recorded: who serves where, and since which day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine.cases import CaseFile, FindingRow
from db.engine.people import Person
from db.segments import BEFORE, GoesOn, going_on
from db.term_changes import AGREED, TRANSFER, TermChange
from db.term_start import first_day_of

TERM_RULE = "DQ-3.2.1b"
RUNNING = ("in_service",)
# Of the segment in which a service goes on: as long as it is not over, what came late of those before it still counts.
GOES_ON = ("onboarding", "in_service", "suspended")
# Not the whole case: what it goes on from is large, and is read for a whole county at once.
_TERMS = select(
    CaseFile.id,
    Person.id,
    Person.name,
    CaseFile.facts["receiving"].astext,
    CaseFile.facts["sending"].astext,
    CaseFile.pack,
    CaseFile.pack_version,
    CaseFile.stage,
).join(Person, Person.id == CaseFile.subject)


@dataclass(frozen=True)
class Serving:
    """One term: its case, the person, both institutions, the pack that it carries, its stage and first local day.

    `first_day` is None while nobody has started yet. `later`: where the service of a term that was transferred goes on.
    """

    case: str
    person: str
    name: str
    receiving: str
    sending: str
    pack: tuple[str, str]
    stage: str
    first_day: date | None
    later: GoesOn | None = None

    @property
    def runs(self) -> bool:
        """Whether days may be recorded: service has begun, and has not been certified or ended, here or where it goes
        on (EXC-08: sheets come late).
        """
        return self.first_day is not None and (self.stage in RUNNING or takes_late(self.later))

    @property
    def last_day(self) -> date | None:
        """The last local day here of a person who was transferred; None while it is not known."""
        return self.later.last_day if self.later else None

    @property
    def told(self) -> str:
        """The case that looks at the days: where the service is now."""
        return self.later.case if self.later else self.case

    def has(self, day: date) -> bool:
        """Whether a local day is one of this term."""
        return self.first_day is not None and self.first_day <= day <= (self.last_day or day)


def takes_late(later: GoesOn | None) -> bool:
    """Whether what comes late of a term that was transferred is still heard: until the service as a whole is over."""
    return later is not None and later.stage in GOES_ON


async def terms_where(session: AsyncSession, *conditions: ColumnElement[bool]) -> list[Serving]:
    """The terms that fit, by the names of the people."""
    query = _TERMS.where(CaseFile.lifecycle == "ServiceTerm", *conditions).order_by(Person.name, CaseFile.id)
    rows = (await session.execute(query)).all()
    cases = [case for case, *_ in rows]
    started, later = await _first_days(session, cases), await going_on(session, cases)
    return [
        Serving(case, person, name, receiving, sending, (pack, version), stage, started.get(case), later.get(case))
        for case, person, name, receiving, sending, pack, version, stage in rows
    ]


def was_transferred() -> ColumnElement[bool]:
    """A term from which the person was transferred."""
    left = select(TermChange.case_id).where(TermChange.kind == TRANSFER, TermChange.state == AGREED)
    return CaseFile.id.in_(left)


async def _first_days(session: AsyncSession, cases: Iterable[str]) -> Mapping[str, date]:
    """The day on which each began, as the first look at its clocks found it; a new start later moves only those."""
    first = func.min(FindingRow.finding["inputs"]["facts"]["site_first_day"].astext)
    query = select(FindingRow.case_id, first).where(FindingRow.rule == TERM_RULE, FindingRow.case_id.in_(list(cases)))
    rows = await session.execute(query.group_by(FindingRow.case_id))
    found = {case: date.fromisoformat(day) for case, day in rows}
    # Months that go on from an earlier segment begin there; the days that may be recorded here do not (EXC-08).
    later = select(CaseFile.id).where(CaseFile.id.in_(list(found)), CaseFile.facts.has_key(BEFORE))
    for case in await session.scalars(later):
        found[case] = await first_day_of(session, case) or found[case]
    return found
