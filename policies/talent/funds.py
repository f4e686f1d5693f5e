"""五, Annex: the funds of a year, their adjustment and their float (OT-5a, OT-5b, OT-N1). Ten thousand yuan; exact."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal

from policies.engine.finding import Finding, Reading, Value
from policies.engine.grounds import Grounds
from policies.engine.pack_parts import Pack, Parameter
from policies.engine.words import Words

Answer = Literal["pending", "approve", "return"]
AboveTotal = Literal["", "fixed", "on_top"]
_HUNDRED = 100


@dataclass(frozen=True)
class HospitalFacts:
    """What one hospital is to have in a year."""

    hospital: Annotated[str, Words("用人单位", "hospital")]
    wan_yuan: Annotated[Decimal, Words("调整后经费(万元)", "funds after adjustment, ten thousand yuan")]


@dataclass(frozen=True)
class AllocationFacts:
    """What each hospital is to have in a year."""

    hospitals: Annotated[tuple[HospitalFacts, ...], Words("各用人单位经费", "funds of each hospital")]


@dataclass(frozen=True)
class AllocationDecision:
    """An allocation on its way; who decides is not in the text: the commission proposes, finance approves (PD)."""

    proposed: Annotated[bool, Words("旗卫生健康委是否已提出方案", "whether the commission has proposed")]
    finance: Annotated[Answer, Words("旗财政局的意见", "answer of Banner finance")] = "pending"
    reason: Annotated[str, Words("退回理由", "reason of a return")] = ""


@dataclass(frozen=True)
class Floated:
    """One hospital's funds before and after the float; None while nobody has set it: the text has no formula."""

    hospital: Annotated[str, Words("用人单位", "hospital")]
    adjusted: Annotated[Decimal, Words("调整后经费(万元)", "funds after adjustment, ten thousand yuan")]
    floated: Annotated[Decimal | None, Words("浮动后经费(万元)", "funds after the float, ten thousand yuan")] = None


@dataclass(frozen=True)
class FloatFacts:
    """The float of all hospitals in a year; above_total is what was settled of a sum above the fixed total."""

    hospitals: Annotated[tuple[Floated, ...], Words("各用人单位经费", "funds of each hospital")]
    above_total: Annotated[AboveTotal, Words("上浮后合计可否超过总额", "whether floats may exceed the total")] = ""


@dataclass(frozen=True)
class BalanceFacts:
    """One hospital's year: its funds, what is paid and what is requested and not paid yet."""

    hospital: Annotated[str, Words("用人单位", "hospital")]
    funds: Annotated[Decimal | None, Words("本年度经费(万元)", "funds of the year, ten thousand yuan")]
    paid: Annotated[tuple[Decimal, ...], Words("已拨付(万元)", "payments, ten thousand yuan")] = ()
    requested: Annotated[tuple[Decimal, ...], Words("已申请未拨付(万元)", "requests, ten thousand yuan")] = ()
    left_last_year: Annotated[Decimal, Words("上年度结余(万元)", "left of last year, ten thousand yuan")] = Decimal(0)


def hospital_is_within(facts: HospitalFacts, pack: Pack) -> Finding:
    """OT-5b One hospital's funds stay within a fifth of its hundred, both ends included."""
    names = ("funds_of_hospital", "adjustment_share", "funded_hospitals")
    grounds = Grounds(pack, "OT-5b", facts, names, ("PD",), also=("OT-5a",))
    if facts.hospital not in grounds["funded_hospitals"].listed:
        return grounds.unmet("hospital_unknown", _NOT_FUNDED.filled(hospital=facts.hospital))
    figures = _window(grounds["funds_of_hospital"], grounds["adjustment_share"])
    if not _is_within(facts.wan_yuan, grounds["funds_of_hospital"], grounds["adjustment_share"]):
        return grounds.unmet("outside_window", _OUTSIDE.filled(**figures, given=facts.wan_yuan), figures)
    return grounds.met("within_window", _WITHIN.filled(**figures, given=facts.wan_yuan), figures)


def allocation_is_kept(facts: AllocationFacts, pack: Pack) -> Finding:
    """OT-5b Each hospital within its window, and the three together the fixed total: both hold (PD)."""
    names = ("funds_of_hospital", "adjustment_share", "funded_hospitals", "funds_of_year")
    grounds = Grounds(pack, "OT-5b", facts, names, ("PD",), also=("OT-5a",))
    if faulty := _not_the_hospitals(grounds, (each.hospital for each in facts.hospitals)):
        return faulty
    figures = _window(grounds["funds_of_hospital"], grounds["adjustment_share"])
    for each in facts.hospitals:
        if not _is_within(each.wan_yuan, grounds["funds_of_hospital"], grounds["adjustment_share"]):
            return grounds.unmet("outside_window", _OUTSIDE.filled(**figures, given=each.wan_yuan), figures)
    total = sum((each.wan_yuan for each in facts.hospitals), Decimal(0))
    figures |= {"total": total, "fixed": grounds["funds_of_year"].whole}
    if not grounds["funds_of_year"].holds_for(total):
        return grounds.unmet("total_differs", _TOTAL_DIFFERS.filled(**figures), figures)
    return grounds.met("kept", _KEPT.filled(**figures), figures)


def allocation_is_decided(facts: AllocationDecision, pack: Pack) -> Finding:
    """OT-5b Once finance has approved what the commission proposed, it holds; until then the printed sums do."""
    grounds = Grounds(pack, "OT-5b", facts, defaults=("PD",))
    if not facts.proposed:
        return grounds.unmet("not_proposed", _NOT_PROPOSED)
    if facts.finance == "pending":
        return grounds.unmet("pending", _WITH_FINANCE)
    if facts.finance == "approve":
        return grounds.met("approved", _APPROVED)
    if not facts.reason.strip():
        return grounds.unmet("reason_missing", _RETURN_REASON)
    return grounds.unmet("returned", _RETURNED)


def float_is_kept(facts: FloatFacts, pack: Pack) -> Finding:
    """OT-N1, G-14 The float and the adjustment share one window of a fifth; they never multiply.

    A sum above the fixed total is asked with both readings and pays nothing until it is settled.
    """
    names = ("funds_of_hospital", "float_share", "funded_hospitals", "funds_of_year", "adjustment_and_float")
    grounds = Grounds(pack, "OT-N1", facts, names, also=("OT-5a", "OT-5b"))
    if faulty := _not_the_hospitals(grounds, (each.hospital for each in facts.hospitals)):
        return faulty
    figures = _window(grounds["funds_of_hospital"], grounds["float_share"])
    for each in facts.hospitals:
        for given in (each.adjusted, each.floated):
            if given is not None and not _is_within(given, grounds["funds_of_hospital"], grounds["float_share"]):
                return grounds.unmet("outside_window", _ONE_WINDOW.filled(**figures, given=given), figures)
    unset = tuple(each.hospital for each in facts.hospitals if each.floated is None)
    if unset:
        ends = (figures["least"], figures["most"])
        because = _NO_FORMULA.filled(hospitals="、".join(unset))
        return grounds.asked(_ASK_FLOAT, because, between=ends, figures=figures)
    total = sum((each.floated or Decimal(0) for each in facts.hospitals), Decimal(0))
    return _by_total(grounds, total, facts.above_total, figures)


def funds_balance(facts: BalanceFacts, pack: Pack) -> Finding:
    """OT-5a What is left of a hospital's year; what was left of the year before is shown and not carried over (PD)."""
    grounds = Grounds(pack, "OT-5a", facts, ("funded_hospitals", "carry_over"))
    if facts.hospital not in grounds["funded_hospitals"].listed:
        return grounds.unmet("hospital_unknown", _NOT_FUNDED.filled(hospital=facts.hospital))
    if facts.funds is None:
        return grounds.asked(_ASK_FUNDS, _NO_FUNDS)
    paid, requested = sum(facts.paid, Decimal(0)), sum(facts.requested, Decimal(0))
    balance = facts.funds - paid
    figures: dict[str, Value] = {
        "funds": facts.funds,
        "paid": paid,
        "balance": balance,
        "requested": requested,
        "left_last_year": facts.left_last_year,
    }
    if balance < 0:
        return grounds.unmet("overdrawn", _OVERDRAWN.filled(over=-balance), figures)
    return grounds.met("balanced", _BALANCE.filled(balance=balance, requested=requested), figures)


def share_covers_paid(facts: BalanceFacts, pack: Pack) -> Finding:
    """OT-5b A hospital's proposed funds are not below what it has been paid; short of what is requested, warn."""
    grounds = Grounds(pack, "OT-5b", facts, ("funded_hospitals",), ("PD",), also=("OT-5a",))
    if facts.hospital not in grounds["funded_hospitals"].listed:
        return grounds.unmet("hospital_unknown", _NOT_FUNDED.filled(hospital=facts.hospital))
    if facts.funds is None:
        return grounds.asked(_ASK_FUNDS, _NO_FUNDS)
    paid, requested = sum(facts.paid, Decimal(0)), sum(facts.requested, Decimal(0))
    figures: dict[str, Value] = {"funds": facts.funds, "paid": paid, "requested": requested}
    said = {**figures, "hospital": facts.hospital}
    if facts.funds < paid:
        return grounds.unmet("below_paid", _BELOW_PAID.filled(**said), figures)
    if facts.funds < paid + requested:
        return grounds.warned("below_requested", _BELOW_REQUESTED.filled(**said), figures)
    return grounds.met("covered", _COVERED.filled(**said), figures)


def _by_total(grounds: Grounds, total: Decimal, settled: AboveTotal, figures: dict[str, Value]) -> Finding:
    fixed = grounds["funds_of_year"].number
    figures = figures | {"total": total, "fixed": grounds["funds_of_year"].whole}
    if total <= fixed:
        return grounds.met("kept", _FLOATED.filled(**figures), figures)
    if settled == "on_top":
        return grounds.warned("above_total_settled", _ON_TOP.filled(**figures), figures)
    if settled == "fixed":
        return grounds.unmet("above_total", _ABOVE.filled(**figures), figures)
    return grounds.asked(_ASK_ABOVE, _ABOVE.filled(**figures), readings=_ABOVE_READINGS, figures=figures)


def _not_the_hospitals(grounds: Grounds, named: Iterable[str]) -> Finding | None:
    """A year names each of the three hospitals once."""
    if sorted(named) == sorted(grounds["funded_hospitals"].listed):
        return None
    who = "、".join(grounds["funded_hospitals"].listed)
    return grounds.unmet("hospitals_unfit", _HOSPITALS_UNFIT.filled(who=who))


def _is_within(given: Decimal, printed: Parameter, share: Parameter) -> bool:
    """Whether an amount differs from the printed one by no more than the share of the printed one."""
    difference = abs(Fraction(given) - printed.number)
    return share.holds_for(difference * _HUNDRED / printed.number)


def _window(printed: Parameter, share: Parameter) -> dict[str, Value]:
    part = printed.number * share.number / _HUNDRED
    return {"least": printed.number - part, "most": printed.number + part}


_NOT_FUNDED = Words("{hospital}不在享有经费的三家医院之中", "{hospital} is none of the three hospitals that have funds")
_HOSPITALS_UNFIT = Words("须分别填写三家医院的经费,各一次:{who}", "each of the three hospitals stands once: {who}")
_OUTSIDE = Words(
    "{given}万元超出调整范围{least}至{most}万元", "{given} is outside {least} to {most} (ten thousand yuan)"
)
_WITHIN = Words(
    "{given}万元在调整范围{least}至{most}万元以内", "{given} is within {least} to {most} (ten thousand yuan)"
)
_TOTAL_DIFFERS = Words(
    "三家医院合计{total}万元,与每年{fixed}万元不一致",
    "the three have {total}, the year has {fixed} (ten thousand yuan)",
)
_KEPT = Words(
    "各院在{least}至{most}万元以内,合计{total}万元",
    "each within {least} to {most}, together {total} (ten thousand yuan)",
)
_NOT_PROPOSED = Words("旗卫生健康委尚未提出调整方案", "the commission has not proposed an adjustment")
_WITH_FINANCE = Words(
    "待旗财政局审核;审核前按原定经费", "finance has still to approve; until then the printed sums hold"
)
_APPROVED = Words("调整方案已经旗财政局同意", "finance has approved the adjustment")
_RETURN_REASON = Words("退回须写明理由", "a return needs its reason")
_RETURNED = Words("旗财政局退回,由旗卫生健康委重新提出", "returned by finance; the commission proposes anew")
_ONE_WINDOW = Words(
    "{given}万元超出{least}至{most}万元;分配调整和浮动同受一个20%限制,不得相乘",
    "{given} is outside {least} to {most}: adjustment and float share one window of 20 % and never multiply",
)
_NO_FORMULA = Words(
    "原文没有浮动的计算办法,尚未确定:{hospitals}", "the text has no formula for the float; not set yet: {hospitals}"
)
_ASK_FLOAT = Words("按目标考核和成效,经费浮动后为多少?", "what are the funds after the float?")
_FLOATED = Words(
    "浮动后合计{total}万元,未超过{fixed}万元", "after the float {total}, not above {fixed} (ten thousand yuan)"
)
_ABOVE = Words(
    "浮动后合计{total}万元,超过每年落实的{fixed}万元",
    "after the float {total}, above the fixed {fixed} (ten thousand yuan)",
)
_ON_TOP = Words(
    "经明确,浮动部分可在{fixed}万元之外另行安排,合计{total}万元",
    "as settled, floats come on top of the {fixed}: {total} (ten thousand yuan)",
)
_ASK_ABOVE = Words("上浮后合计可否超过300万元?", "may the sum after the float exceed 300?")
_ABOVE_READINGS = (
    Reading(Words("300万元为固定总额,不得超过", "300 is fixed and may not be exceeded"), "above_total"),
    Reading(Words("浮动在300万元之外另行安排", "floats come on top of the 300"), "above_total_settled"),
)
_NO_FUNDS = Words("本年度经费分配尚未确定", "the funds of the year are not settled yet")
_ASK_FUNDS = Words("本年度该院经费为多少?", "what are the hospital’s funds of this year?")
_OVERDRAWN = Words("已拨付超过经费{over}万元", "paid more than there is by {over} (ten thousand yuan)")
_BELOW_PAID = Words(
    "{hospital}已拨付{paid}万元,拟定{funds}万元低于已拨付额",
    "{hospital} has been paid {paid}; the proposed {funds} is below that (ten thousand yuan)",
)
_BELOW_REQUESTED = Words(
    "{hospital}已拨付{paid}万元、已申请未拨付{requested}万元,拟定{funds}万元不够拨付全部申请,差额将由用人单位承担",
    "{hospital} has been paid {paid} and requests {requested}: the proposed {funds} does not bear all of it, "
    "the hospital would (ten thousand yuan)",
)
_COVERED = Words(
    "{hospital}已拨付{paid}万元、已申请未拨付{requested}万元,均在拟定{funds}万元以内",
    "{hospital} has been paid {paid} and requests {requested}, within the proposed {funds} (ten thousand yuan)",
)
_BALANCE = Words(
    "尚余{balance}万元,其中已申请{requested}万元",
    "{balance} are left, of them {requested} requested (ten thousand yuan)",
)
