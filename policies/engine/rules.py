"""A rule that can be tried: its id, its facts with their meaning, an example, and the function that judges."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from policies.engine.facts import FieldNote, notes_of, read_facts
from policies.engine.finding import Finding, Json
from policies.engine.pack_parts import Pack

Facts = TypeVar("Facts")


@dataclass(frozen=True)
class Rule:
    """One rule. `judge` reads the facts from JSON and may raise FactsRejected; `fields` documents them."""

    id: str
    clause: str
    fields: tuple[FieldNote, ...]
    example: Mapping[str, Json]
    judge: Callable[[object, Pack], Finding]


def rule(
    rule_id: str, facts: type[Facts], judge: Callable[[Facts, Pack], Finding], example: Mapping[str, Json]
) -> Rule:
    """The rule of a function; its clause is what stands before the "/" of its id."""

    def judged(raw: object, pack: Pack) -> Finding:
        return judge(read_facts(facts, raw), pack)

    return Rule(rule_id, rule_id.partition("/")[0], notes_of(facts), example, judged)
