"""What passes between courier and caretaker and their activities. Frozen, plain, counts and case ids only."""

from dataclasses import dataclass
from datetime import datetime

COURIER, COURIER_ID = "Courier", "ops.courier"
CARETAKER, CARETAKER_ID = "Caretaker", "ops.caretaker"


def upkeep_queue(task_queue: str) -> str:
    """The queue of courier and caretaker: a slow mail server or a long sweep takes no slot from the cases."""
    return f"{task_queue}-ops"


@dataclass(frozen=True)
class Sent:
    """How many letters were taken in hand, and when the next one falls due (UTC; None when none is left)."""

    count: int
    next_at: datetime | None


@dataclass(frozen=True)
class Swept:
    """What one sweep did: cases started, rows delivered, authors told of a refusal; `more` asks for another at once."""

    started: int
    delivered: int
    told: int
    more: bool


@dataclass(frozen=True)
class Reconciled:
    """What comparing Temporal with the record found: cases rebuilt from snapshots, cases that only Temporal ended."""

    rebuilt: tuple[str, ...] = ()
    stray: tuple[str, ...] = ()
