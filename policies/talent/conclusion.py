"""六(一) What follows from an annual assessment: people conclude, never the total (OT-6.1d, G-1, COR-01)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal

from policies.engine.finding import Finding, Reading, Value
from policies.engine.grounds import Grounds
from policies.engine.pack_parts import Pack
from policies.engine.words import Words

Result = Literal["", "qualified", "unqualified"]
By = Literal["", "employer", "commission", "expert"]
Review = Literal["", "consent", "return"]


@dataclass(frozen=True)
class ConclusionFacts:
    """The grade of one year, who concludes it, and what the commission says. The total is shown and decides nothing."""

    least: Annotated[Decimal, Words("合计最低分", "least total")]
    most: Annotated[Decimal, Words("合计最高分", "greatest total")]
    result: Annotated[Result, Words("结论", "conclusion")] = ""
    by: Annotated[By, Words("由谁作出", "who concludes")] = ""
    reason: Annotated[str, Words("理由", "reason")] = ""
    review: Annotated[Review, Words("旗卫健委审核意见", "what the commission says")] = ""


def year_is_concluded(facts: ConclusionFacts, pack: Pack) -> Finding:
    """OT-6.1d The employer concludes qualified or unqualified with a reason; the commission consents and files it."""
    grounds = Grounds(pack, "OT-6.1d", facts, defaults=("COR-01", "G-1"))
    figures: dict[str, Value] = {"least": facts.least, "most": facts.most, "open": facts.least != facts.most}
    if not facts.result:
        return grounds.asked(_ASK, _NO_MARK, readings=_READINGS, figures=figures)
    if facts.by != "employer":
        return grounds.unmet("not_the_employer", _NOT_THE_EMPLOYER, figures)
    if not facts.reason.strip():
        return grounds.unmet("reason_missing", _NO_REASON, figures)
    if facts.review == "return":
        return grounds.unmet("returned", _RETURNED, figures)
    if not facts.review:
        return grounds.warned("awaits_consent", _AWAITS, figures)
    return grounds.met(f"filed_{facts.result}", _FILED, figures)


_ASK = Words(
    "年度考核合格还是不合格?请用人单位作出结论并说明理由", "qualified or unqualified? (the employer, with a reason)"
)
_NO_MARK = Words("原文没有合格线,等次不由得分得出", "the text has no pass mark; no grade follows from the total")
_READINGS = (
    Reading(Words("合格", "qualified"), "qualified"),
    Reading(Words("不合格", "unqualified"), "unqualified"),
)
_NOT_THE_EMPLOYER = Words("考核结论由用人单位作出,旗卫健委审核", "the employer concludes; the commission reviews")
_NO_REASON = Words("结论须说明理由", "the conclusion needs its reason")
_RETURNED = Words("旗卫健委已退回,由用人单位重新作出", "returned by the commission; the employer concludes again")
_AWAITS = Words("待旗卫健委审核同意", "the commission has still to consent")
_FILED = Words("经旗卫健委审核同意并备案", "the commission has consented and filed it")
