"""三(二)1 Accumulated service: which half-days a record takes, and that none is taken twice (DQ-3.2.1b, DEF-22)."""

from collections.abc import Sequence
from typing import Literal, get_args

from policies.engine.pack_parts import Pack

# When on its day: each is one half-day, the whole day is two (DEF-22).
Part = Literal["morning", "afternoon", "night", "day"]
PARTS: tuple[Part, ...] = get_args(Part)
# A form that the text does not name; people say which, and the group whether it counts.
OTHER = "other"
_TAKES: dict[Part, frozenset[str]] = {
    "morning": frozenset({"morning"}),
    "afternoon": frozenset({"afternoon"}),
    "night": frozenset({"night"}),
    "day": frozenset({"morning", "afternoon"}),
}


def half_days_of(part: Part) -> int:
    """DQ-3.2.1b How many half-days a record gives."""
    return len(_TAKES[part])


def clash_of(part: Part, others: Sequence[Part], pack: Pack) -> Literal["", "taken", "too_many"]:
    """DQ-3.2.1b Whether a record can stand beside the others of its day: no half-day is credited twice.

    "taken": another record has the same half-day. "too_many": the day would give more half-days than it has.
    """
    if any(_TAKES[part] & _TAKES[other] for other in others):
        return "taken"
    total = half_days_of(part) + sum(half_days_of(other) for other in others)
    return "" if pack.parameters["activity_half_days_a_day"].holds_for(total) else "too_many"


def forms_of(pack: Pack) -> tuple[str, ...]:
    """DQ-3.2.1b The forms that a record may name: those of the text, and another one that the group is asked about."""
    return (*pack.parameters["accumulated_forms"].listed, OTHER)
