"""What a term that was under way brings with it: its entry into the file, and what counts on (COR-17)."""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.engine.scene import EffectFunction, Scene
from db.engine.cases import CaseFile
from db.evaluation import GRADE, Grade
from db.opening_terms import OPENING, OpeningTerm
from db.segments import segments_of
from db.service import Absence, absence_asked_in
from policies.absence import Incident
from policies.term import TermFacts

IMPORTED = "imported"
# What the rule's inputs call absences that were confirmed before the import.
BEFORE = "imported"


async def enter_opening(scene: Scene, refs: Mapping[str, str]) -> str:
    """The file names what was imported, so that nobody alters it beside the file."""
    row = await scene.session.get_one(OpeningTerm, scene.case.id)
    row.in_file = True
    scene.name_row(OPENING, OPENING.content_of(row))
    return ""


async def take_back_opening(scene: Scene, refs: Mapping[str, str]) -> str:
    """An evaluation that was opened for what was wrongly imported is no longer there; nobody has graded it."""
    row = await scene.session.get(Grade, scene.case.id)
    if row is not None:
        await scene.session.delete(row)
        scene.name_removed(GRADE, scene.case.id)
    return ""


async def with_opening(session: AsyncSession, case: CaseFile, facts: TermFacts) -> TermFacts:
    """The clocks go on from where they stood. Months that started again here have nothing of what was before."""
    opening = await session.get(OpeningTerm, segments_of(case)[0])
    if opening is None:
        return facts
    paused = opening.paused_days if facts.site_first_day == opening.started_on else 0
    # Of an import whose months have started again since, the days that did not count lie before.
    before = max(facts.before_days - (opening.paused_days if IMPORTED in case.facts else 0), 0)
    return replace(facts, imported_paused_days=paused, imported_half_days=opening.half_days, before_days=before)


async def absences_before(session: AsyncSession, case: CaseFile) -> tuple[Incident, ...]:
    """Absences that were confirmed before the import, as one incident with its times, and those of earlier segments
    (EXC-08) that were asked about there; none for a first term that was opened here.
    """
    *earlier, _ = segments_of(case)
    found: tuple[Incident, ...] = ()
    opening = await session.get(OpeningTerm, segments_of(case)[0]) if earlier or IMPORTED in case.facts else None
    if opening and opening.absence_times:
        found += (Incident(BEFORE, opening.absence_days, "confirmed", opening.absence_times),)
    missed = select(Absence).where(Absence.case_id.in_(earlier), Absence.state == "confirmed").order_by(Absence.id)
    rows = await session.scalars(missed.where(absence_asked_in != case.id)) if earlier else ()
    return found + tuple(Incident(row.id, row.days, "confirmed", row.times) for row in rows)


EFFECTS: Mapping[str, EffectFunction] = {one.__name__: one for one in (enter_opening, take_back_opening)}
