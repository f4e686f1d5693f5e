"""考核标准1、2 Growth of visits and of income against the year before (OT-S1, OT-S2).

The two items have bands of their own: the gap of the first begins above 15 %, that of the second above 10 %.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal

from policies.engine.finding import Finding, Reading, Value
from policies.engine.grounds import Grounds
from policies.engine.pack_parts import Pack
from policies.engine.words import Words
from policies.talent.figures import percent, shown
from policies.talent.scoring import Band, banded, earned, left_open, names_of, reads

Months = Literal["year", "same_months"]
Settled = Literal["", "confirmed"]
_VISITS = (
    Band("visits_high_growth", "visits_high_points"),
    Band("visits_middle_growth", "visits_middle_points"),
    Band("visits_no_growth"),
)
_INCOME = (
    Band("income_high_growth", "income_high_points"),
    Band("income_middle_growth", "income_middle_points"),
    Band("income_no_growth"),
)


@dataclass(frozen=True)
class GrowthFacts:
    """One figure of the recruiting department, this year and the year before; None while there is none.

    months: whether both stand for a whole year or for the same months of both. experts: how many of them share the
    department's figure.
    """

    this_year: Annotated[Decimal | None, Words("本年度数", "figure of this year")] = None
    last_year: Annotated[Decimal | None, Words("上一年度数", "figure of the year before")] = None
    months: Annotated[
        Months, Words("year 全年,same_months 两年相同月份", "a whole year, or the same months of both")
    ] = "year"
    comparison: Annotated[Settled, Words("相同月份可比,是否经人确认", "whether people confirmed that they compare")] = (
        ""
    )
    experts: Annotated[int, Words("同一科室共用该数的专家人数", "experts who share the department's figure")] = 1
    shared: Annotated[Settled, Words("共用数是否经旗卫健委确认各按全数计", "confirmed: each scored by the whole")] = ""


def visits_earn(facts: GrowthFacts, pack: Pack) -> Finding:
    """OT-S1 Visits: 30 % and more 15 points, 20 % and more 10, up to 15 % none; between 15 and 20 it is asked."""
    return _growth_earns(Grounds(pack, "OT-S1", facts, names_of(_VISITS)), facts, _VISITS)


def income_earns(facts: GrowthFacts, pack: Pack) -> Finding:
    """OT-S2 Income: 30 % and more 15 points, 20 % and more 10, up to 10 % none; between 10 and 20 it is asked."""
    return _growth_earns(Grounds(pack, "OT-S2", facts, names_of(_INCOME)), facts, _INCOME)


def growth_of(facts: GrowthFacts) -> Fraction | None:
    """(this year - last year) / last year in percent; None without a base."""
    if facts.this_year is None or facts.last_year is None:
        return None
    return percent(facts.this_year - facts.last_year, facts.last_year)


def _growth_earns(grounds: Grounds, facts: GrowthFacts, bands: tuple[Band, ...]) -> Finding:
    top = grounds[bands[0].points].number
    growth = growth_of(facts)
    if growth is None:
        return left_open(grounds, _ASK_BASE, _NO_BASE, between=(0, top))
    points = banded(growth, bands, grounds)
    figures: dict[str, Value] = {"growth_percent": growth}
    if facts.months == "same_months" and not facts.comparison:
        because = _SAME_MONTHS.filled(growth=shown(growth))
        return left_open(grounds, _ASK_MONTHS, because, between=(0, top), figures=figures)
    if facts.experts > 1 and not facts.shared:
        whole = () if points is None else (reads(_EACH_IN_FULL, points), _OTHERWISE)
        because = _SHARED.filled(experts=facts.experts, growth=shown(growth))
        return left_open(grounds, _ASK_SHARED, because, between=(0, top), readings=whole, figures=figures)
    if points is None:
        return _in_the_gap(grounds, growth, bands)
    return earned(grounds, points, _GROWTH.filled(growth=shown(growth)), figures)


def _in_the_gap(grounds: Grounds, growth: Fraction, bands: tuple[Band, ...]) -> Finding:
    above, below = grounds[bands[1].line].whole, grounds[bands[2].line].whole
    because = _GAP.filled(growth=shown(growth), below=below, above=above)
    readings = (reads(_AS_BELOW, 0), reads(_AS_ABOVE, grounds[bands[1].points].number))
    between = (0, grounds[bands[1].points].number)
    return left_open(grounds, _ASK_GAP, because, between=between, readings=readings, figures={"growth_percent": growth})


_GROWTH = Words("与上一年度同比增长{growth}%", "{growth} % against the year before")
_GAP = Words(
    "与上一年度同比增长{growth}%;原文对高于{below}%、低于{above}%的没有规定",
    "{growth} % against the year before; the text says nothing of more than {below} % and less than {above} %",
)
_ASK_GAP = Words("两档之间如何计分?请旗卫健委解释", "how many points between the bands? (the commission interprets)")
_AS_BELOW = Words("未达上一档,得{points}分", "the band above is not reached: {points} points")
_AS_ABOVE = Words("已超过不得分线,最高得{points}分", "beyond the line without points: up to {points} points")
_NO_BASE = Words("没有本年度数或上一年度基数,无法计算增长", "a figure or the base of the year before is missing")
_ASK_BASE = Words("没有可比基数,如何计分?请旗卫健委解释", "how many points without a base? (the commission interprets)")
_SAME_MONTHS = Words(
    "合同不满全年,按两年相同月份比较增长{growth}%,待确认可比",
    "part of a year: {growth} % by the same months of both years, still to be confirmed as comparable",
)
_ASK_MONTHS = Words("相同月份的比较能否作为计分依据?", "may the same months stand for the year?")
_SHARED = Words(
    "科室数(增长{growth}%)由{experts}名专家共用,原文未规定如何分别计分",
    "{experts} experts share the department's figure ({growth} %); the text does not say how each is scored",
)
_ASK_SHARED = Words("共用科室数的,各专家如何计分?请旗卫健委解释", "how is each scored? (the commission interprets)")
_EACH_IN_FULL = Words("各按科室全数计,得{points}分", "each by the whole figure: {points} points")
_OTHERWISE = Reading(Words("按各人实际贡献另行确定", "each by the own part, settled apart"), "settled_apart")
