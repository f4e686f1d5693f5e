"""三(一)3 Choice from both sides and the bureau's filing (DQ-3.1.3a to c)."""

from dataclasses import dataclass
from typing import Annotated, Literal

from policies.engine.finding import Finding
from policies.engine.grounds import Grounds
from policies.engine.pack_parts import Pack
from policies.engine.words import Words

Review = Literal["pending", "agree", "reject", "return"]
Filing = Literal["pending", "file", "return", "object"]
Post = Literal["open", "closed", "filled"]


@dataclass(frozen=True)
class ApplicationFacts:
    """A post and what its applicant has open already."""

    post: Annotated[Post, Words("岗位状态", "state of the post")]
    active_applications: Annotated[int, Words("本人其他有效报名数", "other open applications of the person")] = 0
    choices: Annotated[int, Words("填报志愿数", "choices given")] = 1


@dataclass(frozen=True)
class ReviewFacts:
    """The answers of both institutions."""

    sending: Annotated[Review, Words("派出单位意见", "answer of the sending institution")]
    receiving: Annotated[Review, Words("接收单位意见", "answer of the receiving institution")]
    same_person: Annotated[bool, Words("两方意见是否同一人作出", "whether one person answered for both")] = False


@dataclass(frozen=True)
class FilingFacts:
    """What the bureau has decided for one person of a batch."""

    filing: Annotated[Filing, Words("报备结果", "answer of the bureau")]
    reason: Annotated[str, Words("异议或退回理由", "reason of a return or objection")] = ""


def may_apply(facts: ApplicationFacts, pack: Pack) -> Finding:
    """DQ-3.1.3a One open application, to an open post."""
    grounds = Grounds(pack, "DQ-3.1.3a", facts, ("active_applications", "application_choices"))
    if facts.post != "open":
        return Grounds(pack, "DQ-3.1.3a", facts).unmet("post_not_open", _POST_NOT_OPEN)
    if not grounds["active_applications"].holds_for(facts.active_applications + 1):
        return grounds.unmet("application_open", _APPLICATION_OPEN)
    if facts.choices == 0 or not grounds["application_choices"].holds_for(facts.choices):
        return grounds.unmet("choices_unfit", _CHOICES_UNFIT.filled(most=grounds["application_choices"].whole))
    return grounds.met("may_apply", _MAY_APPLY)


def is_matched(facts: ReviewFacts, pack: Pack) -> Finding:
    """DQ-3.1.3b Both sides agree, by two people; silence is no answer (DEF-07)."""
    grounds = Grounds(pack, "DQ-3.1.3b", facts)
    answers = (facts.sending, facts.receiving)
    if facts.same_person:
        return Grounds(pack, "DQ-3.1.3b", facts, defaults=("DEF-12",)).unmet("one_person_twice", _ONE_PERSON)
    if "reject" in answers:
        return grounds.unmet("not_matched", _REJECTED)
    if "return" in answers:
        return Grounds(pack, "DQ-3.1.3b", facts, ("correction_days",)).unmet("returned", _RETURNED)
    if "pending" in answers:
        return Grounds(pack, "DQ-3.1.3b", facts, defaults=("DEF-07",)).unmet("pending", _PENDING)
    return grounds.met("matched", _MATCHED)


def may_start(facts: FilingFacts, pack: Pack) -> Finding:
    """DQ-3.1.3c Service starts once the bureau has filed the person; a return or an objection needs its reason."""
    grounds = Grounds(pack, "DQ-3.1.3c", facts, defaults=("PD",))
    if facts.filing in ("return", "object") and not facts.reason.strip():
        return grounds.unmet("reason_missing", _REASON_MISSING)
    if facts.filing == "file":
        return Grounds(pack, "DQ-3.1.3c", facts).met("may_start", _FILED)
    return grounds.unmet(_NOT_FILED[facts.filing], _MUST_BE_FILED)


_NOT_FILED = {"pending": "pending", "return": "returned", "object": "objected"}
_POST_NOT_OPEN = Words("岗位已满或已关闭", "the post is filled or closed")
_APPLICATION_OPEN = Words("本人已有有效报名,结束后才能再报", "another application of the person is still open")
_CHOICES_UNFIT = Words("志愿数应为1至{most}个", "1 to {most} choices may be given")
_MAY_APPLY = Words("岗位开放,可以报名", "the post is open for application")
_ONE_PERSON = Words("同一人不能代表两方作出意见", "one person cannot answer for both sides")
_REJECTED = Words(
    "一方不同意,不能达成意向;本人可另选岗位", "one side does not agree; the person may choose another post"
)
_RETURNED = Words("已退回补正", "returned for correction")
_PENDING = Words("尚有一方未作出决定,沉默不视为同意", "one side has not answered; silence is no consent")
_MATCHED = Words("双方均同意", "both sides agree")
_REASON_MISSING = Words("退回或异议须说明理由", "a return or an objection needs its reason")
_FILED = Words("县卫生健康局已予以报备", "the county health bureau has filed the person")
_MUST_BE_FILED = Words("报备完成前不得开始服务", "service may not start before the filing")
