"""Working days, swapped days and deadlines (DEF-01, DEF-02, DEF-04, COR-16)."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest

from db.engine.package_calendar import package_day
from policies.engine.calendar import (
    Basis,
    Day,
    DayBook,
    InstantWithoutZone,
    NoWorkingDayInAYear,
    NoWorkingDaysGiven,
    Source,
    WorkingCalendar,
    inferred_day,
)

LOCAL = timezone(timedelta(hours=8))


def a_calendar(*rows: Day) -> WorkingCalendar:
    return WorkingCalendar(DayBook({row.date: row for row in rows}, package_day))


def at(year: int, month: int, day: int, hour: int = 9) -> datetime:
    return datetime(year, month, day, hour, tzinfo=LOCAL)


def test_the_day_of_the_event_is_not_counted_and_the_last_day_ends_at_24_local() -> None:
    deadline = a_calendar().deadline_after(at(2026, 3, 2), 4)
    assert deadline.last_day == date(2026, 3, 6)
    assert deadline.due == datetime(2026, 3, 6, 16, tzinfo=UTC)
    assert deadline.basis is Basis.OFFICIAL


def test_the_event_belongs_to_its_local_day_not_to_the_day_in_utc() -> None:
    late_evening_in_utc = datetime(2026, 3, 1, 23, tzinfo=UTC)
    assert a_calendar().deadline_after(late_evening_in_utc, 1).last_day == date(2026, 3, 3)
    assert a_calendar().deadline_after(late_evening_in_utc - timedelta(hours=8), 1).last_day == date(2026, 3, 2)


def test_spring_festival_is_left_out_and_its_swapped_saturday_is_worked() -> None:
    # 2026: holiday 15 to 23 February; Saturdays 14 and 28 February are worked.
    calendar = a_calendar()
    assert calendar.deadline_after(at(2026, 2, 12), 2).last_day == date(2026, 2, 14)
    assert calendar.deadline_after(at(2026, 2, 12), 3).last_day == date(2026, 2, 24)
    assert calendar.deadline_after(at(2026, 2, 26), 2).last_day == date(2026, 2, 28)


def test_an_override_wins_over_the_package() -> None:
    closed = Day(date(2026, 3, 3), working=False, source=Source.OVERRIDE)
    deadline = a_calendar(closed).deadline_after(at(2026, 3, 2), 1)
    assert deadline.last_day == date(2026, 3, 4)
    assert deadline.basis is Basis.OFFICIAL


def test_an_unpublished_year_is_flagged_and_only_fixed_holidays_are_left_out() -> None:
    deadline = a_calendar().deadline_after(at(2026, 12, 30), 3)
    assert deadline.last_day == date(2027, 1, 5)
    assert deadline.basis is Basis.PROVISIONAL


def test_a_deadline_that_stays_in_a_published_year_is_official() -> None:
    assert a_calendar().deadline_after(at(2026, 12, 30), 1).basis is Basis.OFFICIAL


def test_a_loaded_notice_makes_a_provisional_deadline_official_and_moves_it() -> None:
    notice = [
        Day(date(2027, 1, 1), working=False, source=Source.OFFICIAL),
        Day(date(2027, 1, 2), working=False, source=Source.OFFICIAL),
        Day(date(2027, 1, 3), working=True, source=Source.OFFICIAL),
        Day(date(2027, 1, 4), working=True, source=Source.OFFICIAL),
    ]
    deadline = a_calendar(*notice).deadline_after(at(2026, 12, 30), 3)
    assert deadline.last_day == date(2027, 1, 4)
    assert deadline.basis is Basis.OFFICIAL


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2027, 1, 1), False),
        (date(2027, 4, 30), True),
        (date(2028, 5, 1), False),
        (date(2028, 5, 2), False),
        (date(2028, 5, 3), True),
        (date(2030, 10, 1), False),
        (date(2030, 10, 2), False),
        (date(2030, 10, 3), False),
        (date(2030, 10, 4), True),
        (date(2027, 2, 8), True),  # inside the lunar holiday, which is not predicted
        (date(2027, 2, 6), False),
    ],
)
def test_inferred_days_know_weekends_and_holidays_fixed_by_date(day: date, working: bool) -> None:  # noqa: FBT001
    assert inferred_day(day) == Day(day, working, Source.PROVISIONAL)


def test_the_package_refuses_to_guess_years_that_are_not_published() -> None:
    assert package_day(date(2026, 2, 14)) == Day(date(2026, 2, 14), working=True, source=Source.PACKAGE)
    assert package_day(date(2027, 1, 4)) is None
    assert package_day(date(2003, 1, 6)) is None


def test_a_given_last_day_on_a_sunday_stays_with_a_target_before_and_lateness_after_monday() -> None:
    calendar = a_calendar()
    deadline = calendar.deadline_on(date(2026, 3, 8))
    assert deadline.last_day == date(2026, 3, 8)
    assert deadline.due == datetime(2026, 3, 8, 16, tzinfo=UTC)
    assert calendar.recommended_latest(deadline.last_day) == date(2026, 3, 6)
    assert calendar.late_after(deadline.last_day) == date(2026, 3, 9)


def test_a_given_last_day_that_is_worked_is_its_own_target() -> None:
    calendar = a_calendar()
    assert calendar.recommended_latest(date(2026, 3, 6)) == date(2026, 3, 6)
    assert calendar.late_after(date(2026, 3, 6)) == date(2026, 3, 6)


def test_a_given_last_day_in_an_unpublished_year_is_provisional() -> None:
    assert a_calendar().deadline_on(date(2027, 1, 31)).basis is Basis.PROVISIONAL


@pytest.mark.parametrize(
    ("working_days", "expected"),
    [(-3, date(2026, 3, 3)), (-1, date(2026, 3, 5)), (0, date(2026, 3, 6)), (1, date(2026, 3, 9))],
)
def test_days_shift_over_the_weekend(working_days: int, expected: date) -> None:
    assert a_calendar().shift(date(2026, 3, 6), working_days) == expected


def test_a_local_time_becomes_an_instant_in_utc() -> None:
    assert a_calendar().instant(date(2026, 3, 6), time(9)) == datetime(2026, 3, 6, 1, tzinfo=UTC)


def test_an_instant_without_its_zone_is_refused() -> None:
    with pytest.raises(InstantWithoutZone):
        a_calendar().deadline_after(datetime(2026, 3, 2, 9), 1)  # noqa: DTZ001


@pytest.mark.parametrize("working_days", [0, -1])
def test_a_deadline_needs_at_least_one_working_day(working_days: int) -> None:
    with pytest.raises(NoWorkingDaysGiven):
        a_calendar().deadline_after(at(2026, 3, 2), working_days)


def test_a_calendar_without_working_days_is_refused_instead_of_searched_for_ever() -> None:
    idle = WorkingCalendar(lambda day: Day(day, working=False, source=Source.OVERRIDE))
    with pytest.raises(NoWorkingDayInAYear):
        idle.deadline_after(at(2026, 3, 2), 1)
