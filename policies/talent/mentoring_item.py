"""考核标准4 “传、帮、带” (OT-S4): three raters are heard, and the employer's panel gives the points with its reason.

The text has no weights, so no average is ever computed; what the expert says of the own work is shown and weighs
nothing by itself.
"""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal, get_args

from policies.engine.finding import Finding, Value
from policies.engine.grounds import Grounds
from policies.engine.pack_parts import Pack, Parameter
from policies.engine.words import Words
from policies.talent.figures import amount
from policies.talent.scoring import earned, left_open, refused

Rater = Literal["mentee", "department_head", "expert"]
_RATERS: tuple[Rater, ...] = get_args(Rater)


@dataclass(frozen=True)
class Rating:
    """What one rater says; every mentee may say something. person: where it is known who that is, whatever the name."""

    rater: Annotated[Rater, Words("评价方", "kind of rater")]
    by: Annotated[str, Words("评价人", "who says it")]
    points: Annotated[Decimal, Words("评价分(0至10)", "0 to 10")]
    person: Annotated[str, Words("人员编号(已知时)", "person, where known")] = ""


@dataclass(frozen=True)
class MentoringFacts:
    """The ratings, and what the panel makes of them; None until it has."""

    ratings: Annotated[tuple[Rating, ...], Words("三方评价", "the ratings")] = ()
    panel: Annotated[tuple[str, ...], Words("考核小组成员", "members of the panel")] = ()
    points: Annotated[Decimal | None, Words("考核小组评分(0至10)", "points of the panel, 0 to 10")] = None
    reason: Annotated[str, Words("评分理由", "reason")] = ""
    same_name: Annotated[str, Words("同名不同人的说明", "why an equal name is another person")] = ""


def mentoring_earns(facts: MentoringFacts, pack: Pack) -> Finding:
    """OT-S4 All three kinds of raters are heard, each another person; then the panel, without the expert, decides.

    One person twice is refused. An equal name alone proves nothing: it asks for a reason why they are two.
    """
    grounds = Grounds(pack, "OT-S4", facts, ("mentoring_points",), defaults=("PD",))
    top = grounds["mentoring_points"]
    if fault := _fault(facts, top):
        outcome, because = fault
        return refused(grounds, outcome, because, top.number)
    figures: dict[str, Value] = {
        rater: tuple(each.points for each in facts.ratings if each.rater == rater) for rater in _RATERS
    }
    if facts.points is None:
        return left_open(grounds, _ASK_PANEL, _HEARD, between=(0, top.number), figures=figures)
    if not facts.reason.strip():
        return refused(grounds, "reason_missing", _NO_REASON, top.number)
    return earned(grounds, facts.points, _GIVEN.filled(points=amount(facts.points)), figures)


def _fault(facts: MentoringFacts, top: Parameter) -> tuple[str, Words] | None:
    missing = [each for each in _RATERS if each not in {one.rater for one in facts.ratings}]
    if missing:
        return "ratings_missing", _missing(missing)
    if _raters_meet(facts):
        return "raters_not_apart", _NOT_APART
    if _names_meet(facts) and not facts.same_name.strip():
        return "same_name_unexplained", _SAME_NAME
    if any(not top.holds_for(each) for each in _all_points(facts)):
        return "unfit_points", _UNFIT
    return None


def _all_points(facts: MentoringFacts) -> tuple[Decimal, ...]:
    return (*(each.points for each in facts.ratings), *([] if facts.points is None else [facts.points]))


def _raters_meet(facts: MentoringFacts) -> bool:
    """Nobody rates twice (DEF-12), as far as it is known who they are."""
    return any(times > 1 for times in Counter(each.person for each in facts.ratings if each.person).values())


def _names_meet(facts: MentoringFacts) -> bool:
    """Whether a name comes twice where it is not known of both who they are; also the expert's name on the panel."""
    named = Counter(each.by for each in facts.ratings)
    unsure = {each.by for each in facts.ratings if not each.person}
    own = {each.by for each in facts.ratings if each.rater == "expert"}
    return any(named[name] > 1 for name in unsure) or bool(own & set(facts.panel))


def _missing(raters: list[Rater]) -> Words:
    zh = "、".join(_NAMES[each].zh for each in raters)
    en = ", ".join(_NAMES[each].en for each in raters)
    return _MISSING.filled_by(raters=Words(zh, en))


_NAMES = {
    "mentee": Words("带教成员评价", "the mentees"),
    "department_head": Words("科室负责人评价", "the head of the department"),
    "expert": Words("引进人才自评", "the expert's own"),
}
_MISSING = Words("尚缺:{raters}", "still missing: {raters}")
_NOT_APART = Words(
    "三方评价须由不同人员作出",
    "each rating is another person's",
)
_SAME_NAME = Words(
    "评价人之间,或引进人才与考核小组成员之间有同名:引进人才本人不参加考核小组,确系不同人员的须说明",
    "two raters, or the expert and a member of the panel, have one name: the expert sits on no panel about the own "
    "work; where they are two people, say so",
)
_UNFIT = Words("评分须在0至10之间", "points are between 0 and 10")
_HEARD = Words(
    "三方评价已收齐;原文没有权重,系统不作平均", "all have been heard; the text has no weights and nothing is averaged"
)
_ASK_PANEL = Words("请考核小组综合评分(0至10)并说明理由", "which points does the panel give, and why?")
_NO_REASON = Words("考核小组评分须说明理由", "the panel gives its reason")
_GIVEN = Words("考核小组综合评分{points}分", "{points} points of the panel")
