"""The year itself: from one instant for which anybody waits to the next, until every case has ended.

What people know they know from their letters and from the pages behind the links; the record is read to see how the
cases stand, and to find which question a letter speaks of.
"""

import asyncio
import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from db.engine.cases import CaseFile
from db.engine.people import Person
from db.engine.post import LetterRow
from db.engine.tasks import SeatRow, TaskRow
from policies.engine.calendar import WorkingCalendar
from rehearsal.browser import Form, Page
from rehearsal.cast import Asked, answers_at
from rehearsal.happenings import Happening, after_bounce
from rehearsal.play import Moment, Play
from rehearsal.postbox import Caught
from rehearsal.replies import Reply
from rehearsal.stage import Stage
from rehearsal.visitors import TAKEN, NotTaken, Visitors

# Nobody means to do anything, and nobody has for so long: whoever is waited for will not come.
GIVES_UP_AFTER = timedelta(days=200)
SIGN_IN = "/s/"
A_WEEK = timedelta(days=7)
# How many people act in the same moment.
AT_ONCE = 4
Tell = Callable[[datetime, int, int], None]


class TimeStands(Exception):
    """What should have happened at an instant that has passed has not, and nobody else does anything now."""


@dataclass(order=True)
class Plan:
    """Somebody will do something at an instant."""

    at: datetime
    key: str
    asked: Asked | None = field(compare=False, default=None)
    happening: Happening | None = field(compare=False, default=None)


@dataclass
class Script:
    """Runs a programme's play on a stage. `tell` hears the instant, open and closed cases, once a simulated month."""

    stage: Stage
    programme: Play
    tell: Tell
    visitors: Visitors = field(init=False)
    links: dict[tuple[str, str, int], str] = field(default_factory=dict)
    sign_ins: dict[str, str] = field(default_factory=dict)
    plans: list[Plan] = field(default_factory=list)
    answered: int = 0
    _seen: set[str] = field(default_factory=set)
    _told: str = ""
    _swept: datetime | None = None

    async def play(self) -> None:
        """Until every case has ended, or nobody will come any more."""
        last_answer = self.stage.clock.now()
        await self.stage.rest()
        while True:
            await self._deliver()
            if not await self._look_round():
                await self.stage.keep_house()
                return
            instant = await self._next()
            if instant is None or (not self.plans and instant - last_answer > GIVES_UP_AFTER):
                return
            if instant <= self.stage.clock.now() and not self._due():
                raise TimeStands(f"{instant:%Y-%m-%d %H:%M:%S}")
            await self.stage.skip_to(instant)
            while self._due():
                if await self._act_together():
                    last_answer = instant
                await self.stage.rest()

    async def _act_together(self) -> bool:
        """The next plan, and with it those that have nothing to do with it: what may race is done one by one.

        Whether a question was answered.
        """
        plans = [heapq.heappop(self.plans)]
        while self._due() and len(plans) < AT_ONCE and _all_apart(self.programme, (*plans, self.plans[0])):
            plans.append(heapq.heappop(self.plans))
        return any(await asyncio.gather(*(self._act(plan) for plan in plans)))

    def _due(self) -> bool:
        """Whether somebody acts now."""
        return bool(self.plans) and self.plans[0].at <= self.stage.clock.now()

    async def _next(self) -> datetime | None:
        """The next instant for which anybody waits."""
        planned = self.plans[0].at if self.plans else None
        waited = [planned, self.stage.waits.next(), await self.stage.next_letter_at()]
        return min((at for at in waited if at), default=None)

    # What comes by mail.

    async def _deliver(self) -> None:
        """The courier goes, and people read; once a week the caretaker makes a round."""
        await self.stage.send_letters()
        now = self._now()
        if self._swept is None or now - self._swept >= A_WEEK:
            self._swept = now
            await self.stage.keep_house()
        for caught in self.stage.postbox.fresh():
            await self._read(caught)

    async def _read(self, caught: Caught) -> None:
        if caught.link.startswith(SIGN_IN):
            self.sign_ins[caught.to] = caught.link
        elif caught.link:
            await self._plan(caught)

    async def _plan(self, caught: Caught) -> None:
        """Decide when to answer, by the first letter about a question; the newest letter's link is the one opened."""
        asked = await self._asked_by(caught)
        if asked is None:
            return
        seat = asked.task, asked.person, asked.revision
        if seat not in self.links:
            at = await self._answers_at(asked)
            heapq.heappush(self.plans, Plan(at, f"{asked.task}/{asked.person}", asked=asked))
        self.links[seat] = caught.link

    async def _answers_at(self, asked: Asked) -> datetime:
        play, calendar = self.programme, await self._calendar()
        late = play.days_late(asked)
        return answers_at(play.cast, asked, self._now(), calendar, habits=play.habits, late=late)

    async def _asked_by(self, caught: Caught) -> Asked | None:
        """What the letter asks; None when that has been answered meanwhile."""
        query = (
            select(TaskRow, SeatRow, CaseFile.subject)
            .join(LetterRow, LetterRow.task_id == TaskRow.id)
            .join(SeatRow, (SeatRow.task_id == TaskRow.id) & (SeatRow.person == LetterRow.person))
            .join(CaseFile, CaseFile.id == TaskRow.case_id)
            .where(LetterRow.id == caught.letter, SeatRow.open, TaskRow.status == "open")
        )
        async with self.stage.record() as session:
            found = (await session.execute(query)).first()
        if found is None:
            return None
        task, seat, subject = found
        return Asked(
            task.id,
            task.name,
            task.key,
            task.case_id,
            seat.person,
            seat.role,
            seat.institution or "",
            subject or "",
            task.refs,
            seat.revision,
            task.due_at,
            task.grave,
            (await self._calendar()).local_day(self._now()),
        )

    # What people do.

    async def _act(self, plan: Plan) -> bool:
        """Whether a question was answered."""
        if plan.happening:
            await plan.happening.deed()
            return True
        return plan.asked is not None and await self._answer(plan.asked)

    async def _answer(self, asked: Asked) -> bool:
        """Open the link, fill in what stands there, press a button; what is closed by then is left alone."""
        page = await self.visitors.open(self.links[asked.task, asked.person, asked.revision], what=asked.name)
        person = ""
        if page.form is None and f"/tasks/{asked.task}" in page.text and "/sign-in?next=" in page.text:
            person = asked.person
            page = await self.visitors.open_signed_in(f"/tasks/{asked.task}", person, what=asked.name)
        if page.form is None:
            return False
        today = (await self._calendar()).local_day(self._now())
        reply = self.programme.reply_to(replace(asked, today=today), page.form)
        answer = await self._sent(page.form, reply, person, asked)
        if reply.otherwise:
            if answer.form is None:
                raise NotTaken(f"{asked.name}: taken, though it should have been refused")
            answer = await self._sent(answer.form, reply.otherwise, person, asked)
        self.answered += 1
        return answer.status == TAKEN

    async def _sent(self, form: Form, reply: Reply, person: str, asked: Asked) -> Page:
        changes = {**reply.fields, "choice": reply.choice, "words": reply.words}
        may_be = reply.otherwise is not None
        files = form.files if reply.scan else ()
        return await self.visitors.send(form, changes, person, what=asked.name, refusable=may_be, files=files)

    async def sign_in_link(self, person: str) -> str:
        """The link of the sign-in letter that was asked for a moment ago."""
        async with self.stage.record() as session:
            address = (await session.get_one(Person, person)).email
        self.sign_ins.pop(address, None)
        await self._deliver()
        return self.sign_ins[address]

    # What is seen.

    async def _look_round(self) -> int:
        """Terms that have begun, letters that came back, once a month a word of how it goes; how many are open."""
        cases = select(CaseFile.state, CaseFile.stage, func.count()).group_by(CaseFile.state, CaseFile.stage)
        refused = select(func.count()).where(LetterRow.state == "refused")
        async with self.stage.record() as session:
            counted = (await session.execute(cases)).all()
            bounced = await session.scalar(refused) or 0
        await self._look_at_happenings(frozenset(stage for state, stage, _ in counted if state != "closed"))
        if bounced:
            await self._look_at_bounces()
        closed = sum(number for state, _, number in counted if state == "closed")
        open_cases = sum(number for *_, number in counted) - closed
        self._tell_of_the_month(open_cases, closed)
        return open_cases

    async def _look_at_happenings(self, stages: frozenset[str]) -> None:
        moment = Moment(self.stage.record, self.visitors, self._now(), await self._calendar(), stages)
        for one in await self.programme.happens(moment):
            self._expect(one)

    async def _look_at_bounces(self) -> None:
        async with self.stage.record() as session:
            people = await session.scalars(select(LetterRow.person).where(LetterRow.state == "refused").distinct())
        calendar = await self._calendar()
        for person in set(people) - self._seen:
            self._seen.add(person)
            self._expect(after_bounce(self.visitors, person, self._now(), calendar))

    def _expect(self, happening: Happening) -> None:
        heapq.heappush(self.plans, Plan(happening.at, happening.key, happening=happening))

    def _tell_of_the_month(self, open_cases: int, closed: int) -> None:
        month = f"{self._now():%Y-%m}"
        if month != self._told:
            self._told = month
            self.tell(self._now(), open_cases, closed)

    async def _calendar(self) -> WorkingCalendar:
        return await self.stage.almanac.calendar()

    def _now(self) -> datetime:
        """The instant without what the machine has taken since: a script hangs on the hour alone."""
        return self.stage.clock.now().astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _all_apart(play: Play, plans: Sequence[Plan]) -> bool:
    """Whether these do not touch each other: answers that touch something of their own, for which nobody signs in."""
    asked = [plan.asked for plan in plans if plan.asked and not plan.asked.grave]
    return len({play.apart(one) for one in asked} - {""}) == len(plans)
