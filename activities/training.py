"""What a trainee's way writes: eligibility, the training place, its end (DQ-3.1.1b, c; DQ-3.2.1a)."""

from collections.abc import Mapping
from typing import cast

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.engine.scene import EffectFunction, Scene
from activities.filing import leave
from activities.findings import keep_finding
from activities.posting import release_post
from activities.service import LIFECYCLE as TERM
from activities.service import open_term
from db.engine.cases import CaseFile
from db.engine.opening import next_serial
from db.engine.people import Person
from db.posting import TRAINING_PLACE, Post
from policies.eligibility import TraineeFacts, may_train
from policies.engine.finding import Finding
from policies.engine.pack import Pack
from policies.vocabulary import Profession, Title


async def judge_trainee(scene: Scene, refs: Mapping[str, str]) -> str:
    """The outcome of the rule, "ask" where people decide (DQ-3.1.1b, c)."""
    finding = await trainee_judged(scene.session, scene.case.facts["person"], scene.pack)
    keep_finding(scene, finding, person=scene.case.facts["person"])
    return finding.outcome or "ask"


async def trainee_judged(session: AsyncSession, person_id: str, pack: Pack) -> Finding:
    """What the rule finds of a person of the township, with the trainings that the record knows of."""
    person = await session.get_one(Person, person_id)
    former = await session.scalar(
        select(func.count(CaseFile.facts["posting"].astext.distinct())).where(
            CaseFile.subject == person_id,
            CaseFile.lifecycle == TERM,
            CaseFile.programme == pack.programme,
            CaseFile.state == "closed",
        )
    )
    # A title or profession that the vocabulary lacks is none that the text names: the rule asks.
    facts = TraineeFacts(
        cast("Profession", person.profession),
        cast("Title", person.professional_title),
        general_practitioner=person.specialty in pack.parameters["general_practice"].listed,
        earlier_trainings=former or 0,
    )
    return may_train(facts, pack)


async def open_training_place(scene: Scene, refs: Mapping[str, str]) -> str:
    """A place for this one trainee at the hospital that the group has assigned; the trainee's alone."""
    form, facts = await scene.form_of(refs["request"]), scene.case.facts
    scope = f"place.{scene.pack.id}.{facts['group']}.{facts['year']}"
    row = {
        "id": f"{scope}.{await next_serial(scene.session, scope)}",
        "cycle": scene.case.cycle,
        "demand": facts["demand"],
        "institution": form["hospital"],
        "specialty": form["specialty"],
        "mode": form["release"],
        "duties": "",
        "published_at": scene.at,
        "placement": scene.case.id,
    }
    scene.session.add(Post(**row))
    scene.name_row(TRAINING_PLACE, row)
    return str(row["id"])


async def training_ended(scene: Scene, refs: Mapping[str, str]) -> str:
    """Free what an unfiled case held, or open the training of a filed one."""
    if refs["outcome"] == "filed":
        await open_term(scene)
    else:
        await release_post(scene, {"post": ""})
        await leave(scene, scene.case.id)
    return refs["outcome"]


EFFECTS: Mapping[str, EffectFunction] = {
    one.__name__: one for one in (judge_trainee, open_training_place, training_ended)
}
