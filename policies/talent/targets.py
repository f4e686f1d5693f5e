"""一(三) The goal of a year, reported and held against nobody (OT-1.3)."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated

from policies.engine.finding import Finding, Reading, Value
from policies.engine.grounds import Grounds
from policies.engine.pack_parts import Pack
from policies.engine.words import Words


@dataclass(frozen=True)
class HospitalYear:
    """What one hospital did in a year. A team is one contract and several people; who was trained is confirmed."""

    hospital: Annotated[str, Words("用人单位", "hospital")]
    contracts: Annotated[int, Words("引进人次(团队按1计)", "contracts, a team as one")]
    people: Annotated[int, Words("引进人数(团队成员逐人计)", "people, each member of a team")]
    trained: Annotated[int, Words("经确认培养的本土适用型医师", "local physicians confirmed as trained")]


@dataclass(frozen=True)
class YearFacts:
    """The hospitals' year as it stands on a day."""

    today: Annotated[date, Words("统计日期", "day of the count")]
    hospitals: Annotated[tuple[HospitalYear, ...], Words("各用人单位", "hospitals")]


@dataclass(frozen=True)
class DepartmentFacts:
    """The department that a contract is for, with its hospital."""

    department: Annotated[str, Words("医院和科室", "hospital and department")]


def department_is_named(facts: DepartmentFacts, pack: Pack) -> Finding:
    """OT-1.3b Whether a contract is for one of the three departments that are to advance: for the report alone."""
    grounds = Grounds(pack, "OT-1.3b", facts, ("named_departments",))
    if facts.department in grounds["named_departments"].listed:
        return grounds.met("named", _NAMED)
    return grounds.unmet("other", _OTHER)


def year_reaches_goal(facts: YearFacts, pack: Pack) -> Finding:
    """OT-1.3a Ten people and ten trained, of the hospitals together (PD); each hospital and both counts are shown."""
    names = ("recruited_people", "trained_physicians", "target_scope", "target_reminder")
    grounds = Grounds(pack, "OT-1.3a", facts, names)
    contracts, people, trained = (
        sum(getattr(each, name) for each in facts.hospitals) for name in ("contracts", "people", "trained")
    )
    reminder = date.fromisoformat(f"{facts.today.year}-{grounds['target_reminder'].value}")
    figures: dict[str, Value] = {
        "people": people,
        "contracts": contracts,
        "trained": trained,
        "hospitals": {
            each.hospital: {"people": each.people, "contracts": each.contracts, "trained": each.trained}
            for each in facts.hospitals
        },
    }
    is_reached = _is_reached(grounds, people, trained)
    figures["remind"] = not is_reached and facts.today >= reminder
    readings = (
        Reading(_AS_PEOPLE, _outcome(is_reached=is_reached)),
        Reading(_AS_CONTRACTS, _outcome(is_reached=_is_reached(grounds, contracts, trained))),
        Reading(_EACH, _outcome(is_reached=_each_reaches(grounds, facts))),
    )
    said = (_REACHED if is_reached else _NOT_REACHED).filled(**figures)
    finding = (grounds.met if is_reached else grounds.unmet)(_outcome(is_reached=is_reached), said, figures)
    return finding if len({each.outcome for each in readings}) == 1 else replace(finding, readings=readings)


def _each_reaches(grounds: Grounds, facts: YearFacts) -> bool:
    return bool(facts.hospitals) and all(_is_reached(grounds, each.people, each.trained) for each in facts.hospitals)


def _is_reached(grounds: Grounds, recruited: int, trained: int) -> bool:
    return grounds["recruited_people"].holds_for(recruited) and grounds["trained_physicians"].holds_for(trained)


def _outcome(*, is_reached: bool) -> str:
    return "reached" if is_reached else "not_reached"


_REACHED = Words(
    "引进{people}人(合同{contracts}份),培养{trained}人,达到目标",
    "{people} people in {contracts} contracts, {trained} trained: reached",
)
_NOT_REACHED = Words(
    "引进{people}人(合同{contracts}份),培养{trained}人,未达到目标,仅作统计",
    "{people} people in {contracts} contracts, {trained} trained: not reached; reported only",
)
_NAMED = Words("属于指定的三个科室之一", "one of the three departments that are named")
_OTHER = Words("不在指定的三个科室之中,仅作统计", "none of the three; reported only")
_AS_PEOPLE = Words("三家医院合计,团队成员逐人计", "the hospitals together, each member of a team")
_AS_CONTRACTS = Words("三家医院合计,团队按1计", "the hospitals together, a team as one")
_EACH = Words("每家医院分别达到", "each hospital by itself")
