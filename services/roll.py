"""The people whom rows speak of, as the record knows them, and what each row changes: judged in memory, then kept."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine.people import Institution, Person, RoleHolding
from services.facts import CHANGED, CREATED, REFUSED, UNCHANGED, PersonFacts, RoleFacts, RowResult
from services.field_problems import FieldProblem
from services.people_checks import faults_of_person, missing
from vault.cipher import blind_index, blind_indexes
from vault.keyring import Keyring

ID_NUMBER = "person.id_number"
NEEDED = ("name", "email", "institution")
PLAIN = (
    "name",
    "email",
    "institution",
    "language",
    "profession",
    "specialty",
    "professional_title",
    "qualified_on",
    "phone",
    "id_number",
)


@dataclass(frozen=True)
class Hand:
    """Who changes entries: a person or service account by its id, and by which way: import, api or command.

    `may_grant`: whether they may give roles.
    """

    by: str
    way: str
    may_grant: bool = False


@dataclass
class Roll:
    """What is known, as far as the rows at hand touch it, and whose hand changes it at which instant (UTC)."""

    session: AsyncSession
    keyring: Keyring
    known_roles: frozenset[str]
    hand: Hand
    at: datetime
    institutions: frozenset[str] = frozenset()
    people: dict[str, Person] = field(default_factory=dict)
    by_email: dict[str, Person] = field(default_factory=dict)
    by_id_number: dict[str, Person] = field(default_factory=dict)
    holdings: dict[str, list[RoleHolding]] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)

    async def read(self, rows: Sequence[PersonFacts]) -> None:
        """Fetch whom the rows could mean, and lock them against other writers."""
        self.institutions = frozenset(await self.session.scalars(select(Institution.code)))
        numbers = {index for row in rows if row.id_number for index in self._indexes(row.id_number)}
        query = select(Person).where(
            or_(
                Person.id.in_(_askable(row.id for row in rows)),
                Person.email.in_(_askable(row.email for row in rows)),
                Person.id_number_index.in_(numbers),
            )
        )
        for person in await self.session.scalars(query.order_by(Person.id).with_for_update()):
            self._enter(person)
        held = select(RoleHolding).where(RoleHolding.person.in_(set(self.people)))
        for holding in await self.session.scalars(held):
            self.holdings.setdefault(holding.person, []).append(holding)

    def take(self, row: PersonFacts) -> RowResult:
        """Judge one row, and change what is known when it is good."""
        problems = [*faults_of_person(row), *self._unknown_words(row)]
        person, clashes = self._meant(row)
        problems += clashes
        if person is None:
            problems += missing(row, NEEDED)
        problems += self._not_granted(row, person)
        if problems:
            return RowResult(REFUSED, person.id if person else "", _each_once(problems))
        return self._written(row, person)

    def _written(self, row: PersonFacts, person: Person | None) -> RowResult:
        outcome = UNCHANGED
        if person is None:
            person, outcome = self._added(row), CREATED
        elif self._changes(person, row):
            outcome = CHANGED
        if self._roles_taken(person.id, row.roles) and outcome == UNCHANGED:
            outcome = CHANGED
        self.touched.add(person.id)
        if outcome != UNCHANGED:
            person.changed_by, person.changed_way, person.changed_at = self.hand.by, self.hand.way, self.at
        return RowResult(outcome, person.id)

    def _meant(self, row: PersonFacts) -> tuple[Person | None, list[FieldProblem]]:
        """Whom the row speaks of, by id, identity number or address; a number or address of somebody else clashes."""
        by_number = next((self.by_id_number[at] for at in self._of(row.id_number) if at in self.by_id_number), None)
        by_email = self.by_email.get(row.email or "")
        person = self.people.get(row.id) if row.id else by_number or by_email
        clashes = []
        if by_number and by_number is not person:
            clashes.append(FieldProblem("id_number", "id_number_taken"))
        if by_email and by_email is not person:
            clashes.append(FieldProblem("email", "email_taken"))
        renamed = person is not None and row.name not in (None, person.name)
        if person and renamed and person.id in self.touched and not row.id:
            clashes.append(FieldProblem("email", "email_repeated"))
        return person, clashes

    def _unknown_words(self, row: PersonFacts) -> list[FieldProblem]:
        found = []
        if row.institution and row.institution not in self.institutions:
            found.append(FieldProblem("institution", "institution_unknown"))
        for role in row.roles:
            if role.role not in self.known_roles:
                found.append(FieldProblem("role", "role_unknown"))
            if role.institution not in self.institutions:
                found.append(FieldProblem("role_institution", "institution_unknown"))
        return found

    def _not_granted(self, row: PersonFacts, person: Person | None) -> list[FieldProblem]:
        """Giving a role, and moving the address to which a role's letters go, needs the right to give roles."""
        overlaps = [
            FieldProblem("role_from", "role_overlaps")
            for role in row.roles
            if person and any(_overlap(held, role) for held in self.holdings.get(person.id, []))
        ]
        if self.hand.may_grant:
            return overlaps
        moved = person is not None and row.email not in (None, person.email) and bool(self.holdings.get(person.id))
        new = any(not (person and self._holding(person.id, role)) for role in row.roles)
        shifted = any(person and self._shifts(person.id, role) for role in row.roles)
        wanting = FieldProblem("role" if row.roles else "email", "role_scope_missing")
        return [*overlaps, wanting] if moved or new or shifted else overlaps

    def _added(self, row: PersonFacts) -> Person:
        person = Person(id=row.id or new_id(), language="zh-CN")
        for name in ("profession", "specialty", "professional_title"):
            setattr(person, name, "")
        self._changes(person, row)
        self.session.add(person)
        self._enter(person)
        return person

    def _changes(self, person: Person, row: PersonFacts) -> bool:
        given = {name: getattr(row, name) for name in PLAIN if getattr(row, name) is not None}
        for name in ("phone", "id_number"):
            if given.get(name) == "":
                given[name] = None
        fresh = {name: value for name, value in given.items() if getattr(person, name) != value}
        for name, value in fresh.items():
            setattr(person, name, value)
        if "name" in fresh:
            person.name_pinyin = _pinyin(person.name)
        if "id_number" in fresh:
            person.id_number_index = self._index(person.id_number)
        self._enter(person)
        return bool(fresh)

    def _roles_taken(self, person: str, roles: Iterable[RoleFacts]) -> bool:
        changed = False
        for role in roles:
            held = self._holding(person, role)
            if held is None:
                held = RoleHolding(person=person, **vars(role))
                self.session.add(held)
                self.holdings.setdefault(person, []).append(held)
                changed = True
            elif self._shifts(person, role):
                held.held_until = role.held_until
                changed = True
        return changed

    def _shifts(self, person: str, role: RoleFacts) -> bool:
        """An end is set or moved by naming it; an empty one leaves what is known."""
        held = self._holding(person, role)
        return held is not None and role.held_until not in (None, held.held_until)

    def _holding(self, person: str, role: RoleFacts) -> RoleHolding | None:
        held = (each for each in self.holdings.get(person, []) if _same(each, role))
        return next((each for each in held if each.held_from == role.held_from), None)

    def _enter(self, person: Person) -> None:
        self.people[person.id] = person
        self.by_email[person.email] = person
        if person.id_number_index:
            self.by_id_number[person.id_number_index] = person

    def _of(self, number: str | None) -> tuple[str, ...]:
        return self._indexes(number) if number else ()

    def _indexes(self, number: str) -> tuple[str, ...]:
        return blind_indexes(self.keyring, number, context=ID_NUMBER)

    def _index(self, number: str | None) -> str | None:
        return blind_index(self.keyring, number, context=ID_NUMBER) if number else None


def new_id() -> str:
    """A person's id that says nothing about the person."""
    return f"p-{secrets.token_hex(5)}"


def _askable(keys: Iterable[str | None]) -> set[str]:
    """PostgreSQL refuses a whole question for one NUL in it; nobody is known by what cannot be printed."""
    return {key for key in keys if key and key.isprintable()}


def _same(held: RoleHolding, role: RoleFacts) -> bool:
    return (held.role, held.institution) == (role.role, role.institution)


def _overlap(held: RoleHolding, role: RoleFacts) -> bool:
    if not _same(held, role) or held.held_from == role.held_from:
        return False
    starts_before = held.held_until is None or role.held_from < held.held_until
    return starts_before and (role.held_until is None or held.held_from < role.held_until)


def _each_once(problems: Iterable[FieldProblem]) -> tuple[FieldProblem, ...]:
    return tuple(dict.fromkeys(problems))


def _pinyin(name: str) -> str:
    # The dictionary is large; only processes that register people load it.
    from pypinyin import lazy_pinyin

    return " ".join(lazy_pinyin(name))
