"""The group's balancing: posts per demand line, unmet needs with reasons, the four factors in writing (DQ-3.1.2d)."""

from pydantic import Field
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.demand import DemandLine
from db.engine.cases import CaseFile
from db.posting import UnmetDemand
from services.engine.decisions import Answer, Asked, Form
from services.field_problems import FieldProblem
from services.forms.parsing import Fields, ensure, parsed


class Allocation(Fields):
    """How many posts of one demand line are published."""

    demand: str
    revision: int
    line: int
    posts: int = Field(ge=0, le=99)


class Unmet(Fields):
    """Places that cannot be met, with the reason."""

    institution: str
    specialty: str
    headcount: int = Field(ge=1, le=99)
    reason: str = Field(min_length=1, max_length=500)


class Publication(Fields):
    """What is published, what is not, and what was weighed."""

    factors: dict[str, str] = Field(default_factory=dict)
    allocations: tuple[Allocation, ...] = ()
    unmet: tuple[Unmet, ...] = ()


class Shortfall(Fields):
    """Unmet needs, recorded before publishing."""

    unmet: tuple[Unmet, ...] = Field(min_length=1)


class Returned(Fields):
    """The demand that goes back to its institution."""

    demand: str = Field(min_length=1)


async def balancing(session: AsyncSession, asked: Asked, answer: Answer) -> Form:
    """Publish, return one demand, or record unmet needs."""
    if answer.choice == "return_demand":
        return await _returned(session, asked, answer)
    if answer.choice == "record_unmet":
        return Form(parsed(Shortfall, answer.form).model_dump(mode="json"))
    form = parsed(Publication, answer.form)
    lines = {(line.case_id, line.revision, line.line): line for line in await approved_lines(session, asked.case.cycle)}
    problems = _unwritten(asked, form)
    problems += [
        FieldProblem(f"allocations-{number}-posts", "posts_wrong")
        for number, one in enumerate(form.allocations)
        if (one.demand, one.revision, one.line) not in lines
        or one.posts > lines[one.demand, one.revision, one.line].headcount
    ]
    problems += await _unexplained(session, asked.case.cycle, form, lines)
    ensure(problems)
    content = form.model_dump(mode="json")
    content["allocations"] = [one for one in content["allocations"] if one["posts"]]
    return Form(content)


async def approved_lines(session: AsyncSession, cycle: str) -> list[DemandLine]:
    """The demand lines that count in a cycle: the latest revision of every report that is in."""
    newest = (
        select(DemandLine.case_id, func.max(DemandLine.revision).label("revision"))
        .join(CaseFile, CaseFile.id == DemandLine.case_id)
        .where(CaseFile.cycle == cycle, CaseFile.stage.in_(("reported", "balanced")))
        .group_by(DemandLine.case_id)
        .subquery()
    )
    query = (
        select(DemandLine)
        .join(newest, (newest.c.case_id == DemandLine.case_id) & (newest.c.revision == DemandLine.revision))
        .order_by(DemandLine.case_id, DemandLine.line)
    )
    return list(await session.scalars(query))


async def _returned(session: AsyncSession, asked: Asked, answer: Answer) -> Form:
    form = parsed(Returned, answer.form)
    known = await session.scalar(
        select(CaseFile.id).where(
            CaseFile.id == form.demand, CaseFile.cycle == asked.case.cycle, CaseFile.stage == "reported"
        )
    )
    ensure([] if known else [FieldProblem("demand", "case_unknown")])
    return Form(form.model_dump(), {"demand": form.demand})


def _unwritten(asked: Asked, form: Publication) -> list[FieldProblem]:
    """All factors that the clause names, in words; its list is open (等), so others may be added."""
    named = asked.pack.parameters["balancing_factors"].listed
    return [FieldProblem(f"factors-{name}", "missing") for name in named if not form.factors.get(name, "").strip()]


async def _unexplained(
    session: AsyncSession, cycle: str, form: Publication, lines: dict[tuple[str, int, int], DemandLine]
) -> list[FieldProblem]:
    """Every place that is asked for and not published has its reason."""
    query = select(CaseFile.id, CaseFile.institution).where(CaseFile.id.in_({key[0] for key in lines}))
    institutions = {row.id: row.institution for row in await session.execute(query)}
    open_places: dict[tuple[str | None, str], int] = {}
    published = {(one.demand, one.revision, one.line): one.posts for one in form.allocations}
    for key, line in lines.items():
        place = (institutions[line.case_id], line.specialty)
        open_places[place] = open_places.get(place, 0) + line.headcount - published.get(key, 0)
    explained = await _recorded(session, cycle)
    explained |= {(one.institution, one.specialty): one.headcount for one in form.unmet}
    return [
        FieldProblem("unmet", "unmet_unexplained", (("institution", str(place[0])), ("specialty", place[1])))
        for place, number in open_places.items()
        if number != explained.get((str(place[0]), place[1]), 0)
    ]


async def _recorded(session: AsyncSession, cycle: str) -> dict[tuple[str, str], int]:
    """The unmet places that were recorded with their reasons before publishing."""
    rows = await session.scalars(select(UnmetDemand).where(UnmetDemand.cycle == cycle))
    return {(row.institution, row.specialty): row.headcount for row in rows}
