"""五, 七, Annex: single payments from the funds (OT-5c, OT-5d, OT-7.2, OT-N2 to OT-N4). Ten thousand yuan; exact."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Literal, cast

from policies.engine.finding import Finding, Reading, Value
from policies.engine.grounds import Grounds
from policies.engine.pack_parts import Number, Pack
from policies.engine.words import Words
from policies.talent.figures import amount

Role = Literal["person", "team_leader", "core_member"]
Assessment = Literal["none_due", "pending", "qualified", "unqualified"]
Hold = Literal["", "pay", "hold"]
Petition = Literal["pending", "granted", "refused"]


@dataclass(frozen=True)
class PurposeFacts:
    """What a payment is for."""

    purpose: Annotated[str, Words("用途", "purpose")]


@dataclass(frozen=True)
class CostFacts:
    """A payment beside what is left of the hospital's funds of the year."""

    balance: Annotated[Decimal | None, Words("经费余额(万元)", "what is left, ten thousand yuan")]
    payment: Annotated[Decimal, Words("本次金额(万元)", "this payment, ten thousand yuan")]


@dataclass(frozen=True)
class Project:
    """One project of a person in the Banner, with what the person would have for it alone."""

    employer: Annotated[str, Words("用人单位", "employer")]
    wan_yuan: Annotated[Decimal, Words("经费(万元)", "funds, ten thousand yuan")]
    first_day: Annotated[date, Words("合同第一天", "first day")]
    last_day: Annotated[date, Words("合同最后一天", "last day")]
    people: Annotated[int, Words("团队人数(个人为1)", "people of the team; 1 for a single person")] = 1

    @property
    def each(self) -> Fraction:
        """The funds shared among the people of the team."""
        return Fraction(self.wan_yuan) / self.people


@dataclass(frozen=True)
class ProjectsFacts:
    """All projects of one person, known by the identity number in every hospital."""

    role: Annotated[Role, Words("以个人、团队带头人或核心成员身份", "as a person, leader or core member")]
    projects: Annotated[tuple[Project, ...], Words("在旗内的项目", "projects in the Banner")]


@dataclass(frozen=True)
class PaymentFacts:
    """What stands behind a payment that is requested; hold is what a person decided of it."""

    file_complete: Annotated[bool, Words("一人一档是否完整", "whether the evaluation file is complete")]
    assessment: Annotated[Assessment, Words("最近一次考核结果", "latest result of an assessment")]
    open_ground: Annotated[bool, Words("是否有待处理的终止或解除事由", "whether a ground to end it is open")] = False
    stopped: Annotated[
        bool, Words("解除后待遇和资助是否已由人员停止", "whether benefits were stopped by a person after a rescission")
    ] = False
    hold: Annotated[Hold, Words("暂缓或照常拨付的决定", "decision to hold or to pay")] = ""
    reason: Annotated[str, Words("档案不完整仍拨付的理由", "reason to pay on an incomplete file")] = ""


@dataclass(frozen=True)
class PetitionFacts:
    """A case-by-case application for funds; it is decided outside and recorded by the commission."""

    answer: Annotated[Petition, Words("旗委的决定", "decision of the Party committee")] = "pending"
    document: Annotated[str, Words("决定的文号或会议纪要", "number of the decision or minutes")] = ""


@dataclass(frozen=True)
class OwnRewardFacts:
    """A reward that the employer gives for a title gained."""

    title_gained: Annotated[str, Words("获得的称号", "title that was gained")]
    own_funds: Annotated[bool, Words("是否由用人单位自有资金支付", "whether from the employer’s own funds")] = True


def purpose_is_open(facts: PurposeFacts, pack: Pack) -> Finding:
    """OT-5d, COR-23 Two purposes draw on the same funds: rewards to talent, and subsidies of patients' costs."""
    grounds = Grounds(pack, "OT-5d", facts, ("fund_purposes",))
    if facts.purpose in grounds["fund_purposes"].listed:
        return grounds.met("open", _PURPOSE_OPEN)
    return grounds.unmet("barred", _PURPOSE_BARRED.filled(purposes="、".join(grounds["fund_purposes"].listed)))


def cost_is_split(facts: CostFacts, pack: Pack) -> Finding:
    """OT-5c What the balance covers comes from the funds; what lies above it is the employer's own cost."""
    grounds = Grounds(pack, "OT-5c", facts)
    if facts.payment <= 0:
        return grounds.unmet("nothing_to_pay", _NOTHING)
    if facts.balance is None:
        return grounds.asked(_ASK_BALANCE, _NO_BALANCE)
    funded = max(min(facts.balance, facts.payment), Decimal(0))
    own = facts.payment - funded
    figures: dict[str, Value] = {"from_funds": funded, "own_cost": own, "left": facts.balance - funded}
    if not own:
        return grounds.met("from_funds", _FROM_FUNDS.filled(**figures), figures)
    return grounds.warned("own_cost" if not funded else "split", _SPLIT.filled(**figures), figures)


def highest_applies(facts: ProjectsFacts, pack: Pack) -> Finding:
    """OT-N2 Two projects or more in one term: the highest funds, not the sum. Terms that overlap in part are asked."""
    grounds = Grounds(pack, "OT-N2", facts, ("projects_of_highest",))
    if not facts.projects:
        return grounds.unmet("project_missing", _NO_PROJECT)
    highest = max(each.wan_yuan for each in facts.projects)
    added = sum((each.wan_yuan for each in facts.projects), Decimal(0))
    figures: dict[str, Value] = {"highest": highest, "added": added, "projects": len(facts.projects)}
    if not grounds["projects_of_highest"].holds_for(len(facts.projects)):
        return Grounds(pack, "OT-N2", facts).met("single", _SINGLE.filled(**figures), figures | {"payable": highest})
    if facts.role == "core_member":
        return _asked_of_member(grounds, facts.projects, figures)
    if len({(each.first_day, each.last_day) for each in facts.projects}) == 1:
        figures |= {"payable": highest, "payers": _payers(facts.projects, highest)}
        return grounds.met("highest", _HIGHEST.filled(**figures), figures)
    if _are_all_apart(facts.projects):
        return grounds.met("apart", _APART, figures)
    return grounds.asked(_ASK_OVERLAP, _OVERLAP, readings=_READINGS, between=(highest, added), figures=figures)


def _asked_of_member(grounds: Grounds, projects: tuple[Project, ...], figures: dict[str, Value]) -> Finding:
    """The text names persons and team leaders. Whether a team's funds count whole or by its people for a core member is
    not in it either: all readings are shown.
    """
    each = max(one.each for one in projects)
    figures = figures | {"highest_each": each, "people": max(one.people for one in projects)}
    said = {name: amount(cast("Number", figures[name])) for name in ("highest", "highest_each", "added")}
    because = _MEMBER.filled(**said)
    ends = (min(each, Fraction(cast("Decimal", figures["highest"]))), figures["added"])
    return grounds.asked(_ASK_MEMBER, because, readings=_MEMBER_READINGS, between=ends, figures=figures)


def payment_may_go(facts: PaymentFacts, pack: Pack) -> Finding:
    """OT-7.2, OT-6.2a, OT-6.3f, G-11 File and result stand behind a payment; while a ground to end it is open, a person
    says whether it is held or made. Nothing goes once a person has stopped benefits and funding after a rescission.
    """
    if facts.stopped:
        return Grounds(pack, "OT-6.3f", facts, also=("OT-7.2",)).unmet("stopped", _STOPPED)
    grounds = Grounds(pack, "OT-7.2", facts, defaults=("PD",), also=("OT-6.2a", "OT-6.1g"))
    if facts.hold == "hold":
        return grounds.unmet("held", _HELD)
    if asked := None if facts.hold else _asked_to_hold(grounds, facts):
        return asked
    if not facts.file_complete:
        has_reason = bool(facts.reason.strip())
        return (
            grounds.warned("paid_with_reason", _WITH_REASON)
            if has_reason
            else grounds.unmet("reason_missing", _NO_REASON)
        )
    if facts.assessment == "pending":
        return grounds.warned("result_pending", _RESULT_PENDING)
    return grounds.met("may_go", _MAY_GO)


def _asked_to_hold(grounds: Grounds, facts: PaymentFacts) -> Finding | None:
    """What a person has to say before anything goes."""
    if facts.open_ground:
        return grounds.asked(_ASK_HOLD, _GROUND_OPEN, readings=_HOLD_READINGS)
    if facts.assessment == "unqualified":
        return grounds.asked(_ASK_UNQUALIFIED, _UNQUALIFIED, readings=_HOLD_READINGS)
    return None


def own_reward_is_open(facts: OwnRewardFacts, pack: Pack) -> Finding:
    """OT-N3 The employer may reward titles that were gained; from which money is not in the text: its own (PD)."""
    grounds = Grounds(pack, "OT-N3", facts, defaults=("PD",))
    if not facts.title_gained.strip():
        return grounds.unmet("title_missing", _NO_TITLE)
    if not facts.own_funds:
        return grounds.asked(_ASK_SOURCE, _SOURCE)
    return grounds.met("open", _OWN_REWARD)


def petition_is_decided(facts: PetitionFacts, pack: Pack) -> Finding:
    """OT-N4 A case-by-case application goes by way of the commission; its answer is recorded with its document."""
    grounds = Grounds(pack, "OT-N4", facts, defaults=("PD",))
    if facts.answer == "pending":
        return grounds.unmet("pending", _PETITION_OPEN)
    if not facts.document.strip():
        return grounds.unmet("document_missing", _PETITION_UNPROVED)
    if facts.answer == "refused":
        return grounds.unmet("refused", _PETITION_REFUSED)
    return grounds.met("granted", _PETITION_GRANTED)


def _payers(projects: tuple[Project, ...], highest: Decimal) -> tuple[str, ...]:
    """Whose project has the highest funds; several where they are equal."""
    return tuple(dict.fromkeys(each.employer for each in projects if each.wan_yuan == highest))


def _are_all_apart(projects: tuple[Project, ...]) -> bool:
    inline = sorted(projects, key=lambda each: each.first_day)
    return all(one.last_day < after.first_day for one, after in pairwise(inline))


_PURPOSE_OPEN = Words("属于规定用途", "one of the purposes of the funds")
_PURPOSE_BARRED = Words("经费只能用于:{purposes}", "the funds serve these purposes only: {purposes}")
_NOTHING = Words("金额须大于0", "the amount must be above 0")
_NO_BALANCE = Words("经费余额未知", "what is left is not known")
_ASK_BALANCE = Words("该院本年度经费余额为多少?", "what is left of the hospital’s funds?")
_FROM_FUNDS = Words("全部由经费支付,余{left}万元", "all from the funds; {left} are left (ten thousand yuan)")
_SPLIT = Words(
    "经费支付{from_funds}万元,其余{own_cost}万元由用人单位自行承担",
    "{from_funds} from the funds, {own_cost} are the employer’s own cost (ten thousand yuan)",
)
_NO_PROJECT = Words("没有项目", "there is no project")
_SINGLE = Words("只有一个项目,{highest}万元", "one project: {highest} (ten thousand yuan)")
_HIGHEST = Words(
    "{projects}个项目就高不叠加,按{highest}万元",
    "{projects} projects: the highest, {highest} (ten thousand yuan), not the sum",
)
_APART = Words("各项目合同期不重叠,分别计算", "the terms do not overlap: each project by itself")
_OVERLAP = Words("各项目合同期部分重叠,原文未规定", "the terms overlap in part, of which the text says nothing")
_ASK_OVERLAP = Words(
    "合同期部分重叠的,经费如何就高?请旗卫生健康委明确", "how does the highest apply? The commission decides"
)
_STOPPED = Words("解除合同后待遇和资助已由人员停止", "after the rescission a person has stopped benefits and funding")
_MEMBER = Words(
    "另有合同的团队中有同名核心成员;原文只写个人或团队带头人,未提核心成员,也未写团队按一份还是按人计算。"
    "团队按一份计最高{highest}万元,按人均计最高{highest_each}万元,分别计算合计{added}万元",
    "another contract’s team has a core member of this name; the text names persons and team leaders, no core members, "
    "and not whether a team counts once or by its people. Counted once the highest is {highest}, by its "
    "people {highest_each}, each by itself together {added} (ten thousand yuan)",
)
_ASK_MEMBER = Words(
    "核心成员参加多个项目的,是否就高不叠加?团队按一份还是按人均计算?",
    "does the highest apply to a core member of several projects, and does the team count once or by its people?",
)
_MEMBER_READINGS = (
    Reading(Words("就高不叠加,团队经费按一份全额比较", "the highest applies, the team counting once"), "highest"),
    Reading(Words("就高不叠加,团队经费按人均比较", "the highest applies, the team by its people"), "highest_each"),
    Reading(Words("不是同一人,或不受限制:分别计算", "not the same person, or not concerned: each by itself"), "apart"),
)
_READINGS = (
    Reading(Words("就高不叠加", "the highest applies"), "highest"),
    Reading(Words("不受限制,分别计算", "not concerned: each by itself"), "apart"),
)
_HELD = Words("经办人员已决定暂缓拨付", "a person has decided to hold the payment")
_GROUND_OPEN = Words(
    "有待处理的终止或解除事由,原文未规定是否暂缓",
    "a ground to end the contract is open; the text does not say what becomes of payments",
)
_ASK_HOLD = Words("暂缓还是照常拨付?", "hold the payment or pay?")
_HOLD_READINGS = (
    Reading(Words("照常拨付", "pay"), "may_go"),
    Reading(Words("暂缓拨付", "hold"), "held"),
)
_UNQUALIFIED = Words(
    "考核不合格与津贴补贴待遇挂钩,原文没有计算办法",
    "an unqualified result bears on allowances; the text has no formula",
)
_ASK_UNQUALIFIED = Words("考核不合格,是否拨付?", "the result is unqualified: is it paid?")
_NO_REASON = Words("档案不完整,须补齐或说明理由", "the file is incomplete: complete it, or give a reason")
_WITH_REASON = Words("档案不完整,已说明理由", "the file is incomplete; a reason is given")
_RESULT_PENDING = Words("考核结果尚未确定", "the result of the assessment is still open")
_MAY_GO = Words("档案和考核结果齐备", "file and result stand behind it")
_NO_TITLE = Words("须写明获得的称号", "say which title was gained")
_SOURCE = Words("另行激励的资金来源原文未载", "the text does not say from which money")
_ASK_SOURCE = Words("可否从柔性引才经费中支付?", "may it come from the funds?")
_OWN_REWARD = Words("由用人单位自有资金另行激励", "a reward from the employer’s own funds")
_PETITION_OPEN = Words(
    "已经旗卫生健康委转报旗委,尚未决定", "sent to the Party committee by way of the commission; not decided yet"
)
_PETITION_UNPROVED = Words("须登记决定的文号或会议纪要", "the number of the decision or its minutes is needed")
_PETITION_REFUSED = Words("未获同意", "refused")
_PETITION_GRANTED = Words("已获同意", "granted")
