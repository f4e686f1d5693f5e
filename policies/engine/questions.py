"""What a lifecycle asks, before anybody is seated.

The closed list of choices, the roles and the working days of a question are programme data (`Pack.tasks`); the part
of it that shapes the path travels with the case (`Shape`), so that a later pack never changes a running case
(DEF-20).
"""

from dataclasses import dataclass, field
from enum import StrEnum

# The ref that names who brought what a question is about: nobody approves what they have submitted (DEF-12).
SUBMITTER = "submitted_by"


class Kind(StrEnum):
    """How the people of a question answer it (design: 或签, 会签, 票签, 依次)."""

    ANY = "any"
    ALL = "all"
    QUORUM = "quorum"
    IN_TURN = "in_turn"


@dataclass(frozen=True)
class StepShape:
    """One asking of one role: where its holder sits (a symbolic place) and the closed list of choices."""

    name: str
    role: str
    at: str
    choices: tuple[str, ...]


@dataclass(frozen=True)
class Shape:
    """The path-shaping part of a pack's task.

    apart_from: tasks of the same case whose seats and answers bar a person from this one (DEF-12, COR-06).
    """

    steps: tuple[StepShape, ...]
    side: str
    kind: Kind = Kind.ANY
    quorum: int = 0
    positive: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    apart_from: tuple[str, ...] = ()

    @property
    def own(self) -> bool:
        """Whether the task belongs to the person whose case it is; every other task is closed to that person."""
        return self.side == "person"


@dataclass(frozen=True)
class Question:
    """One question of a case.

    key: unique in the case and stable over a restart of the run method, e.g. "sending_review/2".
    name: the task's name in the pack.
    places: symbolic place → institution code, or person id for the place "person".
    refs: ids that the page needs (post, applicant, batch); never words or personal data.
    to: a person asked by name instead of the holders of the role.
    """

    key: str
    name: str
    places: dict[str, str] = field(default_factory=dict)
    refs: dict[str, str] = field(default_factory=dict)
    to: str = ""
