"""The desk at which deputies are entered (委托代办): by the person who will be away, or by their office with the signed
authorisation.

A deputy answers what is asked of the person by a role, in that role; every record shows for whom. Windows are whole
local days, the first in, the last out. Who is away answers for nobody, so that there are neither chains nor cycles.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import uuid4

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.engine.reseating import tell_of_ended_roles
from db.engine.base import Sessions
from db.engine.clock import Clock
from db.engine.deputies import DeputyRow
from db.engine.people import Person, RoleHolding
from db.engine.roles import held_on
from policies.engine.calendar import CHINA
from policies.engine.refusals import Refusal
from services.engine import scans
from services.engine.permissions import NEVER_DECIDE, NotForYou, Right, Viewer
from services.engine.scans import Scan

LONGEST = timedelta(days=366)
# What has passed stays on the page for so long.
SHOWN = timedelta(days=90)


class DeputyUnfit(Refusal):
    """The deputy is the person, is not at the same institution, or holds no role that decides."""


class DeputyDays(Refusal):
    """The days begin in the past, end before they begin, or last more than a year."""


class DeputyOverlaps(Refusal):
    """The person has a deputy on one of these days, or one of the two answers for somebody, or is away, then."""


class DeputyUnknown(Refusal):
    """There is no such entry, it has ended, or it is not the viewer's to end."""


@dataclass(frozen=True)
class Authorisation:
    """Who answers for whom, from a local day to the last one (both in), and why. `proof`: the signed authorisation."""

    person: str
    deputy: str
    first_day: date
    last_day: date
    reason: str
    proof: Scan | None = None


@dataclass(frozen=True)
class Standing:
    """An entry as the page shows it. `reason` is None for whom it does not concern."""

    id: str
    person: str
    deputy: str
    first_day: date
    last_day: date
    reason: str | None
    entered_by: str
    has_proof: bool
    state: str
    may_end: bool


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be away, or answer for others, as the form offers them."""

    person: str
    name: str
    institution: str


class DeputyDesk:
    """Enters and ends deputies."""

    def __init__(self, sessions: Sessions, *, clock: Clock) -> None:
        """A desk over the record; the caretaker brings cases the notice that somebody else sits there now."""
        self._sessions, self._clock = sessions, clock

    async def standing(self, viewer: Viewer) -> list[Standing]:
        """The viewer's own entries, those in which they answer, those of the people of their office; newest first."""
        since = self._today() - SHOWN
        async with self._sessions() as session:
            staff = await _people(session, self._office(viewer), self._today())
            mine = {viewer.person, *(one.person for one in staff)}
            query = select(DeputyRow).where(DeputyRow.until_day > since)
            query = query.where(or_(DeputyRow.person.in_(mine), DeputyRow.deputy == viewer.person))
            rows = list(await session.scalars(query.order_by(DeputyRow.from_day.desc(), DeputyRow.id)))
            names = await _names(session, rows)
        return [self._as_shown(row, viewer, mine, names) for row in rows]

    async def people(self, viewer: Viewer) -> list[Candidate]:
        """Those for whom the viewer may enter a deputy: themselves, and the people of their office."""
        async with self._sessions() as session:
            offered = await _people(session, self._office(viewer) | {viewer.institution}, self._today())
        return [one for one in offered if one.person == viewer.person or one.institution in self._office(viewer)]

    async def candidates(self, viewer: Viewer) -> list[Candidate]:
        """Those who may answer for them."""
        async with self._sessions() as session:
            return await _people(session, self._office(viewer) | {viewer.institution}, self._today())

    async def enter(self, viewer: Viewer, wanted: Authorisation) -> str:
        """Enter a deputy and return the entry's id; cases learn at once of a window that holds today.

        Raises NotForYou, ProofMissing or ScanUnfit (an office needs the signed authorisation), DeputyDays, DeputyUnfit,
        DeputyOverlaps.
        """
        own = wanted.person == viewer.person
        kind = "" if own and wanted.proof is None else scans.kind_of(wanted.proof)
        self._ensure_days(wanted)
        async with self._sessions.begin() as session:
            # Two entries made at once must not pass each other by.
            await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("deputies", 0))))
            place = await self._ensure_fit(session, viewer, wanted)
            if not own and place not in self._office(viewer):
                raise NotForYou(right=Right.KEEP_DEPUTIES.value)
            row = self._row(viewer, wanted, kind)
            session.add(row)
            await session.flush()
            await tell_of_ended_roles(session, at=self._clock.now(), people=[wanted.person])
        return row.id

    async def end(self, viewer: Viewer, entry: str) -> None:
        """End an entry from today on; what is still open goes back to the person. Raises DeputyUnknown."""
        today = self._today()
        async with self._sessions.begin() as session:
            row = await session.get(DeputyRow, entry, with_for_update=True)
            if row is None or row.until_day <= today or not await self._may_end(session, viewer, row):
                raise DeputyUnknown(entry=entry)
            row.until_day = max(today, row.from_day)
            row.ended_by, row.ended_at = viewer.person, self._clock.now()
            await session.flush()
            await tell_of_ended_roles(session, at=self._clock.now(), people=[row.deputy])

    def _today(self) -> date:
        return self._clock.now().astimezone(CHINA).date()

    def _office(self, viewer: Viewer) -> frozenset[str]:
        """The institutions whose people's absences the viewer keeps."""
        return viewer.reached_for(Right.KEEP_DEPUTIES)

    def _ensure_days(self, wanted: Authorisation) -> None:
        if not self._today() <= wanted.first_day <= wanted.last_day < wanted.first_day + LONGEST:
            raise DeputyDays

    async def _ensure_fit(self, session: AsyncSession, viewer: Viewer, wanted: Authorisation) -> str:
        """The institution of the person; refuses who cannot answer for them, and days that meet other entries."""
        person = await session.get(Person, wanted.person)
        known = {one.person for one in await _people(session, [person.institution], self._today())} if person else set()
        if person is None or wanted.deputy == wanted.person or wanted.deputy not in known:
            raise DeputyUnfit
        until = wanted.last_day + timedelta(days=1)
        overlapping = (DeputyRow.from_day < until, DeputyRow.until_day > wanted.first_day)
        # Who is away answers for nobody, and who answers for somebody is not away.
        met = or_(DeputyRow.person.in_((wanted.person, wanted.deputy)), DeputyRow.deputy == wanted.person)
        if await session.scalar(select(DeputyRow.id).where(*overlapping, met).limit(1)):
            raise DeputyOverlaps
        return person.institution

    async def _may_end(self, session: AsyncSession, viewer: Viewer, row: DeputyRow) -> bool:
        person = await session.get_one(Person, row.person)
        return viewer.person == row.person or person.institution in self._office(viewer)

    def _row(self, viewer: Viewer, wanted: Authorisation, kind: str) -> DeputyRow:
        return DeputyRow(
            id=uuid4().hex,
            person=wanted.person,
            deputy=wanted.deputy,
            from_day=wanted.first_day,
            until_day=wanted.last_day + timedelta(days=1),
            reason=wanted.reason.strip(),
            proof_type=kind,
            proof=wanted.proof.content if wanted.proof else None,
            entered_by=viewer.person,
            entered_at=self._clock.now(),
        )

    def _as_shown(self, row: DeputyRow, viewer: Viewer, mine: set[str], names: dict[str, str]) -> Standing:
        today, keeps = self._today(), row.person in mine
        over, begun = row.until_day <= today, row.from_day <= today
        return Standing(
            row.id,
            names[row.person],
            names[row.deputy],
            row.from_day,
            row.until_day - timedelta(days=1),
            row.reason if keeps else None,
            names[row.entered_by],
            row.proof is not None,
            "over" if over else "now" if begun else "ahead",
            may_end=keeps and not over,
        )


async def _people(session: AsyncSession, institutions: Iterable[str], today: date) -> list[Candidate]:
    """Who holds a role that decides at one of these institutions, in the order of names."""
    query = select(Person.id, Person.name, Person.institution).distinct()
    query = query.join(RoleHolding, RoleHolding.person == Person.id)
    query = query.where(Person.institution.in_(list(institutions)), RoleHolding.role.not_in(NEVER_DECIDE))
    rows = await session.execute(query.where(held_on(today)).order_by(Person.institution, Person.name, Person.id))
    return [Candidate(*row) for row in rows]


async def _names(session: AsyncSession, rows: Iterable[DeputyRow]) -> dict[str, str]:
    people = {person for row in rows for person in (row.person, row.deputy, row.entered_by)}
    found = await session.execute(select(Person.id, Person.name).where(Person.id.in_(people)))
    return {row.id: row.name for row in found}
