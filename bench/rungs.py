"""Rungs that come due at chosen instants, beside as many bare timers with one row each.

A case is stopped and started again from its snapshot, as the caretaker does it, with the instant of its next rung
changed there. A rung has fired when its line stands in the file, a timer when its row stands: both are looked for five
times a second, so that a figure may be too long by a fifth of a second.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select, text
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError

from activities.engine.snapshots import as_state, as_stored
from bench import floor
from bench.parts import Stand
from bench.patience import Patience
from bench.serving import ASKED, Terms, each, letters_sent
from db.engine.cases import CaseFile, EventRow
from policies.engine.tasks import Rung

RUNG, LINE = "before_1", '"rung_fired"'
LOOKS_APART, WITHIN = 0.2, 900.0
# Seconds from the arming to the first instant: so many and so many for each case; doubled where that was too short.
LEAD, LEAD_EACH = 3.0, 0.04
_NUMBERS = count(1)
Due = Mapping[str, datetime]


@dataclass(frozen=True)
class Fired:
    """Seconds by which each was late; seconds from the last instant to the last letter accepted by SMTP; CPU in ms by
    part from the first instant until the last had fired.
    """

    late: Sequence[float]
    letters: float
    cpu: Mapping[str, float]

    @property
    def seconds(self) -> float:
        """From the instant that all share to the last."""
        return max(self.late)

    def cpu_each(self, *parts: str) -> float:
        """CPU ms of some parts for each."""
        return sum(self.cpu[part] for part in parts) / len(self.late)


class Alarm:
    """Sets instants before which everything is ready and at rest."""

    def __init__(self, cases: int) -> None:
        self._lead = LEAD + LEAD_EACH * cases

    async def set(self, arm: Callable[[Due], Awaitable[None]], names: Sequence[str], *, over: float = 0.0) -> Due:
        """Every name with its instant, evenly over so many seconds; what was armed too late is armed again."""
        while True:
            first = datetime.now(UTC) + timedelta(seconds=self._lead)
            apart = timedelta(seconds=over / len(names))
            due = {name: first + number * apart for number, name in enumerate(names)}
            await arm(due)
            if datetime.now(UTC) < first:
                return due
            self._lead *= 2


async def timers(stand: Stand, alarm: Alarm, *, number: int) -> Fired:
    """So many bare timers at one instant."""
    prefix = ""

    async def arm(due: Due) -> None:
        nonlocal prefix
        prefix = f"timer.{next(_NUMBERS)}."

        async def start(name: str) -> None:
            case, instant = prefix + name, due[name].timestamp()
            await stand.bare.start_workflow(floor.BareTimer.run, args=[case, instant], id=case, task_queue=floor.QUEUE)
            await _rests(stand.bare, case)

        await each(due, start)

    async def fired() -> Iterable[str]:
        rows = text("SELECT id FROM floor_row WHERE starts_with(id, :prefix)")
        async with stand.record() as session:
            return [one.removeprefix(prefix) for one in await session.scalars(rows, {"prefix": prefix})]

    due = await alarm.set(arm, [str(each) for each in range(number)])
    return await _fired(stand, due, fired)


async def rungs(terms: Terms, alarm: Alarm, *, over: float = 0.0) -> Fired:
    """The next rung of every term, evenly over so many seconds."""

    async def arm(due: Due) -> None:
        await each(due, stop)
        await _set_in_snapshots(terms.stand, due)
        await each(due, start)

    async def stop(case: str) -> None:
        # One that an answer was lost for is stopped already.
        with suppress(RPCError):
            await terms.stand.client.get_workflow_handle(case).terminate("bench")

    async def start(case: str) -> None:
        while not await terms.stand.delivery.rebuild(case):
            pass
        await _rests(terms.stand.client, case)

    due = await alarm.set(arm, list(terms.cases.values()), over=over)
    first = min(due.values())

    async def fired() -> Iterable[str]:
        lines = select(EventRow.case_id).where(EventRow.at >= first, EventRow.body.contains(LINE))
        async with terms.stand.record() as session:
            return list(await session.scalars(lines))

    return await _fired(terms.stand, due, fired)


async def _set_in_snapshots(stand: Stand, due: Due) -> None:
    async with stand.record.begin() as session:
        for case in await session.scalars(select(CaseFile).where(CaseFile.id.in_(due))):
            case.snapshot = _armed(case.snapshot or {}, due[case.id])


def _armed(snapshot: dict[str, Any], at: datetime) -> dict[str, Any]:
    """The snapshot whose open question has a rung at an instant, before those that it has left."""
    state = as_state(snapshot)
    task = next(task for task in state.tasks if task.live and task.name == ASKED)
    task.rungs = [Rung(RUNG, at), *(rung for rung in task.rungs if rung.name != RUNG)]
    return as_stored(state)


async def _rests(client: Client, case: str) -> None:
    """Wait until a workflow has worked its way to its timer."""
    handle = client.get_workflow_handle(case)

    async def rests() -> bool | None:
        found = await handle.describe()
        busy = found.raw_description.HasField("pending_workflow_task") or found.raw_description.pending_activities
        return (found.status is WorkflowExecutionStatus.RUNNING and not busy) or None

    await Patience(pause=0.05).until(rests)


async def _fired(stand: Stand, due: Due, look: Callable[[], Awaitable[Iterable[str]]]) -> Fired:
    late = dict[str, float]()
    await asyncio.sleep((min(due.values()) - datetime.now(UTC)).total_seconds())
    before = stand.cpu_ms()

    async def all_fired() -> bool | None:
        for name in await look():
            late.setdefault(name, (datetime.now(UTC) - due[name]).total_seconds())
        return len(late) == len(due) or None

    last = (max(due.values()) - min(due.values())).total_seconds()
    await Patience(share=0.0, pause=LOOKS_APART, again=0.0).until(all_fired, within=WITHIN + last)
    after = stand.cpu_ms()
    await letters_sent(stand)
    letters = (datetime.now(UTC) - max(due.values())).total_seconds()
    return Fired(list(late.values()), letters, {name: after[name] - before[name] for name in after})
