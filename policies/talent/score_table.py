"""柔性引进人才使用考核标准(年度) The sheet of one year: eleven scored items, their sum or its range, no grade (G-1).

While anything is open the total is a range that holds every way in which it may be settled; a gap of the text is
settled by the commission, which interprets the table (OT-E4).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal, cast, get_args

from policies.engine.finding import Finding, Value
from policies.engine.grounds import Grounds
from policies.engine.pack_parts import Pack
from policies.engine.words import Words
from policies.talent.attendance_rate import AttendanceFacts, attendance_earns
from policies.talent.figures import amount
from policies.talent.growth_items import GrowthFacts, income_earns, visits_earn
from policies.talent.judged_items import CapacityFacts, GivenBy, StaffFacts, capacity_earns, staff_satisfaction_earns
from policies.talent.mentoring_item import MentoringFacts, mentoring_earns
from policies.talent.research_items import PaperFacts, ResearchFacts, papers_earn, research_earns
from policies.talent.technique_items import (
    IntroductionFacts,
    SpecialtyFacts,
    TechniqueFacts,
    introduction_earns,
    specialty_earns,
    techniques_earn,
)

Item = Literal["S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8", "S9", "S10", "S11"]
ITEMS: tuple[Item, ...] = get_args(Item)
# The panel and the commission give these points themselves; nobody rules in their place.
_OWN_POINTS: tuple[Item, ...] = ("S4", "S11")


@dataclass(frozen=True)
class Ruling:
    """How a gap of the table is settled: points within the range that was open, with the reason."""

    item: Annotated[Item, Words("项目", "item")]
    points: Annotated[Decimal, Words("明确的得分", "points")]
    by: Annotated[GivenBy, Words("由谁明确", "who settles it")]
    reason: Annotated[str, Words("理由", "reason")] = ""


@dataclass(frozen=True)
class TableFacts:
    """All that is known of one year. evidence: items whose proof is on file. rulings: those in force, one an item."""

    visits: Annotated[GrowthFacts, Words("1 诊疗人次增长", "1 visits")] = field(default_factory=GrowthFacts)
    income: Annotated[GrowthFacts, Words("2 总收入增长", "2 income")] = field(default_factory=GrowthFacts)
    attendance: Annotated[AttendanceFacts, Words("3 到岗情况", "3 attendance")] = field(default_factory=AttendanceFacts)
    mentoring: Annotated[MentoringFacts, Words("4 “传、帮、带”效果", "4 mentoring")] = field(
        default_factory=MentoringFacts
    )
    techniques: Annotated[TechniqueFacts, Words("5 新技术新项目申报", "5 techniques applied for")] = field(
        default_factory=TechniqueFacts
    )
    introduction: Annotated[IntroductionFacts, Words("6 技术引入与推广", "6 a technique introduced")] = field(
        default_factory=IntroductionFacts
    )
    specialty: Annotated[SpecialtyFacts, Words("7 市级重点专科申报", "7 city key specialty")] = field(
        default_factory=SpecialtyFacts
    )
    papers: Annotated[PaperFacts, Words("8 学术论文发表", "8 papers")] = field(default_factory=PaperFacts)
    research: Annotated[ResearchFacts, Words("9 课题研究推动", "9 research")] = field(default_factory=ResearchFacts)
    staff: Annotated[StaffFacts, Words("10 满意度测评", "10 staff satisfaction")] = field(default_factory=StaffFacts)
    capacity: Annotated[CapacityFacts, Words("11 服务能力评价", "11 service capacity")] = field(
        default_factory=CapacityFacts
    )
    evidence: Annotated[tuple[Item, ...], Words("已有佐证材料的项目", "items with their proof on file")] = ()
    rulings: Annotated[tuple[Ruling, ...], Words("旗卫健委对空白的明确", "gaps settled by the commission")] = ()


@dataclass(frozen=True)
class Line:
    """One item of the sheet: exact points, or None with the range; `ruled`: settled by the commission.

    fault: why a ruling on it does not hold, "" for none. unproved: its proof is not on file, so nothing of it stands.
    """

    item: Item
    finding: Finding
    points: Fraction | None
    least: Fraction
    most: Fraction
    ruled: bool = False
    unproved: bool = False
    fault: str = ""


@dataclass(frozen=True)
class Sheet:
    """The lines of one year in their order."""

    lines: tuple[Line, ...]

    @property
    def total(self) -> Fraction | None:
        """The exact sum; None while a line is open."""
        return None if self.open else sum((each.points or Fraction(0) for each in self.lines), Fraction(0))

    @property
    def least(self) -> Fraction:
        """The least that the sum can become."""
        return sum((each.least for each in self.lines), Fraction(0))

    @property
    def most(self) -> Fraction:
        """The most that the sum can become."""
        return sum((each.most for each in self.lines), Fraction(0))

    @property
    def open(self) -> tuple[Item, ...]:
        """The items that are not settled."""
        return tuple(each.item for each in self.lines if each.points is None)


def sheet_of(facts: TableFacts, pack: Pack) -> Sheet:
    """OT-E2 Every item by its own rule, then what the commission has settled of the gaps (OT-E4)."""
    return Sheet(tuple(_line(item, facts, pack) for item in ITEMS))


def total_stands(facts: TableFacts, pack: Pack) -> Finding:
    """OT-E2 The total, exact or as a range while anything is open; never a grade (G-1)."""
    sheet = sheet_of(facts, pack)
    figures = _figures(sheet)
    faults = tuple(each.item for each in sheet.lines if each.fault)
    grounds = Grounds(pack, "OT-E2", facts, ("items_with_evidence",), also=("OT-E4",))
    if faults:
        return grounds.unmet("ruling_unfit", _RULING_UNFIT.filled(items=_named(faults)), figures)
    if sheet.total is None:
        unproved = _named(tuple(each.item for each in sheet.lines if each.unproved)) or "—"
        said = {"least": amount(sheet.least), "most": amount(sheet.most), "items": _named(sheet.open)}
        because = _OPEN.filled(**said, unproved=unproved)
        return grounds.asked(_ASK, because, between=(sheet.least, sheet.most), figures=figures)
    return grounds.met("computed", _TOTAL.filled(total=amount(sheet.total)), figures)


def item_finding(item: Item, facts: TableFacts, pack: Pack) -> Finding:
    """What the rule of one item says."""
    judges: Mapping[Item, Callable[[], Finding]] = {
        "S1": lambda: visits_earn(facts.visits, pack),
        "S2": lambda: income_earns(facts.income, pack),
        "S3": lambda: attendance_earns(facts.attendance, pack),
        "S4": lambda: mentoring_earns(facts.mentoring, pack),
        "S5": lambda: techniques_earn(facts.techniques, pack),
        "S6": lambda: introduction_earns(facts.introduction, pack),
        "S7": lambda: specialty_earns(facts.specialty, pack),
        "S8": lambda: papers_earn(facts.papers, pack),
        "S9": lambda: research_earns(facts.research, pack),
        "S10": lambda: staff_satisfaction_earns(facts.staff, pack),
        "S11": lambda: capacity_earns(facts.capacity, pack),
    }
    return judges[item]()


def _line(item: Item, facts: TableFacts, pack: Pack) -> Line:
    finding = item_finding(item, facts, pack)
    points, least, most = (cast("Fraction | None", finding.figures[name]) for name in ("points", "least", "most"))
    line = Line(item, finding, points, least or Fraction(0), most or Fraction(0))
    if item in pack.parameters["items_with_evidence"].listed and item not in facts.evidence:
        return Line(item, finding, None, Fraction(0), line.most, unproved=True)
    return _ruled(line, tuple(each for each in facts.rulings if each.item == item))


def _ruled(line: Line, rulings: tuple[Ruling, ...]) -> Line:
    if not rulings:
        return line
    if fault := _fault(line, rulings):
        return Line(line.item, line.finding, line.points, line.least, line.most, fault=fault)
    points = Fraction(rulings[0].points)
    return Line(line.item, line.finding, points, points, points, ruled=True)


def _fault(line: Line, rulings: tuple[Ruling, ...]) -> str:
    ruling = rulings[0]
    if len(rulings) > 1:
        return "ruled_twice"
    if line.points is not None or line.finding.ask is None or line.item in _OWN_POINTS:
        return "not_open"
    if ruling.by != "commission":
        return "not_the_commission"
    if not ruling.reason.strip():
        return "reason_missing"
    return "" if line.least <= ruling.points <= line.most else "outside_range"


def _figures(sheet: Sheet) -> dict[str, Value]:
    return {
        "total": sheet.total,
        "least": sheet.least,
        "most": sheet.most,
        "open": sheet.open,
        "unproved": tuple(each.item for each in sheet.lines if each.unproved),
        "faults": {each.item: each.fault for each in sheet.lines if each.fault},
        "points": {each.item: each.points for each in sheet.lines},
    }


def _named(items: tuple[Item, ...]) -> str:
    return "、".join(each.removeprefix("S") for each in items)


_TOTAL = Words(
    "合计{total}分;原文没有合格线,不由得分得出等次",
    "{total} points; the text has no pass mark, no grade follows from them",
)
_OPEN = Words(
    "合计暂在{least}至{most}分之间;待明确项目:{items};其中缺少佐证材料:{unproved}",
    "between {least} and {most} points; still open: items {items}; of them without proof: {unproved}",
)
_ASK = Words("请补充材料,空白处由旗卫健委解释", "what is open is completed, and gaps are for the commission")
_RULING_UNFIT = Words(
    "以下项目的明确不成立(须由旗卫健委在待明确范围内作出并说明理由):{items}",
    "a ruling does not hold for items {items}: it is the commission's, within what is open, with a reason",
)
