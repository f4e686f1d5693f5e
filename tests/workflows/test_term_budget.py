"""What a full year of service costs in Temporal: events and payload within the budget, and no fact in any history.

A year of 县聘乡用 with four check-ins and assessments, three leaves, three absences, twenty activities (design.md 14).
"""

import random
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from temporalio.api.enums.v1 import EventType

from db.engine.tasks import TaskRow
from db.service import Absence, Leave, PerformanceResult, ServiceActivity
from policies.engine.dates import term_last_day
from policies.engine.pack import Pack
from tests.builders.county import settle_bureaus
from tests.workflows.costs import MOST_PAYLOAD, payload_of, runs_of, told_of
from tests.workflows.filings import put_in_force
from tests.workflows.office import Office
from tests.workflows.terms import (
    absent,
    assessed,
    certified,
    checked,
    checked_in,
    confirmed,
    filed_term,
    in_service,
    on_leave,
    served_besides,
    until_day,
)
from tests.workflows.test_histories import LONGEST_RUN, allowed

# Places, witnesses, accounts, reasons, kinds, ratings: all that a row or a form holds beside its days.
WORDS = (
    *("后坞村", "村卫生室", "接诊四十人", "义诊", "未在岗", "家中有事", "完成门诊", "累计不足", "已核实"),
    *("按要求完成", "较好", '"sick"'),
)
LEAVES = {10: "sick", 120: "annual", 200: "personal"}
ABSENCES = (40, 130, 210)
# Twenty, spread over the year: a day and its number.
ACTIVITIES = tuple(15 + 17 * number for number in range(20))


@pytest.fixture
def memory() -> None:
    """Every event is counted: nothing is put back."""


@dataclass
class Year:
    """A term that somebody lives through, day by day."""

    office: Office
    term: str
    first_day: date

    async def reaches(self, day: int) -> None:
        await until_day(self.office, self.first_day + timedelta(days=day - 1))

    async def leave(self, kind: str, day: int) -> None:
        leave = await on_leave(self.office, self.term, kind, day=day, days=2)
        await self.reaches(day + 2)
        asked = select(TaskRow).where(TaskRow.name == "close_leave", TaskRow.status == "open")
        task = await self.office.seen(asked.where(TaskRow.refs["leave"].astext == leave))
        back = (self.first_day + timedelta(days=day + 1)).isoformat()
        person = (await self.office.case(self.term)).facts["person"]
        await self.office.answer(task.id, person, "returned", form={"returned_on": back}, case=self.term)

    async def activity(self, day: int) -> None:
        await checked(self.office, self.term, await served_besides(self.office, self.term, day=day))

    async def absence(self, day: int) -> None:
        await absent(self.office, self.term, day=day)
        await confirmed(self.office, self.term)
        asked = select(TaskRow).where(TaskRow.name == "absence_notice", TaskRow.status == "open")
        person = (await self.office.case(self.term)).facts["person"]
        await self.office.answer((await self.office.seen(asked)).id, person, "accept_absence", case=self.term)

    async def passes(self) -> None:
        """Everything in the order of its days; the term is certified when its year is over."""
        quarters = {(term_last_day(self.first_day, 3 * n) - self.first_day).days + 2: n for n in (1, 2, 3, 4)}
        for day in sorted({*LEAVES, *ABSENCES, *ACTIVITIES, *quarters}):
            await self.reaches(day)
            if day in quarters:
                await self.office.would_go_on(self.term)
                await checked_in(self.office, self.term, quarters[day])
                await assessed(self.office, self.term, quarters[day], rating="较好")
            if day in LEAVES:
                await self.leave(LEAVES[day], day)
            if day in ABSENCES:
                await self.absence(day)
            if day in ACTIVITIES:
                await self.activity(day)
            if certify := await self.office.open_tasks("certify_term"):
                assert certify
                await certified(self.office, self.term, "certify" if day > 300 else "not_met", "累计不足")


async def test_a_year_of_service_stays_within_its_budget(office: Office, dq_a: Pack) -> None:
    # Ids as long and as random as those that pages make.
    drawn = random.Random(7)  # noqa: S311 - nothing is secret here
    office.requests = iter(lambda: drawn.getrandbits(128), None)
    await settle_bureaus(office.record)
    await put_in_force(office)
    term = await filed_term(office, dq_a)
    year = Year(office, term, await in_service(office, term))
    await year.passes()
    await office.stands(term, "under_evaluation")
    counts = [len(await office.rows(select(row.id))) for row in (Leave, Absence, ServiceActivity, PerformanceResult)]
    assert counts == [3, 3, 20, 4]
    runs = await runs_of(office, term)
    events = [len(run) for run in runs]
    sizes = [payload_of(run) for run in runs]
    names = Counter(EventType.Name(event.event_type) for run in runs for event in run)
    measured = (
        f"events by run {events}, allowed {[allowed(run) for run in runs]}; payload bytes by run {sizes}; {names}"
    )
    assert not told_of(office, runs, WORDS, knows="activity/20/confirm")
    assert sum(events) <= sum(allowed(run) for run in runs), measured
    assert max(events) <= LONGEST_RUN, measured
    assert sum(sizes) <= MOST_PAYLOAD, measured
