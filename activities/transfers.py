"""What a transfer to another institution writes: its filing, and the next segment of the service (EXC-08)."""

from collections.abc import Mapping
from datetime import date, timedelta

from activities.engine.scene import EffectFunction, Scene
from activities.mentoring import end_mentorship
from activities.service import LIFECYCLE, ready_by, term_tasks
from db.engine.opening import NewCase, open_cases
from db.segments import BEFORE, SITE_SINCE, segments_of
from db.term_changes import AGREED, CHANGE, TermChange
from db.term_start import first_day_of

CONTINUE = "continue"
# What was said of a term when it was imported is true of its first segment alone.
OF_FIRST = ("imported", "imported_on", "imported_absences", "completed_on", SITE_SINCE)
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
    term = NewCase(
        id=f"{segments_of(former)[0].removesuffix('.1')}.{number}",
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
    return term.id


async def _counts_since(scene: Scene) -> date | None:
    """Since when the months at the site count that go on; None where nobody has begun yet."""
    if since := scene.case.facts.get(SITE_SINCE):
        return date.fromisoformat(since)
    return await first_day_of(scene.session, scene.case.id)


EFFECTS: Mapping[str, EffectFunction] = {one.__name__: one for one in (file_transfer, open_next_segment)}
