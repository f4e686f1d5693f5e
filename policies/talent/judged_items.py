"""考核标准10、11 Staff satisfaction, and service capacity as the commission alone sees it (OT-S10, OT-S11)."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal

from policies.engine.finding import Finding, Value
from policies.engine.grounds import Grounds
from policies.engine.pack_parts import Pack
from policies.engine.words import Words
from policies.talent.figures import amount, shown
from policies.talent.scoring import Band, banded, earned, left_open, names_of, refused

GivenBy = Literal["", "commission", "employer", "expert"]
_WHOLE = 100
_STAFF = (
    Band("staff_high", "staff_high_points"),
    Band("staff_middle", "staff_middle_points"),
    Band("staff_low", "staff_low_points"),
    Band("staff_none"),
)


@dataclass(frozen=True)
class StaffFacts:
    """The survey of the medical staff: its result in percent, exact, and how many of each group were asked."""

    percent: Annotated[Decimal | None, Words("医务人员满意度(%)", "satisfaction of the staff, percent")] = None
    leaders: Annotated[int | None, Words("抽取院班子成员人数", "members of the leadership asked")] = None
    middle: Annotated[int | None, Words("抽取中层干部人数", "middle managers asked")] = None
    staff: Annotated[int | None, Words("抽取医院职工人数", "staff asked")] = None

    @property
    def sample(self) -> int | None:
        """How many were asked; None unless all three groups of the text were."""
        groups = (self.leaders, self.middle, self.staff)
        return sum(each or 0 for each in groups) if all(groups) else None


@dataclass(frozen=True)
class CapacityFacts:
    """What the commission gives for service capacity, from its daily supervision."""

    points: Annotated[Decimal | None, Words("评分(0至5)", "points, 0 to 5")] = None
    given_by: Annotated[GivenBy, Words("由谁评分", "who gives them")] = ""
    reason: Annotated[str, Words("评分理由", "reason")] = ""


def staff_satisfaction_earns(facts: StaffFacts, pack: Pack) -> Finding:
    """OT-S10 90 % and more 5 points, 80 % and more 3, 70 % and more 2, below none; no veto by it here (G-12).

    Without the sample of all three groups the survey is not the text's, and the points are asked.
    """
    grounds = Grounds(pack, "OT-S10", facts, names_of(_STAFF))
    top = grounds[_STAFF[0].points].number
    if facts.percent is not None and facts.percent > _WHOLE:
        return refused(grounds, "percent_unfit", _NO_PERCENT, top)
    figures: dict[str, Value] = {"percent": facts.percent, "sample": facts.sample}
    if facts.percent is None or facts.sample is None:
        because = _NOT_MEASURED if facts.percent is None else _NO_SAMPLE
        return left_open(grounds, _ASK_SAMPLE, because, between=(0, top), figures=figures)
    points = banded(facts.percent, _STAFF, grounds)
    because = _MEASURED.filled(percent=shown(Fraction(facts.percent)), sample=facts.sample)
    if points is None:
        return left_open(grounds, _ASK_BANDS, because, between=(0, top), figures=figures)
    return earned(grounds, points, because, figures)


def capacity_earns(facts: CapacityFacts, pack: Pack) -> Finding:
    """OT-S11 Only the commission gives these points, with its reason; from anybody else they are refused."""
    grounds = Grounds(pack, "OT-S11", facts, ("capacity_points",))
    top = grounds["capacity_points"]
    if facts.points is None:
        return left_open(grounds, _ASK_CAPACITY, _NOT_GIVEN, between=(0, top.number))
    if facts.given_by != "commission":
        return refused(grounds, "not_the_commission", _NOT_THE_COMMISSION, top.number)
    if not top.holds_for(facts.points):
        return refused(grounds, "unfit_points", _UNFIT, top.number)
    if not facts.reason.strip():
        return refused(grounds, "reason_missing", _NO_REASON, top.number)
    return earned(grounds, facts.points, _GIVEN.filled(points=amount(facts.points)))


_NO_PERCENT = Words("满意度不能超过100%", "more than 100 % cannot be satisfied")
_NOT_MEASURED = Words("尚无医务人员满意度测评结果", "no survey of the staff is on record")
_NO_SAMPLE = Words(
    "测评须抽取院班子成员、中层干部和医院职工,抽取人数登记不全",
    "leadership, middle managers and staff are asked; how many of each is not on record",
)
_ASK_SAMPLE = Words("满意度是多少,三类人员各抽取多少人?", "what is the result, and how many of each group were asked?")
_ASK_BANDS = Words("该满意度不在任何一档,如何计分?请旗卫健委解释", "no band holds it: how many points?")
_MEASURED = Words("医务人员满意度{percent}%,抽取{sample}人", "{percent} % of the staff satisfied, {sample} asked")
_NOT_GIVEN = Words("由旗卫健委按照日常监管情况评分,尚未评分", "the commission gives these points and has not yet")
_ASK_CAPACITY = Words("请旗卫健委评分(0至5)并说明理由", "which points does the commission give, and why?")
_NOT_THE_COMMISSION = Words("本项由旗卫健委评分,用人单位和引进人才不能填写", "only the commission gives these points")
_UNFIT = Words("评分须在0至5之间", "points are between 0 and 5")
_NO_REASON = Words("评分须说明理由", "points are given with a reason")
_GIVEN = Words("旗卫健委评分{points}分", "{points} points of the commission")
