"""三(三)3 The share of excellent grades (DQ-3.3.3d)."""

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Annotated, Literal

from policies.engine.finding import Finding, Reading, Value
from policies.engine.grounds import Grounds
from policies.engine.pack_parts import Pack, Parameter
from policies.engine.words import Words

_HUNDRED = 100
_WITHIN = "within_cap"
_TOGETHER = "together_per_group_and_year"


Cohort = Literal["", "together", "apart"]


@dataclass(frozen=True)
class CohortFacts:
    """One group's graded people of one year, by kind."""

    sent_down_graded: Annotated[int, Words("“县聘乡用”已定等次人数", "county-hired staff graded")]
    sent_down_excellent: Annotated[int, Words("其中优秀", "of them excellent")] = 0
    trainees_graded: Annotated[int, Words("“乡管县育”已定等次人数", "trainees graded")] = 0
    trainees_excellent: Annotated[int, Words("其中优秀", "of them excellent")] = 0
    cohort: Annotated[Cohort, Words("集团明确的计算范围", "cohort as the group has settled it")] = ""


def cap_of(cohort: int, share: Parameter) -> int:
    """How many of a cohort may be excellent: the floor of the exact share (DEF-11)."""
    return int(share.number * cohort // _HUNDRED)


def share_is_kept(facts: CohortFacts, pack: Pack) -> Finding:
    """DQ-3.3.3d Excellent grades within the share; a batch above it does not close, nobody is downgraded by it.

    The cohort is what the group has settled; until then our default (COR-11), shown with both readings where they lead
    to different outcomes.
    """
    if facts.sent_down_excellent > facts.sent_down_graded or facts.trainees_excellent > facts.trainees_graded:
        return Grounds(pack, "DQ-3.3.3d", facts).unmet("counts_contradict", _CONTRADICT)
    readings = readings_of(facts, pack)
    is_disputed = not facts.cohort and len({each.outcome for each in readings}) > 1
    default = "together" if pack.parameters["grade_cohort"].value == _TOGETHER else "apart"
    together = (facts.cohort or default) == "together"
    parameters = ("excellent_share", "grade_cohort") if is_disputed else ("excellent_share",)
    grounds = Grounds(pack, "DQ-3.3.3d", facts, parameters)
    figures = _figures(facts, grounds["excellent_share"], together=together)
    outcome = readings[0 if together else 1].outcome
    if outcome == _WITHIN:
        finding = grounds.met(outcome, _KEPT.filled(**figures), figures)
    else:
        finding = grounds.unmet(outcome, _EXCEEDED.filled(**figures), figures)
    return replace(finding, readings=readings) if is_disputed else finding


def readings_of(facts: CohortFacts, pack: Pack) -> tuple[Reading, ...]:
    """What each cohort would give, for the question put to the group before the first batch (COR-11)."""
    share = pack.parameters["excellent_share"]
    together = _within(_together(facts), share)
    apart = all(_within(each, share) for each in _apart(facts))
    return (Reading(_READ_TOGETHER, _outcome(kept=together)), Reading(_READ_APART, _outcome(kept=apart)))


def _within(counts: tuple[int, int], share: Parameter) -> bool:
    graded, excellent = counts
    return excellent == 0 or share.holds_for(Fraction(excellent * _HUNDRED, graded))


def _together(facts: CohortFacts) -> tuple[int, int]:
    return (
        facts.sent_down_graded + facts.trainees_graded,
        facts.sent_down_excellent + facts.trainees_excellent,
    )


def _apart(facts: CohortFacts) -> tuple[tuple[int, int], ...]:
    return (
        (facts.sent_down_graded, facts.sent_down_excellent),
        (facts.trainees_graded, facts.trainees_excellent),
    )


def _figures(facts: CohortFacts, share: Parameter, *, together: bool) -> dict[str, Value]:
    graded, excellent = _together(facts)
    caps = [cap_of(graded, share)] if together else [cap_of(each, share) for each, _ in _apart(facts)]
    return {
        "cohort": graded,
        "excellent": excellent,
        "share": Fraction(excellent, graded) if graded else Fraction(0),
        "cap": sum(caps),
    }


def _outcome(*, kept: bool) -> str:
    return _WITHIN if kept else "above_cap"


_CONTRADICT = Words("优秀人数多于已定等次人数", "more excellent than graded people")
_KEPT = Words("{cohort}人中优秀{excellent}人,上限{cap}人", "{excellent} excellent of {cohort}; at most {cap}")
_EXCEEDED = Words(
    "{cohort}人中优秀{excellent}人,超过上限{cap}人,请党委重新讨论",
    "{excellent} excellent of {cohort} exceed the cap of {cap}; the committee discusses again",
)
_READ_TOGETHER = Words("两类人员合并计算", "both kinds together")
_READ_APART = Words("两类人员分别计算", "each kind apart")
