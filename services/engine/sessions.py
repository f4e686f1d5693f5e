"""Sessions of people: an opaque cookie in the browser, its SHA-256 in the record, revocable at once."""

import secrets
from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Row, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import load_only

from db.engine.access import SessionRow
from db.engine.base import Sessions, at_once
from db.engine.clock import Clock
from db.engine.people import Person, RoleHolding
from db.engine.roles import held_on
from mail.links import fingerprint
from policies.engine.calendar import CHINA
from services.engine.permissions import Held, Scope, Viewer, scope_of
from services.engine.places import PlaceMap, Places

LIVES = timedelta(hours=12)
# A viewer's telephone and identity numbers stay sealed.
_SHOWN = load_only(Person.id, Person.name, Person.language, Person.institution, Person.sample, raiseload=True)


class SessionDesk:
    """Knows who sits at a browser."""

    def __init__(self, sessions: Sessions, clock: Clock, places: Places) -> None:
        """A desk over the record."""
        self._sessions, self._clock, self._places = sessions, clock, places
        self._reading = at_once(sessions)

    async def open(self, person: str) -> str:
        """A new session's cookie; it is good for twelve hours."""
        cookie, now = secrets.token_urlsafe(32), self._clock.now()
        row = SessionRow(fingerprint=fingerprint(cookie), person=person, created_at=now, expires_at=now + LIVES)
        async with self._sessions.begin() as session:
            session.add(row)
        return cookie

    async def close(self, cookie: str) -> None:
        """Revoke a session."""
        ended = update(SessionRow).where(SessionRow.fingerprint == fingerprint(cookie))
        async with self._sessions.begin() as session:
            await session.execute(ended.values(revoked_at=self._clock.now()))

    async def person_of(self, cookie: str) -> str | None:
        """The id of the person whose live session this is."""
        async with self._reading() as session:
            person: str | None = await session.scalar(
                select(SessionRow.person).where(SessionRow.fingerprint == fingerprint(cookie), self._alive())
            )
        return person

    async def viewer_of(self, cookie: str) -> Viewer | None:
        """The person of a live session with today's roles, in one query."""
        places = await self._places.now()
        async with self._reading() as session:
            query = (
                select(Person, RoleHolding)
                .join(SessionRow, SessionRow.person == Person.id)
                .outerjoin(RoleHolding, (RoleHolding.person == Person.id) & held_on(self._today()))
                .where(SessionRow.fingerprint == fingerprint(cookie), self._alive())
                .options(_SHOWN)
            )
            return _viewer((await session.execute(query)).all(), places)

    async def viewer(self, person: str) -> Viewer | None:
        """A person with today's roles."""
        places = await self._places.now()
        async with self._reading() as session:
            return await viewer_named(session, person, places, on=self._today())

    def _alive(self) -> ColumnElement[bool]:
        return SessionRow.revoked_at.is_(None) & (SessionRow.expires_at > self._clock.now())

    def _today(self) -> date:
        return self._clock.now().astimezone(CHINA).date()


async def viewer_named(session: AsyncSession, person: str, places: PlaceMap, *, on: date) -> Viewer | None:
    """The person with the roles held that day; None for an unknown id."""
    held = (RoleHolding.person == Person.id) & held_on(on)
    query = select(Person, RoleHolding).outerjoin(RoleHolding, held).where(Person.id == person).options(_SHOWN)
    return _viewer((await session.execute(query)).all(), places)


def _viewer(rows: Sequence[Row[Person, RoleHolding]], places: PlaceMap) -> Viewer | None:
    if not rows:
        return None
    person = rows[0][0]
    # An outer join: a person without a role comes with none.
    holdings: list[RoleHolding | None] = [holding for _, holding in rows]
    roles = tuple(_held(holding, places) for holding in holdings if holding)
    return Viewer(person.id, person.name, person.language, person.institution, roles, person.sample)


def _held(holding: RoleHolding, places: PlaceMap) -> Held:
    reaches = {
        Scope.NONE: frozenset[str](),
        Scope.BODY: frozenset({holding.institution}),
        Scope.BELOW: places.below(holding.institution),
    }
    return Held(holding.role, holding.institution, reaches[scope_of(holding.role)])
