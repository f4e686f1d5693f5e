"""A term that stands still: suspended by people with the right to, or by force majeure (EXC-09; design 5).

Meanwhile the months at the site do not count, no check-in is asked for, and nobody is reminded or late; what was asked
may still be answered. When it is over, check-ins that have come due are asked for, and every open deadline is counted
anew. Without a known end the group is asked, again and again, whether the service goes on.
"""

from datetime import date, datetime, timedelta

from temporalio import workflow

from activities.engine.messages import Notice
from policies.engine.questions import Question
from policies.engine.tasks import Status, Task
from workflows.engine.case import Case
from workflows.local_days import begins
from workflows.term.endings import BUREAU, SIDES
from workflows.term.parties import Parties
from workflows.term.transfers import AGREEING, DAYS, FILING

SUSPENSION, OPEN_ENDED = "suspension", "-"
REVIEW, RESUMES = "review_standstill", "resume_term"
# What goes on though the term stands still: whether it goes on at all, and where.
GOES_ON = (REVIEW, *SIDES, BUREAU, *AGREEING, DAYS, FILING)
_ONE_DAY = timedelta(days=1)


class Standstills:
    """Every time in which the term stands still."""

    def __init__(self, case: Case) -> None:
        self._case, self._parties = case, Parties(case)
        self._kinds: list[str] = []
        self._instants: list[datetime] = []
        self._goes_on_now = False

    async def advance(self) -> None:
        """Take what has been recorded, and whether it has begun or ended."""
        self._kinds, self._instants, self._goes_on_now, number = [], [], False, 0
        while recorded := self._case.take(f"standstill/{number + 1}", "standstill"):
            number += 1
            await self._one(f"standstill/{number}", recorded)
        if not number:
            return
        if SUSPENSION in self._kinds:
            self._case.enter("suspended")
        else:
            self._case.enter("in_service")
        if self.still:
            self._hold()
        else:
            self._go_on()

    def next_at(self) -> datetime | None:
        """When the next one begins or ends."""
        return min(self._instants, default=None)

    @property
    def still(self) -> bool:
        """Whether the term stands still now."""
        return bool(self._kinds)

    def lift(self) -> None:
        """The term has ended; what is asked now reminds as everywhere."""
        self._kinds = []

    def reminds(self, task: Task) -> bool:
        """Whether a task reminds and escalates now."""
        return not self.still or task.name in GOES_ON

    async def _one(self, key: str, recorded: Notice) -> None:
        case, standstill = self._case, recorded.refs["standstill"]
        taken = await case.effect(f"{key}/begun", "begin_standstill", standstill=standstill)
        kind, first, last, past = taken.split()
        self._say_recorded(key, recorded, kind, first, last)
        first_day = date.fromisoformat(first)
        last_day = await self._last_day(key, standstill, first_day, last)
        now, begun, over = workflow.now(), begins(first_day), begins(last_day + _ONE_DAY) if last_day else None
        if over and now >= over:
            self._over(key, standstill, last_day, past=past == "yes")
        elif now < begun:
            self._instants.append(begun)
        else:
            self._kinds.append(kind)
            self._instants += [over] if over else []

    async def _last_day(self, key: str, standstill: str, first_day: date, last: str) -> date | None:
        """As recorded; as told when the service is resumed; as the group answers. None while it is not known."""
        case = self._case
        resumed = case.take(f"{key}/resumed", "resumed", standstill=standstill)
        if resumed:
            self._take_back_review(key)
            refs = {"standstill": standstill, "request": resumed.request, "last_day": resumed.refs["last_day"]}
            return date.fromisoformat(await case.effect(f"{key}/ended", "end_standstill", **refs))
        if last != OPEN_ENDED:
            return date.fromisoformat(last)
        answer = self._reviewed(key, standstill) if workflow.now() >= begins(first_day) else None
        if answer is None:
            return None
        refs = {"standstill": standstill, "request": answer.deciding.request}
        return date.fromisoformat(await case.effect(f"{key}/ended", "end_standstill", **refs))

    def _reviewed(self, key: str, standstill: str) -> Task | None:
        """The answer by which the service goes on; while it does not, the question is asked again."""
        number = 1
        while True:
            task = self._case.open(Question(f"{key}/review/{number}", REVIEW, refs={"standstill": standstill}))
            if task.live or task.outcome == RESUMES:
                return None if task.live else task
            number += 1

    def _take_back_review(self, key: str) -> None:
        for task in self._case.state.tasks:
            if task.key.startswith(f"{key}/review/"):
                self._case.withdraw(task)

    def _say_recorded(self, key: str, recorded: Notice, kind: str, first: str, last: str) -> None:
        case = self._case
        if not case.once(f"{key}/recorded"):
            return
        to = "" if last == OPEN_ENDED else last
        by, said = recorded.refs["by"], recorded.request
        if kind == SUSPENSION:
            case.note("term_suspended", actor=by, from_day=first, to_day=to, by_request=said)
            self._parties.tell_all("term_suspended")
        else:
            case.note("force_majeure", actor=by, from_day=first, to_day=to, by_request=said)
            self._parties.tell_all("force_majeure")

    def _over(self, key: str, standstill: str, last_day: date | None, *, past: bool) -> None:
        case = self._case
        if last_day is None or not case.once(f"{key}/over"):
            return
        if f"effect:{key}/ended" not in case.state.marks:
            case.write("end_standstill", standstill=standstill, last_day=last_day.isoformat(), request="")
        # Of days that had all passed when they were recorded there is nothing to resume from.
        if not past:
            self._goes_on_now = True
            resumed = case.state.heard.get(f"{key}/resumed")
            said = resumed.request if resumed else ""
            case.note("term_resumed", to_day=last_day.isoformat(), by_request=said)
            self._parties.tell_all("term_resumed")

    def _hold(self) -> None:
        """Nobody is late in what is open, and nothing of it reminds."""
        held = [task for task in self._open() if task.due and task.name not in GOES_ON]
        for task in held:
            task.due, task.rungs = None, []
        if held:
            self._case.write("hold_deadlines", tasks=" ".join(task.id for task in held))

    def _go_on(self) -> None:
        """What was asked while the term stood still has a deadline that went by in silence; it is counted anew, too."""
        for task in self._open():
            if task.due is None or (self._goes_on_now and task.name not in GOES_ON):
                self._case.retime(task)

    def _open(self) -> list[Task]:
        return [task for task in self._case.state.tasks if task.status is Status.OPEN]
