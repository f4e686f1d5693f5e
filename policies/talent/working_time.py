"""六(3)1 Working time against what the contract agreed (OT-6.3g): to date, raw and adjusted, exact.

This measure says whether parties should propose an end. It is never the attendance rate of the score table, and neither
is ever computed from the other (G-4).
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Literal

from policies.engine.finding import Finding, Reading, Value
from policies.engine.grounds import Grounds
from policies.engine.pack_parts import Pack
from policies.engine.words import Words
from policies.talent.figures import amount, percent, shown
from policies.talent.force_majeure import Loss
from policies.talent.quarters import Checkpoint, checkpoint_on

Unit = Literal["days", "half_days", "hours", "sessions"]
Kind = Literal[
    "clinic", "rounds", "consultation", "surgery_demo", "training", "research", "management", "other", "free_clinic"
]
Answer = Literal["", "ground", "no_ground"]
Before = Literal["", "counted", "left_out"]
WARNINGS = ("working_time_warning_first", "working_time_warning_second", "working_time_warning_third")
LINE = "working_time_line"


@dataclass(frozen=True)
class Due:
    """One period of the agreed schedule, both days counted."""

    first_day: Annotated[date, Words("起始日", "first day")]
    last_day: Annotated[date, Words("截止日", "last day")]
    agreed: Annotated[Decimal, Words("该期约定量", "what is agreed for it")]


@dataclass(frozen=True)
class Worked:
    """All working time of one kind up to the day that is looked at."""

    kind: Annotated[Kind, Words("工作类型,free_clinic 义诊", "kind of work")]
    amount: Annotated[Decimal, Words("完成量,以合同单位计", "amount, in the contract's unit")]


@dataclass(frozen=True)
class WorkingTimeFacts:
    """What a contract agreed and what was worked up to a day that has ended. `imported` was worked before (COR-17)."""

    unit: Annotated[Unit, Words("合同约定的工作时间单位", "unit of the contract")]
    first_day: Annotated[date, Words("合同第一天", "first day of the term")]
    last_day: Annotated[date, Words("合同最后一天", "last day of the term")]
    agreed: Annotated[Decimal, Words("合同约定总量", "total agreed")]
    until: Annotated[date, Words("计算截止日(已结束)", "day up to which it is counted, which has ended")]
    worked: Annotated[tuple[Worked, ...], Words("截至该日完成量,按类型", "worked up to that day, by kind")] = ()
    schedule: Annotated[tuple[Due, ...], Words("合同约定的分期安排", "schedule of the contract, by periods")] = ()
    losses: Annotated[tuple[Loss, ...], Words("不可抗力影响的约定量", "agreed time lost to force majeure")] = ()
    imported: Annotated[Decimal, Words("期初导入:此前完成量", "imported: worked before")] = Decimal(0)
    answer: Annotated[
        Answer, Words("旗卫健委对扣除不可抗力的答复", "what the commission said of leaving force majeure out")
    ] = ""
    short_term: Annotated[
        Answer, Words("旗卫健委对不足一个完整季度的答复", "what the commission said of a term without a full quarter")
    ] = ""
    signed_on: Annotated[date | None, Words("签订日期", "day of the signature")] = None
    worked_before: Annotated[tuple[Worked, ...], Words("其中签订日期之前完成量", "of it, before the signature")] = ()
    before_signature: Annotated[
        Before,
        Words("旗卫健委对签订前时间的答复", "what the commission said of the time before the signature"),
    ] = ""


@dataclass(frozen=True)
class Measure:
    """The figures of one day, in the contract's unit and in percent, all exact.

    raw: of all that was agreed to date; None before anything was. adjusted: without what confirmed force majeure took;
    None where nothing is left. if_confirmed: as it would be, were every claim confirmed. not_counted: free clinics.
    """

    agreed: Fraction
    provisional: bool
    worked: Fraction
    not_counted: Fraction
    lost: Fraction
    claimed: Fraction
    raw: Fraction | None
    adjusted: Fraction | None
    if_confirmed: Fraction | None
    imported: Fraction = Fraction(0)


def working_time_suffices(facts: WorkingTimeFacts, pack: Pack) -> Finding:
    """OT-6.3g Below 70 % at a checkpoint, raw and adjusted, is for the employer to confirm; nothing ends by it (G-2).

    Raw below and adjusted not is asked of the commission (G-5); exactly 70 % is no ground (G-6). While nobody has said
    whether the time before the signature belongs to the term, it is asked wherever that decides (OT-2.1d).
    """
    found = _judged(facts, pack)
    if not before_is_open(facts) or contradicts(facts):
        return found
    without = _judged(replace(facts, before_signature="left_out"), pack)
    if _below(found) == _below(without):
        return found
    grounds = Grounds(pack, "OT-6.3g", facts, (LINE, *WARNINGS, "kinds_not_counted"), ("G-2", "PD"), also=("OT-2.1d",))
    figures = {**found.figures, "question": "before_signature", "percent_left_out": without.figures["raw_percent"]}
    shares = {name: shown(measured(each, pack).raw) for name, each in _both(facts).items()}
    readings = tuple(
        Reading(words.filled_by(share=Words(shares[name], shares[name])), str(one.outcome or one.figures["question"]))
        for name, words, one in (("counted", _COUNTED, found), ("left_out", _LEFT_OUT_BEFORE, without))
    )
    return grounds.asked(_ASK_BEFORE, _BEFORE_DECIDES, readings=readings, figures=figures)


def before_is_open(facts: WorkingTimeFacts) -> bool:
    """Whether the term began before the signature, and nobody has said what that means."""
    return facts.signed_on is not None and facts.signed_on > facts.first_day and not facts.before_signature


def _judged(facts: WorkingTimeFacts, pack: Pack) -> Finding:
    """As the facts stand; the time before the signature is in the term unless it was left out."""
    if contradicts(facts):
        return Grounds(pack, "OT-6.3g", facts, defaults=("G-2",)).unmet("schedule_contradicts", _CONTRADICTS)
    found, point = measured(facts, pack), checkpoint_on(facts.until, facts.first_day, facts.last_day, pack)
    grounds = Grounds(pack, "OT-6.3g", facts, (LINE, *WARNINGS, "kinds_not_counted"), _defaults(found))
    figures = _figures(found, point, grounds)
    if found.raw is None:
        return grounds.met("nothing_due", _NOTHING_DUE, figures)
    if not grounds[LINE].holds_for(found.raw):
        return _above(facts, found, grounds, figures)
    if not (point.after_full_quarter or (point.at == "contract_end" and facts.short_term == "ground")):
        return _too_early(facts, found, point, grounds, figures)
    if found.adjusted is not None and grounds[LINE].holds_for(found.adjusted):
        return grounds.warned("ground_to_confirm", _said(_BELOW, facts, found), figures)
    return _saved_by_force_majeure(facts, found, grounds, figures)


def measured(facts: WorkingTimeFacts, pack: Pack) -> Measure:
    """G-2, G-5 The figures up to a day: cumulative against agreed to date, raw and without confirmed force majeure."""
    agreed, is_cut = agreed_until(facts, facts.until)
    uncounted = pack.parameters["kinds_not_counted"].listed
    worked = sum((Fraction(each.amount) for each in facts.worked if each.kind not in uncounted), Fraction(0))
    worked += Fraction(facts.imported)
    left_out = Fraction(0)
    if _begins(facts) > facts.first_day:
        left_out += sum(Fraction(each.amount) for each in facts.worked_before if each.kind not in uncounted)
    lost, claimed = lost_until(facts, facts.until, "confirmed"), lost_until(facts, facts.until, "claimed")
    return Measure(
        agreed=agreed,
        provisional=is_cut or any(each.first_day <= facts.until < each.last_day for each in facts.losses),
        worked=worked - left_out,
        not_counted=sum((Fraction(each.amount) for each in facts.worked if each.kind in uncounted), Fraction(0)),
        lost=lost,
        claimed=claimed,
        raw=percent(worked - left_out, agreed),
        adjusted=percent(worked - left_out, agreed - lost),
        if_confirmed=percent(worked - left_out, agreed - lost - claimed),
        # An import is summed up after the signature, so that what is left out was worked before it.
        imported=max(Fraction(facts.imported) - left_out, Fraction(0)),
    )


def agreed_until(facts: WorkingTimeFacts, day: date) -> tuple[Fraction, bool]:
    """G-2 What is agreed up to a day, and whether that is provisional: a part of a period is pro-rated by its days.

    A contract without a schedule is one period from its first day to its last.
    """
    periods = facts.schedule or (Due(facts.first_day, facts.last_day, facts.agreed),)
    begun = [each for each in periods if each.first_day <= day]
    total = sum((Fraction(each.agreed) * _within(each, facts, day) for each in begun), Fraction(0))
    is_cut = any(each.last_day > day or each.first_day < _begins(facts) <= each.last_day for each in begun)
    return total, is_cut


def lost_until(facts: WorkingTimeFacts, day: date, state: str) -> Fraction:
    """What force majeure took of the time that was agreed up to a day, by how far it is settled (G-13)."""
    begun = [each for each in facts.losses if each.state == state and each.first_day <= day]
    return sum((Fraction(each.amount) * _within(each, facts, day) for each in begun), Fraction(0))


def contradicts(facts: WorkingTimeFacts) -> bool:
    """Whether schedule and term do not fit: other days, overlaps, another total, an end before its beginning."""
    if facts.last_day < facts.first_day:
        return True
    ordered = sorted(facts.schedule, key=lambda one: one.first_day)
    stretches: tuple[Due | Loss, ...] = (*facts.schedule, *facts.losses)
    turned = any(each.last_day < each.first_day for each in stretches)
    overlap = any(later.first_day <= one.last_day for one, later in pairwise(ordered))
    outside = any(each.first_day < facts.first_day or each.last_day > facts.last_day for each in ordered)
    other_total = bool(ordered) and sum(each.agreed for each in ordered) != facts.agreed
    return turned or overlap or outside or other_total


def warning_of(raw: Fraction | None, pack: Pack) -> str:
    """The last warning that a ratio has fallen below, by the name of its parameter; "" for none (PD)."""
    fallen = [name for name in WARNINGS if raw is not None and pack.parameters[name].holds_for(raw)]
    return fallen[-1] if fallen else ""


def _above(facts: WorkingTimeFacts, found: Measure, grounds: Grounds, figures: dict[str, Value]) -> Finding:
    if figures["warning"]:
        return grounds.warned("early_warning", _said(_WARNED, facts, found), figures)
    return grounds.met("no_ground", _said(_KEPT, facts, found), figures)


def _too_early(
    facts: WorkingTimeFacts, found: Measure, point: Checkpoint, grounds: Grounds, figures: dict[str, Value]
) -> Finding:
    """G-2: between checkpoints, or before a full quarter, it is a warning; a term without one is for the commission."""
    if point.at == "contract_end" and not facts.short_term:
        readings = (_AS_GROUND, _AS_WARNING)
        figures["question"] = "short_term"
        return grounds.asked(_ASK_SHORT, _said(_SHORT, facts, found), readings=readings, figures=figures)
    return grounds.warned("early_warning", _said(_EARLY, facts, found), figures)


def _saved_by_force_majeure(
    facts: WorkingTimeFacts, found: Measure, grounds: Grounds, figures: dict[str, Value]
) -> Finding:
    """G-5: the text excludes force majeure beside the attendance rate only; what holds here the commission says."""
    if facts.answer == "ground":
        return grounds.warned("ground_to_confirm", _said(_ANSWERED_GROUND, facts, found), figures)
    if facts.answer == "no_ground":
        return grounds.warned("no_ground", _said(_ANSWERED_NONE, facts, found), figures)
    readings = (_NOT_LEFT_OUT, _LEFT_OUT)
    figures["question"] = "force_majeure"
    return grounds.asked(_ASK_FORCE_MAJEURE, _said(_SAVED, facts, found), readings=readings, figures=figures)


def _figures(found: Measure, point: Checkpoint, grounds: Grounds) -> dict[str, Value]:
    imported: dict[str, Value] = {"imported": found.imported} if found.imported else {}
    return {
        "agreed": found.agreed,
        "worked": found.worked,
        **imported,
        "not_counted": found.not_counted,
        "lost": found.lost,
        "claimed": found.claimed,
        "raw_percent": found.raw,
        "adjusted_percent": found.adjusted,
        "if_confirmed_percent": found.if_confirmed,
        "provisional": found.provisional,
        "checkpoint": point.at,
        "warning": warning_of(found.raw, grounds.pack),
        # What is asked of the commission, where something is.
        "question": "",
    }


def _defaults(found: Measure) -> tuple[str, ...]:
    return ("G-2", "G-5", "G-13") if found.lost or found.claimed else ("G-2",)


def _begins(facts: WorkingTimeFacts) -> date:
    """The first day that counts: that of the signature, where the commission has left out the time before it."""
    left_out = facts.before_signature == "left_out" and facts.signed_on is not None
    return max(facts.first_day, facts.signed_on) if left_out and facts.signed_on else facts.first_day


def _within(stretch: Due | Loss, facts: WorkingTimeFacts, day: date) -> Fraction:
    """How much of a stretch lies between the first day that counts and a day, by its days."""
    elapsed = (min(day, stretch.last_day) - max(stretch.first_day, _begins(facts))).days + 1
    return Fraction(max(elapsed, 0), (stretch.last_day - stretch.first_day).days + 1)


def _both(facts: WorkingTimeFacts) -> dict[str, WorkingTimeFacts]:
    return {"counted": facts, "left_out": replace(facts, before_signature="left_out")}


def _below(finding: Finding) -> tuple[bool, Value]:
    """What a reading leads to: a ground to confirm, or another question. A warning leads to nothing."""
    return finding.outcome == "ground_to_confirm", finding.figures.get("question", "")


def _said(words: Words, facts: WorkingTimeFacts, found: Measure) -> Words:
    figures = _FIGURES if not found.lost else _FIGURES_ADJUSTED
    further = {_IMPORTED: bool(found.imported), _CLAIMED: bool(found.claimed), _PROVISIONAL: found.provisional}
    parts = [figures, *(each for each, applies in further.items() if applies), words]
    joined = Words(";".join(each.zh for each in parts), "; ".join(each.en for each in parts))
    numbers = {
        "agreed": amount(found.agreed),
        "worked": amount(found.worked),
        "lost": amount(found.lost),
        "claimed": amount(found.claimed),
        "imported": amount(found.imported),
        "raw": shown(found.raw),
        "adjusted": shown(found.adjusted),
        "if_confirmed": shown(found.if_confirmed),
    }
    return joined.filled_by(unit=UNITS[facts.unit], **{name: Words(each, each) for name, each in numbers.items()})


UNITS = {
    "days": Words("天", "days"),
    "half_days": Words("个半天", "half-days"),
    "hours": Words("小时", "hours"),
    "sessions": Words("次", "sessions"),
}
_CONTRADICTS = Words(
    "合同约定总量与分期安排不一致,更正前不作计算",
    "the schedule does not fit the term or the total of the contract; nothing is computed until that is put right",
)
_NOTHING_DUE = Words("截至该日尚无约定工作时间", "no working time is agreed up to this day")
_FIGURES = Words(
    "截至该日应完成{agreed}{unit},已完成{worked}{unit},占{raw}%",
    "{worked} of {agreed} {unit} agreed to date are worked, {raw} %",
)
_FIGURES_ADJUSTED = Words(
    "截至该日应完成{agreed}{unit},已完成{worked}{unit},占{raw}%;扣除已确认不可抗力{lost}{unit}后占{adjusted}%",
    "{worked} of {agreed} {unit} agreed to date are worked, {raw} %; {adjusted} % without {lost} {unit} of confirmed "
    "force majeure",
)
_IMPORTED = Words(
    "其中{imported}{unit}为期初导入、按原有材料填报",
    "{imported} {unit} of it were worked before the import, as stated from paper",
)
_CLAIMED = Words(
    "另有{claimed}{unit}仅申报不可抗力,尚未确认、未扣除(如均确认则占{if_confirmed}%)",
    "{claimed} more {unit} are claimed and not confirmed, so not left out ({if_confirmed} % if all were)",
)
_PROVISIONAL = Words("应完成量暂按日数推算", "what is agreed to date is provisional, pro-rated by days")
_KEPT = Words("不低于合同约定的70%", "not below 70 % of the contract")
_WARNED = Words("不低于合同约定的70%,属提前提醒", "not below 70 % of the contract; an early warning")
_EARLY = Words(
    "低于70%,但尚未满第一个完整季度或不在季度末、年末、合同期末,仅作提前提醒",
    "below 70 %, but before the first full quarter or between checkpoints: an early warning and no more",
)
_BELOW = Words(
    "低于合同约定的70%,请用人单位核实确认;合同不因此自动终止",
    "below 70 % of the contract: the employer confirms the facts; nothing ends by itself",
)
_SHORT = Words("低于70%,合同期内没有一个完整季度", "below 70 %, and no full quarter lay in the term")
_ASK_SHORT = Words(
    "合同期不足一个完整季度,低于70%是否属于应提出终止建议的情形?请旗卫健委明确",
    "is it a ground in a term without a full quarter? (the commission decides)",
)
_AS_GROUND = Reading(Words("属于,转用人单位核实", "it is: the employer confirms"), "ground_to_confirm")
_AS_WARNING = Reading(Words("不属于,仅作提醒", "it is not: a warning only"), "early_warning")
_SAVED = Words("扣除后不低于70%", "not below 70 % once that is left out")
_ASK_FORCE_MAJEURE = Words(
    "计算工作时间是否扣除不可抗力?请旗卫健委明确",
    "is force majeure left out of the working time? (the commission decides)",
)
_NOT_LEFT_OUT = Reading(
    Words("不扣除:原文仅在到岗率处写明排除", "it is not: the text excludes it for the attendance rate only"),
    "ground_to_confirm",
)
_LEFT_OUT = Reading(Words("扣除:比照到岗率", "it is, as for the attendance rate"), "no_ground")
_BEFORE_DECIDES = Words(
    "合同签订前的时间是否计入合同期尚未明确,结果因此不同",
    "whether the time before the signature belongs to the term is not settled, and the result depends on it",
)
_ASK_BEFORE = Words(
    "签订前的时间是否计入合同期?请旗卫健委明确",
    "does the time before the signature belong to the term? (the commission decides)",
)
_COUNTED = Words("计入,占{share}%", "it does: {share} %")
_LEFT_OUT_BEFORE = Words(
    "不计入:签订前的约定量和完成量都不计算,占{share}%",
    "it does not: neither what was agreed nor what was worked before it counts: {share} %",
)
_ANSWERED_GROUND = Words(
    "经旗卫健委明确不扣除,请用人单位核实确认",
    "the commission has said that it is not left out: the employer confirms the facts",
)
_ANSWERED_NONE = Words(
    "经旗卫健委明确予以扣除,不属于应提出终止建议的情形",
    "the commission has said that it is left out: there is no ground",
)
