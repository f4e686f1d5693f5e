"""What a rule made of facts: outcome or ask, numbers, rule ids, quote, text or default."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from policies.engine.words import Words

Value = bool | int | str | Fraction | Decimal | date | tuple["Value", ...] | Mapping[str, "Value"] | None
Json = bool | int | str | list["Json"] | dict[str, "Json"] | None
Basis = Literal["text", "default"]
Mark = Literal["MUST", "PRINCIPLE", "MAY", "TARGET"]
Effect = Literal["allow", "warn", "block", "ask", "report"]


@dataclass(frozen=True)
class Reading:
    """One way in which an unclear text may be read, and what would follow from it."""

    text: Words
    outcome: str


@dataclass(frozen=True)
class Finding:
    """The answer of one rule.

    `outcome` is None and `ask` is set where the text has a gap that only people may fill (DEF-08); `range` holds the
    least and the greatest figure where the text leaves a range. `effect` is what follows by the mark (DEF-09): MUST
    blocks, PRINCIPLE warns, TARGET only reports. `defaults` names the DEF or COR ids of our own choices that the
    outcome rests on; `basis` is "default" as soon as there is one. Figures are exact: int, Fraction or Decimal.
    """

    rule_ids: tuple[str, ...]
    outcome: str | None
    effect: Effect
    explanation: Words
    quote: str
    mark: Mark
    basis: Basis = "text"
    ask: Words | None = None
    range: tuple[Value, Value] | None = None
    inputs: Mapping[str, Value] = field(default_factory=dict)
    figures: Mapping[str, Value] = field(default_factory=dict)
    readings: tuple[Reading, ...] = ()
    defaults: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Json]:
        """The finding for JSON; exact numbers that are no integers and days become strings."""
        return {
            "rule_ids": list(self.rule_ids),
            "outcome": self.outcome,
            "effect": self.effect,
            "ask": _words(self.ask),
            "range": None if self.range is None else [to_json(end) for end in self.range],
            "explanation": _words(self.explanation),
            "figures": to_json(self.figures),
            "inputs": to_json(self.inputs),
            "quote": self.quote,
            "mark": self.mark,
            "basis": self.basis,
            "defaults": list(self.defaults),
            "readings": [{"text": _words(each.text), "outcome": each.outcome} for each in self.readings],
        }


def to_json(value: Value) -> Json:
    """A fact or figure for JSON without loss: Fraction as "1/5", Decimal and date as text."""
    if isinstance(value, Mapping):
        return {name: to_json(each) for name, each in value.items()}
    if isinstance(value, tuple):
        return [to_json(each) for each in value]
    if isinstance(value, Fraction | Decimal | date):
        return str(value)
    return value


def _words(words: Words | None) -> Json:
    return None if words is None else {"zh": words.zh, "en": words.en}
