"""考核标准5、6、7 New techniques applied for, one introduced and spread, a city key specialty (OT-S5 to OT-S7)."""

from dataclasses import dataclass
from typing import Annotated, Literal

from policies.engine.finding import Finding, Value
from policies.engine.grounds import Grounds
from policies.engine.pack_parts import Pack
from policies.engine.words import Words
from policies.talent.scoring import Band, banded, earned, left_open, names_of, reads

Established = Literal["unknown", "not_established", "in_year", "earlier", "later"]
_TECHNIQUES = (
    Band("techniques_many", "techniques_many_points"),
    Band("techniques_several", "techniques_several_points"),
    Band("techniques_few", "techniques_few_points"),
    Band("techniques_none"),
)


@dataclass(frozen=True)
class TechniqueFacts:
    """Applications of the year, whole numbers: applied for, not approved. None while nobody has counted."""

    hospital_level: Annotated[int | None, Words("院级新技术新项目申报项数", "applications at hospital level")] = None
    higher_level: Annotated[int, Words("院级以上申报项数", "applications at a higher level")] = 0


@dataclass(frozen=True)
class IntroductionFacts:
    """What is proved of a technique; None while it is not settled."""

    introduced: Annotated[bool | None, Words("是否引入新技术", "whether a new technique was introduced")] = None
    pilot: Annotated[bool | None, Words("是否作为推广试点", "whether it is a pilot for spreading")] = None


@dataclass(frozen=True)
class SpecialtyFacts:
    """A city key specialty: when it was established, and whether the expert helped to apply."""

    established: Annotated[Established, Words("建成情况", "when it was established")] = "unknown"
    assisted: Annotated[bool | None, Words("是否协助申报", "whether the expert helped to apply")] = None


def techniques_earn(facts: TechniqueFacts, pack: Pack) -> Finding:
    """OT-S5 Five applications and more 10 points, three or four 8, two 5, fewer none; a higher level is asked."""
    grounds = Grounds(pack, "OT-S5", facts, names_of(_TECHNIQUES))
    top = grounds[_TECHNIQUES[0].points].number
    if facts.hospital_level is None:
        return left_open(grounds, _ASK_COUNT, _NOT_COUNTED, between=(0, top))
    number = facts.hospital_level
    without = banded(number, _TECHNIQUES, grounds)
    counted = banded(number + facts.higher_level, _TECHNIQUES, grounds)
    figures: dict[str, Value] = {"applications": number, "higher_level": facts.higher_level}
    if without is None or counted is None:
        return left_open(grounds, _ASK_BANDS, _APPLIED.filled(number=number), between=(0, top), figures=figures)
    if without != counted:
        readings = (reads(_NOT_HIGHER, without), reads(_HIGHER, counted))
        because = _WITH_HIGHER.filled(number=number, higher=facts.higher_level)
        return left_open(grounds, _ASK_HIGHER, because, between=(without, counted), readings=readings, figures=figures)
    return earned(grounds, without, _APPLIED.filled(number=number), figures)


def introduction_earns(facts: IntroductionFacts, pack: Pack) -> Finding:
    """OT-S6 Introduced and made a pilot 10 points; neither none; one of them only, or not settled, is asked (G-8)."""
    grounds = Grounds(pack, "OT-S6", facts, ("introduction_points",), defaults=("G-8",))
    top = grounds["introduction_points"].number
    if facts.introduced and facts.pilot:
        return earned(grounds, top, _BOTH)
    if facts.introduced is False and facts.pilot is False:
        return earned(grounds, 0, _NEITHER)
    because = _UNSETTLED if None in (facts.introduced, facts.pilot) else _ONE_ONLY
    return left_open(grounds, _ASK_INTRODUCTION, because, between=(0, top))


def specialty_earns(facts: SpecialtyFacts, pack: Pack) -> Finding:
    """OT-S7 Not established none, whatever was applied for; established in the year with help 10; else it is asked."""
    if facts.established == "not_established":
        plain = Grounds(pack, "OT-S7", facts, ("specialty_points",))
        return earned(plain, 0, _NOT_ESTABLISHED)
    grounds = Grounds(pack, "OT-S7", facts, ("specialty_points",), defaults=("G-8",))
    top = grounds["specialty_points"].number
    if facts.established == "in_year" and facts.assisted:
        return earned(grounds, top, _ESTABLISHED)
    because = _SPECIALTY_OPEN.get(facts.established, _NO_HELP)
    return left_open(grounds, _ASK_SPECIALTY, because, between=(0, top))


_NOT_COUNTED = Words("尚未登记申报项数", "no number is on record")
_ASK_COUNT = Words("本年度院级新技术新项目申报几项?", "how many were applied for at hospital level?")
_ASK_BANDS = Words("该项数不在任何一档,如何计分?请旗卫健委解释", "no band holds it: how many points?")
_APPLIED = Words("申报院级新技术新项目{number}项", "{number} applications at hospital level")
_WITH_HIGHER = Words(
    "申报院级{number}项、院级以上{higher}项;原文只写院级",
    "{number} at hospital level and {higher} above it; the text speaks of hospital level only",
)
_ASK_HIGHER = Words("院级以上申报是否计入?请旗卫健委解释", "do those above count? (the commission interprets)")
_NOT_HIGHER = Words("不计入,得{points}分", "they do not: {points} points")
_HIGHER = Words("计入,得{points}分", "they do: {points} points")
_BOTH = Words("已引入新技术并作为推广试点", "introduced, and a pilot for spreading")
_NEITHER = Words("未引入新技术,也没有推广试点", "neither introduced nor a pilot")
_ONE_ONLY = Words(
    "引入新技术与作为推广试点只具备其一,原文没有规定得分", "only one of the two; the text has no points for that"
)
_UNSETTLED = Words("是否引入新技术、是否作为推广试点尚未核实", "what was introduced and spread is not settled")
_ASK_INTRODUCTION = Words("本项得几分?请旗卫健委解释", "how many points? (the commission interprets)")
_NOT_ESTABLISHED = Words("市级重点专科未建成", "the specialty is not established")
_ESTABLISHED = Words("协助申报的市级重点专科已于本年度建成", "established this year with the expert's help")
_SPECIALTY_OPEN = {
    "unknown": Words("是否建成尚未核实", "whether it is established is not settled"),
    "earlier": Words("市级重点专科在考核年度之前建成", "it was established before the year"),
    "later": Words("市级重点专科在考核年度之后建成", "it was established after the year"),
}
_NO_HELP = Words("已建成,但是否协助申报未经核实", "established, but the expert's help is not proved")
_ASK_SPECIALTY = Words("本项得几分?请旗卫健委解释", "how many points? (the commission interprets)")
