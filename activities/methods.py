"""What an assessment method writes: that it is in force, since when, and on which grounds (DQ-3.3.2a, b, d)."""

from collections.abc import Mapping

from activities.assessments import tell_waiting_terms
from activities.engine import lines
from activities.engine.scene import EffectFunction, Scene
from activities.findings import keep_finding
from db.methods import METHOD, AssessmentMethod
from policies.four_bureaus import FOUR_BUREAUS
from policies.method_filing import AreasFacts, BureauAnswer, MethodFacts, method_is_in_force, sent_down_areas_are_set


async def put_in_force(scene: Scene, refs: Mapping[str, str]) -> str:
    """All four have filed: the method is in force from the day on which the last of them decided."""
    form, facts = await scene.form_of(refs["draft"]), scene.case.facts
    programme = facts["programme"]
    areas = AreasFacts(programme, tuple(name for name, text in form["areas"].items() if text))
    filed = MethodFacts(programme, tuple(BureauAnswer(bureau.name, "filed") for bureau in FOUR_BUREAUS))
    keep_finding(scene, sent_down_areas_are_set(areas, scene.pack))
    keep_finding(scene, method_is_in_force(filed, scene.pack))
    in_force_on = max([await lines.day_of_answer(scene, refs[bureau.place]) for bureau in FOUR_BUREAUS])
    row = {
        "case_id": scene.case.id,
        "group": facts["group"],
        "programme": programme,
        "version": int(facts["version"]),
        "submission": int(refs["submission"]),
        "title": form["title"],
        "draft": refs["draft"],
        "in_force_on": in_force_on,
        "at": scene.at,
    }
    scene.session.add(AssessmentMethod(**row))
    scene.name_row(METHOD, row)
    await tell_waiting_terms(scene, group=facts["group"], programme=programme)
    return in_force_on.isoformat()


EFFECTS: Mapping[str, EffectFunction] = {one.__name__: one for one in (put_in_force,)}
