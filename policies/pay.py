"""三(四) Pay during the term (DQ-3.4.1 to DQ-3.4.3a). Yuan; exact."""

from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction
from typing import Annotated, Literal

from policies.engine.finding import Finding, Reading, Value
from policies.engine.grounds import Grounds
from policies.engine.pack_parts import Pack
from policies.engine.words import Words

Per = Literal["group", "county"]
Leave = Literal["yes", "no"]
FEN = Decimal("0.01")


@dataclass(frozen=True)
class VirtualFacts:
    """What the bureau has said of the virtual institution; None while it has not."""

    per: Annotated[Per | None, Words("虚拟机构按集团还是按县设立", "one virtual institution per group or county")] = (
        None
    )
    heads_leave: Annotated[
        Leave | None, Words("是否从派出单位自身总量中核减", "whether the heads leave the sending unit's own total")
    ] = None


@dataclass(frozen=True)
class MonthEndsFacts:
    """How many people served on the first and on the last day of a month."""

    first: Annotated[Decimal, Words("月初人数", "people on the first day")]
    last: Annotated[Decimal, Words("月末人数", "people on the last day")]


@dataclass(frozen=True)
class MonthFacts:
    """Monthly average headcounts of one year, January first."""

    months: Annotated[tuple[Decimal, ...], Words("各月平均人数,1月起", "monthly averages, January first")]


@dataclass(frozen=True)
class Sender:
    """One sending institution in one year: its average headcount, or the months of which it is the mean."""

    institution: Annotated[str, Words("派出单位", "sending institution")]
    average_headcount: Annotated[Decimal | None, Words("年平均人数", "annual average headcount")]
    per_capita_yuan: Annotated[Decimal | None, Words("绩效工资人均水平(元)", "performance pay per head, yuan")]
    per_capita_is_final: Annotated[bool, Words("人均水平是否为当年最终数", "whether that is the final figure")] = True
    months_estimated: Annotated[int, Words("尚未结束的月数(预计数)", "months that have not ended: estimates")] = 0
    half_release: Annotated[int, Words("其中半脱产人数(按1计)", "of them on half release, counted as 1")] = 0
    months: Annotated[tuple[Decimal, ...], Words("各月平均人数,1月起", "monthly averages, January first")] = ()


@dataclass(frozen=True)
class TotalFacts:
    """The sending institutions of one group and year."""

    senders: Annotated[tuple[Sender, ...], Words("各派出单位", "sending institutions")]


@dataclass(frozen=True)
class PaymentFacts:
    """A payment beside what is approved and paid already."""

    approved_yuan: Annotated[Decimal | None, Words("核定总量(元)", "approved total, yuan")]
    paid_yuan: Annotated[Decimal, Words("已发放(元)", "paid so far, yuan")]
    payment_yuan: Annotated[Decimal, Words("本次发放(元)", "this payment, yuan")]


@dataclass(frozen=True)
class PayerFacts:
    """Who holds the personnel relation before and during a posting."""

    employer_before: Annotated[str, Words("派遣前人事关系所在单位", "employer of record before")]
    employer_now: Annotated[str, Words("现人事关系所在单位", "employer of record now")]


@dataclass(frozen=True)
class PoolFacts:
    """What the guarantee pool needs and receives."""

    needed_yuan: Annotated[Decimal, Words("所需金额(元)", "amount needed, yuan")]
    from_tiered_care_yuan: Annotated[
        Decimal | None, Words("从分级诊疗资金池提取(元)", "from the tiered-care pool, yuan")
    ]
    self_raised_yuan: Annotated[Decimal, Words("自筹(元)", "self-raised, yuan")] = Decimal(0)


def virtual_institution(facts: VirtualFacts, pack: Pack) -> Finding:
    """DQ-3.4.2a Per group or per county, and whether the heads leave the sending unit's own total (COR-23): asked."""
    grounds = Grounds(pack, "DQ-3.4.2a", facts, defaults=("PD", "COR-23"))
    if facts.per is None:
        return grounds.asked(_ASK_PER, _NO_PER, readings=_PER_READINGS)
    if facts.heads_leave is None:
        return grounds.asked(_ASK_HEADS, _NO_HEADS, readings=_HEADS_READINGS)
    figures: dict[str, Value] = {"per": facts.per, "heads_leave": facts.heads_leave}
    if facts.heads_leave == "no":
        return grounds.warned("settled", _COUNTED_TWICE, figures)
    return grounds.met("settled", _SETTLED, figures)


def month_average(facts: MonthEndsFacts, pack: Pack) -> Finding:
    """DQ-3.4.2b A month's average as the mean of its first and last day: a default of ours, people may enter others."""
    grounds = Grounds(pack, "DQ-3.4.2b", facts, ("headcount_months",))
    average = (Fraction(facts.first) + Fraction(facts.last)) / 2
    return grounds.met("computed", _MONTH.filled(average=_shown(average)), {"month_average": average})


def average_headcount(facts: MonthFacts, pack: Pack) -> Finding:
    """DQ-3.4.2b The mean of the twelve monthly averages; the text names no method."""
    grounds = Grounds(pack, "DQ-3.4.2b", facts, ("headcount_months",))
    if not grounds["headcount_months"].holds_for(len(facts.months)):
        return grounds.unmet("months_missing", _MONTHS_MISSING.filled(months=len(facts.months)))
    average = sum(map(Fraction, facts.months), Fraction(0)) / grounds["headcount_months"].number
    return grounds.met("computed", _AVERAGE.filled(average=_shown(average)), {"average_headcount": average})


def pay_total(facts: TotalFacts, pack: Pack) -> Finding:
    """DQ-3.4.2b The sum over sending institutions of headcount times pay per head: a proposal for the bureaus."""
    grounds = Grounds(pack, "DQ-3.4.2b", facts, defaults=("PD",), also=("DQ-3.4.2a",))
    unknown = tuple(each.institution for each in facts.senders if each.per_capita_yuan is None)
    if unknown:
        return grounds.asked(_ASK_PER_CAPITA, _NO_PER_CAPITA.filled(institutions="、".join(unknown)))
    uncounted = tuple(each.institution for each in facts.senders if _average(each, pack) is None)
    if uncounted:
        return grounds.unmet("months_missing", _NO_HEADCOUNT.filled(institutions="、".join(uncounted)))
    parts = {each.institution: Fraction(0) for each in facts.senders}
    for each in facts.senders:
        parts[each.institution] += (_average(each, pack) or Fraction(0)) * Fraction(each.per_capita_yuan or 0)
    total = sum(parts.values(), Fraction(0))
    figures: dict[str, Value] = {"total_yuan": total, "parts_yuan": dict(parts)}
    if all(each.per_capita_is_final and not each.months_estimated for each in facts.senders):
        return grounds.met("proposed", _TOTAL.filled(total=to_the_fen(total)), figures)
    return grounds.warned("provisional", _PROVISIONAL.filled(total=to_the_fen(total)), figures)


def _average(sender: Sender, pack: Pack) -> Fraction | None:
    """The exact yearly average of one sender; None without twelve months and without an average."""
    if sender.average_headcount is not None:
        return Fraction(sender.average_headcount)
    found = average_headcount(MonthFacts(sender.months), pack).figures.get("average_headcount")
    return found if isinstance(found, Fraction) else None


def payment_is_covered(facts: PaymentFacts, pack: Pack) -> Finding:
    """DQ-3.4.2c All payments together stay within the approved total."""
    grounds = Grounds(pack, "DQ-3.4.2c", facts)
    if facts.approved_yuan is None:
        return grounds.unmet("not_approved", _NOT_APPROVED)
    left = facts.approved_yuan - facts.paid_yuan - facts.payment_yuan
    if left < 0:
        return grounds.unmet("above_total", _ABOVE.filled(over=-left), {"left_yuan": left})
    return grounds.met("covered", _COVERED.filled(left=left), {"left_yuan": left})


def employer_stays(facts: PayerFacts, pack: Pack) -> Finding:
    """DQ-3.4.1 A posting never changes who holds the personnel relation and pays base pay and insurance."""
    grounds = Grounds(pack, "DQ-3.4.1", facts)
    if facts.employer_before == facts.employer_now:
        return grounds.met("unchanged", _EMPLOYER_STAYS)
    return grounds.unmet("changed", _EMPLOYER_CHANGED)


def pool_suffices(facts: PoolFacts, pack: Pack) -> Finding:
    """DQ-3.4.3a The share of the tiered-care pool is not in the text; a shortfall is reported, not filled."""
    grounds = Grounds(pack, "DQ-3.4.3a", facts)
    if facts.from_tiered_care_yuan is None:
        return grounds.asked(_ASK_SHARE, _NO_SHARE)
    shortfall = max(facts.needed_yuan - facts.from_tiered_care_yuan - facts.self_raised_yuan, Decimal(0))
    if shortfall:
        return grounds.warned("pool_short", _POOL_SHORT.filled(shortfall=shortfall), {"shortfall_yuan": shortfall})
    return grounds.met("covered", _POOL_COVERED, {"shortfall_yuan": shortfall})


def to_the_fen(yuan: Fraction) -> Decimal:
    """DEF-03 Yuan with two decimals, never more than the exact number: what can be paid of it."""
    fen = (yuan * 100).__floor__()
    return (Decimal(fen) / 100).quantize(FEN, ROUND_FLOOR)


def _shown(number: Fraction) -> str:
    """Two decimals for reading only; the exact number stands in the figures (DEF-03)."""
    return f"{Decimal(number.numerator) / Decimal(number.denominator):.2f}"


_MONTHS_MISSING = Words("须有12个月的平均人数,收到{months}个", "twelve monthly averages are needed, got {months}")
_AVERAGE = Words("年平均人数{average}(各月平均)", "annual average headcount {average} (mean of the months)")
_NO_PER_CAPITA = Words("以下派出单位没有绩效工资人均水平:{institutions}", "no pay per head for: {institutions}")
_NO_HEADCOUNT = Words("以下派出单位缺少12个月的人数:{institutions}", "twelve months are missing for: {institutions}")
_ASK_PER_CAPITA = Words("请提供绩效工资人均水平", "which pay per head applies?")
_TOTAL = Words("绩效工资总量建议数{total}元,报四个局核定", "proposed total {total} yuan, for the bureaus to approve")
_PROVISIONAL = Words(
    "暂按推算{total}元,人均水平或部分月份人数尚非最终数",
    "provisionally {total} yuan; a figure per head or of a month is not final",
)
_NOT_APPROVED = Words("总量尚未核定,不得发放", "no total is approved yet; nothing may be paid")
_ABOVE = Words("超过核定总量{over}元", "above the approved total by {over} yuan")
_COVERED = Words("在核定总量内,尚余{left}元", "within the approved total; {left} yuan are left")
_EMPLOYER_STAYS = Words(
    "人事关系不变,基本工资和社保由原单位负责", "the personnel relation stays, and with it base pay and insurance"
)
_EMPLOYER_CHANGED = Words("派遣不得改变人事关系所在单位", "a posting may not change the employer of record")
_NO_SHARE = Words("原文未规定提取比例", "the text gives no share")
_ASK_SHARE = Words("从分级诊疗资金池提取多少?", "how much comes from the tiered-care pool?")
_POOL_SHORT = Words(
    "尚缺{shortfall}元,由县级公立医院和镇卫生院自筹", "{shortfall} yuan are missing, to be raised by the institutions"
)
_POOL_COVERED = Words("资金池足额", "the pool covers what is needed")
_MONTH = Words("月平均人数{average}(月初、月末人数的平均)", "monthly average {average} (mean of first and last day)")
_ASK_PER = Words("虚拟机构按集团设立,还是全县一个?", "one virtual institution for each group, or one for the county?")
_NO_PER = Words("原文未明确虚拟机构的设立范围", "the text does not say for whom the virtual institution is")
_PER_READINGS = (
    Reading(Words("每个集团一个:总量由集团在内发放", "one for each group, which pays within the total"), "group"),
    Reading(Words("全县一个", "one for the county"), "county"),
)
_ASK_HEADS = Words(
    "这些人员是否从派出单位自身的绩效工资总量中核减?", "do these heads leave the sending units' own totals?"
)
_NO_HEADS = Words(
    "“单独核定”是否须核减派出单位总量,原文未明确", "the text does not say whether the sending units' totals shrink"
)
_HEADS_READINGS = (
    Reading(Words("核减:不重复计算", "they leave: nobody is counted twice"), "yes"),
    Reading(Words("不核减:另行增加", "they stay: the total comes on top"), "no"),
)
_SETTLED = Words(
    "虚拟机构和派出单位总量的关系已明确", "the virtual institution and the sending units' totals are settled"
)
_COUNTED_TWICE = Words(
    "经县局明确,派出单位自身总量不核减;同一人员计入两处总量",
    "as the bureau has said, the sending units' own totals do not shrink; these heads stand in two totals",
)
