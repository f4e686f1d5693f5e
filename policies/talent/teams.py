"""三 Teams: who belongs to one, their titles, degrees and ages (OT-3.5a to OT-3.5d)."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Literal

from policies.engine.finding import Finding, Reading, Value
from policies.engine.grounds import Grounds
from policies.engine.pack_parts import Pack, Parameter
from policies.engine.words import Words
from policies.vocabulary import Title

Base = Literal["", "core", "whole"]
Settled = Literal["", "yes", "no"]
_HUNDRED = 100
_REACHED, _BELOW = "share_reached", "share_below"


@dataclass(frozen=True)
class Member:
    """The leader or a core member; None for what is not on record."""

    title: Annotated[Title, Words("职称", "professional title")]
    graduate_education: Annotated[bool | None, Words("是否研究生学历", "whether graduate education")] = None
    masters_degree: Annotated[bool | None, Words("是否硕士以上学位", "whether a master’s degree or above")] = None
    age: Annotated[int | None, Words("年龄", "age")] = None


@dataclass(frozen=True)
class TeamFacts:
    """A team as it is nominated; base, one_of_two and ages are what the commission has settled."""

    leaders: Annotated[tuple[Member, ...], Words("领衔人", "leaders")]
    core: Annotated[tuple[Member, ...], Words("核心成员", "core members")]
    base: Annotated[Base, Words("60%的计算基数", "base of the 60 %")] = ""
    one_of_two: Annotated[Settled, Words("学历、学位只具其一的是否计入", "whether only one of the two counts")] = ""
    ages: Annotated[Settled, Words("是否认定老中青相结合", "whether the ages were found mixed")] = ""


def team_is_complete(facts: TeamFacts, pack: Pack) -> Finding:
    """OT-3.5a One leader and at least three core members; otherwise a reason is needed."""
    grounds = Grounds(pack, "OT-3.5a", facts, ("team_leaders", "team_core_members"))
    figures: dict[str, Value] = {"leaders": len(facts.leaders), "core": len(facts.core)}
    if not grounds["team_leaders"].holds_for(len(facts.leaders)):
        return grounds.unmet("leaders_unfit", _LEADERS.filled(**figures), figures)
    if not grounds["team_core_members"].holds_for(len(facts.core)):
        return grounds.unmet("team_small", _SMALL.filled(**figures), figures)
    return grounds.met("complete", _COMPLETE.filled(**figures), figures)


def core_titles_suffice(facts: TeamFacts, pack: Pack) -> Finding:
    """OT-3.5b Core members are associate senior or above; the leader goes by the classes."""
    grounds = Grounds(pack, "OT-3.5b", facts, ("core_titles",))
    below = sum(each.title not in grounds["core_titles"].listed for each in facts.core)
    if below:
        return grounds.unmet("title_short", _TITLES_SHORT.filled(below=below), {"below": below})
    return grounds.met("titles_suffice", _TITLES, {"below": 0})


def masters_suffice(facts: TeamFacts, pack: Pack) -> Finding:
    """OT-3.5c At least 60 % with graduate education and a master's degree, of the core members and of the whole team.

    Where the two bases differ, or somebody has one of the two or is unknown and it matters, the commission is asked.
    """
    grounds = Grounds(pack, "OT-3.5c", facts, ("masters_share",), ("PD",))
    if not facts.core:
        return grounds.asked(_ASK_CORE, _NO_CORE)
    bases = {"core": facts.core, "whole": (*facts.leaders, *facts.core)}
    share = grounds["masters_share"]
    readings = tuple(
        Reading(
            _BASES[name].filled_by(counted=_COUNTED[is_generous]),
            _outcome(members, share, facts, is_generous=is_generous),
        )
        for name, members in bases.items()
        if facts.base in ("", name)
        for is_generous in ((False, True) if _is_open(members, facts) else (False,))
    )
    figures = _figures(bases, facts)
    outcomes = {each.outcome for each in readings}
    if len(outcomes) > 1:
        return grounds.asked(_ASK_SHARE, _UNCLEAR.filled(**figures), readings=readings, figures=figures)
    if outcomes == {_REACHED}:
        return grounds.met(_REACHED, _SHARE_REACHED.filled(**figures), figures)
    return grounds.unmet(_BELOW, _SHARE_BELOW.filled(**figures), figures)


def ages_are_mixed(facts: TeamFacts, pack: Pack) -> Finding:
    """OT-3.5d The text has no bands: the ages are shown and people judge."""
    grounds = Grounds(pack, "OT-3.5d", facts)
    people = (*facts.leaders, *facts.core)
    ages = tuple(sorted(each.age for each in people if each.age is not None))
    figures: dict[str, Value] = {"ages": ages, "unknown": len(people) - len(ages)}
    said = _AGES.filled(ages="、".join(map(str, ages)) or "—", unknown=figures["unknown"])
    if not facts.ages:
        return grounds.asked(_ASK_AGES, said, figures=figures)
    return grounds.met("mixed", said, figures) if facts.ages == "yes" else grounds.unmet("not_mixed", said, figures)


def _counts(member: Member, facts: TeamFacts) -> bool | None:
    """Whether a person has both; None for who has one of the two or is unknown, while nobody has settled it."""
    both = (member.graduate_education, member.masters_degree)
    if None in both:
        return _of_known(both, facts.one_of_two)
    if both[0] == both[1]:
        return both[0]
    return None if not facts.one_of_two else facts.one_of_two == "yes"


def _of_known(both: tuple[bool | None, bool | None], one_of_two: Settled) -> bool | None:
    """What is unknown does not matter where the other of the two decides already."""
    if False in both and one_of_two == "no":
        return False
    return True if True in both and one_of_two == "yes" else None


def _is_open(members: Sequence[Member], facts: TeamFacts) -> bool:
    return any(_counts(each, facts) is None for each in members)


def _share(members: Sequence[Member], facts: TeamFacts, *, is_generous: bool) -> Fraction:
    found = [_counts(each, facts) for each in members]
    return Fraction(_HUNDRED * sum(is_generous if each is None else each for each in found), len(found))


def _outcome(members: Sequence[Member], share: Parameter, facts: TeamFacts, *, is_generous: bool) -> str:
    return _REACHED if share.holds_for(_share(members, facts, is_generous=is_generous)) else _BELOW


def _figures(bases: dict[str, tuple[Member, ...]], facts: TeamFacts) -> dict[str, Value]:
    """How many certainly have both, and how many are open, of the core members and of the whole team."""
    figures: dict[str, Value] = {}
    for name, members in bases.items():
        found = [_counts(each, facts) for each in members]
        figures[name] = len(found)
        figures[f"{name}_with"] = found.count(True)
        figures[f"{name}_open"] = found.count(None)
        figures[f"{name}_share"] = _share(members, facts, is_generous=False)
    return figures


_LEADERS = Words(
    "领衔人{leaders}名,一般为1名,须说明理由", "{leaders} leaders; generally there is one, a reason is needed"
)
_SMALL = Words(
    "核心成员{core}名,一般至少3名,须说明理由", "{core} core members; generally at least three, a reason is needed"
)
_COMPLETE = Words("领衔人{leaders}名,核心成员{core}名", "{leaders} leader and {core} core members")
_TITLES_SHORT = Words(
    "{below}名核心成员低于副高级职称,须说明理由", "{below} core members below associate senior; a reason is needed"
)
_TITLES = Words("核心成员均为副高级及以上", "all core members are associate senior or above")
_NO_CORE = Words("没有登记核心成员", "no core member is on record")
_ASK_CORE = Words("请登记核心成员", "who are the core members?")
_BASES = {
    "core": Words("以核心成员为基数{counted}", "of the core members{counted}"),
    "whole": Words("以全体成员为基数{counted}", "of the whole team{counted}"),
}
_COUNTED = {
    False: Words("", ""),
    True: Words(",学历学位只具其一或未登记的计入", ", counting who has one of the two or is unknown"),
}
_UNCLEAR = Words(
    "核心成员{core_with}/{core}具备,全体{whole_with}/{whole}具备;另有{whole_open}人只具其一或未登记",
    "{core_with} of {core} core members and {whole_with} of all {whole}; {whole_open} have one or are unknown",
)
_ASK_SHARE = Words(
    "是否达到60%?不同算法结果不同,请旗卫生健康委明确",
    "are the 60 % reached? The readings differ; the commission decides",
)
_SHARE_REACHED = Words(
    "核心成员{core_with}/{core}、全体{whole_with}/{whole}具备,达到60%",
    "{core_with} of {core} core members, {whole_with} of all {whole}: 60 % are reached",
)
_SHARE_BELOW = Words(
    "核心成员{core_with}/{core}、全体{whole_with}/{whole}具备,未达到60%,须说明理由",
    "{core_with} of {core} core members, {whole_with} of all {whole}: below 60 %, a reason is needed",
)
_AGES = Words("成员年龄:{ages};未登记{unknown}人", "ages: {ages}; {unknown} unknown")
_ASK_AGES = Words("是否老中青相结合?", "are the ages mixed?")
