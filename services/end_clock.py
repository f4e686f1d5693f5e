"""Until when a written application to terminate is due, and how far that is (OT-6.3k, DEF-04, COR-16)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine.tasks import DecisionRow
from policies.engine.calendar import Basis, WorkingCalendar
from policies.engine.pack import Pack
from policies.talent.application import Clock, clock_of


@dataclass(frozen=True)
class EndClock:
    """The three months of one ground; all days are local.

    days: since learning. An application is late only after the clock's `late_after`; where that is not the last day,
    what comes between is for the legal reviewer. asked: the commission has yet to say whether there is a ground, so
    that the deadline may still be cancelled (G-5). left: days to go, below 0 afterwards.
    """

    days_of: Clock
    days: int
    left: int
    asked: bool

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
    answered = await session.scalar(
        answers.where(DecisionRow.choice.in_(("ground_stands", "treat_as_ground"))).limit(1)
    )
    waits = bool(facts.get("question")) and answered is None
    return EndClock(counted, (today - learned_on).days, (counted.last_day - today).days, waits)
