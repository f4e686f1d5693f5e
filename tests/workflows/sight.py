"""What can be seen of a case, in the workflow, in its snapshot and in the record; and what its model says must be."""

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import select

from activities.engine.delivery import start_of
from activities.engine.messages import CaseState
from db.engine.cases import TransitionRow
from db.engine.post import LetterRow
from db.engine.tasks import DecisionRow, InboxRow, SeatRow, TaskRow
from policies.engine.tasks import Task
from tests.workflows.model import Decided, Model
from tests.workflows.office import BOUND, Office

Seen = dict[str, Any]
# The chain's people may be each other's superiors; what a rung then says to whom is not the task's own affair.
CHAIN = "for_chain"


async def agree(office: Office, model: Model, case: str, said: Sequence[str]) -> None:
    """Wait, with a bound, until the case and its model stand alike; else say where they differ, and what was done."""
    expected = _expected(model)
    try:
        async with asyncio.timeout(BOUND):
            while (found := await _found(office, model, case)) != expected:  # noqa: ASYNC110  # it is elsewhere
                await asyncio.sleep(0.02)
    except TimeoutError:
        differs = [
            f"{name}:\n  case  {found.get(name)}\n  model {expected[name]}"
            for name in expected
            if found.get(name) != expected[name]
        ]
        raise AssertionError("\n".join([*differs, "after:", *said])) from None


def _expected(model: Model) -> Seen:
    tasks = [_task(task) for task in model.tasks]
    applied = sorted(request for request, refusal in model.inbox.items() if not refusal)
    state = {"tasks": tasks, "applied": applied}
    return {
        "state": state,
        "snapshot": state,
        "case": ("closed", model.outcome) if model.outcome else ("open", ""),
        "tasks": [
            (task.id, task.status.value, task.step, task.revision, task.outcome, task.due) for task in model.tasks
        ],
        "seats": sorted((task.id, person, task.revision) for task in model.tasks for person in model.awaited(task)),
        "decided": sorted((asdict(one) for one in model.decided), key=lambda one: one["request"]),
        "inbox": {one: ("refused" if refusal else "applied", refusal) for one, refusal in model.inbox.items()},
        "told": {name: times for name, times in model.told.items() if times},
        "fired": sorted(model.fired),
        "letters": {key: times for key, times in model.letters.items() if not _left_out(model, key)},
        "gaps": 0,
    }


def _left_out(model: Model, key: tuple[str, ...]) -> bool:
    return key in model.unsure or (key[0] == "rung" and model.task(key[2]).name == CHAIN)


async def _found(office: Office, model: Model, case: str) -> Seen:
    state = await office.snapshot(case)
    row = await office.case(case)
    snapshot = start_of(row).state
    bodies = [json.loads(body) for body in await office.file_of(case)]
    seats = await office.rows(select(SeatRow).where(SeatRow.open))
    numbers = await office.rows(select(TransitionRow.seq).order_by(TransitionRow.seq))
    rungs = [body for body in bodies if body["event"] == "rung_fired"]
    return {
        "state": _state(state),
        "snapshot": _state(snapshot) if snapshot else None,
        "case": (row.state, row.outcome),
        "tasks": [
            (_local(task.id), task.status, task.step, task.revision, task.outcome, task.due_at)
            for task in await office.rows(select(TaskRow).order_by(TaskRow.id))
        ],
        "seats": sorted((_local(seat.task_id), seat.person, seat.revision) for seat in seats),
        "decided": sorted(
            (asdict(_decided(one)) for one in await office.rows(select(DecisionRow))), key=lambda one: one["request"]
        ),
        "inbox": {one.request: (one.state, one.refusal) for one in await office.rows(select(InboxRow))},
        "told": dict(Counter(body["event"] for body in bodies)),
        "fired": sorted((_local(body["task"]), body["refs"]["rung"]) for body in rungs),
        "letters": await _letters(office, model),
        "gaps": len(numbers) - max(numbers, default=0) + row.seq - len(numbers),
    }


def _state(state: CaseState) -> Seen:
    return {"tasks": [_task(task) for task in state.tasks], "applied": sorted(state.applied)}


def _task(task: Task) -> Seen:
    """All of a task but the instants that nobody can foretell, and the institutions, which the model leaves out."""
    return {
        "id": task.id,
        "name": task.name,
        "status": task.status,
        "step": task.step,
        "revision": task.revision,
        "seats": sorted((seat.person, seat.role, seat.why) for seat in task.seats),
        "due": task.due,
        "rungs": [(rung.name, rung.at) for rung in task.rungs],
        "answers": [(one.request, one.person, one.step, one.choice) for one in task.answers],
        "outcome": task.outcome,
        "urged": task.urged_at is not None,
    }


def _decided(row: DecisionRow) -> Decided:
    return Decided(row.request, _local(row.task_id), row.person, row.role, row.step, row.revision, row.choice, row.late)


async def _letters(office: Office, model: Model) -> dict[tuple[str, ...], int]:
    found: Counter[tuple[str, ...]] = Counter()
    for letter in await office.rows(select(LetterRow)):
        key = (letter.person, _local(letter.task_id), str(letter.revision))
        if letter.details.get("to") == "assignee":
            found["rung", *key, letter.details["rung"]] += 1
        elif letter.kind in ("task", "urge") and not letter.details:
            found[letter.kind, *key] += 1
    return {key: times for key, times in found.items() if not _left_out(model, key)}


def _local(task: str) -> str:
    return task.rsplit(".", 1)[1]
