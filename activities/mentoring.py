"""What a mentor's naming, answer and leaving write (DQ-3.2.2b)."""

from collections.abc import Mapping
from typing import cast

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from activities.engine.scene import EffectFunction, Scene
from activities.findings import keep_finding
from db.engine.people import Person
from db.engine.tasks import DecisionRow, TaskRow
from db.opening_terms import OpeningTerm
from db.training import MENTORSHIP, Mentorship
from policies.engine.finding import Finding
from policies.engine.pack import Pack
from policies.mentoring import MentorFacts, mentor_fits
from policies.vocabulary import Title

NAMED, ENDED = "named", "ended"
OVER = ("declined", "left", ENDED)
FITS, LOST = "fits", "lost"


async def claim_mentor(scene: Scene, refs: Mapping[str, str]) -> str:
    """The teacher is this trainee's ("won"), unless the rule finds otherwise or another trainee was faster ("lost")."""
    mentor = refs["mentor"]
    await scene.alone_with(f"mentor:{mentor}")
    # Targets that were set by an answer of this very commit do not stand in the record yet.
    now = (await scene.form_of(refs["targets"]))["targets"] if "targets" in refs else None
    finding = await mentor_judged(scene.session, scene.case.id, mentor, scene.pack, targets=now)
    keep_finding(scene, finding, person=mentor)
    if finding.outcome != FITS:
        return LOST
    row = {"case_id": scene.case.id, "number": int(refs["number"]), "mentor": mentor, "state": NAMED}
    row |= {"settled_by": refs["request"], "named_at": scene.at, "ended_at": None}
    # The lock has seen to it that nobody was faster; the index is the last word all the same.
    claim = upsert(Mentorship).values(row).on_conflict_do_nothing()
    if await scene.session.scalar(claim.returning(Mentorship.number)) is None:
        return LOST
    scene.name_row(MENTORSHIP, row)
    return "won"


async def mentor_judged(
    session: AsyncSession, case_id: str, mentor: str, pack: Pack, *, targets: list[dict[str, str]] | None = None
) -> Finding:
    """What the rule finds of a teacher as the one mentor of this term, with the trainees whom the record knows.

    targets: of the term, where they are known better than the record has them.
    """
    teacher = await session.get_one(Person, mentor)
    others = select(func.count()).select_from(Mentorship)
    others = others.where(Mentorship.mentor == mentor, Mentorship.ended_at.is_(None), Mentorship.case_id != case_id)
    facts = MentorFacts(
        mentors=1,
        # A title that the vocabulary lacks is none of the senior ones.
        mentor_title=cast("Title", teacher.professional_title or "none"),
        mentor_other_trainees=await session.scalar(others) or 0,
        targets=len(await targets_of(session, case_id) if targets is None else targets),
    )
    return mentor_fits(facts, pack)


async def targets_of(session: AsyncSession, case_id: str) -> list[dict[str, str]]:
    """The training targets of a term, each with its number and unit; none before the hospital has set them.

    Of a term under way those that stood when it was imported (COR-17).
    """
    query = select(DecisionRow.form).join(TaskRow, TaskRow.id == DecisionRow.task_id)
    query = query.where(DecisionRow.case_id == case_id, TaskRow.name == "training_targets")
    form = await session.scalar(query.order_by(DecisionRow.decided_at.desc()).limit(1))
    if form:
        return list(form["targets"])
    opening = await session.get(OpeningTerm, case_id)
    return list(opening.targets) if opening else []


async def settle_mentor(scene: Scene, refs: Mapping[str, str]) -> str:
    """Accepted, declined or left, by a request; who is over is free for another trainee."""
    row = await scene.session.get_one(Mentorship, (scene.case.id, int(refs["number"])))
    row.state, row.settled_by = refs["state"], refs["request"]
    row.ended_at = scene.at if refs["state"] in OVER else None
    scene.name_row(MENTORSHIP, MENTORSHIP.content_of(row))
    return ""


async def end_mentorship(scene: Scene) -> None:
    """The term is over, and with it the mentoring."""
    active = select(Mentorship).where(Mentorship.case_id == scene.case.id, Mentorship.ended_at.is_(None))
    for row in await scene.session.scalars(active):
        row.state, row.ended_at = ENDED, scene.at
        scene.name_row(MENTORSHIP, MENTORSHIP.content_of(row))


EFFECTS: Mapping[str, EffectFunction] = {one.__name__: one for one in (claim_mentor, settle_mentor)}
