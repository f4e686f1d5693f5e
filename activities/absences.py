"""What people make of absences without leave, and what the rule makes of them together (DQ-3.2.2d, e)."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import select

from activities.engine.scene import EffectFunction, Scene
from activities.findings import keep_finding
from activities.opening import absences_before
from db.service import ABSENCE, Absence, absence_asked_in
from policies.absence import AbsenceFacts, Incident, State, service_counts
from policies.vocabulary import Programme

CONFIRMED, SPLIT, RECORDED = "confirmed", "split", "recorded"
ASK = "ask"


async def settle_absence(scene: Scene, refs: Mapping[str, str]) -> str:
    """Confirmed, with how often it counts, or dismissed; by the answer of a request."""
    row = await scene.session.get_one(Absence, refs["absence"])
    row.state, row.settled_by = refs["state"], refs["request"]
    row.times = int(refs["times"]) if refs["state"] == CONFIRMED else None
    scene.name_row(ABSENCE, ABSENCE.content_of(row))
    return ""


async def split_absence(scene: Scene, refs: Mapping[str, str]) -> str:
    """Several absences in the place of one; their ids in the order of their days."""
    whole = await scene.session.get_one(Absence, refs["absence"])
    whole.state, whole.settled_by = SPLIT, refs["request"]
    scene.name_row(ABSENCE, ABSENCE.content_of(whole))
    parts = [_part(whole, number, part) for number, part in enumerate(await _parts(scene, refs["request"]), start=1)]
    scene.session.add_all(parts)
    return " ".join(part.id for part in parts)


async def _parts(scene: Scene, request: str) -> list[Mapping[str, Any]]:
    return list((await scene.form_of(request))["parts"])


def _part(whole: Absence, number: int, part: Mapping[str, Any]) -> Absence:
    return Absence(
        id=f"{whole.id}.{number}",
        case_id=whole.case_id,
        first_day=date.fromisoformat(part["first_day"]),
        last_day=date.fromisoformat(part["last_day"]),
        days=Decimal(part["days"]),
        recorded_by=whole.recorded_by,
        channel=whole.channel,
        recorded_at=whole.recorded_at,
        part_of=whole.id,
        asked_in=whole.asked_in,
        state=RECORDED,
    )


async def judge_absences(scene: Scene, refs: Mapping[str, str]) -> str:
    """What the rule finds of all of them, how often they count, and whether the employer is to be alerted:
    "void_pending 4 no". refs: how often they counted at most before, whether the employer has been alerted.
    """
    await scene.send_writes()
    rows = await scene.session.scalars(select(Absence).where(absence_asked_in == scene.case.id).order_by(Absence.id))
    brought = await absences_before(scene.session, scene.case)
    incidents = brought + tuple(
        Incident(row.id, row.days, cast("State", row.state), row.times) for row in rows if row.state != SPLIT
    )
    programme = cast("Programme", scene.pack.programme)
    finding = service_counts(AbsenceFacts(programme, incidents, appeal_open=refs["appeal"] == "yes"), scene.pack)
    keep_finding(scene, finding, person=scene.case.facts["person"])
    times, alert = int(str(finding.figures["times"])), bool(finding.figures.get("alert_employer"))
    # Nobody is warned again of what they were told before the import, or in an earlier segment.
    before = max(int(refs["before"]), sum(each.times or 0 for each in brought))
    _warn(scene, {**refs, "before": str(before)}, finding.outcome, times=times, alert=alert)
    return f"{finding.outcome or ASK} {times} {'yes' if alert else 'no'}"


def _warn(scene: Scene, refs: Mapping[str, str], outcome: str | None, *, times: int, alert: bool) -> None:
    """Once for each count from the second on, and once to the employer of record (COR-14)."""
    facts = scene.case.facts
    if alert and refs["alerted"] == "no":
        scene.tell("absence_alert", role=facts.get("sending_hr", "R-03"), place=facts["sending"])
    warns = scene.pack.parameters["absence_warns_from"].holds_for(times)
    if outcome == "counts" and warns and times > int(refs["before"]):
        scene.tell("absence_warning", person=facts["person"])
        scene.tell("absence_warning", role=facts.get("receiving_hr", "R-01"), place=facts["receiving"])


EFFECTS: Mapping[str, EffectFunction] = {one.__name__: one for one in (settle_absence, split_absence, judge_absences)}
