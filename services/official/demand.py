"""What is reported and balanced at the start of a year: F-01, F-02, F-03 of one institution, their collection by the
group, and the balanced plan F-04 (DQ-3.1.2a to d).
"""

from collections import Counter
from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import func, inspect, select

from db.demand import DemandLine, SupplyLine, TraineeLine
from db.engine.cases import CaseFile
from db.engine.people import Institution, Person
from db.posting import Post, UnmetDemand
from services.office_words import MODES, OUTCOMES
from services.official import lists
from services.official.approval import boxes
from services.official.model import Box, Boxes, Column, Fact, Facts, Table, numbered
from services.official.reading import FormType, Reading, Sheet, day, profession

REPORTED = ("reported", "balanced")
ASKED = ("demand_report", "demand_approval", "late_report", "supply_report", "supply_approval")
Line = TypeVar("Line", DemandLine, TraineeLine, SupplyLine)
Listed = Sequence[tuple[Institution, TraineeLine]] | Sequence[tuple[Institution, SupplyLine]]


async def demand_plan(reading: Reading) -> Sheet | None:
    """F-01: the posts that an institution asks for, as it last reported them."""
    form = _reported(reading, "demand_report")
    if form is None:
        return None
    return _sheet(reading, "DQ-3.1.2a", lists.posts_asked(form.get("lines", [])))


async def trainee_list(reading: Reading) -> Sheet | None:
    """F-02: the staff whom an institution sends to be trained."""
    form = _reported(reading, "demand_report")
    if form is None:
        return None
    trainees = await lists.people_named(reading, form.get("trainees", []), "轮训人员", empty="无轮训人员")
    return _sheet(reading, "DQ-3.1.2b", trainees)


async def dispatch_list(reading: Reading) -> Sheet | None:
    """F-03: the staff whom a hospital can send."""
    form = _reported(reading, "supply_report")
    if form is None:
        return None
    people = await lists.people_named(reading, form.get("people", []), "派遣人员", empty="无派遣人员")
    return _sheet(reading, "DQ-3.1.2c", people)


def _reported(reading: Reading, task: str) -> dict[str, list[dict[str, str]]] | None:
    last = reading.last(task)
    return dict(last.row.form) if last else None


def _sheet(reading: Reading, rule: str, table: Table) -> Sheet:
    """One institution's list, with the boxes of who reported and who approved it."""
    facts = Facts((Fact("申报单位", reading.place(reading.case.institution)), Fact("年度", _year(reading))))
    asked = Boxes(boxes(reading, reading.tasks(*ASKED)), "填报与审核")
    return Sheet(reading.case.institution or "", (facts, table, asked), rule)


async def demand_collection(reading: Reading) -> Sheet | None:
    """F-01 of a whole cycle: what every institution asks for, and who asks for nothing or has not reported."""
    lines = await _collected(reading, DemandLine)
    rows = [
        (place.name, one.specialty, str(one.headcount), MODES.get(one.mode, one.mode), one.duties)
        for place, one in lines
    ]
    total = sum(one.headcount for _, one in lines)
    columns = (
        lists.NUMBER,
        Column("单位", 4),
        Column("专业", 3),
        Column("人数", 1),
        Column("脱产方式", 2),
        Column("工作任务", 4),
    )
    table = Table(f"各单位岗位需求（共{total}人）", columns, numbered(rows), empty="无岗位需求")
    return await _collection(reading, "DQ-3.1.2a", "InstitutionDemand", table, {place.code for place, _ in lines})


async def trainee_collection(reading: Reading) -> Sheet | None:
    """F-02 of a whole cycle."""
    lines = await _collected(reading, TraineeLine)
    table = await _people_table(reading, lines, "各单位轮训人员", empty="无轮训人员")
    return await _collection(reading, "DQ-3.1.2b", "InstitutionDemand", table, {place.code for place, _ in lines})


async def dispatch_collection(reading: Reading) -> Sheet | None:
    """F-03 of a whole cycle, with what the three-year rule found of each name (DQ-3.1.1a)."""
    lines = await _collected(reading, SupplyLine)
    table = await _people_table(reading, lines, "各医院派遣人员", empty="无派遣人员")
    return await _collection(reading, "DQ-3.1.2c", "HospitalSupply", table, {place.code for place, _ in lines})


async def _people_table(reading: Reading, lines: Listed, caption: str, *, empty: str) -> Table:
    known = await reading.people(one.person for _, one in lines)
    rows = [_person_row(place, one, known[one.person]) for place, one in lines]
    columns = (
        lists.NUMBER,
        Column("单位", 4),
        Column("姓名", 2),
        Column("执业类别、职称", 3),
        Column("专业", 3),
        Column("取得执业资格日期", 3),
        Column("满三年认定", 2),
    )
    shown = len(columns) if any(isinstance(one, SupplyLine) for _, one in lines) else len(columns) - 1
    cut = numbered(row[: shown - 1] for row in rows)
    return Table(f"{caption}（共{len(rows)}人）", columns[:shown], cut, empty=empty)


def _person_row(place: Institution, line: TraineeLine | SupplyLine, person: Person) -> tuple[str, ...]:
    found = OUTCOMES.get(line.eligible, "") if isinstance(line, SupplyLine) else ""
    specialty = line.specialty or person.specialty
    return (place.name, person.name, profession(person), specialty, day(person.qualified_on), found)


async def _collected(reading: Reading, table: type[Line]) -> list[tuple[Institution, Line]]:
    """The approved lines of the cycle, each with its institution; who was excluded has none that count."""
    newest = select(func.max(table.revision)).where(table.case_id == CaseFile.id).correlate(CaseFile)
    query = (
        select(Institution, table)
        .join(CaseFile, CaseFile.institution == Institution.code)
        .join(table, table.case_id == CaseFile.id)
        .where(CaseFile.cycle == reading.case.id, CaseFile.outcome != "excluded")
        .where(table.revision == newest.scalar_subquery())
        .order_by(Institution.code, *inspect(table).primary_key)
    )
    return [(place, line) for place, line in await reading.session.execute(query)]


async def _collection(reading: Reading, rule: str, lifecycle: str, table: Table, reported: set[str]) -> Sheet | None:
    """The list of all, with those who stand on it with nothing; None before anybody was asked."""
    query = select(CaseFile).where(CaseFile.cycle == reading.case.id, CaseFile.lifecycle == lifecycle)
    cases = (await reading.session.scalars(query.order_by(CaseFile.institution))).all()
    if not cases:
        return None
    labels = {stage.name: stage.label.zh for stage in reading.pack.stages} | dict.fromkeys(REPORTED, "已申报，没有此项")
    nothing = [
        (reading.place(one.institution), labels.get(one.outcome or one.stage, ""))
        for one in cases
        if one.institution not in reported
    ]
    rest = Table("没有列入的单位", (lists.NUMBER, Column("单位", 6), Column("状态", 4)), numbered(nothing), empty="无")
    group = reading.place(reading.case.institution)
    facts = Facts((Fact("汇总单位", group), Fact("年度", _year(reading))))
    signed = Boxes((Box(f"{group}\n经办人"), Box(f"{group}\n负责人")), "汇总与审核")
    return Sheet(reading.case.institution or "", (facts, table, rest, signed), rule)


async def allocation_plan(reading: Reading) -> Sheet | None:
    """F-04: the posts that the group publishes, what it could not meet and why, and what it weighed (DQ-3.1.2d)."""
    published = reading.last("balancing")
    if published is None or published.row.choice != "publish":
        return None
    query = select(Post).where(Post.cycle == reading.case.cycle).order_by(Post.institution, Post.id)
    posts = await reading.session.scalars(query)
    places = Counter((reading.place(one.institution), one.specialty, MODES.get(one.mode, one.mode)) for one in posts)
    columns = (lists.NUMBER, Column("接收单位", 5), Column("专业", 3), Column("脱产方式", 2), Column("岗位数", 2))
    rows = numbered((*where, str(number)) for where, number in places.items())
    plan = Table(f"派遣供需计划（共{sum(places.values())}个岗位）", columns, rows, empty="没有公布岗位")
    weighed = [(factor, words) for factor, words in published.row.form.get("factors", {}).items()]
    factors = Table("综合考虑的因素", (Column("因素", 3), Column("说明", 7)), tuple(weighed))
    facts = Facts((Fact("制定单位", reading.place(reading.case.institution)), Fact("年度", _year(reading))))
    decided = Boxes(boxes(reading, reading.tasks("balancing")), "办理意见")
    return Sheet(reading.case.institution or "", (facts, plan, await _unmet(reading), factors, decided), "DQ-3.1.2d")


async def _unmet(reading: Reading) -> Table:
    """What stands as unmet, each with the reason that was given with it."""
    forms = {each.row.request: each.row.form for each in reading.found.decisions}
    query = select(UnmetDemand).where(UnmetDemand.cycle == reading.case.cycle)
    rows = []
    for one in await reading.session.scalars(query.order_by(UnmetDemand.institution, UnmetDemand.specialty)):
        what = (one.institution, one.specialty)
        given = forms.get(one.request, {}).get("unmet", [])
        said = [each["reason"] for each in given if (each["institution"], each["specialty"]) == what]
        rows.append((reading.place(one.institution), one.specialty, str(one.headcount), "；".join(said)))
    columns = (lists.NUMBER, Column("单位", 4), Column("专业", 3), Column("人数", 1), Column("原因", 5))
    return Table("未能满足的需求", columns, numbered(rows), empty="无")


def _year(reading: Reading) -> str:
    return str(reading.case.facts.get("year", ""))


FORMS = (
    FormType("demand_plan", "InstitutionDemand", demand_plan),
    FormType("trainee_list", "InstitutionDemand", trainee_list),
    FormType("dispatch_list", "HospitalSupply", dispatch_list),
    FormType("demand_collection", "DemandCycle", demand_collection),
    FormType("trainee_collection", "DemandCycle", trainee_collection),
    FormType("dispatch_collection", "DemandCycle", dispatch_collection),
    FormType("allocation_plan", "Balancing", allocation_plan),
)
