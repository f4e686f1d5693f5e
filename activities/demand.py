"""What the yearly cycle writes: reports opened, demand and supply taken, posts published, applicants invited
(DQ-3.1.2a to d).
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from activities.eligibility import judged
from activities.engine.scene import EffectFunction, Scene
from activities.trainees import open_trainings
from db.demand import DemandLine, SupplyLine, TraineeLine
from db.engine.cases import CaseFile
from db.engine.opening import NewCase, next_serial, open_cases
from db.engine.people import Institution, Person
from db.engine.tasks import TaskRow
from db.posting import CLOSED_POST, POST, Post, PostMatch, UnmetDemand
from policies.engine.pack import Pack

REPORTS = {
    "InstitutionDemand": ("demand_report", "demand_approval", "late_report"),
    "HospitalSupply": ("supply_report", "supply_approval", "late_report"),
}
POSTING_TASKS = (
    "eligibility_ask",
    "profession_ask",
    "choose_post",
    "correct_application",
    "sending_review",
    "receiving_review",
    "nominate",
    "nomination_consent",
    "replan",
)
# What of the pack shapes a person's path, and so travels with the case (DEF-20).
SHAPING = ("rounds_of_choice", "returns_before_escalation")
REPORTED = ("reported", "balanced", "excluded")
COUNTY_HOSPITAL = "county_hospital"
UNDER_REVIEW = ("sending_review", "receiving_review", "correct_application")
INVITED = ("eligible", "ask")


async def open_reports(scene: Scene, refs: Mapping[str, str]) -> str:
    """One demand case per grassroots institution of the group, one supply case per county hospital."""
    group = scene.case.facts["group"]
    query = select(Institution).where(Institution.parent == group).order_by(Institution.code)
    cases = [_report(scene, institution) for institution in await scene.session.scalars(query)]
    for start in range(0, len(cases), 500):
        await open_cases(scene.session, cases[start : start + 500], at=scene.at)
    return str(len(cases))


def _report(scene: Scene, institution: Institution) -> NewCase:
    lifecycle = "HospitalSupply" if institution.kind == COUNTY_HOSPITAL else "InstitutionDemand"
    word = "supply" if lifecycle == "HospitalSupply" else "demand"
    names = ("group", "bureau", "closes_on", "closes_at", "planned_start", "year")
    return NewCase(
        id=f"{word}.{scene.case.id.removeprefix('cycle.')}.{institution.code}",
        lifecycle=lifecycle,
        pack=scene.pack,
        tasks=REPORTS[lifecycle],
        facts={name: scene.case.facts[name] for name in names}
        | {"institution": institution.code, "cycle": scene.case.id},
        cycle=scene.case.id,
        institution=institution.code,
    )


async def take_demand(scene: Scene, refs: Mapping[str, str]) -> str:
    """Keep the approved demand and trainee lines; the last report of the cycle tells the cycle that all are in."""
    form, revision = await scene.form_of(refs["request"]), int(refs["number"])
    await _forget(scene, DemandLine, TraineeLine)
    lines = [
        {"case_id": scene.case.id, "revision": revision, "line": number, **line}
        for number, line in enumerate(form.get("lines", []), start=1)
    ]
    trainees = [{"case_id": scene.case.id, "revision": revision, **one} for one in form.get("trainees", [])]
    await _insert(scene, DemandLine, lines)
    await _insert(scene, TraineeLine, trainees)
    return await _tell_when_all_in(scene)


async def take_supply(scene: Scene, refs: Mapping[str, str]) -> str:
    """Keep the approved names, each with what the three-year rule found (DQ-3.1.1a)."""
    form, revision = await scene.form_of(refs["request"]), int(refs["number"])
    await _forget(scene, SupplyLine)
    lines = [await _supplied(scene, one, revision) for one in form.get("people", [])]
    await _insert(scene, SupplyLine, lines)
    return await _tell_when_all_in(scene)


async def _supplied(scene: Scene, one: Mapping[str, Any], revision: int) -> dict[str, Any]:
    person = await scene.session.get_one(Person, one["person"])
    finding = judged(person, date.fromisoformat(scene.case.facts["planned_start"]), scene.pack)
    return {
        "case_id": scene.case.id,
        "revision": revision,
        "person": person.id,
        "specialty": one.get("specialty") or person.specialty,
        "eligible": finding.outcome or "ask",
    }


async def _forget(scene: Scene, *tables: type[DemandLine | TraineeLine | SupplyLine]) -> None:
    """A report that came back stands alone, also when it now says nil; what it said before stands in its decisions."""
    for table in tables:
        await scene.session.execute(delete(table).where(table.case_id == scene.case.id))


async def report_excluded(scene: Scene, refs: Mapping[str, str]) -> str:
    """An excluded report no longer holds the cycle up."""
    return await _tell_when_all_in(scene)


async def _tell_when_all_in(scene: Scene) -> str:
    """Two last reports that commit in the same second look one after the other, so one of them sees that all are in."""
    cycle = scene.case.cycle
    await scene.alone_with(cycle)
    missing = await scene.session.scalar(
        select(func.count())
        .select_from(CaseFile)
        .where(
            CaseFile.cycle == cycle,
            CaseFile.lifecycle.in_(REPORTS),
            CaseFile.id != scene.case.id,
            CaseFile.stage.not_in(REPORTED),
        )
    )
    if missing:
        return str(missing)
    scene.inform(cycle, "all_in")
    balancing = await scene.session.scalar(
        select(CaseFile.id).where(CaseFile.cycle == cycle, CaseFile.lifecycle == "Balancing")
    )
    if balancing:
        scene.inform(balancing, "all_in")
    return "all_in"


async def open_balancing(scene: Scene, refs: Mapping[str, str]) -> str:
    """The case in which the group balances."""
    facts = {name: scene.case.facts[name] for name in ("group", "bureau", "year")} | {"cycle": scene.case.id}
    case = NewCase(
        id=f"balancing.{scene.case.id.removeprefix('cycle.')}",
        lifecycle="Balancing",
        pack=scene.pack,
        tasks=("balancing",),
        facts=facts,
        cycle=scene.case.id,
        institution=scene.case.institution,
    )
    await open_cases(scene.session, [case], at=scene.at)
    scene.starts.append(case.id)
    return case.id


async def publish_posts(scene: Scene, refs: Mapping[str, str]) -> str:
    """One post a place; what is not met is kept with its reason, what is met after all no longer stands as unmet; every
    report of the cycle is told that it is balanced, and whoever is listed for training goes on to a hospital.
    """
    form = await scene.form_of(refs["request"])
    posts = [post for line in form["allocations"] for post in await _posts(scene, line)]
    await _insert(scene, Post, posts)
    for post in posts:
        scene.name_row(POST, post)
    for institution, specialty in form.get("met", []):
        await scene.session.execute(
            delete(UnmetDemand).where(
                UnmetDemand.cycle == scene.case.cycle,
                UnmetDemand.institution == institution,
                UnmetDemand.specialty == specialty,
            )
        )
    await _keep_unmet(scene, form.get("unmet", []), refs["request"])
    open_reports = select(CaseFile.id).where(
        CaseFile.cycle == scene.case.cycle, CaseFile.lifecycle.in_(REPORTS), CaseFile.state != "closed"
    )
    for report in await scene.session.scalars(open_reports):
        scene.inform(report, "balanced")
    await open_trainings(scene)
    return str(len(posts))


async def _posts(scene: Scene, allocation: Mapping[str, Any]) -> list[dict[str, Any]]:
    line = await scene.session.get_one(
        DemandLine, (allocation["demand"], int(allocation["revision"]), int(allocation["line"]))
    )
    demand = await scene.session.get_one(CaseFile, line.case_id)
    scope = f"post.{scene.case.cycle}"
    return [
        {
            "id": f"post.{scene.case.cycle.removeprefix('cycle.')}.{await next_serial(scene.session, scope)}",
            "cycle": scene.case.cycle,
            "demand": line.case_id,
            "institution": demand.institution,
            "specialty": line.specialty,
            "mode": line.mode,
            "duties": line.duties,
            "published_at": scene.at,
        }
        for _ in range(int(allocation["posts"]))
    ]


async def record_unmet(scene: Scene, refs: Mapping[str, str]) -> str:
    """An imbalance that cannot be closed is recorded with its reason, and the cycle goes on (DQ-3.1.2d)."""
    form = await scene.form_of(refs["request"])
    await _keep_unmet(scene, form.get("unmet", []), refs["request"])
    return str(len(form.get("unmet", [])))


async def _keep_unmet(scene: Scene, unmet: Sequence[Mapping[str, Any]], request: str) -> None:
    for one in unmet:
        row = {
            "cycle": scene.case.cycle,
            "institution": one["institution"],
            "specialty": one["specialty"],
            "headcount": int(one["headcount"]),
            "request": request,
        }
        statement = upsert(UnmetDemand).values(row)
        keys = ["cycle", "institution", "specialty"]
        await scene.session.execute(
            statement.on_conflict_do_update(
                index_elements=keys, set_={"headcount": row["headcount"], "request": request}
            )
        )


async def cancel_post(scene: Scene, refs: Mapping[str, str]) -> str:
    """EXC-04: a post that nobody has been matched to is closed; who is under review for it is told the reason."""
    post = await scene.session.get_one(Post, refs["post"], with_for_update=True)
    if await scene.session.get(PostMatch, post.id):
        return "kept"
    if post.state == "open":
        post.state = "closed"
        scene.name_row(CLOSED_POST, {"id": post.id, "state": post.state})
        for case_id in await reviewing(scene, post.id):
            scene.inform(case_id, "post_closed", post=post.id, by_request=refs["request"])
    return post.state


async def reviewing(scene: Scene, post: str) -> Sequence[str]:
    """The cases in which people are being asked about this post."""
    query = (
        select(TaskRow.case_id)
        .where(TaskRow.status == "open", TaskRow.name.in_(UNDER_REVIEW))
        .where(TaskRow.refs["post"].astext == post, TaskRow.case_id != scene.case.id)
        .distinct()
        .order_by(TaskRow.case_id)
    )
    return (await scene.session.scalars(query)).all()


async def invite_applicants(scene: Scene, refs: Mapping[str, str]) -> str:
    """Everybody on the approved lists is asked to apply or decline (DQ-3.1.3a); who has an open case already is left
    alone.
    """
    invited = 0
    for case, person in await _listed(scene):
        busy = await scene.session.scalar(select(CaseFile.id).where(CaseFile.open_key == posting_key(scene, person)))
        if not busy:
            await open_cases(scene.session, [await _invitation(scene, case, person)], at=scene.at)
            invited += 1
    return str(invited)


async def _listed(scene: Scene) -> list[tuple[CaseFile, str]]:
    newest = select(func.max(SupplyLine.revision)).where(SupplyLine.case_id == CaseFile.id).correlate(CaseFile)
    query = (
        select(CaseFile, SupplyLine.person)
        .join(SupplyLine, SupplyLine.case_id == CaseFile.id)
        .where(CaseFile.cycle == scene.case.id, CaseFile.outcome != "excluded")
        .where(SupplyLine.revision == newest.scalar_subquery(), SupplyLine.eligible.in_(INVITED))
        .order_by(SupplyLine.person)
    )
    return [(case, person) for case, person in await scene.session.execute(query)]


def shaping(pack: Pack) -> dict[str, str]:
    """The numbers of the pack by which an application goes on, as facts of its start."""
    return {name: str(pack.parameters[name].whole) for name in SHAPING}


def posting_key(scene: Scene, person: str) -> str:
    """One open case per person and programme (COR-03)."""
    return f"{scene.pack.programme}:{person}"


async def _invitation(scene: Scene, supply: CaseFile, person: str) -> NewCase:
    year = scene.case.facts["year"]
    serial = await next_serial(scene.session, f"posting.{scene.pack.id}.{year}")
    facts = {name: scene.case.facts[name] for name in ("group", "bureau", "year", "planned_start")}
    return NewCase(
        id=f"posting.{scene.pack.id}.{year}.{serial}",
        lifecycle="PostingCase",
        pack=scene.pack,
        tasks=POSTING_TASKS,
        facts=facts
        | shaping(scene.pack)
        | {"cycle": scene.case.id, "person": person, "sending": supply.facts["institution"]},
        open_key=posting_key(scene, person),
        cycle=scene.case.id,
        institution=supply.institution,
        subject=person,
    )


async def _insert(scene: Scene, table: type, rows: list[dict[str, Any]]) -> None:
    if rows:
        await scene.session.execute(insert(table), rows)


EFFECTS: Mapping[str, EffectFunction] = {
    one.__name__: one
    for one in (
        open_reports,
        take_demand,
        take_supply,
        report_excluded,
        open_balancing,
        publish_posts,
        record_unmet,
        cancel_post,
        invite_applicants,
    )
}
