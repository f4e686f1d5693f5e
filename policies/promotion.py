"""三(一)1 Service before an associate-senior title (DQ-3.1.1a), a matter of principle: it warns and never stops."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Literal

from policies.engine.dates import days_beyond_months, whole_months
from policies.engine.finding import Finding, Value
from policies.engine.grounds import Grounds
from policies.engine.pack_parts import Pack
from policies.engine.words import Words

_MONTHS_A_YEAR = 12
_SHORTEST_MONTH = 28
_ONE_DAY = timedelta(days=1)


Target = Literal["associate_senior", "full_senior"]


@dataclass(frozen=True)
class Served:
    """One credited stretch of grassroots service, both days counted."""

    first_day: Annotated[date, Words("第一天", "first day")]
    last_day: Annotated[date, Words("最后一天", "last day")]


@dataclass(frozen=True)
class PromotionFacts:
    """Credited service of somebody who applies for a title."""

    target_title: Annotated[Target, Words("申报职称", "title applied for")]
    served: Annotated[tuple[Served, ...], Words("已认定的基层服务", "credited grassroots service")]
    other_service: Annotated[
        bool, Words("是否另有对口支援、援藏、援疆、援外等经历", "whether other grassroots service is claimed")
    ] = False


def service_suffices(facts: PromotionFacts, pack: Pack) -> Finding:
    """DQ-3.1.1a One year or more before the associate-senior title; too little warns, with override and reason."""
    grounds = Grounds(pack, "DQ-3.1.1a", facts, ("promotion_service_years",))
    if facts.target_title != "associate_senior":
        return grounds.met("not_concerned", _NOT_CONCERNED)
    needed = grounds["promotion_service_years"].whole * _MONTHS_A_YEAR
    least, most = _months(_once(facts.served))
    figures: dict[str, Value] = {"months_at_least": least, "months_at_most": most, "months_needed": needed}
    if least >= needed:
        return grounds.met("reached", _REACHED.filled(months=least), figures)
    if facts.other_service:
        earlier = Grounds(pack, "DQ-3.1.1a", facts, ("promotion_service_years",), defaults=("COR-15",))
        return earlier.asked(_ASK_OTHER, _SHORT.filled(months=least, needed=needed), figures=figures)
    if most >= needed:
        return grounds.asked(_ASK_SUM, _ODD_DAYS, between=(least, most), figures=figures)
    principle = Grounds(pack, "DQ-3.1.1a", facts, ("promotion_service_years",))
    return principle.unmet("short", _SHORT.filled(months=least, needed=needed), figures)


def _once(served: tuple[Served, ...]) -> tuple[Served, ...]:
    """A day counts once: stretches that overlap, or follow each other without a gap, are one stretch."""
    joined: list[Served] = []
    for each in sorted(served, key=lambda one: one.first_day):
        if joined and each.first_day <= joined[-1].last_day + _ONE_DAY:
            joined[-1] = Served(joined[-1].first_day, max(joined[-1].last_day, each.last_day))
        else:
            joined.append(each)
    return tuple(joined)


def _months(served: tuple[Served, ...]) -> tuple[int, int]:
    """Full months of each stretch; at most also the months that their odd days could make in the shortest month."""
    least = sum(whole_months(each.first_day, each.last_day) for each in served)
    odd_days = sum(days_beyond_months(each.first_day, each.last_day) for each in served)
    return least, least + (odd_days // _SHORTEST_MONTH if len(served) > 1 else 0)


_NOT_CONCERNED = Words("仅涉及晋升副高级职称", "only promotion to an associate-senior title is concerned")
_REACHED = Words("已认定基层服务{months}个月,达到一年", "{months} months are credited; a year is reached")
_SHORT = Words(
    "已认定基层服务{months}个月,原则上需{needed}个月;是否属法定要求待确认,例外由职称部门特批",
    "{months} months are credited, {needed} in principle; whether law requires it is to be confirmed, "
    "the title office may make exceptions",
)
_ASK_OTHER = Words("其他基层服务经历是否计入?", "does the other grassroots service count?")
_ASK_SUM = Words("多段服务的零散天数如何折算为月?", "how do the odd days of several stretches make months?")
_ODD_DAYS = Words("原文未规定零散天数的折算", "the text does not say how odd days are added up")
