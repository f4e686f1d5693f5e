"""Opening an inspection: by the bureau, or by a case in which something was found (DQ-3.2.3a, DQ-4.3c, EXC-11)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from activities.engine.scene import EffectFunction, Scene
from db.engine.opening import NewCase, next_serial, open_cases
from db.engine.people import Institution
from db.engine.roles import bodies_above
from policies.engine.pack import Pack

INSPECTION_TASKS = (
    "inspection_findings",
    "rectify_grassroots",
    "rectify_hospital",
    "rectify_group",
    "verify_rectification",
    "settle_certificate",
)
BUREAU = "county_health_bureau"
# Who heads an institution of a kind; all other kinds that a bureau inspects are grassroots institutions.
HEADED = {"county_hospital": "hospital", "health_group": "group"}
OCCASIONS = ("inspection", "report", "audit", "case")


@dataclass(frozen=True)
class Inspection:
    """The facts of a start: which institution, or which person there; on which local day and occasion.

    `concerns` is the case in which something was found, also after it closed (EXC-11). `number` is the bureau's own
    serial or the page's request id (COR-03).
    """

    pack: str
    institution: str
    inspected_on: date
    occasion: str = "inspection"
    person: str = ""
    concerns: str = ""
    number: str = ""


async def bureau_above(session: AsyncSession, institution: Institution) -> str:
    """The county health bureau that inspects an institution; "" where none is above it."""
    for code in await bodies_above(session, institution.parent or ""):
        above = await session.get(Institution, code)
        if above is not None and above.kind == BUREAU:
            return code
    return ""


async def inspection_case(
    session: AsyncSession, asked: Inspection, institution: Institution, *, bureau: str, pack: Pack, by: str = ""
) -> NewCase:
    """The case of an inspection: it lies at the bureau, and reaches the institution with the order."""
    scope = f"inspection.{pack.id}.{institution.code}.{asked.inspected_on.year}"
    facts = {
        "bureau": bureau,
        "institution": institution.code,
        "answered_by": HEADED.get(institution.kind, "grassroots"),
        "inspected_on": asked.inspected_on.isoformat(),
        "occasion": asked.occasion,
        "person": asked.person,
        "concerns": asked.concerns,
    }
    return NewCase(
        id=f"{scope}.{await next_serial(session, scope)}",
        lifecycle="InspectionRectification",
        pack=pack,
        tasks=INSPECTION_TASKS,
        facts=facts,
        key=f"inspection.{pack.id}.{asked.number}" if asked.number else "",
        institution=bureau,
        subject=asked.person or None,
        started_by=by,
    )


async def open_rectification(scene: Scene, refs: Mapping[str, str]) -> str:
    """Another case asks the bureau to look at an institution, or a person there; the id of the new case, "" where no
    bureau is above it. The refs are `institution` and, if it is about one, `person`.
    """
    institution = await scene.session.get_one(Institution, refs["institution"])
    bureau = await bureau_above(scene.session, institution)
    if not bureau:
        return ""
    today = scene.calendar.local_day(scene.at)
    asked = Inspection(scene.pack.id, institution.code, today, "case", refs.get("person", ""), scene.case.id)
    case = await inspection_case(scene.session, asked, institution, bureau=bureau, pack=scene.pack)
    await open_cases(scene.session, [case], at=scene.at)
    scene.starts.append(case.id)
    return case.id


EFFECTS: Mapping[str, EffectFunction] = {open_rectification.__name__: open_rectification}
