"""三(二)1、2 Which days count: the pack's table of day types for each of the two clocks (DQ-3.2.1b, COR-13)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Annotated, Literal, get_args

from policies.engine.finding import Finding, Reading
from policies.engine.grounds import Grounds
from policies.engine.pack_parts import Pack
from policies.engine.words import Words

DayKind = Literal[
    "on_post",
    "annual",
    "official",
    "sick",
    "personal",
    "bereavement",
    "maternity",
    "disaster_duty",
    "recall",
    "force_majeure",
    "rest_day",
    "off_post",
]
Clock = Literal["site", "accumulated"]
KINDS: tuple[DayKind, ...] = get_args(DayKind)
OFF_POST, REST_DAY, ON_POST = "off_post", "rest_day", "on_post"
COUNTS, PAUSES, ASK, UNEXPLAINED = "counts", "pauses", "ask", "unexplained"
# Of these a stretch is never long, and never asked about.
_ORDINARY = (ON_POST, REST_DAY)
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class DayFacts:
    """Days of one type without a break, and the clock that is looked at."""

    kind: Annotated[DayKind, Words("日类型,如 recall(临时召回)", "type of day, e.g. recall by the sending hospital")]
    clock: Annotated[Clock, Words("site 定点连续,accumulated 累计", "site: the continuous months; accumulated")]
    days: Annotated[int, Words("同类连续天数,首尾均计", "days from the first to the last, both counted")] = 1


@dataclass(frozen=True)
class Recorded:
    """One local day as attendance has it, by its halves."""

    day: date
    morning: DayKind
    afternoon: DayKind


@dataclass(frozen=True)
class Stretch:
    """Days of one type without a break but rest days; `halves` are the half-days that are of it."""

    kind: DayKind
    first_day: date
    last_day: date
    halves: int

    @property
    def days(self) -> int:
        """From the first day to the last, both counted."""
        return (self.last_day - self.first_day).days + 1


@dataclass(frozen=True)
class Weight:
    """What days do to the two clocks: counts, pauses or, of the site only, restarts; "" while people are asked."""

    site: str
    accumulated: str

    @property
    def open(self) -> bool:
        """Whether people still have to say it."""
        return "" in (self.site, self.accumulated)


@dataclass(frozen=True)
class Span:
    """Days that something else speaks for: approved leave of a type, or an absence that people have judged."""

    first_day: date
    last_day: date
    kind: str = ""

    def holds(self, day: date) -> bool:
        """Whether a day lies in it."""
        return self.first_day <= day <= self.last_day


def day_weighs(facts: DayFacts, pack: Pack) -> Finding:
    """DQ-3.2.1b By type a day counts or pauses; a long stretch, and types left open, people weigh (DEF-21)."""
    if facts.kind == OFF_POST:
        absence = Grounds(pack, "DQ-3.2.2d", facts, also=("DQ-3.2.1b",))
        return absence.warned(UNEXPLAINED, _UNEXPLAINED)
    long = Grounds(pack, "DQ-3.2.1b", facts, ("long_leave_days",), defaults=("DEF-21",))
    if facts.kind not in _ORDINARY and long["long_leave_days"].holds_for(facts.days):
        return long.asked(_QUESTION, _LONG.filled(days=facts.days), readings=READINGS)
    counts, pauses = f"{facts.clock}_days_that_count", f"{facts.clock}_days_that_pause"
    grounds = Grounds(pack, "DQ-3.2.1b", facts, (counts, pauses))
    if facts.kind in grounds[counts].listed:
        return grounds.met(COUNTS, _COUNTS)
    if facts.kind in grounds[pauses].listed:
        return grounds.met(PAUSES, _PAUSES)
    return grounds.asked(_QUESTION, _LEFT_OPEN, readings=READINGS)


def weight_of(kind: DayKind, days: int, pack: Pack, *, answer: str = "") -> Weight:
    """What so many days of a type do to both clocks; where the table asks, what people have answered, or ""."""
    site = day_weighs(DayFacts(kind, "site", days), pack).outcome
    accumulated = day_weighs(DayFacts(kind, "accumulated", days), pack).outcome
    # Accumulated months are not continuous: for them a new start is no more than a pause.
    return Weight(site or answer, accumulated or (PAUSES if answer == "restarts" else answer))


def table(pack: Pack) -> Mapping[DayKind, tuple[str, str]]:
    """The table as a page shows it: what one day of each type does to the site's clock and to the accumulated one."""
    weights = {kind: weight_of(kind, 1, pack) for kind in KINDS}
    return {kind: (found.site or ASK, found.accumulated or ASK) for kind, found in weights.items()}


def asks(stretch: Stretch, pack: Pack) -> bool:
    """Whether people have to weigh a stretch."""
    return weight_of(stretch.kind, stretch.days, pack).open


def stretches(days: Iterable[Recorded], rests: Callable[[date], bool]) -> tuple[Stretch, ...]:
    """Stretches of every type but ordinary ones, by their first day. Rest days, recorded or of the calendar, between
    two days of a type do not break it, and are none of its days.
    """
    known = {each.day: each for each in days}
    running: dict[DayKind, Stretch] = {}
    found: list[Stretch] = []
    for day in sorted(known):
        for kind, halves in _halves(known[day]).items():
            before = running.get(kind)
            if before and _only_rest(before.last_day, day, known, rests):
                running[kind] = replace(before, last_day=day, halves=before.halves + halves)
                continue
            found += [before] if before else []
            running[kind] = Stretch(kind, day, day, halves)
    return tuple(sorted([*found, *running.values()], key=lambda one: (one.first_day, one.kind)))


def left_to_attendance(days: Iterable[Recorded], spans: Sequence[Span]) -> tuple[Recorded, ...]:
    """The days for which only attendance speaks: approved leave and judged absence are stronger."""
    return tuple(each for each in days if not any(span.holds(each.day) for span in spans))


def unexplained(days: Iterable[Recorded], spans: Sequence[Span], rests: Callable[[date], bool]) -> tuple[Stretch, ...]:
    """DQ-3.2.2d Days off post for which there is neither leave, asked for or approved, nor an absence on record, as
    stretches that people may record. Nothing follows from them by themselves.
    """
    left = [each for each in days if not any(span.holds(each.day) for span in spans)]
    return tuple(each for each in stretches(left, rests) if each.kind == OFF_POST)


def contradicts(day: Recorded, span: Span) -> bool:
    """Whether attendance says something else of a day than the leave or absence (kind off_post) in which it lies."""
    said = {day.morning, day.afternoon} - {REST_DAY, span.kind}
    return span.holds(day.day) and bool(said)


def _halves(day: Recorded) -> Mapping[DayKind, int]:
    said = (day.morning, day.afternoon)
    return {kind: said.count(kind) for kind in said if kind not in _ORDINARY}


def _only_rest(last: date, day: date, known: Mapping[date, Recorded], rests: Callable[[date], bool]) -> bool:
    between = (last + timedelta(days=number) for number in range(1, (day - last).days))
    return all(_is_rest(known[each]) if each in known else rests(each) for each in between)


def _is_rest(day: Recorded) -> bool:
    return (day.morning, day.afternoon) == (REST_DAY, REST_DAY)


_QUESTION = Words(
    "这些日子对服务期有何影响?请集团明确", "what do these days do to the months of service? (the group decides)"
)
READINGS = (
    Reading(Words("照常计时", "the time counts"), "counts"),
    Reading(Words("暂停计时,期限顺延", "the clock pauses and the end moves"), "pauses"),
    Reading(Words("连续中断,重新起算", "the months start again"), "restarts"),
)
_LONG = Words(
    "同类连续{days}天,按长假处理,原文未规定是否打断连续",
    "{days} days of one type are long; the text does not say whether they break the months",
)
_LEFT_OPEN = Words("原文未规定这类日子是否打断连续", "the text does not say whether days of this type break the months")
_COUNTS = Words("照常计时", "the time counts")
_PAUSES = Words("暂停计时,期限顺延相应天数", "the clock pauses; the end moves by as many days")
_UNEXPLAINED = Words(
    "不在岗且无请假记录:须由人登记并确认,确认前不产生后果",
    "off post without leave on record: people record and confirm it, until then nothing follows",
)
