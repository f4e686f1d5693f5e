"""What may happen to a term of service, drawn by chance from a seed: facts, answers, silence, lost workers."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from math import ceil
from random import Random
from typing import Any

from sqlalchemy import select
from temporalio.api.enums.v1 import EventType

from activities.engine.delivery import start_of
from db.engine.cases import CaseFile, FindingRow
from db.engine.packs import PackShelf
from db.engine.tasks import DecisionRow, SeatRow, TaskRow
from db.service import Absence, Leave
from db.standstills import Standstill
from policies.engine.calendar import CHINA
from policies.engine.refusals import Refusal
from services.absences import AbsenceDesk, AbsenceFacts
from services.accumulated import AccumulatedDesk, ActivityFacts
from services.leaves import KINDS, LeaveDesk, LeaveWish
from services.standstills import StandstillDesk, StillWish
from tests.workflows.chance_forms import SOON, form_of, today_of
from tests.workflows.evaluations import REASON
from tests.workflows.office import BOUND, QUEUE, Office
from tests.workflows.term_changes import end_proposed, transfer_proposed, viewer_of

Form = Mapping[str, Any]
ENDS = ("archived", "credit_void", "ended_early", "transferred")
# What a question is answered with when the term has to come to its end.
FINISHING = {
    "certify_term": "certify",
    "grade_appeal": "uphold_grade",
    "grade_notice": "accept_grade",
    "decide_grade": "grade_qualified",
    "issue_certificate": "issue_certificate",
    "sign_plan": "sign_plan",
    "settle_start": "start_anyway",
    "move_start": "move_start",
    "review_standstill": "resume_term",
}
NEVER_BY_CHANCE = ("grade_excellent",)


@dataclass
class TermLife:
    """One term and the chance that drives it; `said` tells what was drawn, for who reads a failure."""

    office: Office
    term: str
    chance: Random
    said: list[str] = field(default_factory=list)
    drawn: Counter[str] = field(default_factory=Counter)
    checked: int = 0

    async def go_on(self, steps: int) -> None:
        """So many things happen, one after the other."""
        for _ in range(steps):
            names, weights = zip(*self._happenings().items(), strict=True)
            (name,) = self.chance.choices(names, weights)
            self.drawn[name] += 1
            await getattr(self, f"_{name}")()
            await self._quiet()
            await self._clocks_are_right()
            if (await self.office.case(self.term)).state == "closed":
                return

    async def follow(self) -> bool:
        """Whether the service goes on in another segment, which is looked at from now on (EXC-08)."""
        following = f"{self.term[:-1]}{int(self.term[-1]) + 1}"
        if not await self.office.rows(select(CaseFile.id).where(CaseFile.id == following)):
            return False
        self.term, self.checked = following, 0
        self.said.append(f"goes on as {following}")
        return True

    async def come_to_an_end(self) -> str:
        """Everybody answers what they are asked until the case is closed."""
        for _ in range(60):
            if (case := await self.office.case(self.term)).state == "closed":
                return str(case.outcome)
            for task in await self._open():
                await self._answered(task, FINISHING.get(task.name, self._positive(task)))
                await self._quiet()
                await self._clocks_are_right()
            await self.office.days_pass(25)
            await self._clocks_are_right()
        raise AssertionError("\n".join(["the term never ends", *self.said]))

    def _happenings(self) -> Mapping[str, float]:
        happenings = {"answer": 10, "days": 7, "absence": 3, "leave": 2, "activity": 2, "restart": 2}
        return happenings | {"suspension": 1, "end": 0.5, "transfer": 0.5}

    # What happens.

    async def _answer(self) -> None:
        tasks = await self._open()
        if not tasks:
            return
        task = self.chance.choice(tasks)
        choices = [each for each in task.choices if each not in NEVER_BY_CHANCE]
        choice = self.chance.choice(choices)
        if choice == "split_absence" and await self._is_short(task):
            choice = "confirm_absence"
        await self._answered(task, choice)

    async def _is_short(self, task: TaskRow) -> bool:
        """One day cannot be split."""
        days = select(Absence.days).where(Absence.id == task.refs["absence"])
        return bool((await self.office.rows(days))[0] <= 1)

    async def _days(self) -> None:
        await self.office.days_pass(self.chance.choice((1, 3, 10, 30, 45)))

    async def _absence(self) -> None:
        first, days = self._a_day(), self.chance.choice((1, 1, 1, 3))
        worked = self.chance.choice((Decimal("0.5"), Decimal(1))) if days == 1 else Decimal(days)
        facts = AbsenceFacts(first, first + timedelta(days=days - 1), worked, REASON)
        desk = AbsenceDesk(self.office.record, self.office.delivery, clock=self.office.clock)
        await self._told(
            desk.record(self.term, facts, by="p-t1-hr", request=self._request(), channel="page"), "absence"
        )

    async def _leave(self) -> None:
        first, days = self._a_day() + timedelta(days=5), self.chance.choice((1, 5, 40))
        wish = LeaveWish(self.chance.choice(KINDS), first, first + timedelta(days=days - 1), REASON)
        desk = LeaveDesk(self.office.record, self.office.delivery, clock=self.office.clock)
        await self._told(desk.ask(self.term, wish, by="p-doctor", request=self._request()), "leave")

    async def _activity(self) -> None:
        form = self.chance.choice(("义诊", "other"))
        other = "村医培训" if form == "other" else ""
        facts = ActivityFacts(form, self._a_day(), "morning", "后坞村", "村卫生室", REASON, other)
        desk = AccumulatedDesk(
            self.office.record, self.office.delivery, clock=self.office.clock, shelf=PackShelf(self.office.record)
        )
        recorded = desk.record(self.term, facts, by="p-doctor", request=self._request(), channel="page")
        await self._told(recorded, "activity")

    async def _suspension(self) -> None:
        first, days = (
            today_of(self.office) + timedelta(days=self.chance.choice((0, 2))),
            self.chance.choice((3, 20, None)),
        )
        last = first + timedelta(days=days - 1) if days else None
        wish = StillWish("suspension", "term", first, last, "县卫健〔2040〕7号", REASON)
        desk = StandstillDesk(self.office.record, self.office.delivery, clock=self.office.clock)
        viewer = await viewer_of(self.office, "p-coordinator")
        await self._told(desk.record(self.term, wish, viewer=viewer, request=self._request()), "suspension")

    async def _end(self) -> None:
        await self._told(
            end_proposed(self.office, self.term, "p-h1-hr", "recall", days=self.chance.choice(SOON)), "end"
        )

    async def _transfer(self) -> None:
        await self._told(transfer_proposed(self.office, self.term, days=self.chance.choice(SOON)), "transfer")

    async def _restart(self) -> None:
        """Temporal loses the case, and the caretaker starts it from the record."""
        await self.office.workflow(self.term).terminate()
        start = start_of(await self.office.case(self.term))
        await self.office.env.client.start_workflow("ServiceTerm", start, id=self.term, task_queue=QUEUE)

    # How it is done.

    def _a_day(self) -> date:
        today = today_of(self.office)
        return today - timedelta(days=self.chance.randint(0, 20))

    def _request(self) -> str:
        return f"{next(self.office.requests):032}"

    async def _told(self, recorded: Any, what: str) -> None:
        await self.office.tell_time()
        try:
            await recorded
            self.said.append(what)
        except Refusal as refusal:
            self.said.append(f"{what} {type(refusal).__name__}")

    async def _open(self) -> list[TaskRow]:
        query = select(TaskRow).where(TaskRow.case_id == self.term, TaskRow.status == "open").order_by(TaskRow.id)
        return list(await self.office.rows(query))

    async def _answered(self, task: TaskRow, choice: str) -> None:
        seats = select(SeatRow.person).where(SeatRow.task_id == task.id, SeatRow.open).order_by(SeatRow.person)
        people = await self.office.rows(seats)
        if not people:
            return
        form = await form_of(self.office, self.chance, task, choice)
        self.said.append(f"{task.key} {choice}")
        await self.office.answer(task.id, self.chance.choice(list(people)), choice, REASON, form=form, case=self.term)
        self.drawn[choice] += 1

    def _positive(self, task: TaskRow) -> str:
        return next(each for each in task.choices if each not in NEVER_BY_CHANCE)

    async def _quiet(self) -> None:
        """Until the case has committed all that came and waits, or has ended."""
        while (await self.office.case(self.term)).state != "closed":
            pending = [row for row in await self.office.inbox() if row.state == "pending"]
            if not pending:
                await self._rests()
                return

    async def _rests(self) -> None:
        """Nothing runs in the case any more: its timer is armed, or it has ended."""
        handle = self.office.workflow(self.term)
        async with asyncio.timeout(BOUND):
            while True:
                last = (await handle.fetch_history()).events[-1].event_type
                if last in (EventType.EVENT_TYPE_TIMER_STARTED, EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED):
                    return
                await asyncio.sleep(0.01)

    async def _clocks_are_right(self) -> None:
        """Each finding of the clocks says what a plain count over the rows gives."""
        query = select(FindingRow).where(FindingRow.case_id == self.term, FindingRow.rule == "DQ-3.2.1b")
        rows = await self.office.rows(query.order_by(FindingRow.id))
        for row in rows[self.checked :]:
            found = row.finding["inputs"]["facts"]
            counted = await self._counted(date.fromisoformat(found["site_last_day"]))
            named = (found["site_first_day"], found["site_paused_days"], found["site_interrupted"])
            assert named == counted, "\n".join([str(named), str(counted), *self.said])
        self.checked = len(rows)

    async def _counted(self, last_day: date) -> tuple[str, int, bool]:
        """First day at the site, days that do not count, whether one is unanswered: day by day."""
        started = await self.office.rows(select(CaseFile.facts).where(CaseFile.id == self.term))
        began = await self._first_day(date.fromisoformat(started[0]["planned_start"]))
        mine = select(Leave).where(Leave.case_id == self.term, Leave.state == "approved", Leave.first_day <= last_day)
        leaves = await self.office.rows(mine)
        ends = {leave.id: leave.last_day for leave in leaves}
        for leave in leaves:
            if leave.returned_on:
                ends[leave.id] = min(leave.last_day, leave.returned_on - timedelta(days=1))
        for leave in leaves:
            if leave.weighs == "restarts":
                began = max(began, ends[leave.id] + timedelta(days=1))
        spans = [(leave.first_day, ends[leave.id]) for leave in leaves if leave.weighs == "pauses"]
        stood = select(Standstill).where(Standstill.case_id == self.term, Standstill.state != "recorded")
        spans += [(one.first_day, one.last_day or last_day) for one in await self.office.rows(stood)]
        idle = set()
        for first, last in spans:
            day = max(first, began)
            while day <= min(last, last_day):
                idle.add(day)
                day += timedelta(days=1)
        missed = select(Absence).where(Absence.case_id == self.term, Absence.state == "confirmed")
        absences = [one for one in await self.office.rows(missed) if one.first_day >= began]
        away = len(idle) + sum(ceil(one.days) for one in absences if one.first_day not in idle)
        return began.isoformat(), away, any(leave.weighs == "" for leave in leaves)

    async def _first_day(self, planned: date) -> date:
        """As planned, as the group has moved it, or the day on which it let the service start."""
        settled = select(DecisionRow).where(
            DecisionRow.case_id == self.term, DecisionRow.choice.in_(("move_start", "start_anyway"))
        )
        for one in await self.office.rows(settled.order_by(DecisionRow.decided_at)):
            moved = one.form.get("starts_on")
            planned = date.fromisoformat(moved) if moved else one.decided_at.astimezone(CHINA).date()
        return planned
