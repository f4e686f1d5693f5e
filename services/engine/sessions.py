"""Sessions of people: an opaque cookie in the browser, its SHA-256 in the record, revocable at once."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import BindParameter, Date, DateTime, Row, Select, bindparam, select, update

from db.engine.access import SessionRow
from db.engine.base import Sessions, Straight
from db.engine.clock import Clock
from db.engine.people import Person, RoleHolding
from db.engine.roles import held_on
from mail.links import fingerprint
from policies.engine.calendar import CHINA
from services.engine.permissions import Held, Scope, Viewer, scope_of
from services.engine.places import PlaceMap, Places

LIVES = timedelta(hours=12)


def _people() -> Select[str, str, str, str, bool, str | None, str | None]:
    """People with the roles of a day, one row a role; telephone and identity numbers stay sealed."""
    day: BindParameter[date] = bindparam("day", type_=Date())
    shown = (Person.id, Person.name, Person.language, Person.institution, Person.sample)
    return select(*shown, RoleHolding.role, RoleHolding.institution).outerjoin(
        RoleHolding, (RoleHolding.person == Person.id) & held_on(day)
    )


_ALIVE = (
    SessionRow.fingerprint == bindparam("fingerprint"),
    SessionRow.revoked_at.is_(None),
    SessionRow.expires_at > bindparam("now", type_=DateTime(timezone=True)),
)
_AT_BROWSER = _people().join(SessionRow, SessionRow.person == Person.id).where(*_ALIVE)
_BY_ID = _people().where(Person.id == bindparam("person"))
_WHOSE = select(SessionRow.person).where(*_ALIVE)


class SessionDesk:
    """Knows who sits at a browser."""

    def __init__(self, sessions: Sessions, clock: Clock, places: Places) -> None:
        """A desk over the record."""
        self._sessions, self._clock, self._places = sessions, clock, places
        self._straight = Straight(sessions)

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
        rows = await self._straight.rows(_WHOSE, fingerprint=fingerprint(cookie), now=self._clock.now())
        return rows[0][0] if rows else None

    async def viewer_of(self, cookie: str) -> Viewer | None:
        """The person of a live session with today's roles, in one query."""
        places, now = await self._places.now(), self._clock.now()
        rows = await self._straight.rows(_AT_BROWSER, fingerprint=fingerprint(cookie), now=now, day=_local_day(now))
        return _viewer(rows, places)

    async def viewer(self, person: str) -> Viewer | None:
        """A person with today's roles; None for an unknown id."""
        places, today = await self._places.now(), _local_day(self._clock.now())
        return _viewer(await self._straight.rows(_BY_ID, person=person, day=today), places)


def _local_day(now: datetime) -> date:
    return now.astimezone(CHINA).date()


def _viewer(rows: Sequence[Row[str, str, str, str, bool, str | None, str | None]], places: PlaceMap) -> Viewer | None:
    if not rows:
        return None
    person, name, language, institution, sample, *_ = rows[0]
    # An outer join: a person without a role comes with none.
    roles = tuple(_held(role, place, places) for *_, role, place in rows if role and place)
    return Viewer(person, name, language, institution, roles, sample)


def _held(role: str, place: str, places: PlaceMap) -> Held:
    reaches = {
        Scope.NONE: frozenset[str](),
        Scope.SERVING: frozenset({place}),
        Scope.BODY: frozenset({place}),
        Scope.BELOW: places.below(place),
    }
    return Held(role, place, reaches[scope_of(role)])
