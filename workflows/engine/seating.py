"""Which steps need people, or other people than they have, and who may not sit there."""

from activities.engine.messages import Asked, CaseStart
from policies.engine.answering import choices_at
from policies.engine.questions import SUBMITTER
from policies.engine.tasks import BESIDE, CONSULTED, Status, Task
from workflows.engine.draft import Draft

SUBJECT = "person"


def asked_now(start: CaseStart, tasks: list[Task], in_flight: set[str]) -> tuple[Asked, ...]:
    """The steps that wait for people and have not been handed to a commit yet."""
    return tuple(
        _asked(start, task, tasks) for task in tasks if task.status is Status.OPENING and task.id not in in_flight
    )


def looked_at(start: CaseStart, tasks: list[Task], draft: Draft) -> tuple[Asked, ...]:
    """The open steps whose people are looked at: all when a role has ended, else those that remind or escalate.

    So a notice that was lost costs nothing: nobody is reminded in a role that has ended.
    """
    fired = {one.task for one in draft.fired}
    return tuple(
        _asked(start, task, tasks)
        for task in tasks
        if task.status is Status.OPEN and (draft.roles_ended or task.id in fired)
    )


def _asked(start: CaseStart, task: Task, tasks: list[Task]) -> Asked:
    shape = start.shapes[task.name]
    step = shape.steps[task.step]
    return Asked(
        task.id,
        task.key,
        task.name,
        task.step,
        step.name,
        step.role,
        task.places.get(step.at) or start.facts.get(step.at, ""),
        task.revision,
        choices_at(task, shape),
        task.refs,
        to=task.to or (start.facts.get(SUBJECT, "") if shape.own else ""),
        apart=_apart(start, task, tasks),
    )


def _apart(start: CaseStart, task: Task, tasks: list[Task]) -> tuple[str, ...]:
    """Nobody decides on their own case, for two sides of one case, or twice in one chain (DEF-12, COR-06)."""
    shape = start.shapes[task.name]
    barred = [] if shape.own else [start.facts.get(SUBJECT, "")]
    barred += [answer.person for answer in task.answers if answer.step != task.step and answer.choice not in BESIDE]
    barred.append(task.refs.get(SUBMITTER, ""))
    for other in tasks:
        if other.name in shape.apart_from:
            # Whoever was only asked for an opinion there decides nothing, and decides here (decision 0020).
            barred += [*other.deciders, *(seat.person for seat in other.seats if seat.why != CONSULTED)]
    return tuple(dict.fromkeys(person for person in barred if person))
