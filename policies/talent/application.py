"""六(3) The written application to terminate: within three months of learning, and late is late but open (OT-6.3k).

The clock runs from the first day on which the employer can have known: the notice of a figure below the line, even
while it is still being confirmed, so that no confirmation eats the three months. Nothing ends when they are over.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated, Literal

from policies.engine.calendar import Basis, WorkingCalendar
from policies.engine.dates import deadline_in_months
from policies.engine.finding import Finding, Reading, Value
from policies.engine.grounds import Grounds
from policies.engine.pack_parts import Pack
from policies.engine.words import Words

Ground = Literal["working_time", "support", "behind", "other"]
Question = Literal["", "open", "ground", "no_ground"]
Counts = Literal["", "stated", "recorded"]
DAY_OF_RECEIPT = "day_of_receipt"


@dataclass(frozen=True)
class LearningFacts:
    """When the employer came to know. `question`: the commission's answer where only the adjusted figure holds (G-5).

    first_notice: the day of the first system notice; it counts for the working time alone.
    """

    ground: Annotated[Ground, Words("终止事由", "ground")]
    first_notice: Annotated[date | None, Words("系统首次通知用人单位之日", "first notice to the employer")] = None
    own_record: Annotated[date | None, Words("用人单位自行登记的得知之日", "day that the employer itself records")] = (
        None
    )
    question: Annotated[Question, Words("旗卫健委答复情况(不可抗力)", "what the commission says of it")] = ""
    dismissed: Annotated[bool, Words("是否经核实不构成事由", "whether the ground was found not to stand")] = False


@dataclass(frozen=True)
class ApplicationFacts:
    """One application, by local days; the two days beside the deadline come from the office's calendar (COR-16).

    received_on: for one on paper, the day that stands on it. `counts`: which of its two days, where they lead apart.
    """

    learned_on: Annotated[date, Words("得知之日", "day of learning")]
    today: Annotated[date, Words("判断日期", "day of the judgement")]
    recommended_latest: Annotated[date, Words("建议最迟日(末日为休息日的,前一工作日)", "recommended latest day")]
    late_after: Annotated[date, Words("末日为休息日的,其后第一个工作日", "the working day after a rest day")]
    received_on: Annotated[date | None, Words("旗卫健委收到书面申请之日", "day on which it was received")] = None
    recorded_on: Annotated[date | None, Words("纸面申请在系统登记之日", "day on which one on paper was recorded")] = (
        None
    )
    counts: Annotated[Counts, Words("旗卫健委明确以何日为准", "which day counts, as the commission says")] = ""


@dataclass(frozen=True)
class Clock:
    """The days of one application: internal target, recommended latest, last day, the one after which it is late.

    confirm_by: the day by which the ground is confirmed or not; it moves none of the others. basis: what all working
    days rest on.
    """

    learned_on: date
    confirm_by: date
    target: date
    recommended_latest: date
    last_day: date
    late_after: date
    basis: Basis


def learning_day(facts: LearningFacts, pack: Pack) -> Finding:
    """OT-6.3k The earlier of the notice and the employer's own record; provisional while the commission is asked."""
    grounds = Grounds(pack, "OT-6.3k", facts, ("application_months",), defaults=("PD", "COR-16"))
    notice = facts.first_notice if facts.ground == "working_time" else None
    known = [day for day in (notice, facts.own_record) if day is not None]
    if facts.dismissed or facts.question == "no_ground":
        return grounds.met("cancelled", _CANCELLED)
    if not known:
        return grounds.asked(_ASK_LEARNED, _NOT_KNOWN)
    learned = min(known)
    last_day = deadline_in_months(learned, grounds["application_months"].whole)
    provisional = facts.question == "open"
    figures: dict[str, Value] = {"learned_on": learned, "last_day": last_day, "provisional": provisional}
    because = (_PROVISIONAL if provisional else _RUNNING).filled(learned=learned, last_day=last_day)
    return grounds.warned("provisional" if provisional else "running", because, figures)


def clock_of(learned_on: date, calendar: WorkingCalendar, pack: Pack) -> Clock:
    """OT-6.3k, COR-16 All days of the application, from the day of learning."""
    last_day = deadline_in_months(learned_on, pack.parameters["application_months"].whole)
    target = deadline_in_months(learned_on, pack.parameters["application_target_months"].whole)
    confirming = calendar.deadline_after(
        calendar.instant(learned_on, time()), pack.parameters["ground_confirmation_days"].whole
    )
    inferred = Basis.PROVISIONAL in (calendar.deadline_on(last_day).basis, confirming.basis)
    return Clock(
        learned_on=learned_on,
        confirm_by=confirming.last_day,
        target=calendar.recommended_latest(target),
        recommended_latest=calendar.recommended_latest(last_day),
        last_day=last_day,
        late_after=calendar.late_after(last_day),
        basis=Basis.PROVISIONAL if inferred else Basis.OFFICIAL,
    )


def application_of(
    clock: Clock, calendar: WorkingCalendar, *, now: datetime, received: datetime | None
) -> ApplicationFacts:
    """The facts of an application as the rule takes them: an instant counts by its local day, to 24:00 (DEF-01)."""
    return ApplicationFacts(
        learned_on=clock.learned_on,
        today=calendar.local_day(now),
        recommended_latest=clock.recommended_latest,
        late_after=clock.late_after,
        received_on=calendar.local_day(received) if received else None,
    )


def application_is_in_time(facts: ApplicationFacts, pack: Pack) -> Finding:
    """OT-6.3k In time, late, or between: after a rest day legal confirms (COR-16). Late is accepted and marked.

    On paper two days may count, the one that stands on it and the one on which it was recorded: where they fall on
    different sides of the deadline, the commission says which (COR-04).
    """
    looked_at = facts.recorded_on if facts.counts == "recorded" else facts.received_on
    if facts.recorded_on and facts.received_on and not facts.counts:
        on_paper, here = (_timeliness(facts, pack, day) for day in (facts.received_on, facts.recorded_on))
        if on_paper.outcome != here.outcome:
            return _two_days(facts, pack, facts.received_on, facts.recorded_on)
    return _timeliness(facts, pack, looked_at)


def _two_days(facts: ApplicationFacts, pack: Pack, stated: date, recorded: date) -> Finding:
    grounds = Grounds(pack, "OT-6.3k", facts, ("application_months",), defaults=("COR-04",))
    last_day = deadline_in_months(facts.learned_on, grounds["application_months"].whole)
    figures: dict[str, Value] = {"last_day": last_day, "stated": stated, "recorded": recorded}
    said = _TWO_DAYS.filled(stated=stated, recorded=recorded, last_day=last_day)
    figures["question"] = DAY_OF_RECEIPT
    return grounds.asked(_ASK_DAY, said, readings=_DAY_READINGS, figures=figures)


def _timeliness(facts: ApplicationFacts, pack: Pack, received_on: date | None) -> Finding:
    grounds = Grounds(pack, "OT-6.3k", facts, ("application_months",), defaults=("DEF-04", "COR-16"))
    last_day = deadline_in_months(facts.learned_on, grounds["application_months"].whole)
    figures: dict[str, Value] = {
        "last_day": last_day,
        "recommended_latest": facts.recommended_latest,
        "late_after": facts.late_after,
    }
    said = {"last_day": last_day, "learned": facts.learned_on}
    looked_at = received_on or facts.today
    if looked_at <= last_day:
        in_time, because = ("in_time", _IN_TIME) if received_on else ("open", _OPEN)
        return grounds.met(in_time, because.filled(**said), figures)
    if looked_at <= facts.late_after:
        because = (_AFTER_REST if received_on else _REST_PASSED).filled(**said)
        return grounds.asked(_ASK_LEGAL, because, readings=_READINGS, figures=figures)
    late, because = ("late", _LATE) if received_on else ("overdue", _OVERDUE)
    return grounds.warned(late, because.filled(**said), figures)


_ASK_LEARNED = Words("用人单位何时得知该情形?请登记", "when did the employer learn of it?")
_NOT_KNOWN = Words("没有得知之日,期限不能起算", "no day of learning is on record, so no deadline can be counted")
_CANCELLED = Words("经核实或明确不构成终止事由,期限取消", "there is no ground: the deadline is cancelled")
_RUNNING = Words(
    "自{learned}得知之日起3个月内书面申请,最后一日{last_day}",
    "the written application is due within three months of {learned}: the last day is {last_day}",
)
_PROVISIONAL = Words(
    "期限暂自{learned}起算,最后一日{last_day};旗卫健委明确不构成事由的,期限取消",
    "counted from {learned} for now, the last day is {last_day}; cancelled if the commission finds no ground",
)
_OPEN = Words("{learned}得知,最迟{last_day}提出书面申请", "learned on {learned}; the application is due by {last_day}")
_IN_TIME = Words("在{last_day}期限内收到书面申请", "the application was received by {last_day}")
_AFTER_REST = Words(
    "期限末日{last_day}为休息日,其后第一个工作日内收到,是否按期待法务确认",
    "the last day {last_day} was a rest day and it was received by the next working day: to be confirmed by legal",
)
_REST_PASSED = Words(
    "期限末日{last_day}为休息日,是否顺延待法务确认,请立即提出申请",
    "the last day {last_day} was a rest day: whether it moves is to be confirmed by legal; apply at once",
)
_ASK_LEGAL = Words("期限末日为休息日的是否顺延?请法务确认", "does the rest day move the deadline? (legal confirms)")
_READINGS = (
    Reading(Words("顺延至其后第一个工作日,按期", "it moves to the next working day: in time"), "in_time"),
    Reading(Words("不顺延,逾期", "it does not: late"), "late"),
)
_TWO_DAYS = Words(
    "纸面所载日期为{stated},系统登记日期为{recorded},期限最后一日为{last_day}:是否按期因以何日为准而不同",
    "{stated} stands on the paper and it was recorded on {recorded}; the last day is {last_day}, so that it depends on "
    "which day counts",
)
_ASK_DAY = Words("以哪一日为收到书面申请之日?请旗卫健委明确", "on which day was it received? (the commission decides)")
_DAY_READINGS = (
    Reading(Words("以纸面所载、经核实的收件日期为准", "the day on the paper, as verified"), "stated"),
    Reading(Words("以系统登记日期为准", "the day on which it was recorded"), "recorded"),
)
_LATE = Words(
    "超过期限{last_day}收到:照常受理,标明逾期,并报旗卫健委",
    "received after {last_day}: accepted all the same, marked late, and told to the commission",
)
_OVERDUE = Words(
    "已过期限{last_day}仍未申请:报旗卫健委督促,合同不自动终止",
    "not received by {last_day}: told to the commission; the contract does not end by itself",
)
