"""三(三)3 The opinion after the term and who decides the grade (DQ-3.3.3a to c)."""

from dataclasses import dataclass
from typing import Annotated, Literal

from policies.engine.finding import Finding
from policies.engine.grounds import Grounds
from policies.engine.pack_parts import Pack
from policies.engine.words import Words
from policies.vocabulary import Grade

Decider = Literal["receiving_institution", "party_committee", "sending_institution", "bureau"]


@dataclass(frozen=True)
class DimensionText:
    """What the opinion says on one dimension."""

    dimension: Annotated[str, Words("方面,如 德", "dimension, e.g. 德")]
    opinion: Annotated[str, Words("评价意见", "opinion")]


@dataclass(frozen=True)
class OpinionFacts:
    """The opinion of the receiving institution."""

    dimensions: Annotated[tuple[DimensionText, ...], Words("各方面评价意见", "texts by dimension")]


@dataclass(frozen=True)
class GradeFacts:
    """A grade and who gives it."""

    given_by: Annotated[Decider, Words("由谁提出", "who gives it")]
    grade: Annotated[Grade, Words("等次", "grade")]
    minutes: Annotated[str, Words("会议记录编号", "reference of the minutes")] = ""


def opinion_is_complete(facts: OpinionFacts, pack: Pack) -> Finding:
    """DQ-3.3.3a All five dimensions have their text; a blank text is none."""
    grounds = Grounds(pack, "DQ-3.3.3a", facts, ("opinion_dimensions",))
    written = {each.dimension for each in facts.dimensions if each.opinion.strip()}
    missing = tuple(each for each in grounds["opinion_dimensions"].listed if each not in written)
    if missing:
        return grounds.unmet("incomplete", _MISSING.filled(missing="、".join(missing)), {"missing": missing})
    return grounds.met("complete", _COMPLETE)


def grade_is_decided(facts: GradeFacts, pack: Pack) -> Finding:
    """DQ-3.3.3b Only the group's party committee decides; what anybody else gives is a proposal."""
    if facts.given_by != "party_committee":
        return Grounds(pack, "DQ-3.3.3b", facts).warned("proposal", _PROPOSAL)
    if not facts.minutes.strip():
        return Grounds(pack, "DQ-3.3.3b", facts, defaults=("COR-04",)).unmet("minutes_missing", _NO_MINUTES)
    return Grounds(pack, "DQ-3.3.3b", facts).met("decided", _DECIDED)


_MISSING = Words("评价意见缺少以下方面:{missing}", "the opinion says nothing on: {missing}")
_COMPLETE = Words("五个方面均有评价意见", "all five dimensions have their text")
_PROPOSAL = Words(
    "仅作为建议等次,考核结果由集团党委讨论确定", "kept as a proposal; the group’s party committee decides"
)
_NO_MINUTES = Words("须登记党委会议记录编号", "the reference of the committee’s minutes is missing")
_DECIDED = Words("由集团党委讨论确定", "decided by the group’s party committee")
