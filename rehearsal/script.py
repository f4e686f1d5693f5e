"""The year itself: from one instant for which anybody waits to the next, until every case has ended.

What people know they know from their letters and from the pages behind the links; the record is read to see how the
cases stand, and to find which question a letter speaks of.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import func, select

from db.engine.cases import CaseFile
from db.engine.people import Person
from db.engine.post import LetterRow
from db.engine.tasks import SeatRow, TaskRow
from policies.engine.calendar import WorkingCalendar
from rehearsal.answers import Reply, reply_to
from rehearsal.browser import Form, Page
from rehearsal.cast import Asked, Cast
from rehearsal.county import GROUP
from rehearsal.happenings import Happening, Happenings
from rehearsal.postbox import Caught
from rehearsal.stage import Stage
from rehearsal.visitors import TAKEN, NotTaken, Visitors

# Nobody has answered anything for so long: whoever is waited for will not come.
GIVES_UP_AFTER = timedelta(days=400)
SIGN_IN = "/s/"
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
    """Runs a cast on a stage. `tell` hears the instant, the open and the closed cases, once a simulated month."""

    stage: Stage
    cast: Cast
    programme: str
    year: int
    tell: Tell
    visitors: Visitors = field(init=False)
    links: dict[tuple[str, str, int], str] = field(default_factory=dict)
    sign_ins: dict[str, str] = field(default_factory=dict)
    plans: list[Plan] = field(default_factory=list)
    answered: int = 0
    _served: set[str] = field(default_factory=set)
    _told: str = ""
    _swept: date | None = None

    async def settle(self) -> None:
        """Institutions, people and the cycle, through the API."""
        county = self.cast.county
        await self.visitors.call("POST", "/institutions/bulk", {"rows": county.institutions})
        await self.visitors.call("POST", "/people/bulk", {"rows": county.people})
        body = {"pack": self.programme, "group": GROUP, "year": self.year}
        body |= {"planned_start": date(self.year, 7, 1).isoformat()}
        await self.visitors.call("POST", "/demand-cycles", body)

    async def play(self) -> None:
        """Until every case has ended, or nobody will come any more."""
        last_answer = self.stage.clock.now()
        while True:
            await self._deliver()
            await self._look_round()
            if not await self._open_cases():
                await self.stage.keep_house()
                return
            instant = await self._next()
            if instant is None or instant - last_answer > GIVES_UP_AFTER:
                return
            if instant <= self.stage.clock.now() and not self._due():
                raise TimeStands(f"{instant:%Y-%m-%d %H:%M:%S}")
            await self.stage.skip_to(instant)
            while self._due():
                if await self._act(heapq.heappop(self.plans)):
                    last_answer = instant
                await self.stage.rest()

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
        """The courier goes, and people read; once a day the caretaker makes a round."""
        await self.stage.rest()
        await self.stage.send_letters()
        if self._swept != (today := self._now().date()):
            self._swept = today
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
            at = self.cast.answers_at(asked, self._now(), await self._calendar())
            heapq.heappush(self.plans, Plan(at, f"{asked.task}/{asked.person}", asked=asked))
        self.links[seat] = caught.link

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
        page = await self.visitors.open(self.links[asked.task, asked.person, asked.revision])
        person = ""
        if page.form is None and f"/tasks/{asked.task}" in page.text and "/sign-in?next=" in page.text:
            person = asked.person
            await self.visitors.sign_in(person)
            page = await self.visitors.open(f"/tasks/{asked.task}", person)
        if page.form is None:
            return False
        today = (await self._calendar()).local_day(self._now())
        reply = reply_to(self.cast, Asked(**{**vars(asked), "today": today}), page.form)
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
        return await self.visitors.send(form, changes, person, what=asked.name, refusable=may_be)

    async def sign_in_link(self, person: str) -> str:
        """The link of the sign-in letter that was asked for a moment ago."""
        async with self.stage.record() as session:
            address = (await session.get_one(Person, person)).email
        self.sign_ins.pop(address, None)
        await self._deliver()
        return self.sign_ins[address]

    # What is seen.

    async def _look_round(self) -> None:
        """Terms that have begun, letters that came back, and once a month a word of how it goes."""
        happenings, calendar = Happenings(self.cast, self.visitors), await self._calendar()
        began = select(CaseFile).where(CaseFile.lifecycle == "ServiceTerm", CaseFile.stage == "in_service")
        refused = select(LetterRow.person).where(LetterRow.state == "refused").distinct()
        async with self.stage.record() as session:
            terms = [term for term in await session.scalars(began.order_by(CaseFile.id)) if term.id not in self._served]
            bounced = [person for person in await session.scalars(refused) if person not in self._served]
        for term in terms:
            self._served.add(term.id)
            for one in happenings.of_term(term.id, term.subject or "", term.institution or "", self._now(), calendar):
                self._expect(one)
        for person in bounced:
            self._served.add(person)
            self._expect(happenings.of_bounce(person, self._now(), calendar))
        await self._tell_of_the_month()

    def _expect(self, happening: Happening) -> None:
        heapq.heappush(self.plans, Plan(happening.at, happening.key, happening=happening))

    async def _tell_of_the_month(self) -> None:
        month = f"{self._now():%Y-%m}"
        if month != self._told:
            self._told = month
            async with self.stage.record() as session:
                closed = await session.scalar(select(func.count()).where(CaseFile.state == "closed"))
            self.tell(self._now(), await self._open_cases(), closed or 0)

    async def _open_cases(self) -> int:
        async with self.stage.record() as session:
            return await session.scalar(select(func.count()).where(CaseFile.state != "closed")) or 0

    async def _calendar(self) -> WorkingCalendar:
        return await self.stage.almanac.calendar()

    def _now(self) -> datetime:
        """The instant without what the machine has taken since: a script hangs on the hour alone."""
        return self.stage.clock.now().astimezone(UTC).replace(minute=0, second=0, microsecond=0)
