"""The tree of institutions, kept in memory for a few seconds: names for pages, and what lies below a body."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select

from db.engine.base import Sessions, at_once
from db.engine.clock import Clock
from db.engine.people import Institution
from policies.engine.words import Words

FRESH_FOR = timedelta(seconds=10)


@dataclass(frozen=True)
class Place:
    """One institution as pages show it."""

    code: str
    name: Words
    kind: str
    parent: str | None
    contact: str = ""
    telephone: str = ""


@dataclass(frozen=True)
class PlaceMap:
    """All institutions at one moment."""

    places: Mapping[str, Place] = field(default_factory=dict)

    def name(self, code: str | None) -> Words:
        """The name of an institution; its code where it is unknown, nothing for none."""
        place = self.places.get(code or "")
        return place.name if place else Words(code or "", code or "")

    def contact(self, code: str) -> str:
        """The contact of an institution with its telephone, "" where none is known."""
        place = self.places.get(code)
        return " ".join(part for part in (place.contact, place.telephone) if part) if place else ""

    def below(self, code: str) -> frozenset[str]:
        """The body itself and everything under it."""
        found, fresh = {code}, {code}
        while fresh:
            fresh = {place.code for place in self.places.values() if place.parent in fresh} - found
            found |= fresh
        return frozenset(found)

    def up(self, code: str) -> tuple[Place, ...]:
        """The body itself, its parent, and so on to the top."""
        chain: list[Place] = []
        place = self.places.get(code)
        while place and place not in chain:
            chain.append(place)
            place = self.places.get(place.parent or "")
        return tuple(chain)


class Places:
    """Reads the tree again after ten seconds, so that every process soon sees a new institution."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        """Places over the record."""
        self._reading, self._clock = at_once(sessions), clock
        self._read_at: datetime | None = None
        self._map = PlaceMap()

    async def now(self) -> PlaceMap:
        """The tree as it stands."""
        now = self._clock.now()
        if self._read_at is None or abs(now - self._read_at) > FRESH_FOR:
            async with self._reading() as session:
                rows = (await session.scalars(select(Institution))).all()
            self._map, self._read_at = PlaceMap({row.code: _place(row) for row in rows}), now
        return self._map


def _place(row: Institution) -> Place:
    name = Words(row.name, row.name_en or row.name)
    return Place(row.code, name, row.kind, row.parent, row.contact_name, row.contact_phone)
