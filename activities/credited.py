"""How many days of each segment of a service the ledger counts (DQ-3.1.1a, COR-13, EXC-08)."""

from datetime import timedelta

from activities.attendance import attended_so_far
from activities.credit import credit_service
from activities.engine.scene import Scene
from activities.served import served
from db.engine.cases import CaseFile
from db.segments import Segment, earlier_segments


async def days_lost(scene: Scene, segment: Segment) -> int:
    """Days of one segment that do not count, whatever the clocks made of those before it."""
    days, pack = (segment.first_day, segment.last_day), scene.pack
    case = await scene.session.get_one(CaseFile, segment.case)
    attended = await attended_so_far(scene.session, segment.case, days, pack=pack, calendar=scene.calendar)
    return (await served(scene.session, case, days, pack=pack, attended=attended)).site_lost


async def credit_earlier(scene: Scene, *, person: str, confirmed_by: str) -> None:
    """What was served in earlier segments enters the ledger with what the last one has earned, each for itself."""
    for number, each in enumerate(await earlier_segments(scene.session, scene.case), start=1):
        last_day = each.last_day - timedelta(days=await days_lost(scene, each))
        if each.first_day <= last_day:
            days = {"first_day": each.first_day, "last_day": last_day}
            await credit_service(scene, person=person, confirmed_by=confirmed_by, segment=number, **days)
