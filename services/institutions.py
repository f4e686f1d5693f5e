"""The desk at which institutions are registered: hospitals, groups, bureaus, and who stands above whom."""

import json
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, fields, replace
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine.base import Sessions
from db.engine.people import Institution
from services.facts import (
    CHANGED,
    CREATED,
    REFUSED,
    UNCHANGED,
    InstitutionFacts,
    InstitutionKnown,
    InstitutionUnknown,
    RowResult,
    StoredMeanwhile,
    VersionStale,
    stored_anew,
)
from services.field_problems import FactsRefused, FieldProblem
from services.people_checks import faults_of_institution, missing

NEEDED = ("code", "name", "kind")
PLAIN = ("name", "name_en", "kind", "parent", "contact_name", "contact_phone")
OPTIONAL = ("name_en", "contact_name", "contact_phone")


@dataclass(frozen=True)
class InstitutionView:
    """One institution as clients see it; `version` changes with anything that does."""

    code: str
    name: str
    name_en: str
    kind: str
    parent: str | None
    contact_name: str
    contact_phone: str
    version: str


@dataclass(frozen=True)
class InstitutionFilter:
    """Which institutions to list, from after a code on."""

    kind: str | None = None
    parent: str | None = None
    after: str = ""
    limit: int = 50


class InstitutionDesk:
    """Registers institutions."""

    def __init__(self, sessions: Sessions) -> None:
        """A desk over the record."""
        self._sessions = sessions

    async def store(self, rows: Sequence[InstitutionFacts], *, try_only: bool = False) -> list[RowResult]:
        """Add and change institutions, one result per row in order; a row may name a parent from another row.

        Raises StoredMeanwhile when others keep storing the same institutions.
        """
        return await stored_anew(lambda: self._stored([_plain(row) for row in rows], try_only=try_only))

    async def institution(self, code: str) -> InstitutionView:
        """One institution; InstitutionUnknown."""
        async with self._sessions() as session:
            found = await session.get(Institution, code)
        if found is None:
            raise InstitutionUnknown(institution=code)
        return _view(found)

    async def institutions(self, wanted: InstitutionFilter) -> list[InstitutionView]:
        """Institutions in the order of their codes."""
        query = select(Institution).where(Institution.code > wanted.after).order_by(Institution.code)
        if wanted.kind:
            query = query.where(Institution.kind == wanted.kind)
        if wanted.parent:
            query = query.where(Institution.parent == wanted.parent)
        async with self._sessions() as session:
            return [_view(found) for found in await session.scalars(query.limit(wanted.limit))]

    async def add(self, facts: InstitutionFacts) -> InstitutionView:
        """A new institution; FactsRefused names the faults, InstitutionKnown the one that is registered already."""
        plain = _plain(facts)
        async with self._written() as session:
            tree = await _tree(session)
            if plain.code in tree.known:
                raise InstitutionKnown(institution=str(plain.code))
            return _taken(tree, plain)

    async def change(self, code: str, facts: InstitutionFacts, *, version: str) -> InstitutionView:
        """Change what is given; VersionStale when the entry is no longer the one that was read ("*" takes any)."""
        async with self._written() as session:
            tree = await _tree(session)
            if code not in tree.known:
                raise InstitutionUnknown(institution=code)
            if version not in ("*", _view(tree.known[code]).version):
                raise VersionStale(entry=code)
            return _taken(tree, replace(_plain(facts), code=code))

    @asynccontextmanager
    async def _written(self) -> AsyncIterator[AsyncSession]:
        try:
            async with self._sessions.begin() as session:
                yield session
        except IntegrityError as clash:
            raise StoredMeanwhile from clash

    async def _stored(self, rows: Sequence[InstitutionFacts], *, try_only: bool) -> list[RowResult]:
        async with self._sessions() as session:
            tree = await _tree(session)
            results = tree.take_all(rows)
            await session.flush()
            if try_only:
                await session.rollback()
            else:
                await session.commit()
        return results


@dataclass
class Tree:
    """All institutions with who stands above whom, as the rows at hand change them."""

    session: AsyncSession
    known: dict[str, Institution]

    def take_all(self, rows: Sequence[InstitutionFacts]) -> list[RowResult]:
        """Judge every row; those whose parent comes in a later row are judged after it."""
        results: dict[int, RowResult] = {}
        waiting = list(range(len(rows)))
        repeated = _repeated(rows)
        while waiting:
            ripe = [at for at in waiting if rows[at].parent in (None, "", *self.known)] or waiting
            for at in ripe:
                results[at] = self.take(rows[at], repeated=at in repeated)
            waiting = [at for at in waiting if at not in results]
        return [results[at] for at in range(len(rows))]

    def take(self, row: InstitutionFacts, *, repeated: bool = False) -> RowResult:
        """Judge one row, and change what is known when it is good."""
        known = self.known.get(row.code or "")
        problems = [*faults_of_institution(row), *self._misplaced(row)]
        problems += missing(row, NEEDED if known is None else ("code",))
        if repeated:
            problems.append(FieldProblem("code", "row_repeated"))
        if problems:
            return RowResult(REFUSED, row.code or "", tuple(dict.fromkeys(problems)))
        if known is None:
            self._add(row)
            return RowResult(CREATED, str(row.code))
        return RowResult(CHANGED if _changes(known, row) else UNCHANGED, str(row.code))

    def _misplaced(self, row: InstitutionFacts) -> Iterator[FieldProblem]:
        if not row.parent:
            return
        if row.parent not in self.known and row.parent != row.code:
            yield FieldProblem("parent", "institution_unknown")
        elif row.code in self._above(row.parent):
            yield FieldProblem("parent", "parent_cycle")

    def _above(self, code: str) -> set[str]:
        above: set[str] = set()
        current: str | None = code
        while current and current not in above:
            above.add(current)
            current = self.known[current].parent if current in self.known else None
        return above

    def _add(self, row: InstitutionFacts) -> None:
        institution = Institution(code=row.code, **dict.fromkeys(OPTIONAL, ""))
        _changes(institution, row)
        self.session.add(institution)
        self.known[institution.code] = institution


async def _tree(session: AsyncSession) -> Tree:
    query = select(Institution).order_by(Institution.code).with_for_update()
    return Tree(session, {each.code: each for each in await session.scalars(query)})


def _taken(tree: Tree, facts: InstitutionFacts) -> InstitutionView:
    result = tree.take(facts)
    if result.outcome == REFUSED:
        raise FactsRefused(result.problems)
    return _view(tree.known[result.key])


def _changes(institution: Institution, row: InstitutionFacts) -> bool:
    given = {name: getattr(row, name) for name in PLAIN if getattr(row, name) is not None}
    if given.get("parent") == "":
        given["parent"] = None
    fresh = {name: value for name, value in given.items() if getattr(institution, name) != value}
    for name, value in fresh.items():
        setattr(institution, name, value)
    return bool(fresh)


def _repeated(rows: Sequence[InstitutionFacts]) -> set[int]:
    """The rows that name a code which an earlier row gave other content."""
    first: dict[str, InstitutionFacts] = {}
    return {at for at, row in enumerate(rows) if row.code and first.setdefault(row.code, row) != row}


def _plain(facts: InstitutionFacts) -> InstitutionFacts:
    texts = {each.name: getattr(facts, each.name) for each in fields(facts) if each.name in ("code", *PLAIN)}
    return replace(facts, **{name: text.strip() for name, text in texts.items() if text is not None})


def _view(found: Institution) -> InstitutionView:
    shown = {name: getattr(found, name) for name in PLAIN}
    version = sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()[:32]
    return InstitutionView(code=found.code, version=version, **shown)
