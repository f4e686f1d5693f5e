"""Holding the certificate of a term while a matter about it is open, and what people decide of it then (EXC-11)."""

from collections.abc import Mapping

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.engine.scene import EffectFunction, Scene
from db.engine.cases import CaseFile
from db.evaluation import HOLD, CertificateHold
from db.segments import segments_of

FROZEN, LIFTED = "frozen", "lifted"
TERM = "ServiceTerm"


async def freeze_certificate(scene: Scene, refs: Mapping[str, str]) -> str:
    """Frozen where the matter concerns a term of service, issued certificate or not; "" where it concerns none.

    The hold names the first term of the service: the certificate may be issued, and looked at, under another segment.
    """
    term = await _term(scene.session, refs["concerns"])
    if term is None:
        return ""
    row = CertificateHold(matter=scene.case.id, term=segments_of(term)[0], state=FROZEN)
    scene.session.add(row)
    scene.name_row(HOLD, HOLD.content_of(row))
    return FROZEN


async def _term(session: AsyncSession, concerned: str) -> CaseFile | None:
    """The case itself, or the newest term of the placement that it is."""
    of_placement = CaseFile.facts["posting"].astext == concerned
    terms = select(CaseFile).where(CaseFile.lifecycle == TERM, or_(CaseFile.id == concerned, of_placement))
    found: CaseFile | None = await session.scalar(terms.order_by(CaseFile.started_at.desc()).limit(1))
    return found


async def settle_hold(scene: Scene, refs: Mapping[str, str]) -> str:
    """What people have decided: the hold is lifted, or stands."""
    row = await scene.session.get_one(CertificateHold, scene.case.id)
    row.state, row.settled_by = refs["state"], refs["request"]
    scene.name_row(HOLD, HOLD.content_of(row))
    return row.state


EFFECTS: Mapping[str, EffectFunction] = {one.__name__: one for one in (freeze_certificate, settle_hold)}
