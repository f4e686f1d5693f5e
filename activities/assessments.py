"""Assessing performance: whether a method is in force, whom that concerns, and the results (DQ-3.3.1a, b)."""

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import func, select

from activities.engine import lines
from activities.engine.scene import EffectFunction, Scene
from activities.service import LIFECYCLE
from db.engine.cases import CaseFile
from db.engine.tasks import TaskRow
from db.methods import method_in_force
from db.service import RESULT, PerformanceResult
from policies.engine.dates import term_last_day

_ONE_DAY = timedelta(days=1)


async def method_now(scene: Scene, refs: Mapping[str, str]) -> str:
    """The case of the method in force today for this kind of staff of this group, or ""."""
    group, programme = scene.case.facts["group"], scene.pack.programme
    await alone_with_methods(scene, group, programme)
    today = scene.calendar.local_day(scene.at)
    found = await method_in_force(scene.session, group=group, programme=programme, on=today)
    return found.case_id if found else ""


async def alone_with_methods(scene: Scene, group: str, programme: str) -> None:
    """A term that looks and a method that comes into force: either sees the other."""
    await scene.alone_with(f"method.{group}.{programme}")


async def tell_waiting_terms(scene: Scene, *, group: str, programme: str) -> None:
    """A method has come into force: every term with a quarter that nobody was asked to assess looks again."""
    await alone_with_methods(scene, group, programme)
    counts = {
        name: select(func.count()).where(TaskRow.case_id == CaseFile.id, TaskRow.name == name).scalar_subquery()
        for name in ("check_in", "performance_assessment")
    }
    waiting = select(CaseFile.id).where(
        CaseFile.lifecycle == LIFECYCLE,
        CaseFile.programme == programme,
        CaseFile.stage == "in_service",
        CaseFile.facts["group"].astext == group,
        counts["check_in"] > counts["performance_assessment"],
    )
    for term in await scene.session.scalars(waiting.order_by(CaseFile.id)):
        scene.inform(term, "method_in_force")


async def keep_result(scene: Scene, refs: Mapping[str, str]) -> str:
    """The rating of a quarter, with its days and the method by which it was given."""
    form = await scene.form_of(refs["request"])
    facts, quarter = scene.case.facts, int(refs["quarter"])
    began, months = date.fromisoformat(refs["first_day"]), scene.pack.parameters["check_in_every_months"].whole
    before = term_last_day(began, months * (quarter - 1)) + _ONE_DAY if quarter > 1 else began
    row = {
        "id": f"{scene.case.id}.p{quarter}",
        "case_id": scene.case.id,
        "programme": scene.pack.programme,
        "group": facts["group"],
        "institution": facts["receiving"],
        "person": facts["person"],
        "quarter": quarter,
        "first_day": before,
        "last_day": term_last_day(began, months * quarter),
        "method": refs["method"],
        "rating": form["rating"],
        "decided_on": await lines.day_of_answer(scene, refs["request"]),
        "settled_by": refs["request"],
    }
    scene.session.add(PerformanceResult(**row))
    scene.name_row(RESULT, row)
    return ""


EFFECTS: Mapping[str, EffectFunction] = {one.__name__: one for one in (method_now, keep_result)}
