"""What becomes of proposals to change a running term (EXC-07, EXC-08)."""

from collections.abc import Mapping

from activities.engine.scene import EffectFunction, Scene
from db.term_changes import CHANGE, TermChange


async def settle_change(scene: Scene, refs: Mapping[str, str]) -> str:
    """Refused by the answer of a request, or moot because the term has ended otherwise."""
    row = await scene.session.get_one(TermChange, refs["change"])
    row.state, row.settled_by = refs["state"], refs["request"] or None
    scene.name_row(CHANGE, CHANGE.content_of(row))
    return row.state


async def agree_early_end(scene: Scene, refs: Mapping[str, str]) -> str:
    """The last day: the proposed one, or the day on which the last of them agreed where that is later."""
    row = await scene.session.get_one(TermChange, refs["change"])
    row.state, row.settled_by = "agreed", refs["request"]
    row.ends_on = max(row.last_day, scene.calendar.local_day(scene.at))
    scene.name_row(CHANGE, CHANGE.content_of(row))
    return row.ends_on.isoformat()


EFFECTS: Mapping[str, EffectFunction] = {one.__name__: one for one in (settle_change, agree_early_end)}
