"""The engine of every case: handlers set state, the lifecycle goes on in straight lines, the wait commits.

A lifecycle subclasses `Case` and writes its clauses in `run`. It never sees a timer, a retry or a row: it asks
questions, enters stages, adds effects and lines, and waits. Whatever has gathered by the time it waits becomes one
transition, committed by one activity; so a decision and all that follows from it at once stand in the record
together or not at all.

The run method may start again at any wait (continue-as-new, rebuilding from the record) and then works its way to
where it stood. What it asks, hears and writes is known by a key: a settled question answers at once, a notice taken is
the same notice, an effect gives its former answer, and what `once` guards is not said again. A lifecycle therefore
keeps nothing of its own in the state; its attributes are worked out anew on the way.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from temporalio import workflow

from activities.engine.messages import CaseStart, CaseState, Effect, Fired, Line, Notice, Posted, Seated, Telling
from activities.engine.progress import changes, with_results
from policies.engine import answering, seats, tasks
from policies.engine.questions import Question
from policies.engine.tasks import Status, Task
from workflows.engine import seating, steps
from workflows.engine.draft import Draft
from workflows.engine.inbox import Inbox

# An approver's click days later replays the history: 35 ms + 0.5 ms an event, so a run stays short.
EVENTS_PER_RUN = 400
# A short case brings its whole state to each commit, which then need not read it; a long one only what has changed.
TASKS_CARRIED = 12


class Case(Inbox):
    """One running lifecycle."""

    def __init__(self, start: CaseStart) -> None:
        super().__init__(start, start.state.copied() if start.state else CaseState())
        self.recorded_stage = self.state.stage
        # What this run knows the record to have; its first commit brings everything.
        self._recorded: CaseState | None = None

    # What a lifecycle says.

    @property
    def facts(self) -> dict[str, str]:
        """The facts of the start: ids, codes and dates in ISO form."""
        return self.start.facts

    def enter(self, stage: str) -> None:
        """The case stands at another stage now."""
        self.state.stage = stage

    def once(self, key: str) -> bool:
        """Whether the case comes by here for the first time; what it then says enters the same commit as this."""
        mark = f"once:{key}"
        first = mark not in self.state.marks
        self.state.marks[mark] = "yes"
        return first

    def note(self, name: str, *, rule_ids: tuple[str, ...] = (), actor: str = "", **refs: str) -> None:
        """Write a line into the file."""
        self.draft.lines.append(Line(name, actor=actor, rule_ids=rule_ids, refs=refs))

    def tell(self, kind: str, *, person: str = "", role: str = "", place: str = "", **details: str) -> None:
        """Send a letter about something that has happened."""
        self.draft.tellings.append(Telling(kind, person, role, place, details))

    def inform(self, case_id: str, name: str, **refs: str) -> None:
        """Tell another case."""
        self.draft.notices.append(Posted(case_id, name, refs))

    def open(self, question: Question) -> Task:
        """Ask a question without waiting; the same key is the same task."""
        known = self.task_of(question.key)
        if known:
            return known
        self.state.asked += 1
        task = tasks.opened(question, task_id=f"t{self.state.asked}")
        self.state.tasks.append(task)
        return task

    async def ask(self, *questions: Question) -> tuple[Task, ...]:
        """Ask and wait until every question is settled or withdrawn."""
        asked = tuple(self.open(question) for question in questions)
        await self.until(lambda: not any(task.live for task in asked))
        return asked

    def told(self, key: str, *names: str, **refs: str) -> bool:
        """Whether `take` would find a notice."""
        return key in self.state.heard or any(_is(notice, names, refs) for notice in self.state.notices)

    def take(self, key: str, *names: str, **refs: str) -> Notice | None:
        """The oldest notice of one of these names with these refs; the same key is the same notice."""
        if key not in self.state.heard:
            found = next((notice for notice in self.state.notices if _is(notice, names, refs)), None)
            if found is None:
                return None
            self.state.notices.remove(found)
            self.state.heard[key] = found
        return self.state.heard[key]

    async def hear(self, key: str, *names: str) -> Notice:
        """Wait for a notice of one of these names."""
        while (notice := self.take(key, *names)) is None:
            await self.until(lambda: self.told(key, *names))
        return notice

    def forget(self, *names: str, **refs: str) -> None:
        """Drop notices that have lost their object."""
        self.state.notices = [notice for notice in self.state.notices if not _is(notice, names, refs)]

    def retime(self, task: Task, *, due_on: str = "") -> None:
        """The deadline of an open task is counted anew from now, or set to another local day (ISO): something has
        happened that it runs from.
        """
        if due_on:
            task.refs["due_on"] = due_on
        if task.status is Status.OPEN and task.id not in self.draft.retimed:
            self.draft.retimed.append(task.id)

    async def effect(self, key: str, name: str, **refs: str) -> str:
        """Write something of the lifecycle in a commit of its own kind and learn its short answer; once per key."""
        mark = f"effect:{key}"
        if mark not in self.state.marks:
            self.draft.effects.append(Effect(key, name, refs))
            await self._commit()
        return self.state.marks[mark]

    def write(self, name: str, **refs: str) -> None:
        """Write something of the lifecycle with the next commit; its answer is not needed."""
        self.draft.effects.append(Effect("", name, refs))

    async def start_opened(self) -> None:
        """Start every case that this one has opened in the record; many at a time."""
        await steps.start_opened(self.start.case_id)

    async def until(self, done: Callable[[], bool], *, latest: datetime | None = None) -> bool:
        """Wait for a fact, firing rungs and committing as needed; False when `latest` (UTC) came first."""
        while not done():
            if latest and workflow.now() >= latest:
                return False
            self._fire_due_rungs()
            self.changed = False
            await self._commit()
            self._conclude()
            if not self.changed and not done():
                self._roll_over_when_long()
                await self._wait_for_change(latest)
        return True

    async def close(self, outcome: str, *, lasting: bool = False) -> str:
        """End the case: nothing stays open, the last commit says how it ended.

        lasting: the result goes on to bind the person, so that no second case may be opened beside it.
        """
        for task in self.state.tasks:
            self.withdraw(task)
        self.enter(outcome)
        self.draft.outcome, self.draft.holds_key = outcome, lasting
        self.ended, self.lasting = True, lasting
        await self._commit()
        await workflow.wait_condition(workflow.all_handlers_finished)
        return outcome

    def reminds(self, task: Task) -> bool:
        """Whether an open task reminds and escalates now; a lifecycle that stands still says no."""
        return True

    # How it is done.

    async def _commit(self) -> None:
        asked = seating.asked_now(self.start, self.state.tasks, self.in_flight)
        if self.draft.empty and not asked and self.state.stage == self.recorded_stage:
            return
        draft, self.draft = self.draft, Draft()
        self.in_flight.update(one.task for one in asked)
        self.state.seq += 1
        self.recorded_stage = self.state.stage
        snapshot, recorded = self.state.copied(), self._recorded
        if len(self.state.tasks) <= TASKS_CARRIED:
            recorded = None
        transition = draft.transition(
            self.start.case_id,
            state=changes(snapshot, recorded) if recorded else snapshot,
            partial=recorded is not None,
            at=workflow.now(),
            asked=asked,
            looked_at=seating.looked_at(self.start, self.state.tasks, draft),
        )
        workflow.set_current_details(f"{self.state.stage} #{self.state.seq}")
        result = await steps.commit(transition)
        self._recorded = with_results(snapshot, result)
        for effect in draft.effects:
            if effect.key:
                self.state.marks[f"effect:{effect.key}"] = result.effects[effect.key]
        for task_id, seated in result.seated.items():
            self._seat(task_id, seated)
        for task_id, rungs in result.further.items():
            self.task(task_id).rungs.extend(rungs)
        for task_id, again in result.retimed.items():
            tasks.retimed(self.task(task_id), due=again.due, rungs=again.rungs)
        for task_id, others in result.reseated.items():
            seats.reseated(self.task(task_id), former=others.former, seats=others.seats)

    def _seat(self, task_id: str, seated: Seated) -> None:
        self.in_flight.discard(task_id)
        tasks.seated(self.task(task_id), seated.seats, due=seated.due, rungs=seated.rungs)

    def _conclude(self) -> None:
        """What all have answered is settled also when the one who was still awaited has gone (a role that ended)."""
        for task in self.state.tasks:
            shape = self.shape(task)
            if task.status is Status.OPEN and task.answers and not answering.called(task, shape):
                effect = answering.concluded(task, shape, [])
                self._follow(task, effect)
                self.changed = self.changed or effect.settled or effect.moved

    def _fire_due_rungs(self) -> None:
        now = workflow.now()
        self.draft.fired.extend(
            Fired(task.id, rung.name, rung.at)
            for task in self.state.tasks
            # Whose deadline is counted anew has nothing due by the former one.
            if task.status is Status.OPEN and self.reminds(task) and task.id not in self.draft.retimed
            for rung in tasks.due_rungs(task, now)
        )

    async def _wait_for_change(self, latest: datetime | None) -> None:
        reminding = [task for task in self.state.tasks if task.status is Status.OPEN and self.reminds(task)]
        rungs = [rung.at for task in reminding for rung in task.rungs]
        instants = [*rungs, latest] if latest else rungs
        wake = min(instants, default=None)
        # A rung that came due during the commit is fired by the next turn of the loop, not by a timer.
        if wake and wake <= workflow.now():
            return
        with suppress(asyncio.TimeoutError):
            await workflow.wait_condition(
                lambda: self.changed,
                timeout=wake - workflow.now() if wake else None,
            )

    def _roll_over_when_long(self) -> None:
        info = workflow.info()
        long = info.get_current_history_length() >= EVENTS_PER_RUN or info.is_continue_as_new_suggested()
        if long and not self.changed and workflow.all_handlers_finished():
            workflow.continue_as_new(
                CaseStart(self.start.case_id, self.start.pack, self.start.shapes, self.start.facts, self.state)
            )


def _is(notice: Notice, names: tuple[str, ...], refs: dict[str, str]) -> bool:
    return notice.name in names and refs.items() <= notice.refs.items()
