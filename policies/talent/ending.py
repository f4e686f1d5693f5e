"""六(3) Grounds to terminate and to rescind, and the three ends with their different tasks (OT-6.3a to k, G-3, G-10).

Every ground is confirmed by people. A low ratio is a ground to propose termination and to nothing else: it never starts
a rescission, and no benefit is stopped but by a person (AS-52).
"""

from dataclasses import dataclass
from typing import Annotated, Literal

from policies.engine.finding import Finding, Reading, Value
from policies.engine.grounds import Grounds
from policies.engine.pack_parts import Pack
from policies.engine.words import Words
from policies.talent.application import Ground

Party = Literal["", "employer", "expert", "commission", "system"]
Figure = Literal["", "open", "ground_to_confirm", "no_ground"]
Answer = Literal["", "confirmed", "no_ground"]
Cause = Literal["time", "duties", "falsification", "misconduct", "unqualified", "other"]
Verified = Literal["", "verified", "not_established"]
Decision = Literal["", "rescind", "do_not_rescind"]
_CLAUSES: dict[Ground, str] = {
    "working_time": "OT-6.3g",
    "support": "OT-6.3h",
    "behind": "OT-6.3i",
    "other": "OT-6.3j",
}
_CAUSES: dict[Cause, str] = {
    "time": "OT-6.3a",
    "duties": "OT-6.3b",
    "falsification": "OT-6.3c",
    "misconduct": "OT-6.3d",
    "unqualified": "OT-6.3e",
    "other": "OT-6.3f",
}


@dataclass(frozen=True)
class GroundFacts:
    """One ground to terminate. `figure`: what the working time says, for that ground alone.

    after_expiry: the term is over, as for an acceptance that is not passed.
    """

    ground: Annotated[Ground, Words("终止事由", "ground")]
    raised_by: Annotated[Party, Words("由谁提出", "who raised it")] = ""
    figure: Annotated[Figure, Words("工作时间认定结果", "what was found of the working time")] = ""
    answer: Annotated[Answer, Words("用人单位核实结果", "what the employer confirms")] = ""
    answered_by: Annotated[Party, Words("由谁核实", "who confirms it")] = ""
    reason: Annotated[str, Words("理由", "reason")] = ""
    after_expiry: Annotated[bool, Words("合同是否已期满", "whether the term is over")] = False


@dataclass(frozen=True)
class RescissionFacts:
    """One ground to rescind, how far it is verified, and what the employer decides after the expert could reply."""

    cause: Annotated[Cause, Words("解除事由", "ground")]
    raised_by: Annotated[Party, Words("由谁提出", "who raised it")] = ""
    verified: Annotated[Verified, Words("查实情况", "whether it is verified")] = ""
    verified_by: Annotated[Party, Words("由谁查实", "who verified it")] = ""
    heard: Annotated[bool, Words("引进人才是否已陈述或逾期未陈述", "the expert replied, or let the time pass")] = False
    decision: Annotated[Decision, Words("决定", "decision")] = ""
    decided_by: Annotated[Party, Words("由谁决定", "who decides")] = ""
    reason: Annotated[str, Words("理由", "reason")] = ""


def ground_stands(facts: GroundFacts, pack: Pack) -> Finding:
    """OT-6.3g to j A ground stands when the employer confirms it with a reason; then each party proposes (OT-6.3k)."""
    grounds = Grounds(pack, _CLAUSES[facts.ground], facts, defaults=("PD",), also=("OT-6.3k",))
    if facts.ground != "working_time" and facts.raised_by in ("", "system"):
        return grounds.unmet("not_by_system", _NOT_BY_SYSTEM)
    if facts.ground == "working_time" and facts.figure != "ground_to_confirm":
        return _figure_is_none(facts, grounds)
    if facts.after_expiry:
        return grounds.asked(_ASK_EXPIRED, _EXPIRED, readings=_EXPIRED_READINGS)
    if not facts.answer:
        return grounds.asked(_ASK_GROUND, _TO_CONFIRM, readings=_GROUND_READINGS)
    if facts.answered_by != "employer":
        return grounds.unmet("not_the_employer", _NOT_THE_EMPLOYER)
    return _answered(facts, grounds)


def rescission_stands(facts: RescissionFacts, pack: Pack) -> Finding:
    """OT-6.3a to f Raised and verified by people, the expert heard, decided by the employer; filed without consent."""
    grounds = Grounds(pack, _CAUSES[facts.cause], facts, defaults=("DEF-16", "G-3"), also=("OT-6.2b",))
    if facts.raised_by in ("", "system"):
        if facts.cause == "unqualified":
            return grounds.asked(_ASK_INQUIRY, _UNQUALIFIED, readings=_INQUIRY_READINGS)
        return grounds.unmet("not_by_system", _NOT_BY_SYSTEM)
    if not facts.verified:
        return grounds.asked(_ASK_VERIFY, _TO_VERIFY, readings=_VERIFY_READINGS)
    if facts.verified_by != "employer":
        return grounds.unmet("not_the_employer", _NOT_THE_EMPLOYER)
    if facts.verified == "not_established":
        return grounds.met("not_established", _NOT_ESTABLISHED)
    return _decided(facts, grounds)


def _figure_is_none(facts: GroundFacts, grounds: Grounds) -> Finding:
    if facts.figure in ("", "open"):
        return grounds.asked(_ASK_FIGURE, _FIGURE_OPEN, readings=_GROUND_READINGS)
    # A correction has lifted the ratio, whatever was confirmed before: both stay on record.
    outcome = "no_longer" if facts.answer == "confirmed" else "no_ground"
    return grounds.warned(outcome, _NO_LONGER if facts.answer == "confirmed" else _NO_FIGURE)


def _answered(facts: GroundFacts, grounds: Grounds) -> Finding:
    if not facts.reason.strip():
        return grounds.unmet("reason_missing", _NO_REASON)
    if facts.answer == "no_ground":
        return grounds.warned("no_ground", _NO_GROUND)
    figures: dict[str, Value] = {"consent_needed": True, "fault_of_employer": facts.ground == "support"}
    return grounds.warned("to_be_proposed", _SUPPORT if facts.ground == "support" else _PROPOSE, figures)


def _decided(facts: RescissionFacts, grounds: Grounds) -> Finding:
    if not facts.heard:
        return grounds.warned("expert_to_be_heard", _TO_BE_HEARD)
    if not facts.decision:
        return grounds.asked(_ASK_RESCIND, _SHALL_RESCIND, readings=_RESCIND_READINGS)
    if facts.decided_by != "employer":
        return grounds.unmet("not_the_employer", _NOT_THE_EMPLOYER)
    if not facts.reason.strip():
        return grounds.unmet("reason_missing", _NO_REASON)
    if facts.decision == "do_not_rescind":
        return grounds.warned("not_rescinded", _NOT_RESCINDED)
    return grounds.warned("rescinded", _RESCINDED, {"consent_needed": False})


_NOT_BY_SYSTEM = Words("该事由须由人员提出并查实,系统不作判断", "people raise and verify this; the system never does")
_NOT_THE_EMPLOYER = Words("由用人单位核实和决定", "the employer verifies and decides")
_NO_REASON = Words("须说明理由", "a reason is needed")
_TO_CONFIRM = Words("待用人单位核实", "the employer has still to confirm it")
_ASK_GROUND = Words("是否构成终止事由?请用人单位核实并说明理由", "is there a ground? (the employer, with a reason)")
_GROUND_READINGS = (
    Reading(Words("构成,各方提出终止建议", "there is: each party proposes to terminate"), "to_be_proposed"),
    Reading(Words("不构成,说明理由", "there is none, with the reason"), "no_ground"),
)
_FIGURE_OPEN = Words("工作时间尚无结论", "nothing is settled of the working time")
_ASK_FIGURE = Words("工作时间是否低于70%?先由旗卫健委明确", "is the working time below 70 %? (the commission first)")
_NO_FIGURE = Words("工作时间不低于70%", "the working time is not below 70 %")
_NO_LONGER = Words(
    "更正后工作时间不再低于70%:原核实结果和更正后的结果均保留,是否撤回由人员决定",
    "after a correction it is no longer below 70 %: both results are kept, people decide whether it is taken back",
)
_NO_GROUND = Words(
    "用人单位认为不构成终止事由,旗卫健委可见其理由", "the employer finds no ground; the commission sees the reason"
)
_PROPOSE = Words(
    "各方提出终止建议,用人单位在3个月内书面申请,经旗卫健委审核备案;合同不自动终止",
    "each party proposes, the employer applies in writing within three months, the commission reviews and files; "
    "nothing ends by itself",
)
_SUPPORT = Words(
    "各方提出终止建议,用人单位在3个月内书面申请,经旗卫健委审核备案;责任在用人单位,不对引进人才作不利处理(系统默认)",
    "each party proposes, the employer applies within three months; the fault is the employer's, not the expert's",
)
_EXPIRED = Words("合同已期满,无从终止,仅作记录", "the term is over and cannot be terminated: recorded only")
_ASK_EXPIRED = Words("期满后如何处理?请旗卫健委明确", "what follows after the term? (the commission decides)")
_EXPIRED_READINGS = (
    Reading(Words("仅作记录", "recorded only"), "recorded"),
    Reading(
        Words("用于待遇和下一年度引进的决定", "taken into the decision on benefits and the next year"), "next_year"
    ),
)
_UNQUALIFIED = Words(
    "年度考核不合格是原文列明的解除事由;是否查实、解除由人员决定",
    "an unqualified year is a ground of the text; whether it is pursued people decide",
)
_ASK_INQUIRY = Words("是否就解除事由开始查实?请用人单位明确", "is an inquiry opened? (the employer decides)")
_INQUIRY_READINGS = (
    Reading(Words("开始查实", "it is opened"), "inquiry"),
    Reading(Words("暂不开始,说明理由", "not now, with the reason"), "none"),
)
_TO_VERIFY = Words("待用人单位查实", "the employer has still to verify it")
_ASK_VERIFY = Words("该情形是否属实?请用人单位查实", "is it so? (the employer verifies)")
_VERIFY_READINGS = (
    Reading(Words("查实", "verified"), "verified"),
    Reading(Words("不成立", "not established"), "not_established"),
)
_NOT_ESTABLISHED = Words("未查实,办结并留存记录", "not established; closed with its record")
_TO_BE_HEARD = Words("先听取引进人才陈述,再作决定", "the expert is heard before anything is decided")
_SHALL_RESCIND = Words(
    "已查实;原文规定用人单位应解除合同、取消待遇和资助并追究责任",
    "verified: by the text the employer shall rescind, cancel benefits and funding and pursue liability",
)
_ASK_RESCIND = Words(
    "是否解除合同?请用人单位决定并说明理由", "is the contract rescinded? (the employer, with a reason)"
)
_RESCIND_READINGS = (
    Reading(Words("解除", "it is"), "rescinded"),
    Reading(Words("不解除,说明理由", "it is not, with the reason"), "not_rescinded"),
)
_NOT_RESCINDED = Words(
    "已查实而未解除,旗卫健委可见其理由", "verified and not rescinded; the commission sees the reason"
)
_RESCINDED = Words(
    "用人单位决定解除:报旗卫健委备案(无须同意),停止待遇和追究责任由人员办理",
    "rescinded by the employer: reported for filing, no consent needed; people stop benefits and pursue liability",
)
