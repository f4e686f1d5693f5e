"""What has happened in a case since its last commit."""

from dataclasses import dataclass, field
from datetime import datetime

from activities.engine.messages import (
    Answered,
    Asked,
    CaseState,
    Effect,
    Fired,
    Line,
    Posted,
    Telling,
    Transition,
)
from policies.engine.tasks import Seat


@dataclass
class Draft:
    """Collected by handlers and by the lifecycle; becomes one `Transition`."""

    settled: dict[str, str] = field(default_factory=dict)
    withdrawn: list[str] = field(default_factory=list)
    answers: list[Answered] = field(default_factory=list)
    acts: list[str] = field(default_factory=list)
    fired: list[Fired] = field(default_factory=list)
    handed: dict[str, Seat] = field(default_factory=dict)
    recalled: list[str] = field(default_factory=list)
    replied: list[str] = field(default_factory=list)
    copied: dict[str, Seat] = field(default_factory=dict)
    retimed: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    tellings: list[Telling] = field(default_factory=list)
    notices: list[Posted] = field(default_factory=list)
    outcome: str = ""
    holds_key: bool = False
    roles_ended: bool = False

    @property
    def empty(self) -> bool:
        """Whether nothing has happened."""
        return self == Draft()

    def transition(
        self,
        case_id: str,
        *,
        state: CaseState,
        partial: bool,
        at: datetime,
        asked: tuple[Asked, ...],
        looked_at: tuple[Asked, ...],
    ) -> Transition:
        """The finished transition, under the next number of the case."""
        return Transition(
            case_id,
            state.seq,
            at,
            state.stage,
            state,
            outcome=self.outcome,
            holds_key=self.holds_key,
            asked=asked,
            looked_at=looked_at,
            settled=dict(self.settled),
            withdrawn=tuple(self.withdrawn),
            answers=tuple(self.answers),
            acts=tuple(self.acts),
            fired=tuple(self.fired),
            handed=dict(self.handed),
            recalled=tuple(self.recalled),
            replied=tuple(self.replied),
            copied=dict(self.copied),
            retimed=tuple(self.retimed),
            lines=tuple(self.lines),
            effects=tuple(self.effects),
            tellings=tuple(self.tellings),
            notices=tuple(self.notices),
            partial=partial,
        )
