"""The end of a flexible-talent contract, and what of it was never assessed (OT-6.2b, G-9, G-10)."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from activities.engine.scene import EffectFunction, Scene
from activities.talent_assessment import ask_last_part
from db.engine.cases import CaseFile
from db.talent_contracts import CONTRACT, TalentContract

# Ends before the last day, whichever matter has brought them.
EARLY = ("terminated", "rescinded", "cannot_continue")


async def end_contract(scene: Scene, refs: Mapping[str, str]) -> str:
    """The contract is over: at its last day, or on the day that people have decided."""
    row = await scene.session.get_one(TalentContract, scene.case.id)
    row.state, row.ended_on = "ended", date.fromisoformat(refs["ended_on"])
    scene.name_row(CONTRACT, CONTRACT.content_of(row))
    if refs["outcome"] in EARLY:
        await ask_last_part(scene, row.ended_on)
    await tell_matters(scene, refs["outcome"])
    return ""


async def tell_matters(scene: Scene, outcome: str) -> None:
    """What goes on beside a contract learns that the contract is over."""
    beside = CaseFile.facts["contract"].astext == scene.case.id
    for matter in await scene.session.scalars(select(CaseFile.id).where(beside, CaseFile.state != "closed")):
        scene.inform(matter, "contract_over", outcome=outcome)


EFFECTS: Mapping[str, EffectFunction] = {end_contract.__name__: end_contract}
