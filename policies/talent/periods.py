"""When a contract is assessed: calendar or contract years, and years with too little of it (G-9, COR-24)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Literal

from policies.engine.dates import term_last_day_in_years, whole_months
from policies.engine.finding import Finding, Reading, Value
from policies.engine.grounds import Grounds
from policies.engine.pack_parts import Pack, Parameter
from policies.engine.words import Words

Basis = Literal["", "calendar_year", "contract_year"]
_CALENDAR: Basis = "calendar_year"
_CONTRACT: Basis = "contract_year"
_BOTH: tuple[Basis, ...] = (_CALENDAR, _CONTRACT)
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class PeriodFacts:
    """A contract, and what its one-person plan says of the year of its assessments; empty while it says nothing."""

    first_day: Annotated[date, Words("合同第一天", "first day of the contract")]
    last_day: Annotated[date, Words("合同最后一天", "last day of the contract")]
    on: Annotated[date, Words("判断日期", "day of the judgement")]
    basis: Annotated[Basis, Words("“一人一案”规定的考核年度", "year of assessment by the one-person plan")] = ""


@dataclass(frozen=True)
class Period:
    """What one assessment covers, both days counted. A stub is too short and has no period after it."""

    first_day: date
    last_day: date
    is_stub: bool = False


def assessment_is_due(facts: PeriodFacts, pack: Pack) -> Finding:
    """G-9, COR-24 Whether a period has ended by a day, and which. Where the plan names no year and the two years lead
    to different days, the commission is asked; a year with less than six months is merged with the next one.
    """
    names = ("assessment_basis", "assessment_months") if not facts.basis else ("assessment_months",)
    grounds = Grounds(pack, "OT-E1", facts, names, ("PD",), also=("OT-6.1a",))
    if not facts.first_day <= facts.last_day:
        return grounds.asked(_ASK_DAYS, _BACKWARDS)
    least = grounds["assessment_months"]
    found = {
        basis: _ended(periods_of(facts, basis, least), facts.on) for basis in ((facts.basis,) if facts.basis else _BOTH)
    }
    if len(set(found.values())) > 1:
        readings = tuple(
            Reading(_BY[basis].filled_by(when=_when(period)), _outcome(period)) for basis, period in found.items()
        )
        return grounds.asked(_ASK_BASIS, _BASIS_OPEN, readings=readings)
    period = next(iter(found.values()))
    if period is None:
        return grounds.met("not_due", _NOT_DUE)
    figures: dict[str, Value] = {"first_day": period.first_day, "last_day": period.last_day}
    said = {"first": period.first_day, "last": period.last_day}
    if period.is_stub:
        return grounds.asked(_ASK_STUB, _STUB.filled(**said), readings=_STUB_READINGS, figures=figures)
    return grounds.met("due", _DUE.filled(**said), figures)


def periods_of(facts: PeriodFacts, basis: Basis, least: Parameter) -> tuple[Period, ...]:
    """The periods of a whole contract. There is at least one: who was never assessed is at the end of the contract."""
    found: list[Period] = []
    since = facts.first_day
    for last_day in _year_ends(facts, basis):
        is_last = last_day == facts.last_day
        if least.holds_for(whole_months(since, last_day)) or (is_last and not found):
            found.append(Period(since, last_day))
            since = last_day + _ONE_DAY
        elif is_last:
            found.append(Period(since, last_day, is_stub=True))
    return tuple(found)


def _year_ends(facts: PeriodFacts, basis: Basis) -> Iterator[date]:
    """The last day of each year that the contract has a part of, the last of them that of the contract."""
    number = 0
    while True:
        by_calendar = date(facts.first_day.year + number, 12, 31)
        ends = by_calendar if basis == _CALENDAR else term_last_day_in_years(facts.first_day, number + 1)
        yield min(ends, facts.last_day)
        if ends >= facts.last_day:
            return
        number += 1


def _ended(periods: tuple[Period, ...], on: date) -> Period | None:
    """The latest period that is over on a day."""
    return next((each for each in reversed(periods) if each.last_day < on), None)


def _outcome(period: Period | None) -> str:
    if period is None:
        return "not_due"
    return "stub" if period.is_stub else "due"


def _when(period: Period | None) -> Words:
    if period is None:
        return _NONE_ENDED
    return _FROM_TO.filled(first=period.first_day, last=period.last_day)


_BACKWARDS = Words("合同最后一天早于第一天", "the contract ends before it begins")
_ASK_DAYS = Words("请核对合同起止日期", "which are the days of the contract?")
_BASIS_OPEN = Words(
    "“一人一案”未写明考核年度,两种算法结果不同;系统默认按自然年度",
    "the one-person plan names no year of assessment and the two differ; by default the calendar year",
)
_ASK_BASIS = Words("年度考核按自然年度还是合同年度?", "is it the calendar year or the year of the contract?")
_BY = {
    _CALENDAR: Words("按自然年度:{when}", "by the calendar year: {when}"),
    _CONTRACT: Words("按合同年度:{when}", "by the year of the contract: {when}"),
}
_FROM_TO = Words("考核期{first}至{last}", "the period from {first} to {last}")
_NONE_ENDED = Words("尚无结束的考核期", "no period has ended yet")
_NOT_DUE = Words("尚无结束的考核期", "no period has ended yet")
_DUE = Words(
    "考核期{first}至{last}已结束,应办理年度考核", "the period from {first} to {last} has ended and is assessed"
)
_STUB = Words(
    "合同最后一段{first}至{last}不足6个月,其后没有考核期可并入",
    "the last part, {first} to {last}, has less than six months and no period after it",
)
_ASK_STUB = Words("最后一段是否另行年度考核?", "is the last part assessed by itself?")
_STUB_READINGS = (
    Reading(Words("另行考核", "assessed"), "due"),
    Reading(Words("由终期验收一并评价,不另行考核", "left to the final acceptance"), "left_to_acceptance"),
)
