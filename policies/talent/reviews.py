"""四 From the nomination to the filing, and the same person nominated twice (OT-4a, OT-N2)."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from policies.engine.finding import Finding, Value
from policies.engine.grounds import Grounds
from policies.engine.pack_parts import Pack
from policies.engine.words import Words

Answer = Literal["pending", "pass", "fail", "return"]
Filing = Literal["pending", "filed"]


@dataclass(frozen=True)
class ReviewsFacts:
    """How far the commission has come with a nomination."""

    qualification: Annotated[Answer, Words("资格审核", "qualification review")] = "pending"
    selection: Annotated[Answer, Words("初步遴选", "preliminary selection")] = "pending"
    evaluation: Annotated[Answer, Words("综合评价", "comprehensive evaluation")] = "pending"
    filing: Annotated[Filing, Words("备案", "filing")] = "pending"
    reason: Annotated[str, Words("未通过或退回的理由", "reason of a refusal or return")] = ""


@dataclass(frozen=True)
class OtherProject:
    """Another nomination or contract of the same person in the Banner; None where its days are not settled yet."""

    employer: Annotated[str, Words("用人单位", "employer")]
    first_day: Annotated[date | None, Words("合同第一天", "first day")] = None
    last_day: Annotated[date | None, Words("合同最后一天", "last day")] = None


@dataclass(frozen=True)
class DuplicateFacts:
    """A nomination beside the others of the same person, who is known by the identity number in all hospitals."""

    employer: Annotated[str, Words("用人单位", "employer")]
    first_day: Annotated[date | None, Words("拟定合同第一天", "planned first day")] = None
    last_day: Annotated[date | None, Words("拟定合同最后一天", "planned last day")] = None
    others: Annotated[tuple[OtherProject, ...], Words("本人在旗内的其他项目", "other projects in the Banner")] = ()


def contract_may_be_made(facts: ReviewsFacts, pack: Pack) -> Finding:
    """OT-4a The three reviews one after the other, then the filing; only then is there a contract."""
    grounds = Grounds(pack, "OT-4a", facts, ("nomination_reviews",))
    steps = (facts.qualification, facts.selection, facts.evaluation, "pass" if facts.filing == "filed" else "pending")
    names = (*grounds["nomination_reviews"].listed, "备案")
    at = next((place for place, answer in enumerate(steps) if answer != "pass"), None)
    if at is None:
        return grounds.met("may_contract", _MAY_CONTRACT)
    figures: dict[str, Value] = {"step": names[at]}
    if any(answer != "pending" for answer in steps[at + 1 :]):
        return grounds.unmet("out_of_order", _OUT_OF_ORDER.filled(step=names[at]), figures)
    if steps[at] == "pending":
        return grounds.unmet("pending", _PENDING.filled(step=names[at]), figures)
    if not facts.reason.strip():
        return grounds.unmet("reason_missing", _REASON_MISSING.filled(step=names[at]), figures)
    if steps[at] == "return":
        return grounds.unmet("returned", _RETURNED.filled(step=names[at]), figures)
    return grounds.unmet("not_selected", _NOT_SELECTED.filled(step=names[at]), figures)


def person_is_nominated_once(facts: DuplicateFacts, pack: Pack) -> Finding:
    """OT-N2 A second project of the same person is no bar, but money goes by the highest: said at the nomination."""
    if not facts.others:
        return Grounds(pack, "OT-N2", facts).met("only_project", _ONLY)
    grounds = Grounds(pack, "OT-N2", facts, ("projects_of_highest",))
    who = "、".join(dict.fromkeys(each.employer for each in facts.others))
    figures: dict[str, Value] = {"projects": len(facts.others) + 1}
    own = (facts.first_day, facts.last_day)
    terms = [(each.first_day, each.last_day) for each in facts.others]
    if any(day is None for term in (own, *terms) for day in term):
        return grounds.warned("second_project", _SECOND.filled(who=who), figures)
    if all(_are_apart(own, term) for term in terms):
        return grounds.met("no_overlap", _APART.filled(who=who), figures)
    if any(not _are_apart(own, term) and term != own for term in terms):
        return grounds.asked(_ASK_OVERLAP, _OVERLAP.filled(who=who), figures=figures)
    return grounds.warned("second_project", _SECOND.filled(who=who), figures)


def _are_apart(one: tuple[date | None, date | None], other: tuple[date | None, date | None]) -> bool:
    """Whether two terms, both with their days, share none."""
    first, last = one
    other_first, other_last = other
    if first is None or last is None or other_first is None or other_last is None:
        return False
    return last < other_first or other_last < first


_MAY_CONTRACT = Words(
    "三项审核通过并已备案,可签订合同", "reviewed, selected, evaluated and filed: the contract may be made"
)
_OUT_OF_ORDER = Words("{step}尚未通过,其后环节不得先行办理", "{step} is not passed; no later step may come before it")
_PENDING = Words("待{step}", "{step} is open")
_REASON_MISSING = Words("{step}未通过或退回,须写明理由", "{step} was not passed; a reason is needed")
_RETURNED = Words("{step}退回补正", "returned for correction at {step}")
_NOT_SELECTED = Words("{step}未通过,未入选;可重新申报", "not passed at {step}: not selected; may be nominated anew")
_ONLY = Words("本人在旗内没有其他项目", "no other project in the Banner")
_SECOND = Words("本人在{who}另有项目,经费就高不叠加", "another project at {who}: the highest funds apply, not the sum")
_APART = Words("本人在{who}另有项目,合同期不重叠", "another project at {who} in a term that does not overlap")
_OVERLAP = Words("本人在{who}另有项目,合同期部分重叠", "another project at {who} in a term that overlaps in part")
_ASK_OVERLAP = Words(
    "合同期部分重叠的,经费如何就高?请旗卫生健康委明确", "how does the highest apply where terms overlap in part?"
)
