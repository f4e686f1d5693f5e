"""三 Who may be recruited: the three classes and those treated by reference (OT-3.1 to OT-3.4)."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from policies.engine.dates import met_from
from policies.engine.finding import Finding, Reading, Value
from policies.engine.grounds import Grounds
from policies.engine.pack_parts import Pack
from policies.engine.words import Words
from policies.vocabulary import Title

Ground = Literal["discipline_leader", "famous_doctor", "committee_officer"]
Level = Literal["national", "province", "city", "county"]
Settled = Literal["", "yes", "no"]
HomeKind = Literal["grade_3a", "public_health", "university", "institute", "other"]

PROVINCE, CITY = "province", "city"


@dataclass(frozen=True)
class HonourFacts:
    """What class 1 or 2 is claimed on. `settled` is what the commission said of a case that the text leaves open."""

    ground: Annotated[Ground, Words("依据:学科带头人、名医或专业委员会任职", "leader, famous doctor or committee post")]
    level: Annotated[Level, Words("级别", "level")]
    evidence: Annotated[bool, Words("证明材料是否上传", "whether its proof is on record")]
    vice_chair_or_above: Annotated[bool | None, Words("是否副主任委员及以上", "whether vice-chair or above")] = None
    settled: Annotated[Settled, Words("旗卫生健康委的认定", "what the commission has settled")] = ""


@dataclass(frozen=True)
class SeniorFacts:
    """An expert who is nominated in class 3."""

    home: Annotated[HomeKind, Words("原单位类别", "kind of home institution")]
    title: Annotated[Title, Words("职称", "professional title")]
    senior_since: Annotated[date | None, Words("取得高级职称(副高起)日期", "day of the first senior title")]
    on: Annotated[date, Words("申报日期", "day of the nomination")]
    ability: Annotated[Settled, Words("临床管理、教学研究等能力的认定", "whether people found rich ability")] = ""
    home_settled: Annotated[Settled, Words("旗卫生健康委对原单位的认定", "whether the home institution counts")] = ""


@dataclass(frozen=True)
class ReferenceFacts:
    """Somebody from elsewhere who is to be treated by reference."""

    from_own_city: Annotated[bool | None, Words("是否来自本市", "whether from this city")]
    equal_conditions: Annotated[
        Settled, Words("旗卫生健康委对同等条件的认定", "whether equal conditions were found")
    ] = ""
    own_city_settled: Annotated[Settled, Words("本市人员可否参照执行", "whether people of this city may be")] = ""


def class_one_fits(facts: HonourFacts, pack: Pack) -> Finding:
    """OT-3.1 A provincial key discipline's leader, famous doctor or committee officer; the proof is looked at."""
    return _by_honour(Grounds(pack, "OT-3.1", facts), facts, "class_1", PROVINCE)


def class_two_fits(facts: HonourFacts, pack: Pack) -> Finding:
    """OT-3.2 The same at city level; only of famous doctors the text says city level and above."""
    return _by_honour(Grounds(pack, "OT-3.2", facts), facts, "class_2", CITY)


def class_three_fits(facts: SeniorFacts, pack: Pack) -> Finding:
    """OT-3.3 A senior title for five full years, and rich ability, which people judge."""
    grounds = Grounds(pack, "OT-3.3", facts, ("class_three_years", "class_three_titles"))
    if facts.title not in grounds["class_three_titles"].listed:
        return grounds.unmet("title_short", _NO_SENIOR_TITLE)
    if facts.senior_since is None:
        return grounds.asked(_ASK_SINCE, _NO_SINCE)
    since = met_from(facts.senior_since, grounds["class_three_years"].whole)
    figures: dict[str, Value] = {"years_met_from": since}
    if facts.on < since:
        return grounds.unmet("years_short", _YEARS_SHORT.filled(since=since, on=facts.on), figures)
    return _by_people(grounds, facts, figures)


def reference_is_open(facts: ReferenceFacts, pack: Pack) -> Finding:
    """OT-3.4 Equal conditions elsewhere; whether people of this city are meant or left out is asked."""
    grounds = Grounds(pack, "OT-3.4", facts, ("own_city",))
    if facts.from_own_city is None:
        return grounds.asked(_ASK_CITY.filled(city=grounds["own_city"].value), _CITY_UNKNOWN)
    if facts.from_own_city and facts.own_city_settled == "no":
        return grounds.unmet("own_city", _OWN_CITY_OUT)
    if facts.from_own_city and not facts.own_city_settled:
        return grounds.asked(_ASK_OWN_CITY, _OWN_CITY, readings=_CITY_READINGS)
    if not facts.equal_conditions:
        return grounds.asked(_ASK_EQUAL, _EQUAL_OPEN)
    if facts.equal_conditions == "no":
        return grounds.unmet("not_equal", _NOT_EQUAL)
    return grounds.met("by_reference", _BY_REFERENCE)


def _by_people(grounds: Grounds, facts: SeniorFacts, figures: dict[str, Value]) -> Finding:
    """What people have to say of a class 3 whose years are met: the home institution, and the ability."""
    said = {"since": figures["years_met_from"], "on": facts.on}
    if facts.home_settled == "no":
        return grounds.unmet("home_unfit", _HOME_UNFIT, figures)
    if facts.home == "other" and not facts.home_settled:
        return grounds.asked(_ASK_HOME, _HOME_OPEN, figures=figures)
    if not facts.ability:
        return grounds.asked(_ASK_ABILITY, _YEARS_MET.filled(**said), figures=figures)
    if facts.ability == "no":
        return grounds.unmet("ability_not_found", _NO_ABILITY, figures)
    return grounds.met("class_3", _CLASS_THREE.filled(**said), figures)


def _by_honour(grounds: Grounds, facts: HonourFacts, outcome: str, level: str) -> Finding:
    if facts.settled == "no":
        return grounds.unmet("not_in_class", _SETTLED_NO)
    if not facts.evidence:
        return grounds.unmet("evidence_missing", _NO_EVIDENCE)
    if facts.ground == "committee_officer" and facts.vice_chair_or_above is not True:
        return _below_vice_chair(grounds, facts)
    if _is_below(facts.level, level):
        return grounds.unmet("level_short", _LEVEL_SHORT)
    return _by_level(grounds, facts, outcome, level)


def _by_level(grounds: Grounds, facts: HonourFacts, outcome: str, level: str) -> Finding:
    if facts.settled == "yes":
        return grounds.met(outcome, _SETTLED_YES)
    if facts.ground == "committee_officer":
        return grounds.asked(_ASK_BRANCH, _BRANCH, readings=_branch_readings(outcome))
    if facts.level == level or (facts.ground == "famous_doctor" and level == CITY):
        return grounds.met(outcome, _IN_CLASS)
    return grounds.asked(_ASK_LEVEL, _LEVEL_ABOVE, readings=_level_readings(outcome))


def _below_vice_chair(grounds: Grounds, facts: HonourFacts) -> Finding:
    if facts.vice_chair_or_above is None:
        return grounds.asked(_ASK_POST, _NO_POST)
    return grounds.unmet("post_short", _POST_SHORT)


def _is_below(level: Level, needed: str) -> bool:
    order = ("county", "city", "province", "national")
    return order.index(level) < order.index(needed)


def _branch_readings(outcome: str) -> tuple[Reading, ...]:
    return (
        Reading(Words("属于二级分会或级别更高的分会", "a branch of level 2 or of a higher level"), outcome),
        Reading(Words("级别低于二级分会", "a branch of a lower level"), "not_in_class"),
    )


def _level_readings(outcome: str) -> tuple[Reading, ...]:
    return (
        Reading(Words("级别更高的也属于本类", "a higher level belongs to this class, too"), outcome),
        Reading(Words("原文只写本级,不属于本类", "only the level that is printed"), "not_in_class"),
    )


_NO_EVIDENCE = Words("证明材料尚未上传", "the proof is not on record")
_SETTLED_NO = Words("旗卫生健康委认定不属于本类", "the commission found that it is not this class")
_SETTLED_YES = Words("旗卫生健康委认定属于本类", "the commission found that it is this class")
_LEVEL_SHORT = Words("级别低于本类要求", "below the level of this class")
_IN_CLASS = Words("符合本类条件,材料已上传", "in this class, with its proof")
_NO_POST = Words("任职级别未登记", "the post in the committee is not on record")
_ASK_POST = Words("在专业委员会任何职务?", "which post in the committee?")
_POST_SHORT = Words("须为副主任委员及以上", "vice-chair or above is needed")
_BRANCH = Words("“二级及以上分会”须核对分会级别", "the level of the branch is to be checked")
_ASK_BRANCH = Words("该分会是否属于“二级及以上分会”?", "is the branch of level 2 or above?")
_LEVEL_ABOVE = Words("级别高于原文所写的本级", "above the level that is printed")
_ASK_LEVEL = Words("级别更高的是否按本类办理?", "does the higher level go by this class?")
_NO_SENIOR_TITLE = Words("须具备高级职称(副高或正高)", "a senior title is needed")
_NO_SINCE = Words("取得高级职称的日期未登记", "since when the title is held is not on record")
_ASK_SINCE = Words("何时取得高级职称?", "since when is a senior title held?")
_YEARS_SHORT = Words(
    "自{since}起高级职称满5年,申报日期{on}尚未满", "five years are met from {since}, the nomination is of {on}"
)
_HOME_OPEN = Words(
    "原单位不在列明的四类单位之中,原文写有“等”字",
    "not one of the four kinds that are named; the text says “and others”",
)
_ASK_HOME = Words("该单位的专家可否按第三类办理?", "do experts of such an institution belong to class 3?")
_HOME_UNFIT = Words(
    "旗卫生健康委认定原单位不属于第三类范围", "the commission found that the home institution does not count"
)
_YEARS_MET = Words(
    "自{since}起高级职称满5年,申报日期{on};能力由人员认定",
    "five years are met from {since}, nominated on {on}; ability is judged",
)
_ASK_ABILITY = Words(
    "是否具有丰富的临床管理、教学研究等能力?", "is there rich ability in management, teaching and research?"
)
_NO_ABILITY = Words("能力未获认定", "the ability was not found")
_CLASS_THREE = Words("高级职称自{since}起满5年,能力已认定", "five years are met from {since} and the ability was found")
_CITY_UNKNOWN = Words("是否来自本市未登记", "whether from this city is not on record")
_ASK_CITY = Words("本人是否来自本市({city})?", "is the person from this city ({city})?")
_OWN_CITY = Words(
    "“除本市外”可理解为“本市以外”,也可理解为“不限于本市”",
    "“除本市外” can mean “except this city” or “besides this city”",
)
_ASK_OWN_CITY = Words("本市人员可否参照执行?", "may people of this city be treated by reference?")
_CITY_READINGS = (
    Reading(Words("本市以外的人员方可参照", "only people from elsewhere"), "own_city"),
    Reading(Words("不限于本市,本市人员也可参照", "people from this city, too"), "by_reference"),
)
_OWN_CITY_OUT = Words(
    "旗卫生健康委明确本市人员不参照执行", "the commission has settled that people of this city are not"
)
_EQUAL_OPEN = Words("是否具备同等条件由旗卫生健康委认定", "the commission says whether conditions are equal")
_ASK_EQUAL = Words("是否具备同等条件?", "are the conditions equal?")
_NOT_EQUAL = Words("未认定具备同等条件", "equal conditions were not found")
_BY_REFERENCE = Words("具备同等条件,参照执行", "equal conditions, treated by reference")
