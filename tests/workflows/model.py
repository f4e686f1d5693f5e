"""What must become of an enquiry, worked out with the pure task alone: no workflow, no record, no clock.

People and time do something to a case and to this model of it; after every step both must stand alike. The model knows
the clauses of asking (DEF-12, COR-06), the ladder (DEF-06, DEF-07) and the pure task; it never asks the product.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from policies.engine import answering, ladder, seats, tasks
from policies.engine.calendar import Deadline, WorkingCalendar
from policies.engine.pack import Pack
from policies.engine.pack_parts import LadderType
from policies.engine.questions import Question, Shape
from policies.engine.refusals import (
    AlreadyAnswered,
    CaseClosed,
    NotYourTask,
    Refusal,
    TaskClosed,
    TaskUnknown,
    UrgedTooSoon,
    WithdrawalTooLate,
)
from policies.engine.tasks import Answer, Rung, Seat, Status, Task
from tests.workflows.office import OPENS

AGAIN = "again"
HEAD, DEPUTY, LEADER = "R-02", "R-39", "R-10"
URGED_AT_MOST_EVERY = timedelta(hours=20)


@dataclass(frozen=True)
class Decided:
    """A decision as it must stand in the record."""

    request: str
    task: str
    person: str
    role: str
    step: int
    revision: int
    choice: str
    late: bool


@dataclass
class Model:
    """One enquiry that asks these tasks one after the other, or all at once.

    holders: who holds a role, by role; each role sits at one place only. `bars_withdrawal` as the lifecycle says.
    unsure: letters of which nobody can say whether they were written before they lost their object.
    """

    pack: Pack
    calendar: WorkingCalendar
    holders: Mapping[str, tuple[str, ...]]
    names: tuple[str, ...]
    subject: str
    together: bool = False
    bars_withdrawal: bool = False
    tasks: list[Task] = field(default_factory=list)
    deadlines: dict[str, Deadline] = field(default_factory=dict)
    decided: list[Decided] = field(default_factory=list)
    inbox: dict[str, str] = field(default_factory=dict)
    told: Counter[str] = field(default_factory=Counter)
    fired: list[tuple[str, str]] = field(default_factory=list)
    letters: Counter[tuple[str, ...]] = field(default_factory=Counter)
    unsure: set[tuple[str, ...]] = field(default_factory=set)
    outcome: str = ""
    now: datetime = OPENS

    # What people do. Each answer is "", AGAIN or the name of the refusal.

    def begin(self, now: datetime) -> None:
        """The case is started."""
        self.now = now
        self.told["stage"] += 1
        for name in self.names if self.together else self.names[:1]:
            self._open(name)

    def decide(self, request: str, task: str, *, person: str, choice: str, revision: int) -> str:
        """A person answers."""

        def take() -> None:
            asked = self.task(task)
            answering.ensure_answers(asked, self.shape(asked), person=person, choice=choice, revision=revision)
            self._take(asked, request, person, choice)

        return self._let(request, take)

    def hand_over(self, request: str, task: str, *, giver: str, taker: str, role: str) -> str:
        """A seat passes to another person."""

        def take() -> None:
            asked = self._open_task(task)
            if giver and giver not in {seat.person for seat in asked.seats}:
                raise NotYourTask
            done = {one.person for one in asked.answers if one.step != asked.step}
            if {giver, taker} & {one.person for one in asked.standing_answers()} or taker in done:
                raise AlreadyAnswered
            seats.handed_over(asked, giver=giver, taker=Seat(taker, role, "", "handed_over"))
            self.told["handed_over"] += 1
            self.letters["task", taker, asked.id, str(asked.revision)] += 1

        return self._let(request, take)

    def urge(self, request: str, task: str) -> str:
        """Somebody urges the people of a task."""

        def take() -> None:
            asked = self._open_task(task)
            if asked.urged_at and self.now - asked.urged_at < URGED_AT_MOST_EVERY:
                raise UrgedTooSoon
            asked.urged_at = self.now
            self.told["urged"] += 1
            for seat in asked.waiting():
                self.letters["urge", seat.person, asked.id, str(asked.revision)] += 1

        return self._let(request, take)

    def comment(self, request: str) -> str:
        """Somebody writes a line into the file."""
        return self._let(request, lambda: self.told.update(["commented"]))

    def withdraw(self, request: str) -> str:
        """The person takes the case back."""

        def take() -> None:
            if self.bars_withdrawal:
                raise WithdrawalTooLate
            self.told["withdrawn"] += 1
            for task in self.tasks:
                if task.live:
                    tasks.withdrawn(task)
                    self.told["task_withdrawn"] += 1
            self._close("withdrawn")

        return self._let(request, take)

    # What time does.

    def time_comes(self, now: datetime, *, unattended: bool = False) -> None:
        """Rungs fire at their instants; those that came while nobody worked fire together when work begins again."""
        while (at := self._next_rung()) and at <= now:
            self._fire(now if unattended else at)
        self.now = now

    def _next_rung(self) -> datetime | None:
        return min((rung.at for task in self.tasks if task.status is Status.OPEN for rung in task.rungs), default=None)

    def _fire(self, at: datetime) -> None:
        for task in self.tasks:
            ripe = tasks.due_rungs(task, at) if task.status is Status.OPEN else []
            if not ripe:
                continue
            self.fired.extend((task.id, rung.name) for rung in ripe)
            self.told["rung_fired"] += len(ripe)
            self._remind(task, ripe)
            if not task.rungs:
                weekly = ladder.weekly_after(self._ladder(task), self.deadlines[task.id], self.calendar, after=at)
                task.rungs = [Rung(weekly.name, weekly.at)] if weekly else []

    def _remind(self, task: Task, ripe: Iterable[Rung]) -> None:
        """Of rungs that fire together everybody who still has to answer gets one letter, the last."""
        to_them = {rung.name for rung in self._ladder(task).rungs if "assignee" in rung.to}
        last = [rung.name for rung in ripe if rung.name in to_them][-1:]
        for name in last:
            for person in self.awaited(task):
                self.letters["rung", person, task.id, str(task.revision), name] += 1

    # How a step is asked.

    def _open(self, name: str) -> None:
        task = tasks.opened(Question(f"{name}/1", name), task_id=f"t{len(self.tasks) + 1}")
        self.tasks.append(task)
        self._seat(task)

    def _seat(self, task: Task) -> None:
        shape = self.shape(task)
        step = shape.steps[task.step]
        seats = self._seats(step.role, {self.subject, *(one.person for one in task.answers if one.step != task.step)})
        deadline = self.calendar.deadline_after(self.now, self.pack.working_days(task.name, task.step))
        timed = ladder.instants(self._ladder(task), deadline, self.calendar, opened_at=self.now)
        rungs = [Rung(rung.name, rung.at) for rung in timed if not rung.skipped]
        tasks.seated(task, seats, due=deadline.due, rungs=rungs)
        self.deadlines[task.id] = deadline
        self.told["asked"] += 1
        self.told["rung_skipped"] += len(timed) - len(rungs)
        for seat in seats:
            self.letters["task", seat.person, task.id, str(task.revision)] += 1

    def _seats(self, role: str, barred: set[str]) -> list[Seat]:
        """The holders; where each of them is barred a deputy, then the leader, then nobody (COR-06)."""
        for asked, why in ((role, "holder"), (DEPUTY, "conflict"), (LEADER, "conflict")):
            if free := [Seat(one, asked, "", why) for one in self.holders.get(asked, ()) if one not in barred]:
                return free
        return []

    # What an answer makes.

    def _let(self, request: str, take: Callable[[], object]) -> str:
        if self.inbox.get(request) == "":
            return AGAIN
        self.inbox[request] = ""
        try:
            if self.outcome:
                raise CaseClosed
            take()
        except Refusal as refusal:
            self.inbox[request] = type(refusal).__name__
        return self.inbox[request]

    def _take(self, task: Task, request: str, person: str, choice: str) -> None:
        seat = next(seat for seat in task.seats if seat.person == person)
        late = bool(task.due and self.now > task.due)
        self.decided.append(Decided(request, task.id, person, seat.role, task.step, task.revision, choice, late))
        self.told["decided"] += 1
        effect = answering.answered(task, self.shape(task), Answer(request, person, task.step, choice, self.now))
        if effect.moved:
            self._seat(task)
        if effect.settled:
            self.told["settled"] += 1
            self._go_on()

    def _go_on(self) -> None:
        """What the lifecycle does once a question is settled: the next one, or the end by the last."""
        if any(task.live for task in self.tasks):
            return
        self.told["matched"] += not self.together
        if len(self.tasks) < len(self.names):
            self._open(self.names[len(self.tasks)])
            return
        self._close("matched" if self.tasks[-1].outcome == "agree" else "rejected")

    def _close(self, outcome: str) -> None:
        self.outcome = outcome
        self.told.update(["stage", "closed"])

    # What a proof looks at.

    def shape(self, task: Task) -> Shape:
        """The path-shaping part of the task's question."""
        return self.pack.shape(task.name)

    def awaited(self, task: Task) -> list[str]:
        """Who is asked and has not answered."""
        done = {one.person for one in task.standing_answers()}
        return [seat.person for seat in task.seats if seat.person not in done] if task.status is Status.OPEN else []

    def live(self) -> list[Task]:
        """The tasks that wait for somebody."""
        return [task for task in self.tasks if task.live]

    def _ladder(self, task: Task) -> LadderType:
        return self.pack.ladders[self.pack.tasks[task.name].ladder]

    def task(self, task_id: str) -> Task:
        """The task with this id, or `TaskUnknown`."""
        for task in self.tasks:
            if task.id == task_id:
                return task
        raise TaskUnknown

    def _open_task(self, task_id: str) -> Task:
        task = self.task(task_id)
        if task.status is not Status.OPEN:
            raise TaskClosed
        return task
