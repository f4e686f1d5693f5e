"""三(二)2 What the receiving institution prepares (DQ-3.2.2a, b)."""

from dataclasses import dataclass
from typing import Annotated

from policies.engine.finding import Finding
from policies.engine.grounds import Grounds
from policies.engine.pack_parts import Pack
from policies.engine.words import Words
from policies.vocabulary import Title


@dataclass(frozen=True)
class MentorFacts:
    """The mentor named for one trainee, and the trainee's measurable targets."""

    mentors: Annotated[int, Words("指定带教老师人数", "mentors named")]
    mentor_title: Annotated[Title, Words("带教老师职称", "title of the mentor")]
    mentor_other_trainees: Annotated[int, Words("该老师正在带教的其他人数", "other trainees of the mentor now")]
    targets: Annotated[int, Words("量化培养指标数", "measurable targets")]


@dataclass(frozen=True)
class PlaceFacts:
    """What stands ready at the receiving institution."""

    working_group: Annotated[bool, Words("是否成立工作领导小组", "whether the working group is set up")]
    task_plan: Annotated[bool, Words("支援任务是否明确", "whether the tasks are set")]
    post: Annotated[bool, Words("工作岗位是否安排", "whether a post is assigned")]


def mentor_fits(facts: MentorFacts, pack: Pack) -> Finding:
    """DQ-3.2.2b One mentor with a senior title for one trainee, and measurable targets."""
    grounds = Grounds(pack, "DQ-3.2.2b", facts, ("mentors_per_trainee", "trainees_per_mentor"))
    titles = Grounds(pack, "DQ-3.2.2b", facts, ("senior_titles",))
    if not grounds["mentors_per_trainee"].holds_for(facts.mentors):
        return grounds.unmet("not_one_mentor", _NOT_ONE)
    if facts.mentor_title not in titles["senior_titles"].listed:
        return Grounds(pack, "DQ-3.2.2b", facts).unmet("not_senior", _NOT_SENIOR)
    if not grounds["trainees_per_mentor"].holds_for(facts.mentor_other_trainees + 1):
        return grounds.unmet("mentor_taken", _TAKEN)
    if facts.targets == 0:
        return grounds.unmet("no_targets", _NO_TARGETS)
    return _fits(facts, pack)


def place_is_ready(facts: PlaceFacts, pack: Pack) -> Finding:
    """DQ-3.2.2a Working group, tasks and post; no deadline is in the text, so a lack warns and does not bar."""
    grounds = Grounds(pack, "DQ-3.2.2a", facts)
    if facts.working_group and facts.task_plan and facts.post:
        return grounds.met("ready", _READY)
    return Grounds(pack, "DQ-3.2.2a", facts, defaults=("PD",)).warned("not_ready", _NOT_READY)


def _fits(facts: MentorFacts, pack: Pack) -> Finding:
    """That 高级 takes in 副高 is our reading; a full senior title rests on the text alone."""
    parameters: tuple[str, ...] = ("mentors_per_trainee", "trainees_per_mentor")
    if facts.mentor_title == "associate_senior":
        parameters = (*parameters, "senior_titles")
    return Grounds(pack, "DQ-3.2.2b", facts, parameters).met("fits", _FITS)


_NOT_ONE = Words("须指定且只指定1名带教老师", "exactly one mentor is named")
_NOT_SENIOR = Words("带教老师须为高级职称", "the mentor needs a senior title")
_TAKEN = Words("该老师已有带教对象,须一对一带教", "the mentor has a trainee already; mentoring is one to one")
_NO_TARGETS = Words("须量化培养指标", "measurable targets are missing")
_FITS = Words("带教安排符合要求", "the mentoring fits")
_READY = Words("工作领导小组、支援任务、工作岗位均已落实", "working group, tasks and post are ready")
_NOT_READY = Words("工作领导小组、支援任务或工作岗位尚未落实", "working group, tasks or post are not ready")
