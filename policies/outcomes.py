"""三(五) What follows from the grade (DQ-3.5.1a to DQ-3.5.3)."""

from dataclasses import dataclass
from typing import Annotated

from policies.engine.finding import Finding, Reading, Value
from policies.engine.grounds import Grounds
from policies.engine.pack_parts import Pack
from policies.engine.words import Words
from policies.vocabulary import TITLE_ORDER, TRAINEE, Grade, Programme, Title


@dataclass(frozen=True)
class ResultFacts:
    """A final grade, and whether the time was found not to count."""

    programme: Annotated[Programme, Words("类别", "programme")]
    grade: Annotated[Grade, Words("等次", "grade")]
    credit_void: Annotated[bool, Words("本次服务时间是否不计入", "whether the time does not count")] = False


@dataclass(frozen=True)
class LeaderFacts:
    """The title of somebody who may take a temporary leadership post."""

    title: Annotated[Title, Words("职称", "professional title")]


@dataclass(frozen=True)
class StayFacts:
    """Whether somebody may stay at the receiving institution."""

    term_completed: Annotated[bool, Words("服务期是否已满", "whether the term is completed")]
    wishes_to_stay: Annotated[bool, Words("本人是否愿意留任", "whether the person wishes to stay")]


def service_earns(facts: ResultFacts, pack: Pack) -> Finding:
    """DQ-3.5.1a For the qualified the time is grassroots experience with priority; 合格 takes in 优秀 (DQ-5.1)."""
    if facts.programme == TRAINEE:
        return training_earns(facts, pack)
    grounds = Grounds(pack, "DQ-3.5.1a", facts, also=("DQ-5.1",) if facts.grade == "excellent" else ())
    if facts.credit_void:
        return Grounds(pack, "DQ-3.5.1a", facts, also=("DQ-3.2.2e",)).unmet("not_counted", _VOID, _NOTHING)
    if facts.grade == "unqualified":
        return grounds.asked(_ASK_UNQUALIFIED, _UNQUALIFIED, readings=_READINGS, figures=_NOTHING)
    return grounds.met("counts_with_priority", _COUNTS, {"experience": True, "priority": True})


def training_earns(facts: ResultFacts, pack: Pack) -> Finding:
    """DQ-3.5.2a and b Only excellent trainees get priority and a place on the lists; the drafting note is wider."""
    if facts.programme != TRAINEE:
        return service_earns(facts, pack)
    grounds = Grounds(pack, "DQ-3.5.2a", facts, also=("DQ-3.5.2b",))
    if facts.credit_void:
        return Grounds(pack, "DQ-3.5.2a", facts, also=("DQ-3.2.2e",)).unmet("not_counted", _VOID, _NOTHING)
    if facts.grade == "excellent":
        return grounds.met("priority", _EXCELLENT, _ALL)
    if facts.grade == "qualified":
        return grounds.met("no_priority", _QUALIFIED, _NOTHING | {"experience": True})
    return grounds.asked(_ASK_UNQUALIFIED, _UNQUALIFIED_TRAINEE, figures=_NOTHING)


def may_lead(facts: LeaderFacts, pack: Pack) -> Finding:
    """DQ-3.5.1b An intermediate title or above opens a temporary leadership post."""
    grounds = Grounds(pack, "DQ-3.5.1b", facts, ("temporary_leader_title",))
    least = TITLE_ORDER.index(_title(str(grounds["temporary_leader_title"].value)))
    if TITLE_ORDER.index(facts.title) >= least:
        return grounds.met("open", _MAY_LEAD)
    return grounds.unmet("not_open", _MAY_NOT_LEAD)


def may_stay(facts: StayFacts, pack: Pack) -> Finding:
    """DQ-3.5.3 Staying is the person's choice after the term, outside the ratio; the formalities need both sides."""
    if facts.term_completed and facts.wishes_to_stay:
        return Grounds(pack, "DQ-3.5.3", facts).met("may_stay", _MAY_STAY, {"ratio_exempt": True})
    if facts.wishes_to_stay:
        return Grounds(pack, "DQ-3.5.3", facts).unmet("term_open", _TERM_OPEN)
    return Grounds(pack, "DQ-3.5.3", facts).met("returns", _RETURNS)


def _title(name: str) -> Title:
    return next(each for each in TITLE_ORDER if each == name)


_NOTHING: dict[str, Value] = {"experience": False, "priority": False, "backbone_list": False, "recommended": False}
_ALL: dict[str, Value] = dict.fromkeys(_NOTHING, True)
_VOID = Words("本次服务时间不计入", "the time of this service does not count")
_COUNTS = Words(
    "考核合格,工作时间视为基层工作经历,同等条件下优先", "the time counts as grassroots experience, with priority"
)
_UNQUALIFIED = Words(
    "原文只规定合格的计入,未规定不合格的后果", "the text counts the qualified and says nothing of the others"
)
_ASK_UNQUALIFIED = Words("不合格人员的本次经历如何处理?", "what becomes of this time for an unqualified result?")
_READINGS = (
    Reading(Words("须合格才计入", "only the qualified earn it"), "not_counted"),
    Reading(Words("时间照计,仅不享受优先", "the time counts without priority"), "counts_without_priority"),
)
_EXCELLENT = Words(
    "考核优秀,享受优先、列为临床骨干、优先推荐人才申报", "excellent: priority, clinical backbone, recommended first"
)
_QUALIFIED = Words(
    "登记进修经历;正文只对优秀人员规定优先(起草说明表述不同)",
    "the training is recorded; the main text gives priority to the excellent only (the drafting note differs)",
)
_UNQUALIFIED_TRAINEE = Words("原文未规定不合格的后果", "the text says nothing of an unqualified result")
_MAY_LEAD = Words("中级及以上职称,可挂职", "intermediate title or above: a temporary post is open")
_MAY_NOT_LEAD = Words("职称未达中级", "the title is below intermediate")
_MAY_STAY = Words(
    "服务期满且本人愿意,可留任,不受岗位结构比例限制", "term completed and wished for: may stay, outside the ratio"
)
_TERM_OPEN = Words("服务期未满", "the term is not completed")
_RETURNS = Words("本人未选择留任,返回原单位", "the person returns to the sending institution")
