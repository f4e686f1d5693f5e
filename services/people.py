"""The desk at which people and their roles are registered, by JSON, by sheet or by hand (policy.md section 6).

Telephone and identity numbers are sealed in the record and never shown whole. Several rows are one transaction in which
the good rows stand and each bad one says why.
"""

import json
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from activities.engine.reseating import tell_of_ended_roles
from db.engine.base import Sessions
from db.engine.cases import PackVersion
from db.engine.clock import Clock
from db.engine.packs import PackShelf, StartingUp
from db.engine.people import Person, RoleHolding
from db.engine.roles import held_on
from policies.engine.calendar import CHINA
from services.facts import (
    CREATED,
    REFUSED,
    PersonFacts,
    PersonKnown,
    PersonUnknown,
    RoleFacts,
    RowResult,
    StoredMeanwhile,
    VersionStale,
    stored_anew,
)
from services.field_problems import FactsRefused
from services.personal_numbers import masked, written_id_number, written_phone
from services.roll import PLAIN, Hand, Roll, new_id
from vault.cipher import blind_index
from vault.keyring import Keyring

STAMP = ("changed_by", "changed_way", "changed_at")


@dataclass(frozen=True)
class PersonView:
    """One person as a client may see them; numbers are masked, `version` changes with anything that does."""

    id: str
    name: str
    email: str
    language: str
    institution: str
    profession: str
    specialty: str
    professional_title: str
    qualified_on: date | None
    phone: str | None
    id_number: str | None
    roles: tuple[RoleFacts, ...]
    version: str
    changed_by: str | None
    changed_way: str | None
    changed_at: datetime | None


@dataclass(frozen=True)
class PeopleFilter:
    """Which people to list, from after an id on; only ids and codes, because filters stand in addresses."""

    institution: str | None = None
    role: str | None = None
    after: str = ""
    limit: int = 50


class PeopleDesk:
    """Registers people."""

    def __init__(self, sessions: Sessions, *, clock: Clock, keyring: Keyring, shelf: PackShelf) -> None:
        """A desk over the record; the roles that there are stand in the packs on the shelf."""
        self._sessions, self._clock, self._keyring, self._shelf = sessions, clock, keyring, shelf

    async def store(self, rows: Sequence[PersonFacts], *, hand: Hand, try_only: bool = False) -> list[RowResult]:
        """Add and change people, one result per row in order. Nothing is kept when it is only tried.

        Raises StoredMeanwhile when others keep storing the same people.
        """
        plain = [_plain(row) for row in rows]
        return await stored_anew(lambda: self._stored(plain, hand=hand, try_only=try_only))

    async def person(self, person_id: str) -> PersonView:
        """One person; PersonUnknown."""
        async with self._sessions() as session:
            return await self._view_of(session, person_id)

    async def people(self, wanted: PeopleFilter) -> list[PersonView]:
        """People in the order of their ids."""
        query = select(Person).where(Person.id > wanted.after).order_by(Person.id).limit(wanted.limit)
        if wanted.institution:
            query = query.where(Person.institution == wanted.institution)
        if wanted.role:
            today = self._clock.now().astimezone(CHINA).date()
            query = query.where(Person.id.in_(_holding(wanted.role, today)))
        async with self._sessions() as session:
            people = list(await session.scalars(query))
            return await self._views(session, people)

    async def add(self, facts: PersonFacts, *, hand: Hand) -> PersonView:
        """A new person; FactsRefused names the faults, PersonKnown the one who is registered already."""
        plain = _plain(facts)
        async with self._written() as session:
            roll = await self._roll(session, [plain], hand=hand)
            if plain.id in roll.people:
                raise PersonKnown(person=str(plain.id))
            return await self._taken(roll, replace(plain, id=plain.id or new_id()))

    async def change(self, person_id: str, facts: PersonFacts, *, version: str, hand: Hand) -> PersonView:
        """Change what is given; VersionStale when the entry is no longer the one that was read ("*" takes any)."""
        plain = replace(_plain(facts), id=person_id)
        async with self._written() as session:
            roll = await self._roll(session, [plain], hand=hand)
            if person_id not in roll.people:
                raise PersonUnknown(person=person_id)
            if version not in ("*", (await self._view_of(session, person_id)).version):
                raise VersionStale(entry=person_id)
            return await self._taken(roll, plain)

    async def _taken(self, roll: Roll, facts: PersonFacts) -> PersonView:
        result = roll.take(facts)
        if result.outcome == REFUSED:
            raise FactsRefused(result.problems)
        await roll.session.flush()
        await self._tell_of_ended_roles(roll)
        return await self._view_of(roll.session, result.key)

    @asynccontextmanager
    async def _written(self) -> AsyncIterator[AsyncSession]:
        try:
            async with self._sessions.begin() as session:
                yield session
        except IntegrityError as clash:
            raise StoredMeanwhile from clash

    async def _stored(self, rows: Sequence[PersonFacts], *, hand: Hand, try_only: bool) -> list[RowResult]:
        async with self._sessions() as session:
            roll = await self._roll(session, rows, hand=hand)
            results = [roll.take(row) for row in rows]
            await session.flush()
            await self._tell_of_ended_roles(roll)
            if try_only:
                await session.rollback()
                return [replace(each, key="") if each.outcome == CREATED else each for each in results]
            await session.commit()
        return results

    async def _tell_of_ended_roles(self, roll: Roll) -> None:
        """Cases where one of these people sits in a role that has ended seat others, as soon as this is kept."""
        await tell_of_ended_roles(roll.session, at=self._clock.now(), people=sorted(roll.touched))

    async def _roll(self, session: AsyncSession, rows: Sequence[PersonFacts], *, hand: Hand) -> Roll:
        roll = Roll(session, self._keyring, await self._roles(session), hand, self._clock.now())
        with session.no_autoflush:
            await roll.read(rows)
        return roll

    async def _roles(self, session: AsyncSession) -> frozenset[str]:
        packs = list(await session.scalars(select(PackVersion.id).distinct()))
        if not packs:
            raise StartingUp
        found = [await self._shelf.current(pack) for pack in packs]
        return frozenset(role for pack in found for role in pack.roles)

    async def _view_of(self, session: AsyncSession, person_id: str) -> PersonView:
        person = await session.get(Person, person_id)
        if person is None:
            raise PersonUnknown(person=person_id)
        return (await self._views(session, [person]))[0]

    async def _views(self, session: AsyncSession, people: Iterable[Person]) -> list[PersonView]:
        found = list(people)
        query = select(RoleHolding).where(RoleHolding.person.in_([person.id for person in found]))
        roles: dict[str, list[RoleFacts]] = {}
        for held in await session.scalars(query.order_by(RoleHolding.role, RoleHolding.held_from)):
            one = RoleFacts(held.role, held.institution, held.held_from, held.held_until)
            roles.setdefault(held.person, []).append(one)
        return [self._view(person, tuple(roles.get(person.id, ()))) for person in found]

    def _view(self, person: Person, roles: tuple[RoleFacts, ...]) -> PersonView:
        shown = {name: getattr(person, name) for name in PLAIN}
        content = json.dumps([shown, [vars(role) for role in roles]], default=str, sort_keys=True)
        # A plain hash would let a client find a telephone number by trying all of them.
        version = blind_index(self._keyring, content, context="person.version")
        shown |= {"phone": masked(person.phone), "id_number": masked(person.id_number)}
        changed = {name: getattr(person, name) for name in STAMP}
        return PersonView(id=person.id, roles=roles, version=version, **shown, **changed)


def _holding(role: str, day: date) -> Select[str]:
    return select(RoleHolding.person).where(RoleHolding.role == role, held_on(day))


def _plain(facts: PersonFacts) -> PersonFacts:
    """The same facts as the record writes them: no spaces around, addresses in small letters, numbers in one form."""
    texts = {name: value.strip() for name in _TEXTS if isinstance(value := getattr(facts, name), str)}
    for name, written in (("email", str.lower), ("phone", written_phone), ("id_number", written_id_number)):
        if name in texts:
            texts[name] = written(texts[name])
    return replace(facts, **texts)  # type: ignore[arg-type]  # the names above are those of texts


_TEXTS = ("id", *(name for name in PLAIN if name != "qualified_on"))
