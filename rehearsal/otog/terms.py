"""What the contracts of a rehearsal agree, and what is delivered under them: by part, so that each story comes about.

Two hundred and fifty hours are agreed for each calendar quarter from April on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rehearsal.cast import Asked, Cast

QUARTERS = (
    (date(2040, 4, 1), date(2040, 6, 30)),
    (date(2040, 7, 1), date(2040, 9, 30)),
    (date(2040, 10, 1), date(2040, 12, 31)),
    (date(2041, 1, 1), date(2041, 3, 31)),
    (date(2041, 4, 1), date(2041, 6, 30)),
)
AGREED = Decimal(250)
# On this day a renewal of the contract that ends in September is begun.
RENEWS_ON = date(2040, 6, 15)


@dataclass(frozen=True)
class Terms:
    """A contract over some of the quarters, and the hours that are delivered in the first of them."""

    quarters: tuple[tuple[date, date], ...]
    hours: tuple[str, ...]

    @property
    def first_day(self) -> date:
        """Of the contract."""
        return self.quarters[0][0]

    @property
    def last_day(self) -> date:
        """Of the contract."""
        return self.quarters[-1][1]


def _terms(quarters: int, *hours: str, since: int = 0) -> Terms:
    return Terms(QUARTERS[since : since + quarters], hours)


ORDINARY = _terms(3, "240", "250", "245")
RENEWAL = _terms(2, "250", "245", since=2)
BY_PART: Mapping[str, Terms] = {
    "below": _terms(4, "174.9"),
    "exact": _terms(3, "175", "250", "250"),
    "snow_proved": _terms(4, "200", "180", "130", "250"),
    "snow_unproved": _terms(5, "200", "180", "130"),
    "last_day": _terms(5, "250", "200", "50"),
    "day_late": _terms(5, "240", "200", "60"),
    "veto": _terms(4, "250", "240", "250", "250"),
    "rescinded": _terms(4, "170"),
    "renewed": _terms(2, "250", "250"),
}


def terms_of(cast: Cast, person: str, on: date) -> Terms:
    """What is agreed with somebody by a contract that is prepared, or begins, about this day."""
    part = cast.part_of.get(person, "")
    return RENEWAL if part == "renewed" and on >= RENEWS_ON else BY_PART.get(part, ORDINARY)


def terms_asked(cast: Cast, asked: Asked) -> Terms:
    """Of the contract that a question is about."""
    return terms_of(cast, asked.subject, asked.today)
