"""Holding the certificate of a term while a matter about it is open, and what people decide of it then (EXC-11)."""

from collections.abc import Mapping

from activities.engine.scene import EffectFunction, Scene
from db.engine.cases import CaseFile
from db.evaluation import HOLD, CertificateHold

FROZEN, LIFTED = "frozen", "lifted"
TERM = "ServiceTerm"


async def freeze_certificate(scene: Scene, refs: Mapping[str, str]) -> str:
    """Frozen where the matter concerns a term of service, issued certificate or not; "" where it concerns none."""
    term = await scene.session.get(CaseFile, refs["concerns"])
    if term is None or term.lifecycle != TERM:
        return ""
    row = CertificateHold(matter=scene.case.id, term=term.id, state=FROZEN)
    scene.session.add(row)
    scene.name_row(HOLD, HOLD.content_of(row))
    return FROZEN


async def settle_hold(scene: Scene, refs: Mapping[str, str]) -> str:
    """What people have decided: the hold is lifted, or stands."""
    row = await scene.session.get_one(CertificateHold, scene.case.id)
    row.state, row.settled_by = refs["state"], refs["request"]
    scene.name_row(HOLD, HOLD.content_of(row))
    return row.state


EFFECTS: Mapping[str, EffectFunction] = {one.__name__: one for one in (freeze_certificate, settle_hold)}
