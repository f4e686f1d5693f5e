"""What a transfer to another institution writes: its filing, and the next segment of the service (EXC-08)."""

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import select

from activities.engine.scene import EffectFunction, Scene
from activities.mentoring import end_mentorship
from activities.service import LIFECYCLE, ready_by, term_tasks
from db.engine.cases import CaseFile
from db.engine.opening import NewCase, open_cases
from db.segments import BEFORE, SITE_SINCE, segments_of
from db.service import Absence, Leave
from db.standstills import Standstill
from db.term_changes import AGREED, CHANGE, TermChange
from db.term_start import first_day_of

CONTINUE = "continue"
# What was said of a term when it was imported is true of its first segment alone.
OF_FIRST = (
    "imported", "imported_on", "imported_absences", "imported_mentor", "imported_targets", "completed_on", SITE_SINCE
)  # fmt: skip
_ONE_DAY = timedelta(days=1)


async def file_transfer(scene: Scene, refs: Mapping[str, str]) -> str:
    """The last day here and the first one there: as the group has set them, but no day before the filing."""
    row = await scene.session.get_one(TermChange, refs["change"])
    today = scene.calendar.local_day(scene.at)
    row.state, row.settled_by, row.site_months = AGREED, refs["request"], refs["site_months"]
    row.ends_on = max(date.fromisoformat(refs["last_day"]), today)
    row.starts_on = max(date.fromisoformat(refs["starts_on"]), row.ends_on + _ONE_DAY)
    scene.name_row(CHANGE, CHANGE.content_of(row))
    return f"{row.ends_on} {row.starts_on}"


async def leave_segment(scene: Scene, refs: Mapping[str, str]) -> str:
    """The last day here as it was: the one that was filed, or today where something has `held` the person until now.

    Today is then still a day here, so that the first one there is tomorrow at the earliest. Answers with the last day,
    and with the first one there where they are not those that were filed.
    """
    row = await scene.session.get_one(TermChange, refs["change"])
    today = scene.calendar.local_day(scene.at)
    if row.ends_on is None or row.starts_on is None:
        raise ValueError(f"{row.id} is no transfer that was filed")
    if "held" not in refs:
        return row.ends_on.isoformat()
    row.ends_on, row.starts_on = today, max(row.starts_on, today + _ONE_DAY)
    scene.name_row(CHANGE, CHANGE.content_of(row))
    return f"{row.ends_on} {row.starts_on}"


async def open_next_segment(scene: Scene, refs: Mapping[str, str]) -> str:
    """The term at the destination, set going with this commit; the placement goes on to bind the person."""
    change = await scene.session.get_one(TermChange, refs["change"])
    starts_on, there = change.starts_on, change.destination
    if starts_on is None or there is None:
        raise ValueError(f"{change.id} is no transfer that was filed")
    await end_mentorship(scene)
    former = scene.case
    number = len(segments_of(former)) + 1
    facts = {name: value for name, value in former.facts.items() if name not in OF_FIRST}
    facts |= {"segment": str(number), BEFORE: " ".join(segments_of(former)), "receiving": there}
    facts |= {"planned_start": starts_on.isoformat(), "ready_by": ready_by(scene, starts_on).isoformat()}
    if change.site_months == CONTINUE and (since := await _counts_since(scene)):
        facts[SITE_SINCE] = since.isoformat()
    first, *_ = segments_of(former)
    term = NewCase(
        # Of an import the last part of the id is the person's number.
        id=f"{first.removesuffix('.1') if 'posting' in facts else first}.{number}",
        lifecycle=LIFECYCLE,
        pack=scene.pack,
        tasks=term_tasks(scene.pack),
        facts=facts,
        cycle=former.cycle,
        institution=there,
        subject=former.subject,
    )
    await open_cases(scene.session, [term], at=scene.at)
    scene.starts.append(term.id)
    await _goes_along(scene, term.id)
    await _asked_there(scene, term.id)
    return term.id


async def _goes_along(scene: Scene, term: str) -> None:
    """Leave that is not over, and times of standstill that are not, are the next segment's too."""
    today, mine = scene.calendar.local_day(scene.at), scene.case.id
    leaves = select(Leave).where(Leave.case_id.in_(segments_of(scene.case)), Leave.state == "approved")
    for leave in await scene.session.scalars(leaves.where(Leave.last_day >= today, Leave.returned_on.is_(None))):
        scene.inform(term, "leave", leave=leave.id, back_on=(leave.last_day + _ONE_DAY).isoformat())
    stood = select(Standstill).where(Standstill.case_id == mine, Standstill.state == "stands")
    later = (Standstill.last_day.is_(None)) | (Standstill.last_day >= today)
    rows = (await scene.session.scalars(stood.where(later).order_by(Standstill.id))).all()
    for number, row in enumerate(rows, start=1):
        again = Standstill(
            id=f"{term}.s{number}",
            case_id=term,
            kind=row.kind,
            common=row.common,
            first_day=max(row.first_day, today),
            last_day=row.last_day,
            evidence=row.evidence,
            words=row.words,
            recorded_by=row.recorded_by,
            recorded_at=row.recorded_at,
        )
        scene.session.add(again)
        scene.inform(term, "standstill", standstill=again.id, by=row.recorded_by)


async def _asked_there(scene: Scene, term: str) -> None:
    """An absence that was recorded in the last moment, and about which nobody was asked, is asked about there."""
    waiting = select(Absence).where(Absence.case_id.in_(segments_of(scene.case)), Absence.state == "recorded")
    for absence in await scene.session.scalars(waiting.order_by(Absence.id)):
        where = await scene.session.get_one(CaseFile, absence.case_id)
        absence.asked_in = term
        place = where.facts["receiving"]
        scene.inform(term, "absence", absence=absence.id, by=absence.recorded_by, place=place)


async def _counts_since(scene: Scene) -> date | None:
    """Since when the months at the site count that go on; None where nobody has begun yet."""
    if since := scene.case.facts.get(SITE_SINCE):
        return date.fromisoformat(since)
    return await first_day_of(scene.session, scene.case.id)


EFFECTS: Mapping[str, EffectFunction] = {one.__name__: one for one in (file_transfer, leave_segment, open_next_segment)}
