"""What may happen to an enquiry, drawn by chance from a seed: done to the real case and to its model, step by step."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import count, permutations
from random import Random
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from temporalio.api.enums.v1 import EventType

from activities.engine.delivery import message_of
from activities.engine.messages import Decide, Recorded
from db.engine.tasks import InboxRow
from policies.engine.refusals import Refusal
from policies.engine.tasks import SEND_BACK, Task
from services.engine.decisions import Answer, NotCounted
from tests.workflows.model import AGAIN, Model
from tests.workflows.office import BOUND, Office
from tests.workflows.sight import agree

WORKFLOW_TASK = (
    EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED,
    EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED,
    EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED,
)
CHOICES = ("agree", "agree", "agree", "reject", SEND_BACK)
MONITOR, STRANGER = "p-monitor", "p-h2-head"


@dataclass(frozen=True)
class Click:
    """One answer on its way: what the page would send."""

    task: str
    person: str
    choice: str
    revision: int


@dataclass(frozen=True)
class Deed:
    """Anything that a person does to the case by a row of the inbox."""

    request: str
    verb: str
    person: str
    task: str = ""
    refs: tuple[tuple[str, str], ...] = ()
    click: Click | None = None

    @property
    def message(self) -> dict[str, Any]:
        """As the desks keep it."""
        given = {"choice": self.click.choice, "revision": self.click.revision} if self.click else {}
        return {"task": self.task, "refs": dict(self.refs), **given}

    def in_model(self, model: Model) -> str:
        """What the model makes of it."""
        refs = dict(self.refs)
        match self.verb:
            case "hand_over":
                handed = {"giver": refs["from"], "taker": refs["to"], "role": refs["role"]}
                return model.hand_over(self.request, self.task, **handed)
            case "urge":
                return model.urge(self.request, self.task)
            case "comment":
                return model.comment(self.request)
            case "withdraw":
                return model.withdraw(self.request)
        assert self.click
        return model.decide(self.request, **vars(self.click))


@dataclass
class Life:
    """A case, its model, and chance. `people` are those who may take a seat over, by the task's name."""

    office: Office
    model: Model
    case: str
    people: Mapping[str, tuple[str, ...]]
    chance: Random
    said: list[str] = field(default_factory=list)
    drawn: Counter[str] = field(default_factory=Counter)
    clicks: dict[str, Click] = field(default_factory=dict)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    async def go_on(self, steps: int) -> None:
        """So many steps, the last few of them after the end if it comes earlier; the model is asked after each."""
        after_the_end = 0
        for _ in range(steps):
            step = self._draw()
            await self._tell_time()
            await step()
            await agree(self.office, self.model, self.case, self.said)
            after_the_end += bool(self.model.outcome)
            if after_the_end > 2:
                return

    def _draw(self) -> Callable[[], Awaitable[None]]:
        steps: dict[Callable[[], Awaitable[None]], int] = {
            self.answer: 10,
            self.wrong_answer: 6,
            self.repeated_answer: 3,
            self.all_at_once: 4,
            self.hand_over: 4,
            self.urge: 3,
            self.comment: 1,
            self.withdraw: 1,
            self.days_pass: 5,
            self.worker_goes_and_comes: 3,
            self.days_without_a_worker: 2,
            self.case_is_lost: 2,
        }
        (step,) = self.chance.choices(list(steps), list(steps.values()))
        return step

    # People.

    async def answer(self) -> None:
        """Somebody who is asked answers, at the desk or by a row that is delivered later."""
        if (click := self._asked_click()) is None:
            return
        by_desk = self.chance.random() < 0.5
        request = self._request()
        self._say("answer", request, click, "desk" if by_desk else "row")
        if by_desk:
            await self._at_the_desk(request, click)
        else:
            await self._by_row(request, click)

    async def _at_the_desk(self, request: str, click: Click) -> None:
        expected = self._in_model(request, click)
        receipt = await self.office.decisions.answer(self._given(request, click))
        assert (expected, receipt.state, receipt.again) == ("", "recorded", False)

    async def _by_row(self, request: str, click: Click) -> None:
        row = await self._kept(Deed(request, "decide", click.person, click.task, click=click))
        expected = self._in_model(request, click)
        assert (await self.office.delivery.deliver(row)).refusal == expected

    async def wrong_answer(self) -> None:
        """A late, stale, foreign, unknown or second answer: by row, or at the desk, which refuses what it sees."""
        task = self.chance.choice(self.model.tasks)
        people = [*self.people[task.name], STRANGER]
        click = Click(
            task.id,
            self.chance.choice(people),
            self.chance.choice((*CHOICES, "approve")),
            task.revision + self.chance.choice((0, 0, 0, -1, 1)),
        )
        request = self._request()
        if not self._refuses(request, click):
            return
        at_the_desk = self.chance.random() < 0.4
        self._say("wrong answer", request, click, "desk" if at_the_desk else "row")
        if not at_the_desk:
            await self._by_row(request, click)
            self.drawn[self.model.inbox[request]] += 1
            return
        with pytest.raises(Refusal) as refused:
            await self.office.decisions.answer(self._given(request, click))
        if isinstance(refused.value, NotCounted):
            assert self._in_model(request, click) == refused.value.facts["refusal"]

    async def repeated_answer(self) -> None:
        """The same request with another choice: at the desk, and at the case under another update's id."""
        counted = [one.request for one in self.model.decided if one.request in self.clicks]
        if not counted:
            return
        request = self.chance.choice(counted)
        click = self.clicks[request]
        changed = Click(click.task, click.person, "reject" if click.choice == "agree" else "agree", click.revision)
        self._say("again", request, changed)
        receipt = await self.office.decisions.answer(self._given(request, changed))
        assert (receipt.state, receipt.again, receipt.choice) == ("recorded", True, click.choice)
        if self.model.outcome:
            return
        update = Decide(request, click.task, click.person, changed.choice, click.revision, self.office.clock.now())
        handle = self.office.workflow(self.case)
        recorded = await handle.execute_update("decide", update, id=self._request(), result_type=Recorded)
        assert recorded.again
        assert self._in_model(request, changed) == AGAIN

    async def all_at_once(self) -> None:
        """Answers and hand overs in the same moment, at times while another worker comes: some order explains them."""
        live = self.model.live()
        if not live:
            return
        task = self.chance.choice(live)
        deeds = [self._click_of(task), self._click_of(task, ahead=1), self._handing(task), self._handing(task)]
        deeds = self.chance.sample(deeds, 3)
        restart = self.chance.random() < 0.5
        self._say("at once", "restart" if restart else "", *deeds)
        self.drawn["restart"] += restart
        rows = [await self._kept(deed) for deed in deeds]
        if restart:
            await self.office.shift.end()
        on_their_way = [asyncio.create_task(self._delivered(row)) for row in rows]
        if restart:
            await self.office.shift.begin()
        await asyncio.gather(*on_their_way)
        state = await self.office.snapshot(self.case)
        became = {deed: (await self._row(deed.request)).refusal for deed in deeds}
        self._explain(became, state.applied)

    def _explain(self, became: Mapping[Deed, str], applied: Sequence[str]) -> None:
        """Find the order in which the model makes of the deeds what the case has made of them."""
        taken = [request for request in applied if request in {deed.request for deed in became}]
        for order in permutations(became):
            model = deepcopy(self.model)
            found = {deed: self._found(deed, model, became[deed]) for deed in order}
            counted = [deed.request for deed in order if not found[deed]]
            if counted == taken and all(_alike(found[deed], became[deed]) for deed in order):
                model.inbox |= {deed.request: refusal for deed, refusal in became.items()}
                model.unsure |= _passing(model, order)
                self.model = model
                self.clicks |= {deed.request: deed.click for deed in order if deed.click and not found[deed]}
                return
        raise AssertionError(f"no order explains {became}, taken {taken}\n" + "\n".join(self.said))

    def _found(self, deed: Deed, model: Model, became: str) -> str:
        """What the model makes of a deed; between two steps nobody is seated yet, so that no seat can pass on."""
        moved = bool(deed.task) and model.task(deed.task).revision > self.model.task(deed.task).revision
        if moved and deed.verb == "hand_over" and became == "TaskClosed":
            return became
        return deed.in_model(model)

    def _click_of(self, task: Task, *, ahead: int = 0) -> Deed:
        """An answer of somebody who is asked, or of anybody to the step after this one."""
        people = (not ahead and self.model.awaited(task)) or self.people[task.name]
        click = Click(task.id, self.chance.choice(people), self._choice(task), task.revision + ahead)
        return Deed(self._request(), "decide", click.person, task.id, click=click)

    def _handing(self, task: Task) -> Deed:
        """A seat passes on: rightly, or to or from somebody who may not."""
        awaited = self.model.awaited(task)
        people = self.people[task.name]
        giver = self.chance.choice(awaited if awaited and self.chance.random() < 0.6 else people)
        taker = self.chance.choice([one for one in people if one != giver])
        role = self.model.shape(task).steps[task.step].role
        refs = {"from": giver, "to": taker, "role": role, "institution": "", "why": "handed_over"}
        return Deed(self._request(), "hand_over", giver, task.id, tuple(refs.items()))

    async def hand_over(self) -> None:
        await self._do(self._handing(self.chance.choice(self.model.tasks)))

    async def urge(self) -> None:
        await self._do(Deed(self._request(), "urge", MONITOR, self.chance.choice(self.model.tasks).id))

    async def comment(self) -> None:
        await self._do(Deed(self._request(), "comment", MONITOR))

    async def withdraw(self) -> None:
        await self._do(Deed(self._request(), "withdraw", self.model.subject))

    async def _do(self, deed: Deed) -> None:
        """By row; half of what counts comes to the case twice."""
        self._say(deed.verb, deed)
        row = await self._kept(deed)
        expected = deed.in_model(self.model)
        assert (await self.office.delivery.deliver(row)).refusal == expected, (deed, expected)
        self.drawn[f"{deed.verb} {expected}"] += 1
        if not expected and not self.model.outcome and self.chance.random() < 0.5:
            handle = self.office.workflow(self.case)
            again = await handle.execute_update("act", message_of(row), id=self._request(), result_type=Recorded)
            assert again.again

    # Time and parts.

    async def days_pass(self) -> None:
        days = self.chance.randint(1, 9)
        self._say("days", days)
        await self.office.days_pass(days)
        self.model.time_comes(self.office.clock.now())

    async def worker_goes_and_comes(self) -> None:
        self._say("another worker")
        await self.office.shift.end()
        await self.office.shift.begin()

    async def days_without_a_worker(self) -> None:
        """The server's clock stands still at the first rung that nobody fires, until another worker comes."""
        days = self.chance.randint(1, 9)
        self._say("days, another worker", days)
        await self.office.shift.end()
        passing = asyncio.create_task(self.office.days_pass(days))
        await self.office.shift.begin()
        await passing
        self.model.time_comes(self.office.clock.now())

    async def case_is_lost(self) -> None:
        """Temporal loses the case, at times for days; it goes on from what its last commit left."""
        if self.model.outcome:
            return
        days = self.chance.choice((0, 0, 3, 12))
        self._say("lost", days)
        await self._idle()
        await self.office.workflow(self.case).terminate()
        if days:
            await self.office.days_pass(days)
        assert await self.office.delivery.rebuild(self.case)
        self.model.time_comes(self.office.clock.now(), unattended=True)

    def came_about(self) -> Counter[str]:
        """What was drawn, and what came of it: kinds that were asked, choices, outcomes, lateness."""
        found = Counter(str(self.model.shape(task).kind.value) for task in self.model.tasks)
        found.update(task.outcome for task in self.model.tasks)
        found.update(one.choice for one in self.model.decided)
        found["late"] = sum(one.late for one in self.model.decided)
        return self.drawn + found

    # How it is done.

    def _asked_click(self) -> Click | None:
        waiting = [task for task in self.model.live() if self.model.awaited(task)]
        if not waiting:
            return None
        task = self.chance.choice(waiting)
        return Click(task.id, self.chance.choice(self.model.awaited(task)), self._choice(task), task.revision)

    def _choice(self, task: Task) -> str:
        return self.chance.choice(CHOICES if task.step else CHOICES[:4])

    def _refuses(self, request: str, click: Click) -> bool:
        return bool(deepcopy(self.model).decide(request, **vars(click)))

    def _in_model(self, request: str, click: Click) -> str:
        became = self.model.decide(request, **vars(click))
        if became == "":
            self.clicks[request] = click
        return became

    def _given(self, request: str, click: Click) -> Answer:
        task = f"{self.case}.{click.task}"
        return Answer(request, task, click.person, click.revision, click.choice, "理由", signed_in=True)

    async def _kept(self, deed: Deed) -> InboxRow:
        row = {
            "request": deed.request,
            "case_id": self.case,
            "verb": deed.verb,
            "task_id": f"{self.case}.{deed.task}" if deed.task else None,
            "person": deed.person,
            "message": deed.message,
            "form": {},
            "words": "理由",
            "channel": "page",
            "received_at": self.office.clock.now(),
        }
        async with self.office.record.begin() as session:
            await session.execute(insert(InboxRow).values(row))
        return await self._row(deed.request)

    async def _idle(self) -> None:
        """Nothing is under way that would hold the server's clock once its case is gone."""
        async with asyncio.timeout(BOUND):
            while True:
                history = await self.office.workflow(self.case).fetch_history()
                if _at_rest([event.event_type for event in history.events]):
                    return
                await asyncio.sleep(0.02)

    async def _delivered(self, row: InboxRow) -> None:
        """As the caretaker does: until the case has taken or refused it."""
        while (await self.office.delivery.deliver(row)).state == "pending":
            pass

    async def _row(self, request: str) -> InboxRow:
        (row,) = await self.office.rows(select(InboxRow).where(InboxRow.request == request))
        kept: InboxRow = row
        return kept

    async def _tell_time(self) -> None:
        await self.office.tell_time()
        self.model.now = self.office.clock.now()

    def _request(self) -> str:
        return f"q{next(self._numbers)}"

    def _say(self, what: str, *more: object) -> None:
        self.drawn[what] += 1
        self.said.append(" ".join([what, *(str(one) for one in more)]))


def _alike(expected: str, became: str) -> bool:
    """A case that ends with the task refuses either way, as the end is already known to it or not yet."""
    return became == expected or (became, expected) == ("TaskClosed", "CaseClosed")


def _at_rest(kinds: Sequence[EventType.ValueType]) -> bool:
    """Every activity has come to its end, and so has the last workflow task."""
    activities = kinds.count(EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED)
    closed = kinds.count(EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED)
    last = [kind for kind in kinds if kind in WORKFLOW_TASK][-1]
    return activities == closed and last == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED


def _passing(model: Model, deeds: Sequence[Deed]) -> set[tuple[str, ...]]:
    """Letters to those whose seat has passed on again, or whose task has ended, perhaps before anything was written;
    and to those who were given two seats, perhaps in one transition.
    """
    given = [(dict(deed.refs)["to"], deed.task) for deed in deeds if deed.verb == "hand_over"]
    unsure = {one for one in given if given.count(one) > 1 or one[0] not in model.awaited(model.task(one[1]))}
    return {key for key in model.letters if key[0] == "task" and (key[1], key[2]) in unsure}
