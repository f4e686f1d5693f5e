"""Until when a written application to terminate is due, and how far that is (OT-6.3k, DEF-04, COR-16)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine.tasks import DecisionRow, TaskRow
from policies.engine.calendar import Basis, WorkingCalendar
from policies.engine.pack import Pack
from policies.talent.application import Clock, clock_of

# What the commission is asked while the three months run on.
ASKED = ("force_majeure_ground", "expired_ground")


@dataclass(frozen=True)
class EndClock:
    """The three months of one ground; all days are local.

    days: since learning. An application is late only after the clock's `late_after`; where that is not the last day,
    what comes between is for the legal reviewer. asked: the commission has yet to say whether there is a ground, so
    that the deadline may still be cancelled (G-5). cancelled: it has found none, and an application that was in before
    is with people. left: days to go, below 0 afterwards.
    """

    days_of: Clock
    days: int
    left: int
    asked: bool
    cancelled: bool = False

    @property
    def provisional(self) -> bool:
        """Whether the count rests on a year that is not published yet."""
        return self.days_of.basis is Basis.PROVISIONAL


async def end_clock(
    session: AsyncSession,
    case: str,
    facts: Mapping[str, str],
    *,
    pack: Pack,
    calendar: WorkingCalendar,
    today: date,
) -> EndClock:
    """The clock of a termination, from the earlier of the notice and the day that the employer has recorded."""
    noticed = date.fromisoformat(facts["learned_on"])
    answers = select(DecisionRow).where(DecisionRow.case_id == case)
    said = (await session.scalars(answers.where(DecisionRow.choice == "ground_confirmed"))).all()
    recorded = [date.fromisoformat(row.form["learned_on"]) for row in said if row.form.get("learned_on")]
    learned_on = min([noticed, *recorded])
    counted = clock_of(learned_on, calendar, pack)
    said_of_ground = await _of_ground(session, case)
    answered = [outcome for outcome in said_of_ground if outcome]
    waits = "" in said_of_ground or (bool(facts.get("question")) and not answered)
    gone = answered[-1:] == ["ground_not_found"]
    return EndClock(counted, (today - learned_on).days, (counted.last_day - today).days, waits, gone)


async def _of_ground(session: AsyncSession, case: str) -> list[str]:
    """What the commission has said of the ground each time that it was asked; "" while it is asked."""
    query = select(TaskRow.outcome).where(TaskRow.case_id == case, TaskRow.name.in_(ASKED))
    asked = query.where(TaskRow.status != "withdrawn").order_by(TaskRow.opened_at, TaskRow.id)
    return list((await session.scalars(asked)).all())
