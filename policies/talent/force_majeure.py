"""附件3 What force majeure takes out of the agreed time: only what is proved and confirmed (OT-S3, G-13)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from policies.engine.finding import Finding, Reading
from policies.engine.grounds import Grounds
from policies.engine.pack_parts import Pack
from policies.engine.words import Words

Event = Literal["weather", "natural_disaster", "epidemic_control", "transport_closure", "other"]
Answer = Literal["", "confirmed", "dismissed"]
Claim = Literal["claimed", "confirmed", "dismissed"]
By = Literal["", "commission", "employer"]


@dataclass(frozen=True)
class EventFacts:
    """One event that the employer has recorded, and what the commission says of it."""

    event: Annotated[Event, Words("不可抗力类型", "kind of event")]
    first_day: Annotated[date, Words("起始日", "first day")]
    last_day: Annotated[date, Words("截止日", "last day")]
    evidence: Annotated[int, Words("佐证材料份数", "pieces of evidence")] = 0
    answer: Annotated[Answer, Words("旗卫健委的确认结果", "what the commission says")] = ""
    answered_by: Annotated[By, Words("由谁确认", "who says it")] = ""


@dataclass(frozen=True)
class Loss:
    """Agreed time that an event took away from its first day to its last, in the unit of the measure it is given to."""

    first_day: Annotated[date, Words("起始日", "first day")]
    last_day: Annotated[date, Words("截止日", "last day")]
    amount: Annotated[Decimal, Words("受影响的约定量", "agreed amount that was lost")]
    state: Annotated[Claim, Words("claimed 仅申报,confirmed 已确认,dismissed 未确认", "claimed, confirmed, dismissed")]


def event_excuses(facts: EventFacts, pack: Pack) -> Finding:
    """OT-S3 An event is excluded once the employer has proved and the commission has confirmed it, never before."""
    grounds = Grounds(pack, "OT-S3", facts, defaults=("G-13",))
    if not facts.evidence:
        return grounds.unmet("claimed", _NO_EVIDENCE)
    if facts.answer and facts.answered_by != "commission":
        return grounds.unmet("not_the_commission", _NOT_THE_COMMISSION)
    if facts.answer == "confirmed":
        return grounds.met("confirmed", _CONFIRMED)
    if facts.answer == "dismissed":
        return grounds.met("dismissed", _DISMISSED)
    because = _OPEN_LIST if facts.event == "other" else _WAITS
    return grounds.asked(_ASK, because, readings=READINGS)


def claim_of(facts: EventFacts, pack: Pack) -> Claim:
    """How an event stands for the two measures: all that is not settled by the commission is only claimed."""
    outcome = event_excuses(facts, pack).outcome
    if outcome == "confirmed":
        return "confirmed"
    return "dismissed" if outcome == "dismissed" else "claimed"


_ASK = Words("是否属于不可抗力?请旗卫健委确认", "was it force majeure? (the commission decides)")
READINGS = (
    Reading(Words("属于不可抗力,予以排除", "force majeure: it is left out"), "confirmed"),
    Reading(Words("不属于不可抗力,不排除", "no force majeure: it is not left out"), "dismissed"),
)
_NO_EVIDENCE = Words(
    "仅申报、无佐证材料,确认前不排除", "claimed without evidence: it is not left out until proved and confirmed"
)
_NOT_THE_COMMISSION = Words("由旗卫健委确认,用人单位只作登记", "the commission confirms; the employer only records")
_WAITS = Words("已有佐证材料,待旗卫健委确认,确认前不排除", "proved, but not left out before the commission confirms it")
_OPEN_LIST = Words(
    "原文“等不可抗力”未列全,所列以外的情形待旗卫健委确认,确认前不排除",
    "the list of the text is open; an event of another kind is for the commission, and not left out before",
)
_CONFIRMED = Words("经旗卫健委确认,予以排除", "confirmed by the commission and left out")
_DISMISSED = Words("旗卫健委未予确认,不排除", "not confirmed by the commission; it is not left out")
