"""考核标准8、9 Papers guided, and research of the expert's own (OT-S8, OT-S9)."""

from dataclasses import dataclass
from typing import Annotated, Literal

from policies.engine.finding import Finding, Value
from policies.engine.grounds import Grounds
from policies.engine.pack_parts import Pack
from policies.engine.words import Words
from policies.talent.scoring import earned, left_open, reads

Answer = Literal["yes", "no", "open"]
Kind = Literal["paper", "project"]


@dataclass(frozen=True)
class PaperFacts:
    """Papers of the employer's doctors. `unsettled`: accepted and not published, or not yet checked as related."""

    counted: Annotated[int | None, Words("本年度发表且经核实相关的篇数", "published and checked as related")] = None
    unsettled: Annotated[int, Words("已录用未发表或未核实相关的篇数", "accepted only, or not checked yet")] = 0


@dataclass(frozen=True)
class Work:
    """One paper or project. `fits`: its level, as people have checked it, and that a project is led and completed.

    agreed: whether the commission lets a paper that serves item 8 serve here too.
    """

    kind: Annotated[Kind, Words("论文或项目", "paper or project")]
    fits: Annotated[Answer, Words("级别(及项目主持完成)是否经核实符合", "checked: level, and a project completed")] = (
        "open"
    )
    employer_first: Annotated[Answer, Words("是否以用人单位为第一完成单位", "employer is the first unit")] = "open"
    used_in_item_8: Annotated[bool, Words("是否已用于第8项", "whether it serves item 8 already")] = False
    agreed: Annotated[Answer, Words("旗卫健委是否同意同时用于本项", "whether the commission agrees to both")] = "open"


@dataclass(frozen=True)
class ResearchFacts:
    """All works of the year that are brought forward; None while nobody has said."""

    works: Annotated[tuple[Work, ...] | None, Words("论文和项目", "papers and projects")] = None


def papers_earn(facts: PaperFacts, pack: Pack) -> Finding:
    """OT-S8 Two related papers published and more 5 points, else none; what is not settled is asked."""
    grounds = Grounds(pack, "OT-S8", facts, ("papers_needed", "papers_points"), defaults=("G-8",))
    needed, top = grounds["papers_needed"], grounds["papers_points"].number
    if facts.counted is None:
        return left_open(grounds, _ASK_PAPERS, _NOT_COUNTED, between=(0, top))
    figures: dict[str, Value] = {"papers": facts.counted, "unsettled": facts.unsettled}
    if needed.holds_for(facts.counted):
        return earned(grounds, top, _PAPERS.filled(number=facts.counted), figures)
    if needed.holds_for(facts.counted + facts.unsettled):
        because = _PAPERS_OPEN.filled(number=facts.counted, unsettled=facts.unsettled)
        readings = (reads(_DO_NOT_COUNT, 0), reads(_COUNT, top))
        return left_open(grounds, _ASK_UNSETTLED, because, between=(0, top), readings=readings, figures=figures)
    plain = Grounds(pack, "OT-S8", facts, ("papers_needed", "papers_points"))
    return earned(plain, 0, _PAPERS.filled(number=facts.counted), figures)


def research_earns(facts: ResearchFacts, pack: Pack) -> Finding:
    """OT-S9 One paper of the level or one completed project, the employer first, 5 points; what is unclear is asked."""
    needed = ("research_papers_needed", "research_projects_needed")
    grounds = Grounds(pack, "OT-S9", facts, (*needed, "research_points"), defaults=("G-8",))
    top = grounds["research_points"].number
    if facts.works is None:
        return left_open(grounds, _ASK_WORKS, _NOT_SAID, between=(0, top))
    if _reached(facts.works, ("yes",), grounds):
        return earned(grounds, top, _REACHED)
    if not _reached(facts.works, ("yes", "open"), grounds):
        return earned(grounds, 0, _NOT_REACHED)
    if _first_unit_decides(facts.works, grounds):
        readings = (reads(_BINDS_BOTH, 0), reads(_BINDS_PROJECTS, top))
        return left_open(grounds, _ASK_FIRST, _PAPER_NOT_FIRST, between=(0, top), readings=readings)
    return left_open(grounds, _ASK_CHECK, _UNCHECKED, between=(0, top))


def counts(work: Work) -> Answer:
    """Whether a work counts: all that must hold does, something does not, or people have still to say.

    The words "employer as first completing unit" stand behind the project; whether they bind a paper too is open.
    """
    first: Answer = work.employer_first
    if work.kind == "paper" and first == "no":
        first = "open"
    both: Answer = work.agreed if work.used_in_item_8 else "yes"
    answers = (work.fits, first, both)
    if "no" in answers:
        return "no"
    return "open" if "open" in answers else "yes"


def _reached(works: tuple[Work, ...], answers: tuple[str, ...], grounds: Grounds) -> bool:
    papers = sum(counts(each) in answers for each in works if each.kind == "paper")
    projects = sum(counts(each) in answers for each in works if each.kind == "project")
    enough_papers = grounds["research_papers_needed"].holds_for(papers)
    return enough_papers or grounds["research_projects_needed"].holds_for(projects)


def _first_unit_decides(works: tuple[Work, ...], grounds: Grounds) -> bool:
    """Whether the points hang on that reading alone: all else of the papers in question is checked."""
    read = tuple(
        Work(each.kind, each.fits, "yes", each.used_in_item_8, each.agreed)
        for each in works
        if each.kind == "paper" and each.employer_first == "no"
    )
    return _reached(read, ("yes",), grounds)


_NOT_COUNTED = Words("尚未登记论文篇数", "no number is on record")
_ASK_PAPERS = Words("本年度指导发表相关论文几篇?", "how many related papers were published?")
_PAPERS = Words("发表相关论文{number}篇", "{number} related papers published")
_PAPERS_OPEN = Words(
    "发表相关论文{number}篇,另有{unsettled}篇未发表或未核实相关",
    "{number} related papers published, {unsettled} more not published or not checked",
)
_ASK_UNSETTLED = Words("未发表或未核实的论文是否计入?请旗卫健委解释", "do those count? (the commission interprets)")
_DO_NOT_COUNT = Words("不计入,得{points}分", "they do not: {points} points")
_COUNT = Words("计入,得{points}分", "they do: {points} points")
_NOT_SAID = Words("尚未登记课题研究情况", "nothing is on record")
_ASK_WORKS = Words("本年度有哪些论文和项目?", "which papers and projects are there?")
_REACHED = Words("有经核实符合条件的论文或项目", "a paper or project that fits is proved")
_NOT_REACHED = Words("没有符合条件的论文或项目", "no paper or project fits")
_PAPER_NOT_FIRST = Words(
    "论文级别符合,但用人单位不是第一完成单位;原文该条件是否约束论文不明确(系统默认:两者均须符合)",
    "the paper has the level, but the employer is not its first unit; whether that binds papers is unclear "
    "(our default: it does)",
)
_ASK_FIRST = Words(
    "“以用人单位为第一完成单位”是否也约束论文?请旗卫健委解释",
    "does “employer as first completing unit” bind papers too? (the commission interprets)",
)
_BINDS_BOTH = Words("论文和项目均须符合,得{points}分", "it binds both: {points} points")
_BINDS_PROJECTS = Words("只约束项目,得{points}分", "it binds projects only: {points} points")
_UNCHECKED = Words(
    "有论文或项目的级别、第一完成单位,或与第8项共用是否同意,尚未核实",
    "level, first unit, or the use for item 8 as well is still to be checked",
)
_ASK_CHECK = Words("这些论文、项目是否符合条件?", "do these works fit?")
