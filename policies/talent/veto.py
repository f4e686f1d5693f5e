"""考核标准12 The veto (OT-S12): what opens it, and what its confirmation proposes. Only the commission confirms one.

The satisfaction lines stand alone; conduct needs serious consequences. The text does not say what a veto does: the raw
total is kept, "unqualified" is proposed, and whether the contract is rescinded is asked (OT-6.3e).
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal

from policies.engine.finding import Finding, Reading, Value
from policies.engine.grounds import Grounds
from policies.engine.pack_parts import Pack
from policies.engine.words import Words
from policies.talent.figures import amount
from policies.talent.judged_items import GivenBy

Conduct = Literal["discipline", "safety_accident", "other"]
Answer = Literal["yes", "no", "open"]
Decision = Literal["", "confirm", "dismiss"]


@dataclass(frozen=True)
class ConductFacts:
    """One matter of conduct, as far as people have settled it."""

    kind: Annotated[Conduct, Words("重大违纪、重大安全事故或其他", "discipline, safety accident or other")]
    serious: Annotated[Answer, Words("是否重大", "whether it is serious")] = "open"
    consequences: Annotated[Answer, Words("是否产生严重后果", "whether it had serious consequences")] = "open"


@dataclass(frozen=True)
class VetoFacts:
    """The measures of one year in percent, None where they were not taken, and matters of conduct."""

    staff_percent: Annotated[Decimal | None, Words("医务人员满意度(%)", "staff satisfaction, percent")] = None
    patient_percent: Annotated[Decimal | None, Words("患者满意度(%)", "patient satisfaction, percent")] = None
    conduct: Annotated[tuple[ConductFacts, ...], Words("违纪、事故等情形", "matters of conduct")] = ()


@dataclass(frozen=True)
class VetoDecisionFacts:
    """What is decided of the candidates of one year, by whom, on which materials; the raw total as it stands."""

    candidates: Annotated[int, Words("一票否决待确认情形数", "candidates")]
    least: Annotated[Decimal, Words("原始合计最低分", "least raw total")]
    most: Annotated[Decimal, Words("原始合计最高分", "greatest raw total")]
    decision: Annotated[Decision, Words("确认或不确认", "confirmed or dismissed")] = ""
    by: Annotated[GivenBy, Words("由谁确认", "who decides")] = ""
    reason: Annotated[str, Words("理由", "reason")] = ""
    medical_section: Annotated[
        bool, Words("医政医管股已提供材料(含“无”)", "the section has answered, nil included")
    ] = False
    mediation_committee: Annotated[bool, Words("医调委已提供材料(含“无”)", "the committee has answered")] = False
    absence_stated: Annotated[
        bool, Words("旗卫健委已说明没有医调委及理由", "the commission has stated, with a reason, that there is none")
    ] = False


def veto_candidates(facts: VetoFacts, pack: Pack) -> Finding:
    """OT-S12 What the commission has to look at; a candidate is no veto, and what was not measured is asked."""
    grounds = Grounds(pack, "OT-S12", facts, ("staff_veto", "patient_veto"), defaults=("PD",))
    found = _candidates(facts, grounds)
    unknown = _unknown(facts)
    figures: dict[str, Value] = {"candidates": found, "unknown": unknown}
    if found:
        return grounds.warned("candidate", _CANDIDATE.filled_by(matters=_listed(found)), figures)
    if unknown:
        return grounds.asked(_ASK, _UNKNOWN.filled_by(matters=_listed(unknown)), readings=_READINGS, figures=figures)
    return grounds.met("none", _NONE, figures)


def veto_weighs(facts: VetoDecisionFacts, pack: Pack) -> Finding:
    """OT-S12 Confirmed by the commission alone, with both bodies heard: the raw total stays, a grade is proposed.

    Where there is no committee, the commission has stated so before; nobody answers in its place.
    """
    grounds = Grounds(pack, "OT-S12", facts, defaults=("PD",), also=("OT-6.3e",))
    figures: dict[str, Value] = {
        "raw_least": facts.least,
        "raw_most": facts.most,
        "from_section": facts.medical_section,
        "from_committee": facts.mediation_committee,
    }
    if not facts.candidates:
        return grounds.unmet("no_candidate", _NOTHING_TO_DECIDE, figures)
    if not facts.decision:
        return grounds.asked(_ASK_CONFIRM, _AWAITS, readings=_READINGS, figures=figures)
    if fault := _fault(facts):
        outcome, because = fault
        return grounds.unmet(outcome, because, figures)
    if facts.decision == "dismiss":
        return grounds.met("dismissed", _DISMISSED, figures)
    said = amount(facts.least) if facts.least == facts.most else f"{amount(facts.least)}–{amount(facts.most)}"
    proposed: dict[str, Value] = {"proposed": "unqualified", "asks": "OT-6.3e"}
    return grounds.warned("proposed_unqualified", _CONFIRMED.filled(total=said), figures | proposed)


def _candidates(facts: VetoFacts, grounds: Grounds) -> tuple[str, ...]:
    staff = facts.staff_percent is not None and grounds["staff_veto"].holds_for(facts.staff_percent)
    patient = facts.patient_percent is not None and grounds["patient_veto"].holds_for(facts.patient_percent)
    conduct = (each.kind for each in facts.conduct if each.serious == each.consequences == "yes")
    measured = [name for name, holds in (("staff", staff), ("patient", patient)) if holds]
    return (*measured, *dict.fromkeys(conduct))


def _unknown(facts: VetoFacts) -> tuple[str, ...]:
    values = (("staff", facts.staff_percent), ("patient", facts.patient_percent))
    missing = [name for name, value in values if value is None]
    unsettled = (
        each.kind
        for each in facts.conduct
        if "no" not in (each.serious, each.consequences) and "open" in (each.serious, each.consequences)
    )
    return (*missing, *dict.fromkeys(unsettled))


def _fault(facts: VetoDecisionFacts) -> tuple[str, Words] | None:
    if facts.by != "commission":
        return "not_the_commission", _NOT_THE_COMMISSION
    if not facts.reason.strip():
        return "reason_missing", _NO_REASON
    if not (facts.medical_section and (facts.mediation_committee or facts.absence_stated)):
        return "materials_missing", _NO_MATERIALS
    return None


def _listed(matters: tuple[str, ...]) -> Words:
    named = [_MATTERS[each] for each in matters]
    return Words("、".join(each.zh for each in named), ", ".join(each.en for each in named))


_MATTERS = {
    "staff": Words("医务人员满意度", "staff satisfaction"),
    "patient": Words("患者满意度", "patient satisfaction"),
    "discipline": Words("重大违纪行为", "a serious breach of discipline"),
    "safety_accident": Words("重大安全事故", "a serious safety accident"),
    "other": Words("其他行为", "another matter"),
}
_CANDIDATE = Words(
    "可能适用一票否决:{matters};由旗卫健委确认", "a veto may apply: {matters}; the commission confirms it or not"
)
_UNKNOWN = Words("以下情形尚未测评或核实:{matters}", "not measured or not settled: {matters}")
_ASK = Words("请补充测评结果,并由旗卫健委核实有关情形", "what was measured, and what does the commission find?")
_READINGS = (
    Reading(Words("适用一票否决", "the veto applies"), "candidate"),
    Reading(Words("不适用", "it does not"), "none"),
)
_NONE = Words("没有一票否决情形", "nothing calls for a veto")
_NOTHING_TO_DECIDE = Words("没有待确认的一票否决情形", "there is no candidate to decide on")
_ASK_CONFIRM = Words("是否确认一票否决?请旗卫健委决定", "is the veto confirmed? (the commission decides)")
_AWAITS = Words(
    "待旗卫健委结合医政医管股、医调委材料确认", "the commission decides with the materials of the two bodies"
)
_NOT_THE_COMMISSION = Words("一票否决由旗卫健委确认", "only the commission confirms a veto")
_NO_REASON = Words("须说明理由", "a reason is needed")
_NO_MATERIALS = Words(
    "须先有医政医管股、医调委提供的参考材料(没有的注明“无”)",
    "the section and the mediation committee are heard first; nil is an answer",
)
_DISMISSED = Words("旗卫健委未确认一票否决", "the commission has not confirmed a veto")
_CONFIRMED = Words(
    "一票否决已确认:原始合计{total}分保留,建议等次为“不合格”,由用人单位作出结论;是否解除合同另行明确",
    "the veto is confirmed: the raw total of {total} stays, “unqualified” is proposed and the employer concludes; "
    "whether the contract is rescinded is asked apart",
)
