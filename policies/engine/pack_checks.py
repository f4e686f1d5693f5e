"""What one part of a pack says about another must be true."""

from collections import Counter
from collections.abc import Iterable, Iterator
from string import Formatter

from policies.engine.pack_faults import Fault
from policies.engine.pack_parts import LadderType, Pack, Role, StepType, TaskType, TellingType
from policies.engine.questions import Kind
from policies.engine.words import Words


def faults_between(pack: Pack) -> tuple[Fault, ...]:
    """Every reference that leads nowhere and every task that could not be asked."""
    return (
        *(fault for task in pack.tasks.values() for fault in _task_faults(task, pack)),
        *(fault for ladder in pack.ladders.values() for fault in _repeated_rungs(ladder)),
        *(fault for role in pack.roles.values() for fault in _role_faults(role, pack)),
        *(fault for telling in pack.tellings.values() for fault in _telling_faults(telling)),
    )


def _task_faults(task: TaskType, pack: Pack) -> Iterator[Fault]:
    key = f"tasks.{task.name}"
    if task.rule and task.rule not in pack.clauses:
        yield Fault("unknown_rule", f"{key}.rule", task.rule, {"value": task.rule})
    if task.ladder and task.ladder not in pack.ladders:
        yield Fault("unknown_ladder", f"{key}.ladder", task.rule, {"value": task.ladder})
    yield from _days_faults(task.days, f"{key}.days", task.rule, pack)
    yield from _choice_faults(task.items, f"{key}.items", task.rule, pack)
    for other in task.apart_from:
        if other not in pack.tasks:
            yield Fault("unknown_task", f"{key}.apart_from", task.rule, {"value": other})
    yield from _shape_faults(task, key)
    for at, step in enumerate(task.steps, start=1):
        yield from _step_faults(step, f"{key}.steps[{at}]", task.rule, pack)


def _shape_faults(task: TaskType, key: str) -> Iterator[Fault]:
    if not task.steps:
        yield Fault("no_steps", key, task.rule)
    if len(task.steps) > 1 and task.kind is not Kind.IN_TURN:
        yield Fault("steps_not_in_turn", f"{key}.kind", task.rule)
    if task.kind is Kind.QUORUM and task.quorum < 1:
        yield Fault("no_quorum", f"{key}.quorum", task.rule)
    yield from _repeated((step.name for step in task.steps), f"{key}.steps", task.rule)


def _step_faults(step: StepType, key: str, rule: str, pack: Pack) -> Iterator[Fault]:
    if step.role and step.role not in pack.roles:
        yield Fault("unknown_role", f"{key}.role", rule, {"value": step.role})
    if step.days:
        yield from _days_faults(step.days, f"{key}.days", rule, pack)
    yield from _choice_faults(step.choices, f"{key}.choices", rule, pack)


def _choice_faults(choices: tuple[str, ...], key: str, rule: str, pack: Pack) -> Iterator[Fault]:
    for choice in choices:
        if choice not in pack.choices:
            yield Fault("unknown_choice", key, rule, {"value": choice})
    yield from _repeated(choices, key, rule)


def _days_faults(name: str, key: str, rule: str, pack: Pack) -> Iterator[Fault]:
    parameter = pack.parameters.get(name)
    if name and (parameter is None or parameter.unit != "working_days"):
        yield Fault("unknown_days", key, rule, {"value": name})


def _repeated_rungs(ladder: LadderType) -> Iterator[Fault]:
    yield from _repeated((rung.name for rung in ladder.rungs), f"ladders.{ladder.name}.rungs", "")


def _role_faults(role: Role, pack: Pack) -> Iterator[Fault]:
    for above in role.escalates_to:
        if above not in pack.roles:
            yield Fault("unknown_role", f'roles."{role.id}".escalates_to', "", {"value": above})
    yield from _blank_faults(role.address, f'roles."{role.id}".address', ("name", "surname"))


def _telling_faults(telling: TellingType) -> Iterator[Fault]:
    yield from _blank_faults(telling.title, f"tellings.{telling.name}.title", ())
    yield from _blank_faults(telling.result, f"tellings.{telling.name}.result", ("side",))


def _blank_faults(words: Words, key: str, allowed: tuple[str, ...]) -> Iterator[Fault]:
    blanks = {blank for text in (words.zh, words.en) for _, blank, _, _ in Formatter().parse(text) if blank is not None}
    for blank in sorted(blanks - set(allowed)):
        yield Fault("unknown_blank", key, "", {"value": blank, "allowed": ", ".join(allowed) or "-"})


def _repeated(names: Iterable[str], key: str, rule: str) -> Iterator[Fault]:
    for name, times in Counter(names).items():
        if times > 1:
            yield Fault("repeated", key, rule, {"value": name})
