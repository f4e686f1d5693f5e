"""DEF-04: deadlines and terms are counted differently."""

from datetime import date

import pytest

from policies.engine.dates import days_beyond_months, deadline_in_months, met_from, term_last_day, whole_months


@pytest.mark.parametrize(
    ("event", "months", "last"),
    [
        (date(2026, 10, 15), 3, date(2027, 1, 15)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2023, 11, 30), 3, date(2024, 2, 29)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
    ],
)
def test_a_deadline_does_not_count_the_day_of_the_event(event: date, months: int, last: date) -> None:
    assert deadline_in_months(event, months) == last


@pytest.mark.parametrize(
    ("first", "months", "last"),
    [
        (date(2026, 3, 1), 6, date(2026, 8, 31)),
        (date(2026, 3, 15), 6, date(2026, 9, 14)),
        (date(2026, 8, 28), 6, date(2027, 2, 27)),
        (date(2026, 8, 29), 6, date(2027, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 9, 1), 6, date(2027, 2, 28)),
        (date(2026, 1, 1), 12, date(2026, 12, 31)),
    ],
)
def test_a_term_counts_its_first_day(first: date, months: int, last: date) -> None:
    assert term_last_day(first, months) == last


def test_full_years_are_met_the_day_after_their_last_day() -> None:
    assert met_from(date(2023, 9, 1), 3) == date(2026, 9, 1)
    assert met_from(date(2024, 2, 29), 3) == date(2027, 3, 1)


@pytest.mark.parametrize("first", [date(2024, 1, 29), date(2026, 1, 31), date(2026, 2, 28), date(2026, 12, 1)])
def test_whole_months_and_the_last_day_of_a_term_agree(first: date) -> None:
    for months in range(1, 38):
        last = term_last_day(first, months)
        assert (whole_months(first, last), days_beyond_months(first, last)) == (months, 0)
        assert whole_months(first, last.replace(day=last.day - 1)) == months - 1


def test_an_end_before_the_start_is_no_service() -> None:
    assert whole_months(date(2026, 3, 1), date(2026, 2, 27)) == 0
    assert days_beyond_months(date(2026, 3, 1), date(2026, 2, 27)) == 0


def test_days_beyond_the_full_months_are_left_over() -> None:
    assert days_beyond_months(date(2025, 1, 1), date(2025, 6, 15)) == 15
    assert days_beyond_months(date(2025, 1, 1), date(2025, 1, 1)) == 1
