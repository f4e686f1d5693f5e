"""Signing in by a mailed link: asked for by address, good for fifteen minutes, used once, by a POST."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine.base import Sessions
from db.engine.clock import Clock
from db.engine.people import Person, RoleHolding
from db.engine.post import LetterRow, LinkRow
from db.engine.tasks import SeatRow
from mail.links import fingerprint, token
from policies.engine.refusals import Refusal
from services.engine.places import Places
from vault.keyring import Keyring, Purpose

SIGN_IN = "sign_in"
GOOD_FOR = timedelta(minutes=15)
LETTERS_AN_HOUR = 5
_SAMPLES = (
    select(
        Person.id,
        Person.name,
        Person.institution,
        func.array_remove(func.array_agg(RoleHolding.role.distinct()), None),
    )
    .outerjoin(RoleHolding, RoleHolding.person == Person.id)
    .where(
        Person.sample,
        or_(RoleHolding.role.is_not(None), exists().where(SeatRow.person == Person.id, SeatRow.open)),
    )
    .group_by(Person.id)
    .order_by(Person.institution, Person.id)
)


class LinkUnknown(Refusal):
    """There is no such link."""


class LinkExpired(Refusal):
    """The link was good until an instant that has passed."""


class LinkUsed(Refusal):
    """The link could be used once, and was."""


@dataclass(frozen=True)
class Entry:
    """Who came in, and the page of ours that they wanted ("" for none)."""

    person: str
    wanted: str


@dataclass(frozen=True)
class Sample:
    """A person of the sample data, to act as in a demonstration."""

    person: str
    name: str
    roles: tuple[str, ...]
    institution: str


class SignInDesk:
    """Writes sign-in letters and consumes their links."""

    def __init__(
        self,
        sessions: Sessions,
        keyring: Keyring,
        *,
        clock: Clock,
        places: Places,
        wrote: Callable[[], None] = lambda: None,
    ) -> None:
        """A desk over the record; `wrote` is called when a letter waits, so that it is sent at once."""
        self._sessions, self._keyring = sessions, keyring
        self._clock, self._places, self._wrote = clock, places, wrote

    async def ask(self, address: str, *, wanted: str = "") -> None:
        """Write a letter when the address is known and has not had too many; the asker learns neither."""
        async with self._sessions.begin() as session:
            query = select(Person.id).where(func.lower(Person.email) == address.strip().lower()).with_for_update()
            person = await session.scalar(query)
            if person and await self._recent(session, person) < LETTERS_AN_HOUR:
                await self.write(session, person, wanted=wanted)
        self._wrote()

    async def write(self, session: AsyncSession, person: str, *, wanted: str = "") -> str:
        """Write letter and link in the caller's transaction; returns the token, which is stored nowhere."""
        now, key = self._clock.now(), self._keyring.current(Purpose.LINK)
        letter = f"sign-in.{secrets.token_hex(12)}"
        secret = token(key, task="", person=person, revision=0, purpose=SIGN_IN, letter=letter)
        until = now + GOOD_FOR
        details = {"valid_until": until.isoformat(), "wanted": wanted}
        session.add(
            LetterRow(
                id=letter, person=person, kind=SIGN_IN, details=details, link_key=key.id, created_at=now, not_before=now
            )
        )
        await session.flush()
        session.add(
            LinkRow(
                fingerprint=fingerprint(secret),
                letter_id=letter,
                person=person,
                revision=0,
                purpose=SIGN_IN,
                expires_at=until,
            )
        )
        return secret

    async def look(self, secret: str) -> None:
        """Refuse a link that could not be used, without using it."""
        async with self._sessions() as session:
            self._ensure_good(await session.get(LinkRow, fingerprint(secret)))

    async def enter(self, secret: str) -> Entry:
        """Use the link. Raises LinkUnknown, LinkExpired or LinkUsed."""
        async with self._sessions.begin() as session:
            link = self._ensure_good(await session.get(LinkRow, fingerprint(secret)))
            used = update(LinkRow).where(LinkRow.fingerprint == link.fingerprint, LinkRow.used_at.is_(None))
            taken = await session.scalar(used.values(used_at=self._clock.now()).returning(LinkRow.person))
            if taken is None:
                raise LinkUsed
            letter = await session.get_one(LetterRow, link.letter_id)
        return Entry(link.person, letter.details.get("wanted", ""))

    async def samples(self) -> list[Sample]:
        """The people of the sample data who hold a role, or are asked something, in the order of the county."""
        places = await self._places.now()
        async with self._sessions() as session:
            return [
                Sample(person, name, tuple(roles), places.name(institution).zh)
                for person, name, institution, roles in await session.execute(_SAMPLES)
            ]

    async def is_sample(self, person: str) -> bool:
        """Whether this person belongs to the sample data."""
        async with self._sessions() as session:
            return bool(await session.scalar(select(Person.sample).where(Person.id == person)))

    def _ensure_good(self, link: LinkRow | None) -> LinkRow:
        if link is None or link.purpose != SIGN_IN:
            raise LinkUnknown
        if link.used_at:
            raise LinkUsed
        if link.expires_at <= self._clock.now():
            raise LinkExpired
        return link

    async def _recent(self, session: AsyncSession, person: str) -> int:
        since: datetime = self._clock.now() - timedelta(hours=1)
        query = select(func.count()).where(
            LetterRow.person == person, LetterRow.kind == SIGN_IN, LetterRow.created_at > since
        )
        return await session.scalar(query) or 0
