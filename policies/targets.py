"""二 Goals, reported and never held against a person (DQ-2.a, DQ-2.b); 四(三) the yearly exchange (DQ-4.3b)."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Annotated, Literal

from policies.engine.finding import Finding
from policies.engine.grounds import Grounds
from policies.engine.pack_parts import Pack
from policies.engine.words import Words

_HUNDRED = 100


@dataclass(frozen=True)
class BedFacts:
    """Bed-days of one central township hospital."""

    occupied: Annotated[int, Words("实际占用床日", "occupied bed-days")]
    available: Annotated[int, Words("开放床日", "available bed-days")]


@dataclass(frozen=True)
class DepartmentFacts:
    """Feature departments of one township hospital."""

    hospital: Annotated[Literal["central", "ordinary"], Words("中心或一般卫生院", "central or ordinary hospital")]
    city_level: Annotated[int, Words("市级以上特色科室数", "departments of city level or above")]
    county_level: Annotated[int, Words("县级特色科室数", "departments of county level")]


@dataclass(frozen=True)
class ExchangeFacts:
    """Exchanges that the bureau held this year."""

    held: Annotated[int, Words("本年度已组织交流次数", "exchanges held this year")]
    today: Annotated[date, Words("判断日期", "day of the judgement")]


def beds_reach_goal(facts: BedFacts, pack: Pack) -> Finding:
    """DQ-2.a Bed occupancy of central township hospitals, compared exactly; no attendance figure."""
    grounds = Grounds(pack, "DQ-2.a", facts, ("bed_occupancy_target",))
    if facts.available == 0:
        return grounds.asked(_ASK_BEDS, _NO_BEDS)
    rate = Fraction(facts.occupied * _HUNDRED, facts.available)
    if grounds["bed_occupancy_target"].holds_for(rate):
        return grounds.met("reached", _REACHED, {"percent": rate})
    return grounds.unmet("not_reached", _NOT_REACHED, {"percent": rate})


def departments_reach_goal(facts: DepartmentFacts, pack: Pack) -> Finding:
    """DQ-2.b One department of city level for a central hospital, of county level or above for an ordinary one."""
    is_central = facts.hospital == "central"
    name = "central_feature_departments" if is_central else "ordinary_feature_departments"
    grounds = Grounds(pack, "DQ-2.b", facts, (name,))
    counted = facts.city_level if is_central else facts.city_level + facts.county_level
    if grounds[name].holds_for(counted):
        return grounds.met("reached", _REACHED, {"departments": counted})
    return grounds.unmet("not_reached", _NOT_REACHED, {"departments": counted})


def exchange_is_held(facts: ExchangeFacts, pack: Pack) -> Finding:
    """DQ-4.3b At least one exchange a year, at a free date; from the reminder day on its lack is shown."""
    grounds = Grounds(pack, "DQ-4.3b", facts, ("exchanges_a_year", "exchange_reminder"))
    if grounds["exchanges_a_year"].holds_for(facts.held):
        return grounds.met("held", _HELD)
    if facts.today >= date.fromisoformat(f"{facts.today.year}-{grounds['exchange_reminder'].value}"):
        return grounds.warned("reminder", _REMINDER)
    return grounds.met("awaited", _AWAITED)


_NO_BEDS = Words("没有开放床日", "no bed-days were available")
_ASK_BEDS = Words("请补充开放床日", "how many bed-days were available?")
_REACHED = Words("达到目标", "the goal is reached")
_NOT_REACHED = Words("未达到目标,仅作统计", "the goal is not reached; reported only")
_HELD = Words("本年度已组织交流总结", "an exchange was held this year")
_REMINDER = Words("本年度尚未组织交流总结", "no exchange is recorded this year")
_AWAITED = Words("本年度交流总结时间未到提醒日", "no exchange yet; the reminder day has not come")
