"""三(二)2 Unauthorised absence and what follows from it (DQ-3.2.2d, e)."""

from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import Annotated, Literal

from policies.engine.finding import Finding, Reading, Value
from policies.engine.grounds import Grounds
from policies.engine.pack_parts import Pack
from policies.engine.words import Words
from policies.vocabulary import TRAINEE, Programme

State = Literal["recorded", "confirmed", "dismissed"]


@dataclass(frozen=True)
class IncidentFacts:
    """One absence: how long it was without a break."""

    days: Annotated[Decimal, Words("连续天数", "days without a break")]
    leave_papers: Annotated[bool, Words("是否履行请假手续", "whether leave was asked for")]


@dataclass(frozen=True)
class Incident:
    """One incident of a term."""

    id: Annotated[str, Words("记录编号", "record id")]
    days: Annotated[Decimal, Words("连续工作日数", "working days without a break")]
    state: Annotated[State, Words("状态", "state")]
    times: Annotated[int | None, Words("多日旷工由集团认定的次数", "times the group settled for a longer incident")] = (
        None
    )


@dataclass(frozen=True)
class AbsenceFacts:
    """All incidents of one term."""

    programme: Annotated[Programme, Words("类别", "programme")]
    incidents: Annotated[tuple[Incident, ...], Words("本次服务期内的旷工记录", "incidents of this term")]
    appeal_open: Annotated[bool, Words("是否有未决异议", "whether an objection is open")] = False


def times_of(facts: IncidentFacts, pack: Pack) -> Finding:
    """DQ-3.2.2d One day without leave is one time; a longer incident is for the group to settle (COR-14)."""
    grounds = Grounds(pack, "DQ-3.2.2d", facts, ("one_incident_days",), also=("DQ-3.2.2e",))
    if facts.leave_papers:
        return Grounds(pack, "DQ-3.2.2d", facts).met("no_incident", _ON_LEAVE)
    if facts.days <= 0:
        return Grounds(pack, "DQ-3.2.2d", facts).met("no_incident", _NOT_ABSENT)
    figures: dict[str, Value] = {"days": facts.days}
    if grounds["one_incident_days"].holds_for(facts.days):
        return grounds.warned("one_time", _ONE_TIME, figures | {"times": 1})
    longer = Grounds(pack, "DQ-3.2.2d", facts, defaults=("COR-14",), also=("DQ-3.2.2e",))
    by_day = _by_day(facts.days)
    readings = (_AS_ONE, Reading(_BY_DAY.filled(times=by_day), f"times_{by_day}"))
    because = _LONGER.filled(days=facts.days)
    return longer.asked(_ASK_TIMES, because, readings=readings, between=(1, by_day), figures=figures | {"times": 0})


def service_counts(facts: AbsenceFacts, pack: Pack) -> Finding:
    """DQ-3.2.2e More than three confirmed absences void the time of this service, once the group confirms it."""
    grounds = Grounds(pack, "DQ-3.2.2e", facts, ("absences_allowed",))
    confirmed = [each for each in facts.incidents if each.state == "confirmed"]
    unsettled = [each for each in confirmed if _times(each, pack) is None]
    times = sum(_times(each, pack) or 0 for each in confirmed)
    figures = _figures(confirmed, times, pack)
    if grounds["absences_allowed"].holds_for(times):
        return _void(facts, pack, figures)
    if unsettled:
        most = times + sum(_by_day(each.days) for each in unsettled)
        counted = Grounds(pack, "DQ-3.2.2e", facts, ("absences_allowed",), defaults=("COR-14",))
        between = (times + len(unsettled), most)
        return counted.asked(_ASK_TIMES, _UNSETTLED.filled(times=times), between=between, figures=figures)
    if pack.parameters["absence_warns_from"].holds_for(times):
        warned = Grounds(pack, "DQ-3.2.2e", facts, ("absences_allowed",))
        return warned.warned("counts", _COUNTS_WARNED.filled(times=times), figures)
    return grounds.met("counts", _COUNTS.filled(times=times), figures)


def _void(facts: AbsenceFacts, pack: Pack, figures: dict[str, Value]) -> Finding:
    times = figures["times"]
    if facts.appeal_open:
        pending = Grounds(pack, "DQ-3.2.2e", facts, ("absences_allowed",), defaults=("DEF-16",))
        return pending.warned("pending_appeal", _APPEALED.filled(times=times), figures)
    grounds = Grounds(pack, "DQ-3.2.2e", facts, ("absences_allowed",))
    because = _VOID_TRAINING if facts.programme == TRAINEE else _VOID_SERVICE
    return grounds.unmet("void_pending", because.filled(times=times), figures)


def _figures(confirmed: list[Incident], times: int, pack: Pack) -> dict[str, Value]:
    """COR-14: the employer of record is alerted by days, whatever the number of times."""
    days = [each.days for each in confirmed]
    running = pack.parameters["absence_alert_running_days"]
    total = pack.parameters["absence_alert_total_days"]
    alert = running.holds_for(max(days, default=Decimal(0))) or total.holds_for(sum(days, Decimal(0)))
    return {"times": times, "days": sum(days, Decimal(0)), "alert_employer": alert}


def _times(incident: Incident, pack: Pack) -> int | None:
    if incident.times is not None:
        return incident.times
    return 1 if pack.parameters["one_incident_days"].holds_for(incident.days) else None


def _by_day(days: Decimal) -> int:
    return ceil(days)


_ON_LEAVE = Words("已履行请假手续,不属旷工", "leave was asked for; no unauthorised absence")
_NOT_ABSENT = Words("没有缺勤天数", "no day of absence")
_ONE_TIME = Words("不超过一天,经确认后计1次", "not longer than a day; one time once confirmed")
_LONGER = Words(
    "连续{days}天,原文未规定如何计次,明确前不计",
    "{days} days without a break; the text does not say how many times, nothing counts until settled",
)
_ASK_TIMES = Words("多日旷工计几次?请集团明确", "how many times is a longer absence? (the group decides)")
_AS_ONE = Reading(Words("一次连续旷工计1次", "one absence without a break is one time"), "times_1")
_BY_DAY = Words("每天计1次,共{times}次", "each day is one time, {times} in all")
_UNSETTLED = Words("已计{times}次,另有多日旷工待明确次数", "{times} counted; a longer absence is still to be settled")
_COUNTS = Words("旷工{times}次,本次服务时间计入", "{times} unauthorised absences; the time counts")
_COUNTS_WARNED = Words(
    "旷工{times}次,未超过3次,本次服务时间计入;请注意",
    "{times} unauthorised absences, not more than 3; the time counts, take care",
)
_VOID_SERVICE = Words(
    "旷工{times}次,超过3次,本次服务时间不计入基层服务,待集团确认",
    "{times} absences are more than 3: the time of service does not count, the group confirms",
)
_VOID_TRAINING = Words(
    "旷工{times}次,超过3次,不计入进修轮训经历,待集团确认",
    "{times} absences are more than 3: the training does not count, the group confirms",
)
_APPEALED = Words("旷工{times}次,异议未决,暂不适用", "{times} absences; an objection is open, so nothing applies yet")
