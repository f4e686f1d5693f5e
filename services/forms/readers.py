"""What a task's page shows beyond its question, by the pack's form name: plain values for a template.

A reader is given the open task and reads what its holder may see (policy.md section 6): the people and posts that
they decide on.
"""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.eligibility import judged
from db.demand import SupplyLine
from db.engine.cases import CaseFile, FindingRow
from db.engine.people import Institution, Person
from db.engine.tasks import DecisionRow
from db.posting import Application, BatchItem, Post, PostMatch
from policies.demand import Places, gap_table
from services.engine.decisions import Asked
from services.engine.tasks import FormReader
from services.forms.balancing import approved_lines

Content = Mapping[str, object]


async def demand(session: AsyncSession, asked: Asked) -> Content:
    """staff: own people for the trainee part; lines, trainees: what the last revision said; closes_on: the window."""
    last = await _last_report(session, asked)
    return {
        "staff": await _staff(session, asked),
        "lines": last.get("lines", []),
        "trainees": last.get("trainees", []),
        "closes_on": date.fromisoformat(asked.case.facts["closes_on"]),
        "returned_words": await _returned_words(session, asked),
    }


async def supply(session: AsyncSession, asked: Asked) -> Content:
    """staff: own people, each with what the three-year rule finds at the planned start; chosen: the last revision's
    names.
    """
    start = date.fromisoformat(asked.case.facts["planned_start"])
    people = await _people(session, asked)
    last = await _last_report(session, asked)
    return {
        "staff": [listed(one) | {"finding": judged(one, start, asked.pack)} for one in people],
        "chosen": [one["person"] for one in last.get("people", [])],
        "planned_start": start,
        "closes_on": date.fromisoformat(asked.case.facts["closes_on"]),
        "returned_words": await _returned_words(session, asked),
    }


async def review(session: AsyncSession, asked: Asked) -> Content:
    """For a report: its lines. For an application: the applicant, the post, the other side's state."""
    if "post" in asked.task.refs:
        return await post_review(session, asked)
    decision = await _decision_of(session, asked, asked.task.refs.get("of", ""))
    form = dict(decision.form) if decision else {}
    people = await _named(session, [one["person"] for one in [*form.get("people", []), *form.get("trainees", [])]])
    findings = await _findings(session, asked, [one["person"] for one in form.get("people", [])])
    return {
        "lines": form.get("lines", []),
        "trainees": [people.get(one["person"], {}) | one for one in form.get("trainees", [])],
        "people": [
            people.get(one["person"], {}) | one | {"finding": findings.get(one["person"])}
            for one in form.get("people", [])
        ],
        "nil": decision is not None and decision.choice == "nil_return",
    }


async def post_review(session: AsyncSession, asked: Asked) -> dict[str, object]:
    """applicant, post (with its institution's name), wishes of the present round; trainee: whether it is a place for
    training.
    """
    post = await session.get(Post, asked.task.refs.get("post", ""))
    person = await session.get_one(Person, asked.case.facts["person"])
    sending = await session.get_one(Institution, person.institution)
    wishes = await session.scalar(
        select(Application).where(Application.case_id == asked.case.id).order_by(Application.round.desc()).limit(1)
    )
    return {
        "applicant": listed(person) | {"institution": sending.name},
        "post": await _post(session, post) if post else None,
        "choice_rank": _rank(wishes, post),
        "accepts_reassignment": bool(wishes and wishes.accepts_reassignment),
        "trainee": bool(post and post.placement),
    }


def _rank(wishes: Application | None, post: Post | None) -> int:
    """1 or 2 for the applicant's own choices, 0 for a post that they did not name."""
    if wishes is None or post is None:
        return 0
    return [wishes.first, wishes.second].index(post.id) + 1 if post.id in (wishes.first, wishes.second) else 0


async def reason(session: AsyncSession, asked: Asked) -> Content:
    """Whatever the question is about: the finding that asks, the objections, the applicant."""
    findings = select(FindingRow).where(FindingRow.case_id == asked.case.id).order_by(FindingRow.id)
    content: dict[str, object] = {"findings": [row.finding for row in await session.scalars(findings)]}
    if "person" in asked.case.facts:
        content |= await post_review(session, asked)
    decision = await _decision_of(session, asked, asked.task.refs.get("of", ""))
    if decision and "verdicts" in decision.form:
        content["verdicts"] = await _verdicts(session, decision.form["verdicts"])
    return content


async def balancing(session: AsyncSession, asked: Asked) -> Content:
    """Factors to write on; gaps per specialty; lines with how many are asked; reports and where each stands."""
    lines = await approved_lines(session, asked.case.cycle)
    reports = (
        await session.execute(
            select(CaseFile, Institution)
            .join(Institution, Institution.code == CaseFile.institution)
            .where(CaseFile.cycle == asked.case.cycle, CaseFile.lifecycle.in_(("InstitutionDemand", "HospitalSupply")))
            .order_by(CaseFile.id)
        )
    ).all()
    places = {case.id: institution for case, institution in reports}
    wanted = tuple(Places(places[one.case_id].code, one.specialty, one.headcount) for one in lines)
    offered = await _offered(session, asked.case.cycle)
    return {
        "factors": asked.pack.parameters["balancing_factors"].listed,
        "gaps": gap_table(wanted, offered),
        "names": {institution.code: institution.name for institution in places.values()},
        "lines": [
            {
                "demand": one.case_id,
                "revision": one.revision,
                "line": one.line,
                "institution": places[one.case_id].code,
                "institution_name": places[one.case_id].name,
                "specialty": one.specialty,
                "headcount": one.headcount,
                "mode": one.mode,
                "duties": one.duties,
            }
            for one in lines
        ],
        "reports": [
            {"case": case.id, "institution_name": institution.name, "stage": case.stage, "lifecycle": case.lifecycle}
            for case, institution in reports
        ],
    }


async def application(session: AsyncSession, asked: Asked) -> dict[str, object]:
    """Posts that can still be chosen; wishes of the round before."""
    return {
        "posts": await _open_posts(session, asked.case.cycle),
        "wishes": await _wishes(session, asked.case.id),
        "returned_words": await _words_of(session, asked, asked.task.refs.get("of", "")),
    }


async def nomination(session: AsyncSession, asked: Asked) -> Content:
    """Posts that are still open, and the applicant with their wishes."""
    return await application(session, asked) | await post_review(session, asked)


async def batch(session: AsyncSession, asked: Asked) -> dict[str, object]:
    """members: everybody who is matched and waits in this batch."""
    return {
        "members": await _batch_members(session, asked),
        "number": asked.case.facts["number"],
        "supplementary": asked.case.facts["supplementary"] == "yes",
    }


async def filing(session: AsyncSession, asked: Asked) -> Content:
    """members, with the verdict and reason that the step before has drafted (COR-05)."""
    content = await batch(session, asked)
    drafted = await session.scalar(
        select(DecisionRow)
        .where(DecisionRow.task_id == asked.task.id, DecisionRow.choice != "send_back")
        .order_by(DecisionRow.decided_at.desc())
        .limit(1)
    )
    verdicts = {one["case"]: one for one in drafted.form.get("verdicts", [])} if drafted else {}
    members = await _batch_members(session, asked)
    return content | {"members": [one | {"drafted": verdicts.get(str(one["case"]))} for one in members]}


# What several readers read.


async def _people(session: AsyncSession, asked: Asked) -> list[Person]:
    query = select(Person).where(Person.institution == asked.case.institution).order_by(Person.name_pinyin, Person.id)
    return [one for one in await session.scalars(query) if one.profession]


async def _staff(session: AsyncSession, asked: Asked) -> list[dict[str, object]]:
    return [listed(one) for one in await _people(session, asked)]


def listed(person: Person) -> dict[str, object]:
    """A person as lists show them."""
    return {
        "person": person.id,
        "name": person.name,
        "profession": person.profession,
        "specialty": person.specialty,
        "professional_title": person.professional_title,
        "qualified_on": person.qualified_on,
    }


async def _named(session: AsyncSession, people: list[str]) -> dict[str, dict[str, object]]:
    query = select(Person).where(Person.id.in_(people))
    return {one.id: listed(one) for one in await session.scalars(query)}


async def _findings(session: AsyncSession, asked: Asked, people: list[str]) -> dict[str, object]:
    start = date.fromisoformat(asked.case.facts["planned_start"]) if "planned_start" in asked.case.facts else None
    if start is None:
        return {}
    query = select(Person).where(Person.id.in_(people))
    return {one.id: judged(one, start, asked.pack) for one in await session.scalars(query)}


async def _last_report(session: AsyncSession, asked: Asked) -> dict[str, list[dict[str, str]]]:
    """What was submitted last in this case, to go on from after a return."""
    query = (
        select(DecisionRow.form)
        .where(DecisionRow.case_id == asked.case.id, DecisionRow.choice == "submit")
        .order_by(DecisionRow.decided_at.desc())
        .limit(1)
    )
    return dict(await session.scalar(query) or {})


async def _returned_words(session: AsyncSession, asked: Asked) -> str:
    """Why the report came back, in the returning person's words."""
    query = (
        select(DecisionRow).where(DecisionRow.case_id == asked.case.id).order_by(DecisionRow.decided_at.desc()).limit(1)
    )
    last = await session.scalar(query)
    return last.words or "" if last and last.choice == "return" else ""


async def _decision_of(session: AsyncSession, asked: Asked, local: str) -> DecisionRow | None:
    """The last answer of another task of the case."""
    query = (
        select(DecisionRow)
        .where(DecisionRow.task_id == f"{asked.case.id}.{local}")
        .order_by(DecisionRow.decided_at.desc())
        .limit(1)
    )
    found: DecisionRow | None = await session.scalar(query)
    return found


async def _words_of(session: AsyncSession, asked: Asked, local: str) -> str:
    decision = await _decision_of(session, asked, local)
    return decision.words or "" if decision else ""


async def _wishes(session: AsyncSession, case_id: str) -> dict[str, object]:
    query = select(Application).where(Application.case_id == case_id).order_by(Application.round.desc()).limit(1)
    last = await session.scalar(query)
    if last is None:
        return {}
    return {"first": last.first, "second": last.second, "reassign": "yes" if last.accepts_reassignment else "no"}


async def _open_posts(session: AsyncSession, cycle: str) -> list[dict[str, object]]:
    query = (
        select(Post)
        .outerjoin(PostMatch, PostMatch.post == Post.id)
        .where(Post.cycle == cycle, Post.state == "open", PostMatch.post.is_(None), Post.placement.is_(None))
        .order_by(Post.institution, Post.id)
    )
    return [await _post(session, post) for post in await session.scalars(query)]


async def _post(session: AsyncSession, post: Post) -> dict[str, object]:
    institution = await session.get_one(Institution, post.institution)
    return {
        "id": post.id,
        "institution": post.institution,
        "institution_name": institution.name,
        "specialty": post.specialty,
        "mode": post.mode,
        "duties": post.duties,
        "state": post.state,
    }


async def _offered(session: AsyncSession, cycle: str) -> tuple[Places, ...]:
    newest = select(func.max(SupplyLine.revision)).where(SupplyLine.case_id == CaseFile.id).correlate(CaseFile)
    query = (
        select(CaseFile.institution, SupplyLine.specialty, func.count())
        .join(SupplyLine, SupplyLine.case_id == CaseFile.id)
        .where(CaseFile.cycle == cycle, CaseFile.outcome != "excluded")
        .where(SupplyLine.revision == newest.scalar_subquery())
        .group_by(CaseFile.institution, SupplyLine.specialty)
    )
    return tuple(Places(str(place), specialty, number) for place, specialty, number in await session.execute(query))


async def _batch_members(session: AsyncSession, asked: Asked) -> list[dict[str, object]]:
    items = select(BatchItem.case_id).where(BatchItem.batch == asked.case.id)
    return await _members(session, list(await session.scalars(items)))


async def _members(session: AsyncSession, cases: list[str]) -> list[dict[str, object]]:
    query = (
        select(CaseFile, Person, Institution)
        .join(Person, Person.id == CaseFile.subject)
        .join(Institution, Institution.code == Person.institution)
        .where(CaseFile.id.in_(cases))
        .order_by(CaseFile.id)
    )
    posts = await _matched_posts(session, cases)
    return [
        {"case": case.id, "institution": institution.name, "post": posts.get(case.id)} | listed(person)
        for case, person, institution in await session.execute(query)
    ]


async def _matched_posts(session: AsyncSession, cases: list[str]) -> dict[str, dict[str, object]]:
    query = select(PostMatch.case_id, Post).join(Post, Post.id == PostMatch.post).where(PostMatch.case_id.in_(cases))
    return {case: await _post(session, post) for case, post in await session.execute(query)}


async def _verdicts(session: AsyncSession, verdicts: list[dict[str, str]]) -> list[dict[str, object]]:
    members = {one["case"]: one for one in await _members(session, [one["case"] for one in verdicts])}
    return [dict(members.get(one["case"], {})) | one for one in verdicts]


READERS: Mapping[str, FormReader] = {
    "demand": demand,
    "supply": supply,
    "review": review,
    "post_review": post_review,
    "reason": reason,
    "balancing": balancing,
    "application": application,
    "nomination": nomination,
    "batch": batch,
    "filing": filing,
}
