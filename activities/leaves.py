"""What is made of leave: its approval, what it does to the months at the site, its end (DQ-3.2.2c, DEF-21)."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import cast

from activities.engine.scene import EffectFunction, Scene
from activities.findings import keep_finding
from db.engine.opening import next_serial
from db.service import LEAVE, Absence, Leave
from policies.leave import Kind, LeaveFacts, leave_weighs

ASK = "ask"
_ONE_DAY = timedelta(days=1)


async def settle_leave(scene: Scene, refs: Mapping[str, str]) -> str:
    """Approved or refused. The day after its last one, and what the rule finds of it: "2027-03-01 pauses"."""
    row = await scene.session.get_one(Leave, refs["leave"])
    row.state = "approved" if refs["approved"] == "yes" else "refused"
    row.settled_by = refs["request"]
    weighs = await _weighed(scene, row) if row.state == "approved" else ""
    row.weighs = "" if weighs == ASK else weighs
    scene.name_row(LEAVE, LEAVE.content_of(row))
    return f"{(row.last_day + _ONE_DAY).isoformat()} {weighs}"


async def _weighed(scene: Scene, row: Leave) -> str:
    days = (row.last_day - row.first_day).days + 1
    finding = leave_weighs(LeaveFacts(cast("Kind", row.kind), days), scene.pack)
    keep_finding(scene, finding, person=scene.case.facts["person"])
    return finding.outcome or ASK


async def weigh_leave(scene: Scene, refs: Mapping[str, str]) -> str:
    """What the group has decided: counts, pauses or restarts."""
    row = await scene.session.get_one(Leave, refs["leave"])
    row.weighs, row.settled_by = refs["effect"].removeprefix("leave_"), refs["request"]
    scene.name_row(LEAVE, LEAVE.content_of(row))
    return ""


async def close_leave(scene: Scene, refs: Mapping[str, str]) -> str:
    """Back on the day that the person names; days beyond the leave are recorded for people to confirm or dismiss."""
    row = await scene.session.get_one(Leave, refs["leave"])
    row.returned_on = date.fromisoformat((await scene.form_of(refs["request"]))["returned_on"])
    scene.name_row(LEAVE, LEAVE.content_of(row))
    if row.returned_on <= row.last_day + _ONE_DAY:
        return ""
    away = _working_days(scene, row.last_day + _ONE_DAY, row.returned_on - _ONE_DAY)
    if not away:
        return ""
    absence = Absence(
        id=f"{scene.case.id}.a{await next_serial(scene.session, f'absence.{scene.case.id}')}",
        case_id=scene.case.id,
        first_day=row.last_day + _ONE_DAY,
        last_day=row.returned_on - _ONE_DAY,
        days=Decimal(away),
        recorded_by=scene.case.facts["person"],
        channel="leave",
        recorded_at=scene.at,
        state="recorded",
    )
    scene.session.add(absence)
    scene.inform(scene.case.id, "absence", absence=absence.id)
    return absence.id


def _working_days(scene: Scene, first: date, last: date) -> int:
    span = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return sum(scene.calendar.days(day).working for day in span)


EFFECTS: Mapping[str, EffectFunction] = {one.__name__: one for one in (settle_leave, weigh_leave, close_leave)}
