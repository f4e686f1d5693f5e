"""What the pages of attendance show: a month of one term, and the terms of the institutions that somebody keeps."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from db.attendance_reads import Held
from policies.days import KINDS, DayKind, Span, contradicts
from policies.engine.words import Words
from services.attendance_open import OpenDays, Proposal
from services.serving import Serving

_A_WEEK = 7
_HALVES_A_DAY = 2


@dataclass(frozen=True)
class DayCell:
    """One local day of a term: its halves, "" without a record; whether it is worked, and was corrected.

    `against` names what says something else of the day: the type of an approved leave, or off_post for a confirmed
    absence; "" where nothing does.
    """

    day: date
    morning: str
    afternoon: str
    working: bool
    served: bool
    corrected: bool = False
    against: str = ""


@dataclass(frozen=True)
class TermMonth:
    """A month by weeks from Monday, None outside of it. `counts`: days of each type in it, to the half; `open`: what is
    open of the whole term.
    """

    month: date
    before: date | None
    after: date | None
    weeks: tuple[tuple[DayCell | None, ...], ...]
    counts: Mapping[str, Decimal]
    open: OpenDays
    weights: Mapping[DayKind, tuple[str, str]]
    may_keep: bool


@dataclass(frozen=True)
class OfficeLine:
    """One term of an institution: days of the month on record, working days without, and what is unexplained."""

    term: Serving
    receiving: Words
    recorded: int
    unrecorded: int
    proposals: tuple[Proposal, ...]


@dataclass(frozen=True)
class OfficeMonth:
    """The terms that somebody keeps attendance of, in a month."""

    month: date
    before: date
    after: date | None
    lines: tuple[OfficeLine, ...]


def cells(term: Serving, days: Iterable[date], held: Mapping[date, Held], look: "Look") -> list[DayCell]:
    """Days as they are on record."""
    return [_cell(term, day, held.get(day), look) for day in days]


@dataclass(frozen=True)
class Look:
    """With what days are looked at: leave and absences that are settled, rest days of the calendar, the last day."""

    spans: Sequence[Span]
    rests: Callable[[date], bool]
    until: date


def _cell(term: Serving, day: date, held: Held | None, look: Look) -> DayCell:
    served = term.first_day is not None and term.first_day <= day <= look.until
    if held is None:
        return DayCell(day, "", "", working=not look.rests(day), served=served)
    found = held.recorded
    against = next((span.kind for span in look.spans if contradicts(found, span)), "")
    return DayCell(
        day, found.morning, found.afternoon, not look.rests(day), served, corrected=held.revision > 1, against=against
    )


def weeks_of(days: Sequence[DayCell]) -> tuple[tuple[DayCell | None, ...], ...]:
    """The days of a month in rows of seven, from Monday."""
    padded: list[DayCell | None] = [None] * days[0].day.weekday() + list(days)
    padded += [None] * (-len(padded) % _A_WEEK)
    return tuple(tuple(padded[at : at + _A_WEEK]) for at in range(0, len(padded), _A_WEEK))


def counts_of(days: Iterable[DayCell]) -> dict[str, Decimal]:
    """Days of each type that occurs, to the half, in the order of the table."""
    halves = Counter(half for day in days for half in (day.morning, day.afternoon) if half)
    return {kind: Decimal(halves[kind]) / _HALVES_A_DAY for kind in KINDS if halves[kind]}
