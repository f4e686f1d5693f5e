"""How many days of each segment of a service the ledger counts (DQ-3.1.1a, COR-13, EXC-08)."""

from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from activities.attendance import attended_so_far
from activities.credit import credit_service
from activities.engine.scene import Scene
from activities.served import served
from db.engine.cases import CaseFile
from db.segments import Segment, earlier_segments
from policies.engine.calendar import WorkingCalendar
from policies.engine.pack import Pack
from policies.term import TermFacts


async def days_lost(scene: Scene, segment: Segment) -> int:
    """Days of one segment that do not count, whatever the clocks made of those before it; also leave that has started
    the months again: what was served before it was served nevertheless.
    """
    served_days = (await _alone(scene.session, segment, pack=scene.pack, calendar=scene.calendar)).site_days
    return (segment.last_day - segment.first_day).days + 1 - served_days


async def days_before(
    session: AsyncSession, case: CaseFile, since: date, *, pack: Pack, calendar: WorkingCalendar
) -> int:
    """Days that counted at the sites of earlier segments which ended before the months at the site began (EXC-08)."""
    ended = [each for each in await earlier_segments(session, case) if each.last_day < since]
    return sum([(await _alone(session, each, pack=pack, calendar=calendar)).site_days for each in ended])


async def _alone(session: AsyncSession, segment: Segment, *, pack: Pack, calendar: WorkingCalendar) -> TermFacts:
    days = (segment.first_day, segment.last_day)
    case = await session.get_one(CaseFile, segment.case)
    attended = await attended_so_far(session, segment.case, days, pack=pack, calendar=calendar)
    return await served(session, case, days, pack=pack, attended=attended)


async def credit_earlier(scene: Scene, *, person: str, confirmed_by: str) -> None:
    """What was served in earlier segments enters the ledger with what the last one has earned, each for itself."""
    for number, each in enumerate(await earlier_segments(scene.session, scene.case), start=1):
        last_day = each.last_day - timedelta(days=await days_lost(scene, each))
        if each.first_day <= last_day:
            days = {"first_day": each.first_day, "last_day": last_day}
            await credit_service(scene, person=person, confirmed_by=confirmed_by, segment=number, **days)
