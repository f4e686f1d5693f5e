"""六(二)、六(3) What it takes for each end of a contract to stand (OT-6.2b, OT-6.3k, G-10).

Completion and what cannot go on are filed; a rescission is decided and filed; a termination is applied for, consented
to and filed. Time alone ends nothing but the term.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

from policies.engine.finding import Finding, Value
from policies.engine.grounds import Grounds
from policies.engine.pack_parts import Pack
from policies.engine.words import Words

Kind = Literal["completion", "rescission", "termination", "cannot_continue"]
Review = Literal["", "consent", "return", "refuse"]
# What people do for each end, in this order.
STEPS: dict[Kind, tuple[str, ...]] = {
    "completion": ("report", "file"),
    "rescission": ("verify", "hear_expert", "decide", "stop_benefits", "report", "file"),
    "termination": ("confirm", "recommend", "apply", "review", "file"),
    "cannot_continue": ("report", "file"),
}


@dataclass(frozen=True)
class EndFacts:
    """How far an end has come. `decided`: the act of a person that it needs (the employer's report or decision)."""

    kind: Annotated[Kind, Words("结束方式", "kind of end")]
    decided: Annotated[bool, Words("用人单位是否已决定或报告", "whether the employer has decided or reported")] = False
    applied: Annotated[bool, Words("是否已书面申请(仅终止)", "whether it was applied for, for a termination")] = False
    review: Annotated[Review, Words("旗卫健委审核意见(仅终止)", "what the commission says of it")] = ""
    filed: Annotated[bool, Words("是否已备案", "whether it is filed")] = False


def end_stands(facts: EndFacts, pack: Pack) -> Finding:
    """OT-6.2b, OT-6.3k Whether a contract has come to this end, and what is still to be done for it."""
    if facts.kind == "termination":
        return _termination(facts, pack)
    grounds = Grounds(pack, "OT-6.2b", facts, ("report_filing_days",))
    figures: dict[str, Value] = {"steps": STEPS[facts.kind], "consent_needed": False}
    if not facts.decided:
        return grounds.warned("open", _NOT_DECIDED, figures)
    if not facts.filed:
        days = grounds["report_filing_days"].whole
        return grounds.warned("to_be_filed", _TO_BE_FILED.filled(days=days), figures)
    return grounds.met(_ENDED[facts.kind], _FILED, figures)


def _termination(facts: EndFacts, pack: Pack) -> Finding:
    grounds = Grounds(pack, "OT-6.3k", facts)
    figures: dict[str, Value] = {"steps": STEPS["termination"], "consent_needed": True}
    if not (facts.decided and facts.applied):
        return grounds.warned("proposed", _PROPOSED, figures)
    if facts.review == "refuse":
        return grounds.warned("not_terminated", _REFUSED, figures)
    if facts.review != "consent" or not facts.filed:
        return grounds.warned("applied", _RETURNED if facts.review == "return" else _APPLIED, figures)
    return grounds.met("terminated", _TERMINATED, figures)


_ENDED = {"completion": "completed", "rescission": "rescinded", "cannot_continue": "cannot_continue"}
_NOT_DECIDED = Words("待用人单位决定或报告", "the employer has still to decide or to report")
_TO_BE_FILED = Words(
    "由用人单位及时({days}个工作日内,系统默认)报旗卫健委备案,无须同意",
    "promptly (within {days} working days, our default) reported to the commission for filing; no consent is needed",
)
_FILED = Words("已报旗卫健委备案", "filed with the commission")
_PROPOSED = Words(
    "待用人单位书面申请;合同继续履行,工作时间继续记录",
    "the employer has still to apply; the contract goes on and working time is recorded",
)
_APPLIED = Words(
    "已书面申请,待旗卫健委审核备案;合同继续履行",
    "applied for; the commission has still to review, the contract goes on",
)
_RETURNED = Words(
    "旗卫健委已退回,由用人单位修改后再报;合同未终止",
    "returned by the commission; the employer revises it, and the contract has not ended",
)
_REFUSED = Words("旗卫健委不同意终止,合同继续履行", "the commission does not consent; the contract goes on")
_TERMINATED = Words("经旗卫健委审核备案,合同终止", "consented to and filed: the contract is terminated")
