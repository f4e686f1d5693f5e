"""六(一) What becomes of results: consent and filing, the final acceptance, its grade and what follows (OT-6.1)."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from policies.engine.finding import Finding, Value
from policies.engine.grounds import Grounds
from policies.engine.pack_parts import Pack
from policies.engine.words import Words

Kind = Literal["quarterly", "final"]
Consent = Literal["pending", "consent", "return"]
GradeWord = Literal["", "qualified", "unqualified"]
Giver = Literal["employer", "commission"]
Allowance = Literal["", "as_agreed", "reduced", "none"]
NextYear = Literal["", "yes", "no"]


@dataclass(frozen=True)
class ResultFacts:
    """A quarterly or final result on its way to the commission's file; the annual one has a rule of its own."""

    kind: Annotated[Kind, Words("季度小结或终期验收", "quarterly or final")]
    concluded: Annotated[bool, Words("用人单位是否已作出结论", "whether the employer has concluded")]
    commission: Annotated[Consent, Words("旗卫生健康委的意见", "answer of the commission")] = "pending"
    reason: Annotated[str, Words("退回理由", "reason of a return")] = ""


@dataclass(frozen=True)
class PartOpinion:
    """The opinion on one part of the final acceptance."""

    part: Annotated[str, Words("验收内容", "part")]
    opinion: Annotated[str, Words("意见", "opinion")]


@dataclass(frozen=True)
class AcceptanceFacts:
    """The employer's report after the term."""

    last_day: Annotated[date, Words("合同最后一天", "last day of the contract")]
    today: Annotated[date, Words("验收日期", "day of the acceptance")]
    parts: Annotated[tuple[PartOpinion, ...], Words("各部分意见", "opinions on the parts")]


@dataclass(frozen=True)
class GradeFacts:
    """Who concluded what of a contract that was accepted, and why."""

    given_by: Annotated[Giver, Words("结论由谁作出", "who concluded")]
    grade: Annotated[GradeWord, Words("结论", "conclusion")] = ""
    reason: Annotated[str, Words("理由", "reason")] = ""


@dataclass(frozen=True)
class ConsequenceFacts:
    """What people decided after a grade."""

    grade: Annotated[Literal["qualified", "unqualified"], Words("等次", "grade")]
    allowance: Annotated[Allowance, Words("津贴、补贴等待遇", "allowances")] = ""
    next_year: Annotated[NextYear, Words("下一年度是否继续引进", "whether recruitment goes on")] = ""


def result_is_filed(facts: ResultFacts, pack: Pack) -> Finding:
    """OT-6.1d, COR-01 The employer concludes, the commission consents and files; a quarter is only copied (PD)."""
    if facts.kind == "quarterly":
        return Grounds(pack, "OT-6.1d", facts, defaults=("PD",), also=("OT-6.1c",)).met("copied", _COPIED)
    grounds = Grounds(pack, "OT-6.1d", facts, defaults=("COR-01",))
    if not facts.concluded:
        return grounds.unmet("not_concluded", _NOT_CONCLUDED)
    if facts.commission == "pending":
        return grounds.unmet("pending", _PENDING)
    if facts.commission == "consent":
        return grounds.met("filed", _FILED)
    if not facts.reason.strip():
        return grounds.unmet("reason_missing", _RETURN_REASON)
    return grounds.unmet("returned", _RETURNED)


def acceptance_is_complete(facts: AcceptanceFacts, pack: Pack) -> Finding:
    """OT-6.1e After the last day, with an opinion on each of the three parts."""
    grounds = Grounds(pack, "OT-6.1e", facts, ("acceptance_parts",))
    if facts.today <= facts.last_day:
        return grounds.unmet("term_open", _TERM_OPEN.filled(last=facts.last_day))
    given = {each.part for each in facts.parts if each.opinion.strip()}
    missing = tuple(each for each in grounds["acceptance_parts"].listed if each not in given)
    if missing:
        return grounds.unmet("incomplete", _PARTS_MISSING.filled(which="、".join(missing)), {"missing": missing})
    return grounds.met("complete", _PARTS_COMPLETE)


def acceptance_grade_is_given(facts: GradeFacts, pack: Pack) -> Finding:
    """OT-6.1f, G-1, COR-01 One of two grades for the whole, with its reason, from the employer; nothing computes it."""
    grounds = Grounds(pack, "OT-6.1f", facts, ("acceptance_grades",), ("COR-01",))
    if not facts.grade:
        return grounds.asked(_ASK_GRADE, _NO_GRADE)
    if facts.given_by == "commission":
        return grounds.unmet("not_the_employer", _NOT_THE_EMPLOYER)
    if not facts.reason.strip():
        return grounds.unmet("reason_missing", _GRADE_REASON)
    label = grounds["acceptance_grades"].listed[("qualified", "unqualified").index(facts.grade)]
    return grounds.met(facts.grade, _CONCLUDED.filled(grade=label), {"grade": label})


def consequences_are_decided(facts: ConsequenceFacts, pack: Pack) -> Finding:
    """OT-6.1g Allowances and the next year hang on the grade by no formula: people decide both."""
    grounds = Grounds(pack, "OT-6.1g", facts)
    figures: dict[str, Value] = {"allowance": facts.allowance, "next_year": facts.next_year}
    if not facts.allowance:
        return grounds.asked(_ASK_ALLOWANCE, _NO_FORMULA, figures=figures)
    if not facts.next_year:
        return grounds.asked(_ASK_NEXT_YEAR, _NO_FORMULA, figures=figures)
    return grounds.met("decided", _DECIDED, figures)


_COPIED = Words(
    "季度小结抄送旗卫生健康委,不需审核同意", "a quarter’s summary is copied to the commission; no consent is needed"
)
_NOT_CONCLUDED = Words("用人单位尚未作出结论", "the employer has not concluded yet")
_PENDING = Words("待旗卫生健康委审核同意", "the commission has still to consent")
_FILED = Words("旗卫生健康委审核同意,已备案", "the commission has consented and filed")
_RETURN_REASON = Words("退回须写明理由", "a return needs its reason")
_RETURNED = Words("旗卫生健康委退回,由用人单位重新作出结论", "returned by the commission; the employer concludes anew")
_TERM_OPEN = Words("合同至{last}止,期满后方可验收", "the contract runs until {last}; acceptance comes after it")
_PARTS_MISSING = Words("尚缺意见:{which}", "no opinion yet on: {which}")
_PARTS_COMPLETE = Words("三部分意见齐备", "the three opinions are there")
_NO_GRADE = Words("原文没有合格标准,系统不作出等次", "the text has no standard for a pass; no grade is computed")
_ASK_GRADE = Words("结论为合格还是不合格?由用人单位作出", "qualified or unqualified? The employer concludes")
_NOT_THE_EMPLOYER = Words(
    "结论由用人单位作出,旗卫生健康委审核同意后备案", "the employer concludes; the commission consents and files"
)
_GRADE_REASON = Words("须写明理由", "a reason is needed")
_CONCLUDED = Words("用人单位结论:{grade}", "concluded by the employer: {grade}")
_NO_FORMULA = Words(
    "评价等级与待遇、下一年度引进挂钩,原文没有计算办法", "the grade bears on both; the text has no formula"
)
_ASK_ALLOWANCE = Words("津贴、补贴等待遇如何执行?", "what becomes of the allowances?")
_ASK_NEXT_YEAR = Words("下一年度是否继续引进?", "does recruitment go on next year?")
_DECIDED = Words("待遇和下一年度引进均已决定", "allowances and the next year are decided")
