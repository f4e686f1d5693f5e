"""三(三)1 and 2 The assessment method and its filing with four bureaus (DQ-3.3.1a, DQ-3.3.2a, b, d; DQ-4.2b)."""

from dataclasses import dataclass
from typing import Annotated, Literal

from policies.engine.finding import Finding
from policies.engine.grounds import Grounds
from policies.engine.pack_parts import Pack
from policies.engine.words import Words
from policies.vocabulary import SENT_DOWN, Programme

Answer = Literal["pending", "filed", "returned"]


@dataclass(frozen=True)
class BureauAnswer:
    """What one bureau answered to this version of the method."""

    bureau: Annotated[str, Words("局,如 县财政局", "bureau, e.g. 县财政局")]
    answer: Annotated[Answer, Words("结果", "answer")]


@dataclass(frozen=True)
class MethodFacts:
    """One version of the method for one kind of staff."""

    programme: Annotated[Programme, Words("适用类别", "programme that it is for")]
    answers: Annotated[tuple[BureauAnswer, ...], Words("各局结果", "answers of the bureaus")]


@dataclass(frozen=True)
class AreasFacts:
    """The areas for which the method sets tasks."""

    programme: Annotated[Programme, Words("适用类别", "programme that it is for")]
    areas: Annotated[tuple[str, ...], Words("办法已明确的方面", "areas with tasks in the method")]


def method_is_in_force(facts: MethodFacts, pack: Pack) -> Finding:
    """DQ-3.3.2a In force once all four bureaus have filed this version; one return sends a new version to all."""
    grounds = Grounds(pack, "DQ-3.3.2a", facts, ("method_bureaus",), also=("DQ-4.2b",))
    answers = {each.bureau: each.answer for each in facts.answers}
    bureaus = grounds["method_bureaus"].listed
    returned = tuple(each for each in bureaus if answers.get(each) == "returned")
    if returned:
        new_version = Grounds(pack, "DQ-3.3.2a", facts, ("method_bureaus",), defaults=("PD",))
        return new_version.unmet("returned", _RETURNED.filled(bureaus="、".join(returned)))
    open_ = tuple(each for each in bureaus if answers.get(each) != "filed")
    if open_:
        figures = {"filed": len(bureaus) - len(open_), "needed": len(bureaus)}
        return grounds.unmet("not_in_force", _PENDING.filled(bureaus="、".join(open_)), figures)
    return grounds.met("in_force", _IN_FORCE)


def sent_down_areas_are_set(facts: AreasFacts, pack: Pack) -> Finding:
    """DQ-3.3.2b The method for staff sent down sets tasks in three areas; for trainees see DQ-3.3.2d."""
    if facts.programme != SENT_DOWN:
        return trainee_areas_are_set(facts, pack)
    return _areas(Grounds(pack, "DQ-3.3.2b", facts, ("method_areas_sent_down",)), facts, "method_areas_sent_down")


def trainee_areas_are_set(facts: AreasFacts, pack: Pack) -> Finding:
    """DQ-3.3.2d The method for trainees sets learning tasks in three areas; for staff sent down see DQ-3.3.2b."""
    if facts.programme == SENT_DOWN:
        return sent_down_areas_are_set(facts, pack)
    return _areas(Grounds(pack, "DQ-3.3.2d", facts, ("method_areas_trainees",)), facts, "method_areas_trainees")


def _areas(grounds: Grounds, facts: AreasFacts, name: str) -> Finding:
    missing = tuple(each for each in grounds[name].listed if each not in facts.areas)
    if missing:
        return grounds.unmet("incomplete", _AREAS_MISSING.filled(areas="、".join(missing)), {"missing": missing})
    return grounds.met("complete", _AREAS_SET)


_RETURNED = Words("{bureaus}已退回;新版本须重新报四个局", "returned by {bureaus}; a new version goes to all four again")
_PENDING = Words("尚待审核备案:{bureaus}", "not yet filed by: {bureaus}")
_IN_FORCE = Words("四个局均已审核备案,办法生效", "all four bureaus have filed it; the method is in force")
_AREAS_MISSING = Words("办法未明确:{areas}", "the method sets nothing for: {areas}")
_AREAS_SET = Words("三个方面均已明确", "all three areas are set")
