"""Whether the last part of a contract is assessed that ends before its assessment is due (G-9, COR-24)."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from policies.engine.dates import whole_months
from policies.engine.finding import Finding, Reading, Value
from policies.engine.grounds import Grounds
from policies.engine.pack_parts import Pack
from policies.engine.words import Words


@dataclass(frozen=True)
class PartFacts:
    """The days of an ended contract, both counted, that no assessment has covered; assessed: how many have been."""

    first_day: Annotated[date, Words("未考核部分第一天", "first day that no assessment has covered")]
    ended_on: Annotated[date, Words("合同结束日", "day on which the contract ended")]
    assessed: Annotated[int, Words("已办理的年度考核次数", "assessments of the contract so far")] = 0


def part_is_assessed(facts: PartFacts, pack: Pack) -> Finding:
    """OT-E1, OT-6.1a The text knows an annual table and no contract that ends before the year does: it is asked, with
    what speaks for either (at least one assessment of each contract; no grade below six months), and never decided.
    """
    grounds = Grounds(pack, "OT-E1", facts, ("assessment_months",), ("PD",), also=("OT-6.1a", "OT-E4"))
    if facts.ended_on < facts.first_day:
        return grounds.met("covered", _COVERED)
    months, least = whole_months(facts.first_day, facts.ended_on), grounds["assessment_months"]
    figures: dict[str, Value] = {
        "first_day": facts.first_day,
        "ended_on": facts.ended_on,
        "months": months,
        "assessed": facts.assessed,
        "short": not least.holds_for(months),
    }
    said = {"first": facts.first_day, "last": facts.ended_on, "months": months, "least": least.whole}
    because = (_FIRST if not facts.assessed else _FURTHER).filled(**said, assessed=facts.assessed)
    return grounds.asked(_ASK, because, readings=_READINGS, figures=figures)


_COVERED = Words("合同结束前各段均已考核", "every part of the contract has been assessed")
_FIRST = Words(
    "合同提前结束,{first}至{last}(满{months}个月)尚未考核,该合同此前没有考核过;"
    "原文只有年度考核表,未规定提前结束的是否考核。系统默认每份合同至少考核一次;不足{least}个月的不评定等次",
    "the contract ended early; {first} to {last} ({months} whole months) was never assessed, nor any of it before; the "
    "text has an annual table only. By default each contract is assessed once; below {least} months nothing is graded",
)
_FURTHER = Words(
    "合同提前结束,{first}至{last}(满{months}个月)尚未考核,此前已考核{assessed}次;"
    "原文只有年度考核表,未规定提前结束的是否考核。系统默认不足{least}个月的不评定等次",
    "the contract ended early; {first} to {last} ({months} whole months) was not assessed, {assessed} before it were; "
    "the text has an annual table only. By default nothing is graded below {least} months",
)
_ASK = Words("合同提前结束,最后一段是否另行考核?", "is the last part of a contract that ended early assessed?")
_READINGS = (
    Reading(Words("按年度考核表另行考核", "assessed by the annual table"), "due"),
    Reading(Words("不另行考核,只登记原因", "not assessed; the reason is recorded"), "not_held"),
)
