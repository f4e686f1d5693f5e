"""What a filing batch writes: who is in it, what the bureau said of each, and that each case is told (DQ-3.1.3c)."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, and_, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from activities.engine.scene import EffectFunction, Scene
from db.engine.cases import CaseFile
from db.engine.opening import NewCase, open_cases
from db.posting import VERDICT, BatchItem

BATCH_TASKS = ("compile_batch", "bureau_filing", "confirm_objection")
COMPILING = ("", "compiling")
FILE, RETURN, OBJECT = "file", "return", "object"


async def enrol(scene: Scene, case_id: str) -> str:
    """Put a matched case into the batch that the group is compiling; where there is none, open one."""
    cycle = scene.case.cycle
    await scene.alone_with(f"batch:{cycle}")
    batch = await scene.session.scalar(
        select(CaseFile.id)
        .where(_batches(scene), CaseFile.stage.in_(COMPILING), CaseFile.id != scene.case.id)
        .order_by(CaseFile.started_at.desc())
        .limit(1)
    )
    if batch is None:
        batch = await _open_batch(scene, cycle)
    else:
        scene.inform(batch, "enrolled")
    item = upsert(BatchItem).values(batch=batch, case_id=case_id, verdict="", at=scene.at)
    await scene.session.execute(item.on_conflict_do_nothing())
    return batch


async def _open_batch(scene: Scene, cycle: str) -> str:
    number = 1 + (await scene.session.scalar(select(func.count()).select_from(CaseFile).where(_batches(scene))) or 0)
    facts = {name: scene.case.facts[name] for name in ("group", "bureau", "year")}
    batch = NewCase(
        id=f"batch.{scene.pack.id}.{facts['group']}.{facts['year']}.{number}",
        lifecycle="FilingBatch",
        pack=scene.pack,
        tasks=BATCH_TASKS,
        facts=facts | {"cycle": cycle, "number": str(number), "supplementary": "yes" if number > 1 else "no"},
        cycle=cycle,
        institution=facts["group"],
    )
    await open_cases(scene.session, [batch], at=scene.at)
    scene.starts.append(batch.id)
    return batch.id


def _batches(scene: Scene) -> ColumnElement[bool]:
    """The batches of this programme in the cycle: trainees are filed apart from staff sent down."""
    of_cycle = CaseFile.cycle == scene.case.cycle, CaseFile.programme == scene.pack.programme
    return and_(*of_cycle, CaseFile.lifecycle == "FilingBatch")


async def seal_batch(scene: Scene, refs: Mapping[str, str]) -> str:
    """The batch goes to the bureau with the persons whom the coordinator has listed; the others wait for the next."""
    await scene.alone_with(f"batch:{scene.case.cycle}")
    included = (await scene.form_of(refs["request"]))["included"]
    query = select(BatchItem.case_id).where(BatchItem.batch == scene.case.id).order_by(BatchItem.case_id)
    for case_id in await scene.session.scalars(query):
        if case_id in included:
            scene.inform(case_id, "submitted", batch=scene.case.id)
            continue
        await scene.session.execute(
            delete(BatchItem).where(BatchItem.batch == scene.case.id, BatchItem.case_id == case_id)
        )
        await enrol(scene, case_id)
    return str(len(included))


async def announce_verdicts(scene: Scene, refs: Mapping[str, str]) -> str:
    """Each person's verdict into the record and to their case; an overruled objection is a filing."""
    verdicts = (await scene.form_of(refs["request"]))["verdicts"]
    for one in verdicts:
        verdict = FILE if one["verdict"] == OBJECT and refs["objections"] != "confirm" else one["verdict"]
        row = {"batch": scene.case.id, "case_id": one["case"], "verdict": verdict, "at": scene.at}
        kept = update(BatchItem).where(BatchItem.batch == scene.case.id, BatchItem.case_id == one["case"])
        if await scene.session.scalar(kept.values(row).returning(BatchItem.case_id)):
            scene.name_row(VERDICT, row)
        scene.inform(one["case"], "verdict", verdict=verdict, batch=scene.case.id, request=refs["request"])
    return str(len(verdicts))


async def is_empty(scene: Scene, refs: Mapping[str, str]) -> str:
    """Whether everybody has left the batch again."""
    await scene.alone_with(f"batch:{scene.case.cycle}")
    return "no" if await _members(scene, scene.case.id) else "yes"


async def leave(scene: Scene, case_id: str) -> None:
    """Take an ended case out of the batch that is being compiled; what the bureau has been sent stays in its record."""
    await scene.alone_with(f"batch:{scene.case.cycle}")
    compiling = select(CaseFile.id).where(CaseFile.cycle == scene.case.cycle, CaseFile.stage.in_(COMPILING))
    left = delete(BatchItem).where(BatchItem.case_id == case_id, BatchItem.batch.in_(compiling))
    for batch in await scene.session.scalars(left.returning(BatchItem.batch)):
        if not await _members(scene, batch):
            scene.inform(batch, "emptied")


async def _members(scene: Scene, batch: str) -> int:
    return await scene.session.scalar(select(func.count()).where(BatchItem.batch == batch)) or 0


EFFECTS: Mapping[str, EffectFunction] = {one.__name__: one for one in (seal_batch, announce_verdicts, is_empty)}
