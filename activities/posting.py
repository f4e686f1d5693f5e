"""What an application writes: its eligibility, its choices, its match, its place in the group's batch (DQ-3.1.3a to
c).
"""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert as upsert

from activities.demand import reviewing
from activities.eligibility import judged
from activities.engine.scene import EffectFunction, Scene
from activities.filing import enrol, leave
from activities.findings import keep_finding
from activities.service import open_term
from db.engine.cases import CaseFile
from db.engine.people import Person
from db.engine.tasks import InboxRow
from db.posting import MATCH, Application, Post, PostMatch

CANCEL, LOST = "cancel_post", "lost"
PROFESSIONS_NAMED = ("practising_physician", "assistant_physician")


async def judge_eligibility(scene: Scene, refs: Mapping[str, str]) -> str:
    """The names of the questions that people must answer before the application goes on; "" when the rule lets it
    through.
    """
    person = await scene.session.get_one(Person, scene.case.facts["person"])
    finding = judged(person, date.fromisoformat(scene.case.facts["planned_start"]), scene.pack)
    keep_finding(scene, finding, person=person.id)
    if finding.outcome == "eligible":
        return ""
    return "eligibility_ask" if person.profession in PROFESSIONS_NAMED else "profession_ask"


async def record_application(scene: Scene, refs: Mapping[str, str]) -> str:
    """Keep the choices of a round."""
    wishes = [refs[place] for place in ("first", "second") if refs.get(place)]
    row = {
        "case_id": scene.case.id,
        "round": int(refs["round"]),
        "first": wishes[0],
        "second": wishes[1] if len(wishes) > 1 else None,
        "accepts_reassignment": refs.get("reassign") == "yes",
        "at": scene.at,
    }
    await scene.session.execute(upsert(Application).values(row).on_conflict_do_nothing())
    return refs["round"]


async def still_open(scene: Scene, refs: Mapping[str, str]) -> str:
    """Whether a second choice can still be had ("yes"), else why not, as `claim_post` says it.

    Nobody is asked to review for a post that is gone.
    """
    post = await scene.session.get_one(Post, refs["post"])
    if post.state != "open":
        return await _closed(scene, post)
    return LOST if await scene.session.get(PostMatch, post.id) else "yes"


async def _closed(scene: Scene, post: Post) -> str:
    """The post was taken back: the last request to do so has the reason (EXC-04)."""
    asked = select(InboxRow.request).where(InboxRow.case_id == post.cycle, InboxRow.message["name"].astext == CANCEL)
    asked = asked.where(InboxRow.message["refs"]["post"].astext == post.id, InboxRow.state == "applied")
    request = await scene.session.scalar(asked.order_by(InboxRow.received_at.desc()).limit(1))
    return f"closed {request}" if request else "closed"


async def claim_post(scene: Scene, refs: Mapping[str, str]) -> str:
    """One case wins the post ("won"); its rivals are told, and it enters the group's batch. Every other has "lost", or
    finds the post "closed", with the request of whoever closed it.
    """
    post = await scene.session.get_one(Post, refs["post"], with_for_update=True)
    if post.state != "open":
        return await _closed(scene, post)
    match = {"post": post.id, "case_id": scene.case.id, "at": scene.at}
    claim = upsert(PostMatch).values(match).on_conflict_do_nothing()
    if not await scene.session.scalar(claim.returning(PostMatch.post)):
        return LOST
    scene.name_row(MATCH, match)
    for rival in await reviewing(scene, post.id):
        scene.inform(rival, "post_taken", post=post.id)
    await enrol(scene, scene.case.id)
    return "won"


async def enrol_in_batch(scene: Scene, refs: Mapping[str, str]) -> str:
    """Returned or objected, and now corrected: into the next batch of the group."""
    return await enrol(scene, scene.case.id)


async def release_post(scene: Scene, refs: Mapping[str, str]) -> str:
    """The match is given up; the post is open again."""
    released = delete(PostMatch).where(PostMatch.case_id == scene.case.id).returning(PostMatch.post)
    for post in await scene.session.scalars(released):
        scene.name_removed(MATCH, post)
    return refs["post"]


async def posting_ended(scene: Scene, refs: Mapping[str, str]) -> str:
    """Free what an unfiled case held, or open the service of a filed one; the last application that ends tells the
    cycle.
    """
    if refs["outcome"] == "filed":
        await open_term(scene)
    else:
        await release_post(scene, {"post": ""})
        await leave(scene, scene.case.id)
    await scene.alone_with(scene.case.cycle)
    others = await scene.session.scalar(
        select(func.count())
        .select_from(CaseFile)
        .where(
            CaseFile.cycle == scene.case.cycle,
            CaseFile.lifecycle == "PostingCase",
            CaseFile.state != "closed",
            CaseFile.id != scene.case.id,
        )
    )
    if not others and await _cycle_runs(scene):
        scene.inform(scene.case.cycle, "all_ended")
    return str(others)


async def _cycle_runs(scene: Scene) -> bool:
    """A second application may outlive the cycle, which ends with the last of the first ones."""
    return await scene.session.scalar(select(CaseFile.state).where(CaseFile.id == scene.case.cycle)) != "closed"


EFFECTS: Mapping[str, EffectFunction] = {
    one.__name__: one
    for one in (
        judge_eligibility,
        record_application,
        still_open,
        claim_post,
        enrol_in_batch,
        release_post,
        posting_ended,
    )
}
