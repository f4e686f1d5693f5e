"""The group's balancing: posts per demand line, unmet needs with reasons, the four factors in writing (DQ-3.1.2d)."""

from collections.abc import Mapping, Sequence

from pydantic import Field
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.demand import DemandLine
from db.engine.cases import CaseFile
from db.posting import UnmetDemand
from services.engine.decisions import Answer, Asked, Form
from services.field_problems import FieldProblem
from services.forms.parsing import Fields, ensure, parsed

# Demand lines by case, revision and number.
Lines = Mapping[tuple[str, int, int], DemandLine]
# Places by institution and specialty.
Places = Mapping[tuple[str, str], int]


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
    lines = {(line.case_id, line.revision, line.line): line for line in await approved_lines(session, asked.case.cycle)}
    if answer.choice == "record_unmet":
        shortfall = parsed(Shortfall, answer.form)
        ensure(_unasked(shortfall.unmet, await _open_places(session, lines, {})))
        return Form(shortfall.model_dump(mode="json"))
    form = parsed(Publication, answer.form)
    problems = _unwritten(asked, form)
    problems += [
        FieldProblem(f"allocations-{number}-posts", "named_twice")
        for number in _repeated([(one.demand, one.revision, one.line) for one in form.allocations])
    ]
    problems += [
        FieldProblem(f"allocations-{number}-posts", "posts_wrong")
        for number, one in enumerate(form.allocations)
        if (one.demand, one.revision, one.line) not in lines
        or one.posts > lines[one.demand, one.revision, one.line].headcount
    ]
    published = {(one.demand, one.revision, one.line): one.posts for one in form.allocations}
    open_places = await _open_places(session, lines, published)
    recorded = await _recorded(session, asked.case.cycle)
    ensure([*problems, *_unasked(form.unmet, open_places), *_unexplained(form, open_places, recorded)])
    content = form.model_dump(mode="json")
    content["met"] = [list(place) for place in recorded if open_places.get(place, 0) <= 0]
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


def _unexplained(form: Publication, open_places: Places, recorded: Places) -> list[FieldProblem]:
    """Every place that is asked for and not published has its reason, here or recorded before."""
    explained = {**recorded, **{(one.institution, one.specialty): one.headcount for one in form.unmet}}
    return [
        FieldProblem("unmet", "unmet_unexplained", (("institution", place[0]), ("specialty", place[1])))
        for place, number in open_places.items()
        if number > 0 and number != explained.get(place, 0)
    ]


async def _open_places(
    session: AsyncSession, lines: Lines, published: Mapping[tuple[str, int, int], int]
) -> dict[tuple[str, str], int]:
    """How many places of each institution and specialty are asked for and not published."""
    query = select(CaseFile.id, CaseFile.institution).where(CaseFile.id.in_({key[0] for key in lines}))
    institutions = {row.id: str(row.institution) for row in await session.execute(query)}
    found: dict[tuple[str, str], int] = {}
    for key, line in lines.items():
        place = (institutions[line.case_id], line.specialty)
        found[place] = found.get(place, 0) + line.headcount - published.get(key, 0)
    return found


def _unasked(unmet: Sequence[Unmet], open_places: Places) -> list[FieldProblem]:
    """Only what an institution has asked for can be unmet, each place once."""
    places = [(one.institution, one.specialty) for one in unmet]
    twice = _repeated(places)
    return [
        FieldProblem(f"unmet-{number}-headcount", "named_twice" if number in twice else "unmet_wrong")
        for number, one in enumerate(unmet)
        if number in twice or one.headcount > open_places.get(places[number], 0)
    ]


def _repeated(keys: Sequence[tuple[object, ...]]) -> list[int]:
    return [number for number, key in enumerate(keys) if key in keys[:number]]


async def _recorded(session: AsyncSession, cycle: str) -> dict[tuple[str, str], int]:
    """The unmet places that were recorded with their reasons before publishing."""
    rows = await session.scalars(select(UnmetDemand).where(UnmetDemand.cycle == cycle))
    return {(row.institution, row.specialty): row.headcount for row in rows}
