"""The four bureaus before which a group's assessment method and its pay total go (DQ-3.3.2a, DQ-3.4.2a)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bureau:
    """One of the four.

    place: the fact of a case that holds its institution's code. kind: of institution. name: as the clauses and the
    pack's lists of bureaus have it.
    """

    place: str
    kind: str
    name: str


HEALTH = Bureau("bureau", "county_health_bureau", "县卫健局")
OTHERS = (
    Bureau("hrss", "hrss_bureau", "县人社局"),
    Bureau("finance", "finance_bureau", "县财政局"),
    Bureau("insurance", "insurance_bureau", "县医保局"),
)
FOUR_BUREAUS = (HEALTH, *OTHERS)
