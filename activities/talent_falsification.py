"""What falsification found in an assessment sets going: the employer verifies a ground to rescind (OT-E3, OT-6.3c)."""

from collections.abc import Mapping

from activities.contract_ends import RESCISSION, Matter, matter_case, under_way
from activities.engine.scene import EffectFunction, Scene
from db.engine.cases import CaseFile
from db.engine.opening import open_cases
from db.talent_contracts import TalentContract

FALSIFICATION, RUNNING = "c", "signed"


async def open_falsification(scene: Scene, refs: Mapping[str, str]) -> str:
    """The rescission in which the employer verifies it, or the one that is open; "" where the contract has ended. It is
    raised by whoever has answered; no inquiry comes from the system (G-3).
    """
    contract = str(scene.case.facts["contract"])
    await scene.alone_with(f"ends.{contract}")
    row = await scene.session.get_one(TalentContract, contract)
    if row.state != RUNNING:
        return ""
    today = scene.calendar.local_day(scene.at)
    matter = Matter(RESCISSION, FALSIFICATION, as_of=today.isoformat(), by=scene.decider_of(refs["request"]))
    if known := await under_way(scene.session, contract, matter):
        return known
    source = await scene.session.get_one(CaseFile, contract)
    case = await matter_case(scene.session, source, matter, pack=scene.pack, today=today)
    await open_cases(scene.session, [case], at=scene.at)
    scene.starts.append(case.id)
    return case.id


EFFECTS: Mapping[str, EffectFunction] = {open_falsification.__name__: open_falsification}
