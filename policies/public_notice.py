"""三(三)3 The public notice of a list (公示): an optional stage, whose days people count on the calendar (COR-20)."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from policies.engine.calendar import WorkingCalendar
from policies.engine.finding import Finding, Value
from policies.engine.grounds import Grounds
from policies.engine.pack_parts import Pack
from policies.engine.words import Words

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class NoticeFacts:
    """One notice of one list. Local days, both counted; `working_days` of them, by the calendar of the office."""

    met_on: Annotated[date, Words("确定名单的会议日期", "day of the meeting that settled the list")]
    from_day: Annotated[date, Words("公示开始日期", "first day of the notice")]
    to_day: Annotated[date, Words("公示结束日期", "last day of the notice")]
    working_days: Annotated[int, Words("其中工作日天数", "working days among them")]
    today: Annotated[date, Words("登记日期", "day on which it is recorded")]


def notice_is_kept(facts: NoticeFacts, pack: Pack) -> Finding:
    """COR-20 Not before the meeting, over before it is recorded, and as many working days as the pack asks for."""
    grounds = Grounds(pack, "DQ-3.3.3d", facts, ("public_notice_days",))
    if facts.to_day < facts.from_day:
        return grounds.unmet("backwards", _BACKWARDS)
    if facts.from_day < facts.met_on:
        return grounds.unmet("before_meeting", _BEFORE_MEETING)
    if facts.to_day >= facts.today:
        return grounds.unmet("not_over", _NOT_OVER)
    least = grounds["public_notice_days"]
    figures: dict[str, Value] = {"working_days": facts.working_days, "least": least.whole}
    if not least.holds_for(facts.working_days):
        return grounds.unmet("too_short", _TOO_SHORT.filled(**figures), figures)
    return grounds.met("kept", _KEPT.filled(**figures), figures)


def notice_of(from_day: date, to_day: date, *, met_on: date, today: date, calendar: WorkingCalendar) -> NoticeFacts:
    """The facts of a notice; days are counted only where they lie after the meeting and have ended."""
    counted = range((to_day - from_day).days + 1) if met_on <= from_day and to_day < today else ()
    worked = sum(calendar.days(from_day + n * _ONE_DAY).working for n in counted)
    return NoticeFacts(met_on, from_day, to_day, worked, today)


def earliest_end(first: date, least: int, calendar: WorkingCalendar) -> date:
    """The local day with which a notice of `least` working days ends, when it begins on `first`."""
    return calendar.shift(first - _ONE_DAY, least)


_BACKWARDS = Words("公示结束日期早于开始日期", "the notice ends before it begins")
_BEFORE_MEETING = Words(
    "公示开始日期早于确定名单的会议日期", "the notice begins before the meeting that settled the list"
)
_NOT_OVER = Words("公示期最后一天尚未结束", "the last day of the notice has not ended")
_TOO_SHORT = Words(
    "公示{working_days}个工作日,至少须{least}个工作日", "{working_days} working days; at least {least} are needed"
)
_KEPT = Words("公示{working_days}个工作日,不少于{least}个工作日", "{working_days} working days, of at least {least}")
