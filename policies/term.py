"""三(二)1 Release, the two clocks of the term, practice filing (DQ-3.2.1a to c)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Annotated, Literal

from policies.engine.dates import deadline_in_months, term_last_day, whole_months
from policies.engine.finding import Finding, Reading
from policies.engine.grounds import Grounds
from policies.engine.pack_parts import Pack
from policies.engine.words import Words
from policies.vocabulary import SENT_DOWN, Programme

Release = Literal["full", "half"]
Certified = Literal["yes", "no"]
_HALVES_A_DAY = 2
_MONTHS_A_YEAR = 12
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class ReleaseFacts:
    """How far a person is released from the home post."""

    programme: Annotated[Programme, Words("类别", "programme")]
    release: Annotated[Release, Words("脱产方式", "kind of release")]
    share: Annotated[Decimal | None, Words("半脱产占比,如 0.5", "share of a half release, e.g. 0.5")] = None


@dataclass(frozen=True)
class Activity:
    """One accumulated activity."""

    id: Annotated[str, Words("记录编号", "record id")]
    form: Annotated[str, Words("形式,如 义诊", "form of service, e.g. 义诊")]
    day: Annotated[date, Words("日期", "day")]
    half_days: Annotated[int, Words("半天数", "half-days")]
    group_approved: Annotated[bool, Words("其他形式是否经集团同意", "whether the group approved another form")] = False


@dataclass(frozen=True)
class TermFacts:
    """Service at one fixed site, the activities beside it, and what people have certified."""

    site_first_day: Annotated[date, Words("定点服务第一天", "first day at the fixed site")]
    site_last_day: Annotated[date, Words("定点服务最后一天(已结束)", "last day at the fixed site that has ended")]
    site_paused_days: Annotated[int, Words("期间不计时的天数", "days in between that do not count")] = 0
    accumulated_paused_days: Annotated[
        int, Words("累计服务不计时的天数", "days that the accumulated months do not count")
    ] = 0
    site_interrupted: Annotated[bool, Words("是否有中断待明确", "whether an interruption is still unanswered")] = False
    activities: Annotated[tuple[Activity, ...], Words("累计服务记录", "accumulated activities")] = ()
    accumulated_certified: Annotated[
        Certified | None, Words("接收单位和集团对累计六个月的认定", "certified: six months accumulated")
    ] = None
    imported_paused_days: Annotated[int, Words("期初导入:此前不计时的天数", "imported: days that did not count")] = 0
    imported_half_days: Annotated[int, Words("期初导入:此前累计的半天数", "imported: half-days accumulated before")] = 0
    before_days: Annotated[
        int, Words("重新起算前在定点服务的天数", "days at a site before the months started again")
    ] = 0

    @property
    def site_lost(self) -> int:
        """Days at the site that do not count, here and as they were imported (COR-17)."""
        return self.site_paused_days + self.imported_paused_days

    @property
    def site_days(self) -> int:
        """Days at the site that count, those before the months started again among them."""
        since = (self.site_last_day - self.site_first_day).days + 1
        return self.before_days + max(since - self.site_lost, 0)

    @property
    def half_days(self) -> int:
        """Half-days accumulated, here and as they were imported (COR-17)."""
        return sum(each.half_days for each in self.activities) + self.imported_half_days


@dataclass(frozen=True)
class Away:
    """Approved leave, days of attendance, or a time in which the term stood still: local days, both counted, and what
    they do to the two clocks, "" while that is open. `accumulated` is None where it is the same; `halves` are the
    half-days that are meant, None all.
    """

    first_day: date
    last_day: date
    weighs: str
    accumulated: str | None = None
    halves: int | None = None

    @property
    def for_accumulated(self) -> str:
        """What they do to the accumulated months, which have no start that could be made anew."""
        weighs = self.weighs if self.accumulated is None else self.accumulated
        return "pauses" if weighs == "restarts" else weighs


@dataclass(frozen=True)
class Missed:
    """Confirmed absence: its first local day, and its working days."""

    first_day: date
    days: Decimal


@dataclass(frozen=True)
class PracticeFacts:
    """The record of multi-institution practice filing."""

    number: Annotated[str, Words("备案编号", "filing number")] = ""
    filed_on: Annotated[date | None, Words("备案日期", "day of filing")] = None
    evidence: Annotated[str, Words("备案凭证", "evidence of the filing")] = ""
    exempt_basis: Annotated[str, Words("免予备案的依据", "basis of an exemption")] = ""


def served_at_site(
    first_day: date,
    last_day: date,
    *,
    leaves: Sequence[Away],
    absences: Sequence[Missed],
    activities: Sequence[Activity] = (),
    certified: Certified | None = None,
) -> TermFacts:
    """DQ-3.2.1b The months at the site up to a day that has ended, as leave and confirmed absence leave them.

    Leave that starts the months again moves their first day behind it (DEF-21); leave that pauses, and each working day
    of confirmed absence, of which half suffices, counts for none (COR-13). `activities` are confirmed ones.
    """
    begun = [each for each in leaves if each.first_day <= last_day]
    began = max([first_day, *(each.last_day + _ONE_DAY for each in begun if each.weighs == "restarts")])
    # Of half-days it is not said on which days of the stretch they lie; whole days are cut where the months begin.
    whole = [each for each in begun if each.halves is None and each.last_day >= began]
    counted = [replace(each, first_day=max(each.first_day, began)) for each in whole]
    counted += [each for each in begun if each.halves is not None and each.first_day >= began]
    pausing = [each for each in counted if each.weighs == "pauses"]
    # Nobody misses a day that does not count anyway.
    idle = _whole_days(pausing, last_day)
    missed = sum(ceil(each.days) for each in absences if each.first_day >= began and each.first_day not in idle)
    return TermFacts(
        began,
        last_day,
        site_paused_days=missed + _lost(pausing, last_day),
        accumulated_paused_days=missed
        + _lost([each for each in counted if each.for_accumulated == "pauses"], last_day),
        site_interrupted=any("" in (each.weighs, each.for_accumulated) for each in begun),
        activities=tuple(activities),
        accumulated_certified=certified,
        before_days=_served_before(first_day, began, begun, absences),
    )


def site_months_end(facts: TermFacts, pack: Pack) -> date:
    """DQ-3.2.1b The last day of the months at the site, as far as can be said today."""
    began = facts.site_first_day + timedelta(days=facts.site_lost)
    return term_last_day(began, pack.parameters["site_months"].whole)


def _served_before(first_day: date, began: date, leaves: Sequence[Away], absences: Sequence[Missed]) -> int:
    """Days that counted until leave has started the months again: what becomes of them, people say (DEF-08)."""
    last_day = began - _ONE_DAY
    lost = [
        replace(each, first_day=max(each.first_day, first_day))
        for each in leaves
        if each.weighs in ("pauses", "restarts") and each.first_day <= last_day and each.last_day >= first_day
    ]
    idle = _whole_days(lost, last_day)
    missed = sum(
        ceil(each.days) for each in absences if first_day <= each.first_day < began and each.first_day not in idle
    )
    return max((began - first_day).days - missed - _lost(lost, last_day), 0)


def _lost(days: Sequence[Away], last_day: date) -> int:
    """A day counts once, whatever it pauses for; half-days are added up before they are rounded, and a half left over
    moves the end by a day.
    """
    halves = sum(each.halves for each in days if each.halves is not None)
    return len(_whole_days(days, last_day)) + ceil(Fraction(halves, _HALVES_A_DAY))


def _whole_days(days: Sequence[Away], last_day: date) -> set[date]:
    return {
        each.first_day + timedelta(days=number)
        for each in days
        if each.halves is None
        for number in range((min(each.last_day, last_day) - each.first_day).days + 1)
    }


def release_is_open(facts: ReleaseFacts, pack: Pack) -> Finding:
    """DQ-3.2.1a Full or half release down, full release up; how a half counts is asked, never halved by guess."""
    name = "release_of_sent_down" if facts.programme == SENT_DOWN else "release_of_trainees"
    grounds = Grounds(pack, "DQ-3.2.1a", facts, (name,))
    if facts.release not in grounds[name].listed:
        return grounds.unmet("refused", _FULL_ONLY)
    if facts.release == "half":
        return grounds.warned("admitted", _HALF)
    return grounds.met("admitted", _FULL)


def term_is_met(facts: TermFacts, pack: Pack) -> Finding:
    """DQ-3.2.1b Six months at one site and six more, accumulated or on the site; each clock on its own.

    DQ-3.1.1b A training has the months at the site alone.
    """
    grounds = Grounds(pack, pack.parameters["site_months"].rule, facts, ("site_months", "accumulated_months"))
    # Every day that does not count moves the end by one, as if the months had begun a day later.
    first_day = facts.site_first_day + timedelta(days=facts.site_lost)
    served = whole_months(first_day, facts.site_last_day)
    figures = {
        "site_months": served,
        "paused_days": facts.site_lost,
        "half_days": facts.half_days,
    }
    if facts.site_interrupted:
        return grounds.asked(_ASK_BREAK, _INTERRUPTED, readings=_BREAK_READINGS, figures=figures)
    if not grounds["site_months"].holds_for(served):
        due = term_last_day(first_day, grounds["site_months"].whole)
        short = _SITE_SHORT if grounds["accumulated_months"].whole else _TRAINING_SHORT
        return grounds.unmet("not_met", short.filled(months=served, due=due), figures)
    lost = facts.accumulated_paused_days + facts.imported_paused_days
    in_all = whole_months(facts.site_first_day + timedelta(days=lost), facts.site_last_day)
    if in_all >= grounds["site_months"].whole + grounds["accumulated_months"].whole:
        return grounds.met("met", _ALL_ON_SITE if grounds["accumulated_months"].whole else _TRAINED, figures)
    return _accumulated(facts, pack)


def practice_is_filed(facts: PracticeFacts, pack: Pack) -> Finding:
    """DQ-3.2.1c A number, a filing with day and evidence, or an exemption with its basis (COR-22)."""
    grounds = Grounds(pack, "DQ-3.2.1c", facts, ("practice_filing_proofs",))
    proofs = {
        "number": bool(facts.number.strip()),
        "filed": facts.filed_on is not None and bool(facts.evidence.strip()),
        "exempt": bool(facts.exempt_basis.strip()),
    }
    if any(proofs[each] for each in grounds["practice_filing_proofs"].listed):
        return grounds.met("filed", _PRACTICE_FILED)
    return grounds.unmet("not_filed", _PRACTICE_MISSING)


def _accumulated(facts: TermFacts, pack: Pack) -> Finding:
    """DEF-22: no conversion of days to months is in the text, so people certify until the bureau confirms a number."""
    grounds = Grounds(pack, "DQ-3.2.1b", facts, ("accumulated_forms",))
    doubtful = tuple(each.id for each in facts.activities if not _is_named(each, grounds["accumulated_forms"].listed))
    repeated = len({each.id for each in facts.activities}) < len(facts.activities)
    if repeated:
        return Grounds(pack, "DQ-3.2.1b", facts, defaults=("PD",)).unmet("credited_twice", _TWICE)
    if doubtful:
        return grounds.asked(_ASK_FORM, _OTHER_FORM.filled(ids="、".join(doubtful)), figures={"doubtful": doubtful})
    if _spans_too_long(facts, pack):
        return Grounds(pack, "DQ-3.2.1b", facts, ("accumulation_asks_after_years",)).asked(_ASK_SPAN, _LONG_SPAN)
    return _converted(facts, pack)


def _converted(facts: TermFacts, pack: Pack) -> Finding:
    grounds = Grounds(pack, "DQ-3.2.1b", facts, ("accumulated_months", "accumulated_days_for_six_months"))
    half_days = facts.half_days
    figures, before = {"half_days": half_days}, facts.before_days
    if before:
        figures["before_days"] = before
    days = Decimal(half_days) / _HALVES_A_DAY
    certified = Grounds(pack, "DQ-3.2.1b", facts, ("accumulated_months",), defaults=("DEF-22",))
    if facts.accumulated_certified is not None:
        met = facts.accumulated_certified == "yes"
        return certified.met("met", _CERTIFIED, figures) if met else certified.unmet("not_met", _DENIED, figures)
    if not grounds["accumulated_days_for_six_months"].active:
        ask, so_far = (_ASK_BOTH, _NO_CONVERSION_BEFORE) if before else (_ASK_CERTIFY, _NO_CONVERSION)
        return certified.asked(ask, so_far.filled(days=days, before=before), figures=figures)
    if grounds["accumulated_days_for_six_months"].holds_for(days):
        return grounds.met("met", _DAYS_MET.filled(days=days), figures)
    if before:
        return grounds.asked(_ASK_BEFORE, _SHORT_BEFORE.filled(days=days, before=before), figures=figures)
    return grounds.unmet("not_met", _DAYS_SHORT.filled(days=days), figures)


def _is_named(activity: Activity, forms: tuple[str, ...]) -> bool:
    return activity.form in forms or activity.group_approved


def _spans_too_long(facts: TermFacts, pack: Pack) -> bool:
    days = [each.day for each in facts.activities]
    if not days or facts.accumulated_certified is not None:
        return False
    years = pack.parameters["accumulation_asks_after_years"].whole
    return max(days) > deadline_in_months(min(days), years * _MONTHS_A_YEAR)


_FULL_ONLY = Words("“乡管县育”须全脱产,不得半脱产", "township trainees train with full release; half is refused")
_HALF = Words(
    "可半脱产;占比照实登记,如何折算由县局明确", "half release is open; record the share, the bureau says how it counts"
)
_FULL = Words("全脱产", "full release")
_ASK_BREAK = Words("该中断是否打断“连续”?", "does the interruption break the continuous service?")
_INTERRUPTED = Words("定点服务期间有中断待明确", "an interruption at the site is unanswered")
_BREAK_READINGS = (
    Reading(Words("暂停计时,期限顺延", "the clock pauses and the end moves"), "suspended"),
    Reading(Words("连续中断,重新起算", "the months start again"), "restart"),
)
_SITE_SHORT = Words("定点连续服务满{months}个月,须至{due}期满", "{months} full months at the site; six end with {due}")
_TRAINING_SHORT = Words("进修满{months}个月,须至{due}期满", "{months} full months of training; six end with {due}")
_TRAINED = Words("进修六个月已满", "the six months of training are completed")
_ALL_ON_SITE = Words(
    "十二个月均在定点完成,累计形式为可选", "all twelve months on site; the accumulated forms are optional"
)
_TWICE = Words("同一累计记录不得重复计算", "one activity may not be credited twice")
_ASK_FORM = Words("原文未列的形式是否计入?请集团明确", "does another form count? (the group decides)")
_OTHER_FORM = Words("以下记录的形式不在原文所列:{ids}", "these records have a form that the text does not name: {ids}")
_ASK_SPAN = Words("累计跨度较长,是否计入?", "does service over so long a span still count?")
_LONG_SPAN = Words(
    "原文未规定累计的时间跨度,默认超过三年须请示", "no span is in the text; more than three years is asked"
)
_CERTIFIED = Words("累计六个月经认定已满", "six accumulated months are certified")
_DENIED = Words("累计六个月经认定未满", "six accumulated months are certified as not met")
_ASK_CERTIFY = Words(
    "累计六个月是否已满?请接收单位和集团认定", "are six months met? (receiving institution and group certify)"
)
_NO_CONVERSION = Words(
    "已累计{days}天;原文未规定天与月如何折算", "{days} days so far; no conversion of days to months is in the text"
)
_NO_CONVERSION_BEFORE = Words(
    "已累计{days}天,重新起算前另在定点服务{before}天;原文未规定天与月如何折算,也未规定重新起算前的时间是否计入",
    "{days} days so far, and {before} at a site before the months started again; neither a conversion of days to months"
    " nor what becomes of the time before is in the text",
)
_ASK_BOTH = Words(
    "累计六个月是否已满,重新起算前在定点服务的时间是否计入?请接收单位和集团一并认定",
    "are six months met, and does the time at a site before the months started again count? (receiving institution and"
    " group certify)",
)
_ASK_BEFORE = Words(
    "重新起算前在定点服务的时间是否计入累计六个月?请接收单位和集团认定",
    "does the time at a site before the months started again count? (receiving institution and group certify)",
)
_SHORT_BEFORE = Words(
    "已累计{days}天,未达到折算天数;重新起算前另在定点服务{before}天,是否计入,原文未规定",
    "{days} days do not reach the confirmed number; {before} more at a site before the months started again, and"
    " whether they count is not in the text",
)
_DAYS_MET = Words("已累计{days}天,达到折算天数", "{days} days reach the confirmed number")
_DAYS_SHORT = Words("已累计{days}天,未达到折算天数", "{days} days do not reach the confirmed number")
_PRACTICE_FILED = Words("多机构执业备案已登记", "the practice filing is recorded")
_PRACTICE_MISSING = Words(
    "开始服务前须登记备案编号、备案日期及凭证或免予备案依据",
    "before the start: number, or day with evidence, or basis of an exemption",
)
