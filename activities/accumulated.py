"""What people make of accumulated activities (DQ-3.2.1b)."""

from collections.abc import Mapping

from activities.engine.scene import EffectFunction, Scene
from db.service import ACTIVITY, ServiceActivity


async def settle_activity(scene: Scene, refs: Mapping[str, str]) -> str:
    """Confirmed or dismissed by the answer of a request; `approved`: what the group said of another form, or ""."""
    row = await scene.session.get_one(ServiceActivity, refs["activity"])
    row.state, row.settled_by = refs["state"], refs["request"]
    row.group_approved = refs["approved"] == "yes" if refs["approved"] else None
    scene.name_row(ACTIVITY, ACTIVITY.content_of(row))
    return ""


EFFECTS: Mapping[str, EffectFunction] = {one.__name__: one for one in (settle_activity,)}
