"""The ladder over a deadline (DEF-06, COR-07, COR-16)."""

from datetime import UTC, date, datetime, time, timedelta

from db.engine.package_calendar import package_day
from policies.engine.calendar import DayBook, WorkingCalendar
from policies.engine.ladder import Timed, instants, weekly_after
from policies.engine.pack_parts import LadderType, RungType, WeeklyType

CALENDAR = WorkingCalendar(DayBook({}, package_day))
STANDARD = LadderType(
    name="standard",
    at=time(9),
    rungs=(
        RungType("before_3", -3, "reminder", ("assignee",)),
        RungType("before_1", -1, "reminder", ("assignee",)),
        RungType("due", 0, "reminder", ("assignee",)),
        RungType("overdue_1", 1, "urge", ("assignee", "hr")),
        RungType("overdue_3", 3, "escalation", ("superior",)),
        RungType("overdue_5", 5, "escalation", ("next_level", "monitor")),
    ),
    weekly=WeeklyType(after=5, every_weeks=1, kind="escalation", to=("next_level",)),
)
LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)


def nine_on(month: int, day: int, year: int = 2026) -> datetime:
    return datetime(year, month, day, 1, tzinfo=UTC)


def rungs_of(last_day: date, opened_at: datetime = LONG_AGO) -> tuple[Timed, ...]:
    return instants(STANDARD, CALENDAR.deadline_on(last_day), CALENDAR, opened_at=opened_at)


def first_weekly(last_day: date, after: datetime) -> Timed:
    found = weekly_after(STANDARD, CALENDAR.deadline_on(last_day), CALENDAR, after=after)
    assert found is not None
    return found


def test_rungs_fire_at_nine_local_on_working_days_around_a_friday() -> None:
    assert [(rung.name, rung.at) for rung in rungs_of(date(2026, 3, 6))] == [
        ("before_3", nine_on(3, 3)),
        ("before_1", nine_on(3, 5)),
        ("due", nine_on(3, 6)),
        ("overdue_1", nine_on(3, 9)),
        ("overdue_3", nine_on(3, 11)),
        ("overdue_5", nine_on(3, 13)),
    ]


def test_a_rung_keeps_its_kind_and_its_receivers() -> None:
    urged = rungs_of(date(2026, 3, 6))[3]
    assert (urged.kind, urged.to) == ("urge", ("assignee", "hr"))


def test_a_swapped_saturday_carries_a_rung_and_the_holiday_none() -> None:
    # 2026: Saturday 14 February is worked, 15 to 23 February is Spring Festival.
    assert [rung.at for rung in rungs_of(date(2026, 2, 14))] == [
        nine_on(2, 11),
        nine_on(2, 13),
        nine_on(2, 14),
        nine_on(2, 24),
        nine_on(2, 26),
        nine_on(2, 28),
    ]


def test_a_deadline_on_a_sunday_reminds_before_the_weekend_and_is_late_after_monday() -> None:
    assert [rung.at for rung in rungs_of(date(2026, 3, 8))][:4] == [
        nine_on(3, 3),
        nine_on(3, 5),
        nine_on(3, 6),
        nine_on(3, 10),
    ]


def test_rungs_that_had_passed_when_the_task_opened_are_marked_and_kept() -> None:
    rungs = rungs_of(date(2026, 3, 6), opened_at=nine_on(3, 5))
    assert [(rung.name, rung.skipped) for rung in rungs][:4] == [
        ("before_3", True),
        ("before_1", True),
        ("due", False),
        ("overdue_1", False),
    ]


def test_weekly_repeats_begin_a_week_after_their_rung() -> None:
    last_fixed = rungs_of(date(2026, 3, 6))[-1].at
    first = first_weekly(date(2026, 3, 6), last_fixed)
    assert (first.name, first.at, first.to) == ("weekly_1", nine_on(3, 20), ("next_level",))
    second = first_weekly(date(2026, 3, 6), first.at)
    assert (second.name, second.at) == ("weekly_2", nine_on(3, 27))


def test_a_weekly_repeat_in_a_long_holiday_fires_once_on_the_day_after_it() -> None:
    # Overdue by 5 on Thursday 24 September; repeats planned on 1 and 8 October both meet on Thursday 8 October.
    last_day = CALENDAR.shift(date(2026, 9, 24), -5)
    in_the_holiday = first_weekly(last_day, nine_on(10, 3))
    assert in_the_holiday.at == nine_on(10, 8)
    assert in_the_holiday.name == "weekly_1"
    assert first_weekly(last_day, in_the_holiday.at).at == nine_on(10, 15)


def test_weekly_repeats_go_on_over_years_without_being_counted_one_by_one() -> None:
    found = first_weekly(date(2026, 3, 6), nine_on(3, 6, year=2036))
    assert timedelta(0) < found.at - nine_on(3, 6, year=2036) <= timedelta(days=7)
    assert found.name == "weekly_521"


def test_every_other_week_is_a_ladder_of_its_own() -> None:
    slow = LadderType("slow", time(9), (), WeeklyType(after=1, every_weeks=2, kind="escalation", to=("superior",)))
    found = weekly_after(slow, CALENDAR.deadline_on(date(2026, 3, 6)), CALENDAR, after=nine_on(3, 9))
    assert found is not None
    assert found.at == nine_on(3, 23)


def test_a_ladder_without_a_weekly_rung_ends() -> None:
    short = LadderType("short", time(9), STANDARD.rungs, None)
    assert weekly_after(short, CALENDAR.deadline_on(date(2026, 3, 6)), CALENDAR, after=nine_on(3, 6)) is None


FROM_A_DAY = LadderType(
    name="from_a_day",
    at=time(9),
    rungs=(
        RungType("before_1", -1, "reminder", ("assignee",)),
        RungType("day_30", 30, "reminder", ("assignee",), since="learned_on"),
        RungType("day_85", 85, "reminder", ("assignee",), since="learned_on"),
    ),
    weekly=None,
)


def test_a_rung_may_count_calendar_days_from_a_day_that_the_task_names() -> None:
    deadline = CALENDAR.deadline_on(date(2026, 6, 9))
    timed = instants(FROM_A_DAY, deadline, CALENDAR, opened_at=LONG_AGO, refs={"learned_on": "2026-03-09"})
    # Thirty days after 9 March is 8 April; 85 days after it is 2 June.
    assert [(rung.name, rung.at) for rung in timed] == [
        ("day_30", nine_on(4, 8)), ("day_85", nine_on(6, 2)), ("before_1", nine_on(6, 8)),
    ]  # fmt: skip


def test_one_that_falls_on_a_rest_day_fires_before_it_and_never_later_than_it_says() -> None:
    deadline = CALENDAR.deadline_on(date(2026, 6, 5))
    timed = instants(FROM_A_DAY, deadline, CALENDAR, opened_at=LONG_AGO, refs={"learned_on": "2026-03-05"})
    # 4 April 2026 is a Saturday of the holiday: Friday the 3rd.
    assert timed[0] == Timed("day_30", "reminder", ("assignee",), nine_on(4, 3))


def test_without_the_day_such_a_rung_has_no_instant_and_the_others_stay() -> None:
    timed = instants(FROM_A_DAY, CALENDAR.deadline_on(date(2026, 6, 5)), CALENDAR, opened_at=LONG_AGO)
    assert [rung.name for rung in timed] == ["before_1"]
