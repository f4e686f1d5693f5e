"""What of a case's state has changed since it was last recorded, so that a long case need not carry all of it along.

Tasks, applied requests, heard notices and marks are only ever added or altered, never removed.
"""

from dataclasses import replace

from activities.engine.messages import CaseState, Committed
from policies.engine import seats
from policies.engine import tasks as pure


def changes(state: CaseState, recorded: CaseState) -> CaseState:
    """As much of a state as the record does not have; waiting notices are few and come whole."""
    known = {task.id: task for task in recorded.tasks}
    return replace(
        state,
        tasks=[task for task in state.tasks if known.get(task.id) != task],
        applied=state.applied[len(recorded.applied) :],
        heard={key: notice for key, notice in state.heard.items() if key not in recorded.heard},
        marks={key: value for key, value in state.marks.items() if recorded.marks.get(key) != value},
    )


def whole(changed: CaseState, recorded: CaseState) -> CaseState:
    """The state whose `changes` these are."""
    tasks = {task.id: task for task in (*recorded.tasks, *changed.tasks)}
    return replace(
        changed,
        tasks=list(tasks.values()),
        applied=[*recorded.applied, *changed.applied],
        heard={**recorded.heard, **changed.heard},
        marks={**recorded.marks, **changed.marks},
    )


def with_results(state: CaseState, committed: Committed) -> CaseState:
    """The snapshot as the case itself will have it once it learns what this commit found out."""
    for task in state.tasks:
        if found := committed.seated.get(task.id):
            pure.seated(task, found.seats, due=found.due, rungs=found.rungs)
        task.rungs.extend(committed.further.get(task.id, ()))
        if again := committed.retimed.get(task.id):
            pure.retimed(task, due=again.due, rungs=again.rungs)
        if others := committed.reseated.get(task.id):
            seats.reseated(task, former=others.former, seats=others.seats)
    marks = {f"effect:{key}": answer for key, answer in committed.effects.items()}
    return replace(state, marks={**state.marks, **marks})
