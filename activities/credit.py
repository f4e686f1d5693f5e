"""What the check before a promotion reads and writes, and the one way in which service enters the ledger as credited
(DQ-3.1.1a, COR-15).
"""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.engine.scene import EffectFunction, Scene
from activities.findings import keep_finding
from db.credit import CREDIT, ServiceCredit
from db.engine.people import RoleHolding
from db.engine.roles import bodies_above, held_on
from db.evaluation import frozen
from policies.engine.finding import Finding
from policies.engine.pack import Pack
from policies.promotion import PromotionFacts, Served, Target, service_suffices

PROMOTION_TASKS = ("confirm_service", "settle_odd_days", "promotion_exception")
THIS_PLAN, COUNTED = "this_plan", "counted"
TITLE_OFFICE = "R-13"


async def credit_service(
    scene: Scene, *, person: str, first_day: date, last_day: date, confirmed_by: str, segment: int = 0
) -> str:
    """Service under this plan that the present case has earned enters the ledger, credited by `confirmed_by`.

    Local days, both counted. One credit a case, and one for each earlier segment that it goes on from: its id, which
    is returned, is made of the case's.
    """
    row = ServiceCredit(
        id=f"credit.{scene.case.id}.{segment}" if segment else f"credit.{scene.case.id}",
        person=person,
        kind=THIS_PLAN,
        first_day=first_day,
        last_day=last_day,
        source=None,
        evidence=None,
        recorded_by=confirmed_by,
        recorded_at=scene.at,
        verdict=COUNTED,
        confirmed_by=confirmed_by,
        confirmed_at=scene.at,
        case_id=scene.case.id,
    )
    scene.session.add(row)
    scene.name_row(CREDIT, CREDIT.content_of(row))
    return row.id


async def weighed(session: AsyncSession, person: str, target: Target, pack: Pack) -> Finding:
    """What the ledger gives for a title: credited stretches; claims that nobody has settled make it ask."""
    query = select(ServiceCredit, frozen(ServiceCredit.case_id)).where(ServiceCredit.person == person)
    rows = (await session.execute(query)).all()
    served = sorted((row.first_day, row.last_day) for row, held in rows if row.verdict == COUNTED and not held)
    # What a frozen certificate stands for is a claim until people have looked into it (EXC-11).
    claims = any(row.verdict == "" or held for row, held in rows)
    facts = PromotionFacts(target, tuple(Served(*days) for days in served), other_service=claims)
    return service_suffices(facts, pack)


async def weigh_service(scene: Scene, refs: Mapping[str, str]) -> str:
    """reached, not_concerned or short; "claims" or "odd_days" where people must settle something first."""
    person, target = scene.case.facts["person"], scene.case.facts["target_title"]
    finding = await weighed(scene.session, person, target, scene.pack)
    keep_finding(scene, finding, person=person)
    if finding.outcome:
        return finding.outcome
    return "odd_days" if finding.range else "claims"


async def settle_claims(scene: Scene, refs: Mapping[str, str]) -> str:
    """Each claim with the title office's word; who has decided stands in the row, and the row in the file."""
    form = await scene.form_of(refs["request"])
    decider = scene.decider_of(refs["request"])
    for one in form["verdicts"]:
        row = await scene.session.get_one(ServiceCredit, one["case"], with_for_update=True)
        if row.verdict == "":
            row.verdict, row.case_id = one["verdict"], scene.case.id
            row.confirmed_by, row.confirmed_at = decider, scene.at
            scene.name_row(CREDIT, CREDIT.content_of(row))
    return str(len(form["verdicts"]))


async def title_office(session: AsyncSession, institution: str, *, on: date, bureau: str) -> str:
    """Where the title office sits: at a body above, else at any body that has one, else the county health bureau."""
    query = select(RoleHolding.institution).where(RoleHolding.role == TITLE_OFFICE, held_on(on))
    offices = sorted(set(await session.scalars(query)))
    above = [code for code in await bodies_above(session, institution) if code in offices]
    return next(iter([*above, *offices]), bureau)


EFFECTS: Mapping[str, EffectFunction] = {one.__name__: one for one in (weigh_service, settle_claims)}
