"""What a term of chance fills in where it is asked."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from db.engine.tasks import TaskRow
from db.service import Absence, Leave
from db.standstills import Standstill
from policies.engine.calendar import CHINA
from policies.engine.tasks import SEND_BACK
from tests.workflows.evaluations import MEETING, REASON, opinion
from tests.workflows.office import Office
from tests.workflows.terms import CHECK_IN, FILED, PLAN

Form = Mapping[str, Any]
# In how many days a proposed last day lies.
SOON = (0, 5, 30)


async def form_of(office: Office, chance: Random, task: TaskRow, choice: str) -> Form:
    """The form of an answer; empty where there is none."""
    if choice == SEND_BACK:
        return {}
    drawn = DRAWN.get(choice) or DRAWN.get(task.name)
    if drawn:
        return await drawn(Drawn(office, chance, task))
    said = SAID.get(choice) or SAID.get(task.name)
    return said or {}


def today_of(office: Office) -> date:
    """The local day, which the forms judge by."""
    return office.clock.now().astimezone(CHINA).date()


@dataclass(frozen=True)
class Drawn:
    """Forms in which something is drawn, or read from the record."""

    office: Office
    chance: Random
    task: TaskRow

    async def moved(self) -> Form:
        later = date.fromisoformat(self.task.refs["planned"]) + timedelta(days=self.chance.randint(20, 40))
        return {"starts_on": max(later, today_of(self.office)).isoformat()}

    async def back(self) -> Form:
        leave = (await self.office.rows(select(Leave).where(Leave.id == self.task.refs["leave"])))[0]
        back = min(leave.last_day + timedelta(days=self.chance.randint(0, 3)), today_of(self.office))
        # Who was away for a single day is back on the next, at the earliest.
        return {"returned_on": max(back, leave.first_day + timedelta(days=1)).isoformat()}

    async def transferred(self) -> Form:
        last = today_of(self.office) + timedelta(days=self.chance.choice(SOON))
        return {
            "last_day": last.isoformat(),
            "starts_on": (last + timedelta(days=self.chance.choice((1, 15)))).isoformat(),
        }

    async def resumed(self) -> Form:
        row = (await self.office.rows(select(Standstill).where(Standstill.id == self.task.refs["standstill"])))[0]
        return {"resumes_on": max(row.first_day, today_of(self.office)).isoformat()}

    async def split(self) -> Form:
        row = (await self.office.rows(select(Absence).where(Absence.id == self.task.refs["absence"])))[0]
        days = (row.first_day, row.last_day)
        return {"parts": [{"first_day": str(day), "last_day": str(day), "days": "1"} for day in days]}


DRAWN: Mapping[str, Callable[[Drawn], Awaitable[Form]]] = {
    "move_start": Drawn.moved,
    "close_leave": Drawn.back,
    "set_transfer_days": Drawn.transferred,
    "resume_term": Drawn.resumed,
    "split_absence": Drawn.split,
}
SAID: Mapping[str, Form] = {
    "prepare_post": PLAN,
    "practice_filing": FILED,
    "check_in": CHECK_IN,
    "count_absence": {"times": "2"},
    "term_summary": {"summary": REASON},
    "term_opinion": opinion(),
    "decide_grade": MEETING,
    "agree_stay": {"staffing_office": "同意", "hr_bureau": "同意"},
}
