"""三(一)2 Demand, supply and their balance (DQ-3.1.2a, b, d)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from policies.engine.finding import Finding, Value
from policies.engine.grounds import Grounds
from policies.engine.pack_parts import Pack
from policies.engine.words import Words

Part = Literal["filled", "nil", "missing"]


@dataclass(frozen=True)
class ReportFacts:
    """When an institution reported, and the last day of its window."""

    reported_on: Annotated[date | None, Words("报送日期,未报送为 null", "day of the report, null if none")]
    window_closes: Annotated[date, Words("申报截止日(含当日)", "last day of the window, included")]
    today: Annotated[date, Words("判断日期", "day of the judgement")]


@dataclass(frozen=True)
class PartsFacts:
    """The two parts of one submission."""

    demand: Annotated[Part, Words("“县聘乡用”需求部分", "the demand part")]
    trainees: Annotated[Part, Words("“乡管县育”人员部分", "the trainee part")]


@dataclass(frozen=True)
class Places:
    """Places wanted or people offered by one institution in one specialty."""

    institution: Annotated[str, Words("机构代码", "institution code")]
    specialty: Annotated[str, Words("专业", "specialty")]
    people: Annotated[int, Words("人数", "people")]


@dataclass(frozen=True)
class FactorText:
    """What was considered under one of the factors."""

    factor: Annotated[str, Words("因素名称", "name of the factor")]
    considered: Annotated[str, Words("考虑情况", "what was considered")]


@dataclass(frozen=True)
class BalanceFacts:
    """A year's demand and supply with the written considerations."""

    demand: Annotated[tuple[Places, ...], Words("需求", "demand")]
    supply: Annotated[tuple[Places, ...], Words("供给", "supply")]
    factors: Annotated[tuple[FactorText, ...], Words("四项因素的考虑情况", "texts on the four factors")] = ()
    reason: Annotated[str, Words("无法平衡的理由", "reason for an imbalance that stays")] = ""


@dataclass(frozen=True)
class GapRow:
    """One specialty: people wanted by receiving institutions, offered by hospitals; gap = wanted - offered."""

    specialty: str
    wanted: Mapping[str, int]
    offered: Mapping[str, int]

    @property
    def gap(self) -> int:
        """How many places stay open; negative when more are offered than wanted."""
        return sum(self.wanted.values()) - sum(self.offered.values())


def gap_table(demand: tuple[Places, ...], supply: tuple[Places, ...]) -> tuple[GapRow, ...]:
    """DQ-3.1.2d Wanted against offered per specialty and institution, in the order of the specialties' names."""
    specialties = sorted({each.specialty for each in (*demand, *supply)})
    return tuple(GapRow(each, _by_institution(demand, each), _by_institution(supply, each)) for each in specialties)


def reported_in_time(facts: ReportFacts, pack: Pack) -> Finding:
    """DQ-3.1.2a Reported within the window; late demand is for the group to accept or exclude."""
    grounds = Grounds(pack, "DQ-3.1.2a", facts, ("demand_window_closes",))
    if facts.reported_on is not None and facts.reported_on <= facts.window_closes:
        return grounds.met("on_time", _ON_TIME)
    if facts.reported_on is None and facts.today <= facts.window_closes:
        return grounds.met("awaited", _AWAITED)
    return grounds.asked(_ASK_LATE, _LATE.filled(closes=facts.window_closes))


def is_complete(facts: PartsFacts, pack: Pack) -> Finding:
    """DQ-3.1.2b Both parts together, each filled or a nil return."""
    grounds = Grounds(pack, "DQ-3.1.2b", facts)
    if "missing" in (facts.demand, facts.trainees):
        return grounds.unmet("incomplete", _INCOMPLETE)
    return grounds.met("complete", _COMPLETE)


def is_balanced(facts: BalanceFacts, pack: Pack) -> Finding:
    """DQ-3.1.2d The four factors in writing; an imbalance that stays needs its reason. No number allocates."""
    grounds = Grounds(pack, "DQ-3.1.2d", facts, ("balancing_factors",))
    rows = gap_table(facts.demand, facts.supply)
    figures: dict[str, Value] = {"gaps": {row.specialty: row.gap for row in rows}}
    missing = _missing_factors(facts, grounds["balancing_factors"].listed)
    if missing:
        listed = "、".join(missing)
        return grounds.unmet("factors_missing", _FACTORS_MISSING.filled(missing=listed), figures | {"missing": missing})
    if all(row.gap == 0 for row in rows):
        return grounds.met("balanced", _BALANCED, figures)
    if facts.reason.strip():
        return grounds.warned("unbalanced_with_reason", _UNBALANCED, figures)
    return grounds.unmet("reason_missing", _REASON_MISSING, figures)


def _by_institution(places: tuple[Places, ...], specialty: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    for each in places:
        if each.specialty == specialty:
            counts[each.institution] = counts.get(each.institution, 0) + each.people
    return counts


def _missing_factors(facts: BalanceFacts, factors: tuple[str, ...]) -> tuple[str, ...]:
    considered = {each.factor for each in facts.factors if each.considered.strip()}
    return tuple(factor for factor in factors if factor not in considered)


_ON_TIME = Words("在申报期内报送", "reported within the window")
_AWAITED = Words("申报期未结束,尚未报送", "the window is open and the report is awaited")
_LATE = Words("未在{closes}24时前报送", "not reported by the end of {closes}")
_ASK_LATE = Words("是否接受逾期报送?请集团决定并说明理由", "accept it late? (the group decides, with a reason)")
_INCOMPLETE = Words(
    "两部分须同时报送,没有也应零报告", "both parts are reported together, a nil return if there is none"
)
_COMPLETE = Words("两部分均已报送", "both parts are reported")
_FACTORS_MISSING = Words("以下因素未说明考虑情况:{missing}", "nothing is written on these factors: {missing}")
_BALANCED = Words("各专业供需平衡", "supply meets demand in every specialty")
_UNBALANCED = Words("供需未平衡,理由已登记", "not in balance; the reason is recorded")
_REASON_MISSING = Words("供需未平衡,须登记理由", "not in balance; a reason is needed")
