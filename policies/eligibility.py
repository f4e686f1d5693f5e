"""三(一)1 Who is sent, who trains, who sits clinics (DQ-3.1.1a to c, DQ-3.1.2c)."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from policies.engine.dates import met_from
from policies.engine.finding import Finding, Reading
from policies.engine.grounds import Grounds
from policies.engine.pack_parts import Pack
from policies.engine.words import Words
from policies.vocabulary import Profession, Title


@dataclass(frozen=True)
class DispatchFacts:
    """A county hospital's member of staff who may be sent to a grassroots institution."""

    profession: Annotated[Profession, Words("执业类别", "profession")]
    qualified_on: Annotated[date | None, Words("执业医师资格证书日期", "date of the qualification certificate")]
    planned_start: Annotated[date, Words("计划到岗日期", "planned first day of service")]


@dataclass(frozen=True)
class TraineeFacts:
    """A member of staff of a grassroots institution who may train at a county institution."""

    profession: Annotated[Profession, Words("执业类别", "profession")]
    title: Annotated[Title, Words("职称", "professional title")]
    general_practitioner: Annotated[bool, Words("是否全科医师", "whether a general practitioner")] = False
    earlier_trainings: Annotated[int, Words("以往进修次数", "trainings already had")] = 0


@dataclass(frozen=True)
class ListedFacts:
    """Whether a person stands on the hospital's dispatch list."""

    on_list: Annotated[bool, Words("是否在下沉派遣人员名单内", "whether on the dispatch list")]


def may_be_sent(facts: DispatchFacts, pack: Pack) -> Finding:
    """DQ-3.1.1a Three full years of qualification at the planned start; less than that is asked, never refused."""
    if facts.profession == "assistant_physician":
        grounds = Grounds(pack, "DQ-3.1.1a", facts, defaults=("PD",))
        return grounds.unmet("not_eligible", _ASSISTANT)
    if facts.profession != "practising_physician":
        return Grounds(pack, "DQ-3.1.1a", facts, defaults=("COR-21",)).asked(_ASK_PROFESSION, _NO_PHYSICIAN)
    grounds = Grounds(pack, "DQ-3.1.1a", facts, ("qualified_years",))
    if facts.qualified_on is None:
        return grounds.asked(_ASK_CERTIFICATE, _NO_CERTIFICATE)
    return _by_years(grounds, facts.qualified_on, facts.planned_start)


def may_train(facts: TraineeFacts, pack: Pack) -> Finding:
    """DQ-3.1.1b A practising physician with an intermediate title; a senior general practitioner has DQ-3.1.1c."""
    if _is_senior(facts.title, pack):
        return _senior(facts, pack)
    grounds = Grounds(pack, "DQ-3.1.1b", facts, ("trainee_months", "trainings_per_person"))
    if facts.profession != "practising_physician" or facts.title != "intermediate":
        return grounds.asked(_ASK_TRAINEE, _NOT_NAMED)
    if not grounds["trainings_per_person"].holds_for(facts.earlier_trainings + 1):
        return grounds.asked(_ASK_AGAIN, _TRAINED_BEFORE)
    months = grounds["trainee_months"].whole
    return Grounds(pack, "DQ-3.1.1b", facts, ("trainee_months",)).met("eligible", _TRAINS, {"term_months": months})


def may_sit_clinics(facts: TraineeFacts, pack: Pack) -> Finding:
    """DQ-3.1.1c A general practitioner with a senior title; cadence and credit are not in the text."""
    grounds = Grounds(pack, "DQ-3.1.1c", facts, ("senior_titles",))
    if facts.general_practitioner and facts.title in grounds["senior_titles"].listed:
        return grounds.met("clinic_schedule", _CLINICS)
    return grounds.unmet("not_eligible", _NO_CLINICS)


def is_listed(facts: ListedFacts, pack: Pack) -> Finding:
    """DQ-3.1.2c The list is the pool: somebody else may apply once the hospital has added them."""
    grounds = Grounds(pack, "DQ-3.1.2c", facts, defaults=("PD",))
    return grounds.met("listed", _LISTED) if facts.on_list else grounds.unmet("not_listed", _NOT_LISTED)


def _by_years(grounds: Grounds, qualified_on: date, planned_start: date) -> Finding:
    since = met_from(qualified_on, grounds["qualified_years"].whole)
    figures = {"years_met_from": since}
    if planned_start >= since:
        return grounds.met("eligible", _YEARS_MET.filled(since=since, start=planned_start), figures)
    short = _YEARS_SHORT.filled(since=since, start=planned_start)
    return grounds.asked(_ASK_YEARS, short, readings=_READINGS, figures=figures)


def _senior(facts: TraineeFacts, pack: Pack) -> Finding:
    if facts.general_practitioner:
        return may_sit_clinics(facts, pack)
    return Grounds(pack, "DQ-3.1.1b", facts, ("senior_titles",), also=("DQ-3.1.1c",)).asked(_ASK_TRAINEE, _SENIOR)


def _is_senior(title: Title, pack: Pack) -> bool:
    return title in pack.parameters["senior_titles"].listed


_ASSISTANT = Words(
    "原文未列执业助理医师,默认不在选派范围", "assistant physicians are not named; by default they are not sent"
)
_NO_PHYSICIAN = Words("原文只写医生,未提及护理、医技、药学人员", "the text names doctors only")
_ASK_PROFESSION = Words("该专业人员可否参加选派?", "may this profession take part?")
_NO_CERTIFICATE = Words("没有执业医师资格证书日期", "the date of the qualification certificate is not known")
_ASK_CERTIFICATE = Words("请补充执业医师资格证书日期", "which date does the qualification certificate bear?")
_YEARS_MET = Words(
    "自{since}起取得资格满三年,计划到岗{start}", "three full years are met from {since}; planned start {start}"
)
_YEARS_SHORT = Words(
    "自{since}起才满三年,计划到岗{start}尚未满三年", "three full years are met only from {since}; planned start {start}"
)
_ASK_YEARS = Words(
    "未满三年可否派遣?请集团和县局明确", "may somebody with less than three years be sent? (group and bureau)"
)
_READINGS = (
    Reading(Words("“满三年”是选派条件", "three years are a condition for being sent"), "not_eligible"),
    Reading(Words("“满三年”只说明晋升前的义务对象", "three years only say whom the duty binds"), "eligible"),
)
_ASK_TRAINEE = Words("原文未列此类人员,可否安排进修?", "the text does not name such staff: may they train?")
_NOT_NAMED = Words("须为中级职称执业医师", "practising physicians with an intermediate title are named")
_SENIOR = Words(
    "高级职称人员只对全科医师规定了坐诊", "for senior titles the text has only clinics of general practitioners"
)
_ASK_AGAIN = Words("该人员已进修过,是否再次安排?", "the person has trained before: arrange it again?")
_TRAINED_BEFORE = Words("默认每人安排一次", "by default once per person")
_TRAINS = Words("中级职称执业医师,安排进修6个月", "practising physician with an intermediate title: six months")
_CLINICS = Words(
    "高级职称全科医师,可定期坐诊;班次由集团确定", "senior general practitioner; the group sets the schedule"
)
_NO_CLINICS = Words("仅限取得高级职称的全科医师", "only general practitioners with a senior title")
_LISTED = Words("在下沉派遣人员名单内", "on the dispatch list")
_NOT_LISTED = Words("不在名单内,须由医院先行补报", "not on the list; the hospital adds them first")
