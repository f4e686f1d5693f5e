"""二(一) What is nominated, in which form and mode, and by whom (OT-1.2, OT-2.1b, OT-2.1.1 to OT-2.1.4, OT-3.0)."""

from dataclasses import dataclass
from typing import Annotated, Literal

from policies.engine.finding import Finding, Reading, Value
from policies.engine.grounds import Grounds
from policies.engine.pack_parts import Pack
from policies.engine.words import Words

Counterpart = Literal["", "post", "person"]
SettledClass = Literal["", "class_1", "class_2", "class_3", "by_reference"]


@dataclass(frozen=True)
class NeedFacts:
    """Why somebody is recruited, in the employer's words."""

    gap: Annotated[str, Words("要补的短板", "weak point that it is to close")]
    direction: Annotated[str, Words("对应的重点方向、学科或项目", "key direction, discipline or project")]


@dataclass(frozen=True)
class FormFacts:
    """The form of recruitment, one of those named or another in words."""

    form: Annotated[str, Words("引进形式", "form of recruitment")]


@dataclass(frozen=True)
class EmployersFacts:
    """Who recruits, alone or together."""

    employers: Annotated[tuple[str, ...], Words("用人单位", "employers")]
    lead: Annotated[str, Words("牵头单位", "lead employer")] = ""


@dataclass(frozen=True)
class AdvisoryFacts:
    """The sessions of advisory or part-time work."""

    kinds: Annotated[tuple[str, ...], Words("工作形式", "kinds of sessions")]
    on_rest_days: Annotated[bool, Words("是否含假日门诊", "whether clinics fall on rest days")] = False


@dataclass(frozen=True)
class RehireFacts:
    """A retired expert who is hired again."""

    retired: Annotated[bool | None, Words("是否已退休", "whether retired")]
    consents: Annotated[bool, Words("本人自愿的书面意见是否登记", "whether the consent is on record")]


@dataclass(frozen=True)
class PairedFacts:
    """An agreement with an institution that sends people in turn."""

    partner: Annotated[str, Words("支援单位", "institution that supports")]
    agreement: Annotated[bool, Words("合作协议是否上传", "whether the agreement is on record")]
    rotating: Annotated[bool, Words("是否轮流选派", "whether people come in turn")] = True
    attendance_of: Annotated[Counterpart, Words("到岗按岗位还是按个人计算", "attendance of the post or the person")] = (
        ""
    )


@dataclass(frozen=True)
class PlatformFacts:
    """A platform that is built together."""

    name: Annotated[str, Words("平台名称", "name of the platform")]
    kind: Annotated[str, Words("平台形式", "kind of platform")]
    named_target: Annotated[bool, Words("是否以杰青、优青、临床名师引进", "whether such a target person")] = False
    talent_class: Annotated[SettledClass, Words("旗卫生健康委确定的类别", "class by the commission")] = ""


def need_is_named(facts: NeedFacts, pack: Pack) -> Finding:
    """OT-1.2, OT-3.0 A nomination says which weak point it closes and which key direction it serves."""
    grounds = Grounds(pack, "OT-1.2", facts, also=("OT-3.0",))
    if not facts.gap.strip():
        return grounds.unmet("gap_missing", _GAP_MISSING)
    if not facts.direction.strip():
        return grounds.unmet("direction_missing", _DIRECTION_MISSING)
    return grounds.met("named", _NEED_NAMED)


def form_is_open(facts: FormFacts, pack: Pack) -> Finding:
    """OT-2.1b Six forms are named and others are open; a free clinic is none of them."""
    grounds = Grounds(pack, "OT-2.1b", facts, ("contract_forms", "excluded_forms"))
    form = facts.form.strip()
    if not form:
        return grounds.unmet("form_missing", _FORM_MISSING)
    if form in grounds["excluded_forms"].listed:
        return grounds.unmet("excluded_form", _EXCLUDED)
    if any(word in form for word in grounds["excluded_forms"].listed):
        return grounds.asked(_ASK_EXCLUDED, _MENTIONS_EXCLUDED, readings=_EXCLUDED_READINGS)
    if form in grounds["contract_forms"].listed:
        return grounds.met("named_form", _NAMED_FORM)
    return grounds.met("other_form", _OTHER_FORM)


def joint_employers_are_led(facts: EmployersFacts, pack: Pack) -> Finding:
    """OT-2.1b Who pays, assesses and applies for joint employers is not in the text: one of them leads (PD)."""
    named = tuple(each for each in facts.employers if each.strip())
    if not named:
        return Grounds(pack, "OT-2.1b", facts).unmet("employer_missing", _EMPLOYER_MISSING)
    if len(set(named)) != len(named):
        return Grounds(pack, "OT-2.1b", facts).unmet("employer_twice", _EMPLOYER_TWICE)
    if len(named) == 1:
        return Grounds(pack, "OT-2.1b", facts).met("alone", _ALONE, {"lead": named[0]})
    grounds = Grounds(pack, "OT-2.1b", facts, defaults=("PD",))
    if facts.lead not in named:
        return grounds.unmet("lead_missing", _LEAD_MISSING)
    return grounds.met("led", _LED.filled(lead=facts.lead, count=len(named)), {"lead": facts.lead})


def sessions_are_named(facts: AdvisoryFacts, pack: Pack) -> Finding:
    """OT-2.1.1 Seven kinds of sessions are named and others are open; holiday clinics fall on rest days."""
    grounds = Grounds(pack, "OT-2.1.1", facts, ("session_kinds",))
    if not facts.kinds:
        return grounds.unmet("kinds_missing", _KINDS_MISSING)
    others = tuple(each for each in facts.kinds if each not in grounds["session_kinds"].listed)
    figures: dict[str, Value] = {"other_kinds": others, "rest_days_count": facts.on_rest_days}
    if others:
        return grounds.warned("other_kinds", _OTHER_KINDS.filled(kinds="、".join(others)), figures)
    return grounds.met("named", _KINDS_NAMED, figures)


def rehire_is_voluntary(facts: RehireFacts, pack: Pack) -> Finding:
    """OT-2.1.2 Retired experts come of their own will; the text has no age."""
    grounds = Grounds(pack, "OT-2.1.2", facts)
    if facts.retired is not True:
        return grounds.asked(_ASK_RETIRED, _NOT_RETIRED)
    if not facts.consents:
        return grounds.unmet("consent_missing", _CONSENT_MISSING)
    return grounds.met("voluntary", _VOLUNTARY)


def paired_support_is_agreed(facts: PairedFacts, pack: Pack) -> Finding:
    """OT-2.1.3 An institution is the other party; whose attendance counts where people come in turn is asked."""
    grounds = Grounds(pack, "OT-2.1.3", facts)
    if not facts.partner.strip():
        return grounds.unmet("partner_missing", _PARTNER_MISSING)
    if not facts.agreement:
        return grounds.unmet("agreement_missing", _AGREEMENT_MISSING)
    if facts.rotating and not facts.attendance_of:
        return grounds.asked(_ASK_ATTENDANCE, _ROTATING, readings=_ATTENDANCE_READINGS)
    return grounds.met("agreed", _AGREED)


def platform_is_named(facts: PlatformFacts, pack: Pack) -> Finding:
    """OT-2.1.4 A platform has a name; the target people named here are in no class of part 三, which is asked."""
    grounds = Grounds(pack, "OT-2.1.4", facts, ("platform_kinds",))
    if not facts.name.strip():
        return grounds.unmet("platform_missing", _PLATFORM_MISSING)
    if facts.named_target and not facts.talent_class:
        return grounds.asked(_ASK_CLASS, _NO_CLASS)
    if facts.kind not in grounds["platform_kinds"].listed:
        return grounds.warned("other_kind", _OTHER_PLATFORM)
    return grounds.met("named", _PLATFORM_NAMED)


_GAP_MISSING = Words("须写明要补的短板", "say which weak point is to be closed")
_DIRECTION_MISSING = Words(
    "须写明对应的重点方向、学科或项目", "say which key direction, discipline or project it serves"
)
_NEED_NAMED = Words("已写明短板和重点方向", "weak point and key direction are named")
_FORM_MISSING = Words("须写明引进形式", "say in which form")
_EXCLUDED = Words("义诊不得作为柔性引才形式", "a free clinic is no form of recruitment")
_MENTIONS_EXCLUDED = Words("所写形式提到义诊", "the form mentions a free clinic")
_ASK_EXCLUDED = Words("该形式是否属于义诊?", "is it a free clinic?")
_EXCLUDED_READINGS = (
    Reading(Words("属于义诊,不得申报", "a free clinic, which is excluded"), "excluded_form"),
    Reading(Words("另有引进内容,不属于义诊", "more than a free clinic"), "other_form"),
)
_NAMED_FORM = Words("属于列明的形式", "one of the forms that are named")
_OTHER_FORM = Words("列明形式以外的其他形式", "another form, which the text leaves open")
_EMPLOYER_MISSING = Words("没有用人单位", "no employer is named")
_EMPLOYER_TWICE = Words("同一用人单位重复填写", "an employer is named twice")
_ALONE = Words("由一家用人单位引进", "one employer recruits")
_LEAD_MISSING = Words(
    "多单位联合引进,须确定一家牵头单位,负责付款、考核和申请",
    "joint employers name one of them as lead, who pays, assesses and applies",
)
_LED = Words("{count}家单位联合引进,由{lead}牵头", "{count} employers together, led by {lead}")
_KINDS_MISSING = Words("须写明工作形式", "say which kinds of sessions")
_OTHER_KINDS = Words("含列明以外的工作形式:{kinds}", "kinds that are not named: {kinds}")
_KINDS_NAMED = Words("工作形式均已列明", "all kinds are named in the text")
_NOT_RETIRED = Words(
    "退休返聘针对退休人员,本人退休情况未登记或未退休",
    "this mode is for the retired; this person is not on record as such",
)
_ASK_RETIRED = Words("本人是否按退休返聘引进?", "is this person hired as a retired expert?")
_CONSENT_MISSING = Words("须登记本人自愿的书面意见", "the person’s own consent is not on record")
_VOLUNTARY = Words("本人自愿,意见已登记", "voluntary, and on record")
_PARTNER_MISSING = Words("须写明支援单位", "say which institution supports")
_AGREEMENT_MISSING = Words(
    "须上传医院间或学科间的合作协议", "the agreement between the hospitals or disciplines is missing"
)
_ROTATING = Words(
    "轮流选派时,原文未规定按岗位还是按个人计算到岗",
    "people come in turn; the text does not say whose attendance counts",
)
_ASK_ATTENDANCE = Words("到岗按岗位还是按个人计算?", "does the attendance of the post or of each person count?")
_ATTENDANCE_READINGS = (
    Reading(Words("按岗位:先后到岗人员合并计算", "of the post: whoever came counts"), "post"),
    Reading(Words("按个人:各人分别计算", "of each person apart"), "person"),
)
_AGREED = Words("协议和计算方式已明确", "agreement and counting are settled")
_PLATFORM_MISSING = Words("须写明平台名称", "say the name of the platform")
_NO_CLASS = Words(
    "杰青、优青、临床名师不在第三部分所列三类之中", "these target people stand in none of the three classes"
)
_ASK_CLASS = Words("该人选按哪一类办理?由旗卫生健康委确定", "which class applies? The commission decides")
_OTHER_PLATFORM = Words("列明以外的平台形式", "a kind of platform that is not named")
_PLATFORM_NAMED = Words("平台名称和形式已明确", "the platform is named")
