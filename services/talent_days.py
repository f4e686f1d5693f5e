"""What one local day of one contract can hold: no more than a day is long, and no work that is told twice (OT-6.3g).

The hospital's system and a person at the page may both tell of the same work, each under a key of its own. Nothing is
dropped and nothing counted twice in silence: what looks like a double needs a word of explanation, or is refused.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from policies.talent.claims import RECORDED_A_DAY
from services.field_problems import FieldProblem
from services.talent_sheet import SessionRow

_MOST: Mapping[str, int] = {str(unit): most for unit, most in RECORDED_A_DAY.items()}
Place = tuple[str, str]


class Kept(Protocol):
    """A session as it stands on record, or as it is delivered."""

    @property
    def day(self) -> date:
        """The local day."""

    @property
    def kind(self) -> str:
        """The kind of work."""

    @property
    def units(self) -> Decimal:
        """In the contract's unit; zero where it was taken back."""


@dataclass
class DayBook:
    """The sessions of some contracts as they stand, by contract and key, with what was taken since."""

    held: dict[Place, Kept]

    def take(self, row: SessionRow) -> None:
        """From now on the row stands."""
        self.held[row.contract, row.key] = row

    def problems(self, row: SessionRow, unit: str) -> list[FieldProblem]:
        """Why a day cannot hold the row. What lowers a day or leaves it as it is may always be stored."""
        others = [(place[1], one) for place, one in self.held.items() if place[0] == row.contract]
        others = [(key, one) for key, one in others if key != row.key and one.day == row.day and one.units]
        return [*self._overfull(row, unit, (one for _, one in others)), *self._double(row, others)]

    def _overfull(self, row: SessionRow, unit: str, others: Iterable[Kept]) -> list[FieldProblem]:
        most, held = Decimal(_MOST[unit]), sum((one.units for one in others), Decimal(0))
        stood = self._stood(row)
        before = stood.units if stood and stood.day == row.day else Decimal(0)
        if held + row.units <= most or row.units <= before:
            return []
        said = {"day": row.day.isoformat(), "held": held, "together": held + row.units, "most": most}
        return [FieldProblem("units", "day_overfull", tuple((name, str(value)) for name, value in said.items()))]

    def _double(self, row: SessionRow, others: Iterable[tuple[str, Kept]]) -> list[FieldProblem]:
        """A new row, or one that comes to another day or kind; who explains it, with words of its own, is believed."""
        stood = self._stood(row)
        if not row.units or row.words.strip() or (stood and stood.units and _alike(stood, row)):
            return []
        like = next(((key, one) for key, one in others if _alike(one, row)), None)
        if like is None:
            return []
        said = (("day", row.day.isoformat()), ("key", like[0]), ("units", f"{like[1].units:f}"))
        return [FieldProblem("words", "session_double", said)]

    def _stood(self, row: SessionRow) -> Kept | None:
        return self.held.get((row.contract, row.key))


def _alike(one: Kept, other: Kept) -> bool:
    return (one.day, one.kind) == (other.day, other.kind)
