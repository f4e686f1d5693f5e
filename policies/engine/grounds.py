"""What a finding stands on: a clause of a pack, the parameters used, and the facts."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from policies.engine.facts import as_inputs
from policies.engine.finding import Basis, Effect, Finding, Mark, Reading, Value
from policies.engine.pack_parts import Pack, Parameter
from policies.engine.words import Words

_UNMET: Mapping[Mark, Effect] = {"MUST": "block", "PRINCIPLE": "warn", "MAY": "block", "TARGET": "report"}


@dataclass(frozen=True)
class Grounds:
    """One clause applied to facts; `defaults` names DEF or COR ids used beside those of the parameters.

    The mark of the clause decides what follows when it is not met (DEF-09), so that no rule chooses that by itself.
    """

    pack: Pack
    rule: str
    facts: object
    parameters: tuple[str, ...] = ()
    defaults: tuple[str, ...] = ()
    also: tuple[str, ...] = field(default=())

    def __getitem__(self, name: str) -> Parameter:
        """A parameter of the pack; only those named in `parameters` may be used, so that the finding shows them all."""
        if name not in self.parameters:
            raise ParameterNotDeclared(name)
        return self.pack.parameters[name]

    def met(self, outcome: str, because: Words, figures: Mapping[str, Value] | None = None) -> Finding:
        """The clause is kept; a TARGET is only reported."""
        effect: Effect = "report" if self._mark == "TARGET" else "allow"
        return self._found(outcome, effect, because, figures)

    def unmet(self, outcome: str, because: Words, figures: Mapping[str, Value] | None = None) -> Finding:
        """The clause is not kept: MUST blocks, PRINCIPLE warns, TARGET is reported."""
        return self._found(outcome, _UNMET[self._mark], because, figures)

    def warned(self, outcome: str, because: Words, figures: Mapping[str, Value] | None = None) -> Finding:
        """The clause is kept, or its lack does not bar the way, but somebody should look."""
        return self._found(outcome, "warn", because, figures)

    def asked(
        self,
        question: Words,
        because: Words,
        *,
        readings: tuple[Reading, ...] = (),
        between: tuple[Value, Value] | None = None,
        figures: Mapping[str, Value] | None = None,
    ) -> Finding:
        """The text has a gap: no outcome, the question and its readings are for people (DEF-08)."""
        defaults = ("DEF-08", *self._defaults())
        return Finding(
            rule_ids=(self.rule, *self.also),
            outcome=None,
            effect="ask",
            explanation=because,
            quote=self.pack.clauses[self.rule].quote,
            mark=self._mark,
            basis="default",
            ask=question,
            range=between,
            inputs=self._inputs(),
            figures=figures or {},
            readings=readings,
            defaults=tuple(dict.fromkeys(defaults)),
        )

    @property
    def _mark(self) -> Mark:
        return self.pack.clauses[self.rule].mark

    def _found(self, outcome: str, effect: Effect, because: Words, figures: Mapping[str, Value] | None) -> Finding:
        defaults = self._defaults()
        basis: Basis = "default" if defaults else "text"
        return Finding(
            rule_ids=(self.rule, *self.also),
            outcome=outcome,
            effect=effect,
            explanation=because,
            quote=self.pack.clauses[self.rule].quote,
            mark=self._mark,
            basis=basis,
            inputs=self._inputs(),
            figures=figures or {},
            defaults=defaults,
        )

    def _defaults(self) -> tuple[str, ...]:
        ours = (self.pack.parameters[name].default for name in self.parameters)
        return tuple(dict.fromkeys([*(each for each in ours if each), *self.defaults]))

    def _inputs(self) -> Mapping[str, Value]:
        used = {name: self.pack.parameters[name].value for name in self.parameters}
        return {"facts": as_inputs(self.facts), "parameters": used}


class ParameterNotDeclared(LookupError):
    """A rule used a parameter that its finding would not show."""
