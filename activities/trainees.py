"""Opening the way of everybody whom a township has listed for training, once the year's demand is balanced
(DQ-3.1.2b).
"""

from sqlalchemy import func, select

from activities.engine.scene import Scene
from db.demand import TraineeLine
from db.engine.cases import CaseFile
from db.engine.opening import NewCase, next_serial, open_cases
from policies.engine.pack import Pack

LIFECYCLE = "TrainingPlacement"
PLACEMENT_TASKS = ("training_ask", "assign_hospital", "training_consent", "training_review", "replan")
CARRIED = ("group", "bureau", "year", "planned_start", "cycle")


async def open_trainings(scene: Scene) -> None:
    """A case for everybody on the year's lists of trainees, under the programme that trains; who has one already is
    left alone.
    """
    listed = await _listed(scene)
    if not listed:
        return
    training = str(scene.pack.parameters["training_pack"].value)
    pack = await scene.packs.current(training, through=scene.connection)
    for demand, line in listed:
        key = f"{pack.programme}:{line.person}"
        if await scene.session.scalar(select(CaseFile.id).where(CaseFile.open_key == key)):
            continue
        serial = await next_serial(scene.session, f"training.{pack.id}.{scene.case.facts['year']}")
        case = _placement(scene, demand, line, pack=pack, serial=serial, open_key=key)
        await open_cases(scene.session, [case], at=scene.at)
        scene.starts.append(case.id)


async def _listed(scene: Scene) -> list[tuple[CaseFile, TraineeLine]]:
    newest = select(func.max(TraineeLine.revision)).where(TraineeLine.case_id == CaseFile.id).correlate(CaseFile)
    query = (
        select(CaseFile, TraineeLine)
        .join(TraineeLine, TraineeLine.case_id == CaseFile.id)
        .where(CaseFile.cycle == scene.case.cycle, CaseFile.outcome != "excluded")
        .where(TraineeLine.revision == newest.scalar_subquery())
        .order_by(CaseFile.id, TraineeLine.person)
    )
    return [(case, line) for case, line in await scene.session.execute(query)]


def _placement(scene: Scene, demand: CaseFile, line: TraineeLine, *, pack: Pack, serial: int, open_key: str) -> NewCase:
    year, township = scene.case.facts["year"], str(demand.institution)
    return NewCase(
        id=f"training.{pack.id}.{year}.{serial}",
        lifecycle=LIFECYCLE,
        pack=pack,
        tasks=PLACEMENT_TASKS,
        facts={name: demand.facts[name] for name in CARRIED}
        | {"person": line.person, "sending": township, "demand": demand.id, "specialty": line.specialty},
        open_key=open_key,
        cycle=scene.case.cycle,
        institution=township,
        subject=line.person,
    )
