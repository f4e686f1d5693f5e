"""What a term of service still needs, and by when, as far as can be said today (DQ-3.2.1b, DQ-3.2.2e, DQ-3.3.1a, b).

A forecast decides nothing: it says which clause each line rests on, and what of it is ours and not the text's.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from policies.absence import AbsenceFacts, service_counts
from policies.engine.dates import term_last_day, whole_months
from policies.engine.pack_parts import Pack
from policies.engine.words import Words
from policies.grading import CohortFacts, share_is_kept
from policies.term import TermFacts, site_months_end

_HALVES_A_DAY = 2
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class ForecastFacts:
    """What is known today. `term`: the confirmed facts up to a day that has ended; None before the first day.

    first_day: the first day of service. check_ins: how many were asked for. pending_half_days: recorded, not confirmed.
    quarters_waiting: ended quarters whose assessment waits for a method. certified: the term is certified or over.
    """

    today: date
    first_day: date | None
    term: TermFacts | None
    absences: AbsenceFacts
    pending_half_days: int = 0
    check_ins: int = 0
    quarters_waiting: int = 0
    certified: bool = False


@dataclass(frozen=True)
class Prospect:
    """One line: what stands and what is missing, until when (None: no day can be said), and on what that rests.

    kind: site, accumulated, all_on_site, before, absences, check_in, assessment, result or cohort. state: met, open or
    ask. `defaults` are the ids of our own choices in it; none where all of it is the text's.
    """

    kind: str
    state: str
    said: Words
    by: date | None
    rule: str
    defaults: tuple[str, ...] = ()


def outlook(facts: ForecastFacts, pack: Pack) -> tuple[Prospect, ...]:
    """DQ-3.2.1b What is still needed for each clock and by when, and what else is ahead."""
    if facts.term is None or facts.first_day is None:
        return ()
    # A training has the months at the hospital alone (DQ-3.1.1b).
    adds_up = pack.parameters["accumulated_months"].whole > 0
    beside = tuple(_accumulated(facts, facts.term, pack)) if adds_up else ()
    before = (_before(facts.term, pack),) if facts.term.before_days else ()
    lines = [_site(facts.term, pack), *beside, *before, _absences(facts, pack)]
    if not facts.certified:
        lines.append(_check_in(facts.first_day, facts.check_ins, pack))
    if facts.quarters_waiting:
        waits = _ASSESSMENT.filled(number=facts.quarters_waiting)
        lines.append(Prospect("assessment", "open", waits, None, "DQ-3.3.1a"))
    return tuple(lines)


def slots_left(facts: CohortFacts, pack: Pack) -> Prospect:
    """DQ-3.3.3d How many of a cohort may still become excellent; `facts` count the nominated as excellent."""
    finding = share_is_kept(facts, pack)
    cap, taken = int(str(finding.figures["cap"])), int(str(finding.figures["excellent"]))
    words = {"graded": finding.figures["cohort"], "cap": cap, "taken": taken, "left": max(cap - taken, 0)}
    state, ours = ("open" if taken <= cap else "ask"), () if facts.cohort else ("COR-11",)
    return Prospect("cohort", state, _SLOTS.filled(**words), None, "DQ-3.3.3d", ours)


def excellence_waits(year: int) -> Prospect:
    """COR-12 Of a nominated term: qualified or above is settled, the list of the year says whether it is excellent."""
    return Prospect("result", "open", _EXCELLENCE.filled(year=year), None, "DQ-3.3.3d", ("COR-12",))


def _site(term: TermFacts, pack: Pack) -> Prospect:
    rule = pack.parameters["site_months"].rule
    if term.site_interrupted:
        return Prospect("site", "ask", _SITE_ASK, None, rule, ("DEF-21",))
    # The text says six months without a break; which days of leave and absence do not count is our reading of it.
    ours = ("COR-13",) if term.site_lost else ()
    months, needed = _months(term), pack.parameters["site_months"]
    ends = site_months_end(term, pack)
    words = {"months": months, "needed": needed.whole, "paused": term.site_lost}
    if needed.holds_for(months):
        return Prospect("site", "met", _SITE_MET.filled(**words), ends, rule, ours)
    said = _SITE_PAUSED if term.site_lost else _SITE_OPEN
    return Prospect("site", "open", said.filled(**words), ends, rule, ours)


def _accumulated(facts: ForecastFacts, term: TermFacts, pack: Pack) -> Iterator[Prospect]:
    """DEF-22: without a confirmed conversion people say whether the accumulated months are met."""
    needed = pack.parameters["accumulated_months"].whole
    conversion = pack.parameters["accumulated_days_for_six_months"]
    half_days = term.half_days
    words = {"half_days": half_days, "days": Decimal(half_days) / _HALVES_A_DAY, "months": needed}
    words |= {"pending": facts.pending_half_days, "needed": conversion.number}
    if not conversion.active:
        yield Prospect("accumulated", "ask", _CERTIFY.filled(**words), None, "DQ-3.2.1b", ("DEF-22",))
    else:
        state = "met" if conversion.holds_for(Decimal(half_days) / _HALVES_A_DAY) else "open"
        said = _CONVERTED_MET if state == "met" else _CONVERTED
        yield Prospect("accumulated", state, said.filled(**words), None, "DQ-3.2.1b", ("DEF-22",))
    if not term.site_interrupted:
        yield _all_on_site(term, pack)


def _all_on_site(term: TermFacts, pack: Pack) -> Prospect:
    """The accumulated forms are optional: twelve months at the site meet the term as well."""
    months = pack.parameters["site_months"].whole + pack.parameters["accumulated_months"].whole
    lost = term.accumulated_paused_days + term.imported_paused_days
    began = term.site_first_day + timedelta(days=lost)
    state = "met" if whole_months(began, term.site_last_day) >= months else "open"
    ours = ("COR-13",) if lost else ()
    ends = term_last_day(began, months)
    return Prospect("all_on_site", state, _ALL_ON_SITE.filled(months=months), ends, "DQ-3.2.1b", ours)


def _before(term: TermFacts, pack: Pack) -> Prospect:
    """DEF-08: what becomes of the time before the months started again is not in the text, and nobody loses it unseen.

    A training has nothing beside its months to which it could count.
    """
    rule, months = pack.parameters["site_months"].rule, pack.parameters["accumulated_months"].whole
    state, said = ("ask", _BEFORE) if months else ("open", _BEFORE_TRAINING)
    return Prospect("before", state, said.filled(days=term.before_days, months=months), None, rule, ("DEF-08",))


def _absences(facts: ForecastFacts, pack: Pack) -> Prospect:
    """Only confirmed ones count; what is still being checked is said apart."""
    finding = service_counts(facts.absences, pack)
    allowed = pack.parameters["absences_allowed"].whole
    times = int(str(finding.figures["times"]))
    pending = sum(each.state == "recorded" for each in facts.absences.incidents)
    words = {"times": times, "allowed": allowed, "left": max(allowed - times, 0), "pending": pending}
    said = _ABSENCES_OVER if times > allowed else _ABSENCES
    said = _joined(said, _ABSENCES_PENDING) if pending else said
    if finding.ask is not None:
        return Prospect("absences", "ask", _joined(said, _ABSENCES_ASK).filled(**words), None, "DQ-3.2.2e", ("COR-14",))
    state = "open" if finding.outcome == "counts" else "ask"
    return Prospect("absences", state, said.filled(**words), None, "DQ-3.2.2e", finding.defaults)


def _check_in(first_day: date, asked: int, pack: Pack) -> Prospect:
    months = pack.parameters["check_in_every_months"].whole * (asked + 1)
    begins = term_last_day(first_day, months) + _ONE_DAY
    return Prospect("check_in", "open", _CHECK_IN.filled(number=asked + 1), begins, "DQ-3.3.1b", ("DEF-17",))


def _began(term: TermFacts) -> date:
    """Every day that does not count moves the end by one, as if the months had begun a day later."""
    return term.site_first_day + timedelta(days=term.site_lost)


def _months(term: TermFacts) -> int:
    return whole_months(_began(term), term.site_last_day)


def _joined(first: Words, second: Words) -> Words:
    return Words(f"{first.zh};{second.zh}", f"{first.en}; {second.en}")


_SITE_ASK = Words(
    "有请假或缺勤日对期限的影响待集团明确,明确前不能预计期满之日",
    "the group has still to say what some days do to the months; no end can be said before",
)
_SITE_MET = Words("已满{needed}个月", "the {needed} months are complete")
_SITE_OPEN = Words("已满{months}个月,须满{needed}个月", "{months} of {needed} months so far")
_SITE_PAUSED = Words(
    "已满{months}个月,须满{needed}个月;已有{paused}天不计时,期满之日相应顺延",
    "{months} of {needed} months so far; {paused} days do not count and have moved the end",
)
_CERTIFY = Words(
    "累计服务已确认{half_days}个半天(合{days}天),另有{pending}个半天待核实、尚不计入;"
    "原文未规定多少天合{months}个月,是否已满由接收单位和集团认定",
    "{half_days} half-days ({days} days) of accumulated service are confirmed, {pending} more are being checked;"
    " the text does not say how many days are {months} months, the receiving institution and the group certify it",
)
_CONVERTED = Words(
    "累计服务已确认{half_days}个半天(合{days}天),须满{needed}天;另有{pending}个半天待核实、尚不计入",
    "{half_days} half-days ({days} of {needed} days) of accumulated service are confirmed;"
    " {pending} more are being checked",
)
_CONVERTED_MET = Words(
    "累计服务已确认{half_days}个半天(合{days}天),已达到{needed}天",
    "{half_days} half-days ({days} days) of accumulated service are confirmed and reach {needed} days",
)
_ALL_ON_SITE = Words(
    "累计形式为可选:全部在定点服务的,满{months}个月同样期满",
    "the accumulated forms are optional: {months} months all at the site meet the term as well",
)
_BEFORE = Words(
    "连续月数重新起算前在定点服务{days}天,不计入现在的连续月数;是否计入其余{months}个月,原文没有规定,"
    "认定服务期满时由接收单位和集团明确",
    "{days} days were served at a site before the months started again; they are none of these months, and whether they"
    " count to the other {months} is not in the text: the receiving institution and the group say so with the term",
)
_BEFORE_TRAINING = Words(
    "月数重新起算前已进修{days}天,不计入现在的月数",
    "{days} days of training came before the months started again and are none of these months",
)
_ABSENCES = Words(
    "已确认旷工{times}次;不超过{allowed}次的本次服务时间照常计入,还余{left}次",
    "{times} absences are confirmed; up to {allowed} the time counts, {left} are left before it would not",
)
_ABSENCES_OVER = Words(
    "已确认旷工{times}次,超过{allowed}次,本次服务时间是否不计入由集团确认",
    "{times} absences are confirmed, more than {allowed}: the group confirms that the time does not count",
)
_ABSENCES_PENDING = Words("另有{pending}条待核实,尚不计次", "{pending} more are being checked and not counted yet")
_ABSENCES_ASK = Words("有多日旷工待集团明确次数", "how often a longer one counts is still for the group to say")
_CHECK_IN = Words("第{number}次季度小结开始办理", "the quarterly check-in no. {number} begins")
_ASSESSMENT = Words(
    "有{number}个季度的绩效考核等待考核办法生效,不影响服务期",
    "the assessment of {number} quarters waits for a method in force; the term does not wait for it",
)
_EXCELLENCE = Words(
    "合格及以上已经确定;是否优秀,待集团{year}年度名单按规定比例确定",
    "qualified or above is settled; whether excellent is for the group’s list of {year}, within the share",
)
_SLOTS = Words(
    "本集团本年度已定等次{graded}人,可评优秀{cap}人,已评和拟评{taken}人,还可评{left}人;此后定等次的人数会增加上限",
    "{graded} graded in the group this year: {cap} may be excellent, {taken} are or are nominated, {left} are left; "
    "the cap grows with whoever is graded later",
)
