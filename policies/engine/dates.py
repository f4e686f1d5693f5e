"""Months and years as the law counts them (DEF-04): a deadline and a term are counted differently.

All days are local days of the programme's time zone; nothing here reads a clock.
"""

from calendar import monthrange
from datetime import date, timedelta

_MONTHS_A_YEAR = 12
_ONE_DAY = timedelta(days=1)


def deadline_in_months(event: date, months: int) -> date:
    """The last day of a deadline: the day of the event is not counted (Civil Code arts. 201-202).

    It is the corresponding day of the target month, or that month's last day if there is none; a rest day does not
    move it.
    """
    year, month = _month_after(event, months)
    return date(year, month, min(event.day, monthrange(year, month)[1]))


def term_last_day(first_day: date, months: int) -> date:
    """The last day of a term whose first day counts: the day before the corresponding day.

    A month without the corresponding day ends the term with its own last day.
    """
    year, month = _month_after(first_day, months)
    if first_day.day > monthrange(year, month)[1]:
        return date(year, month, monthrange(year, month)[1])
    return date(year, month, first_day.day) - _ONE_DAY


def term_last_day_in_years(first_day: date, years: int) -> date:
    """The last day of the n-th year counted from the first day."""
    return term_last_day(first_day, years * _MONTHS_A_YEAR)


def met_from(first_day: date, years: int) -> date:
    """The first day on which a full number of years (满 n 年) is met: the day after the n-th year's last day."""
    return term_last_day_in_years(first_day, years) + _ONE_DAY


def whole_months(first_day: date, last_day: date) -> int:
    """How many full months lie between two days, both counted; 0 if the last day comes before the first."""
    guess = (last_day.year - first_day.year) * _MONTHS_A_YEAR + last_day.month - first_day.month + 1
    while guess > 0 and term_last_day(first_day, guess) > last_day:
        guess -= 1
    return max(guess, 0)


def days_beyond_months(first_day: date, last_day: date) -> int:
    """The days left over when the full months between two days, both counted, are taken away."""
    months = whole_months(first_day, last_day)
    counted_to = term_last_day(first_day, months) if months else first_day - _ONE_DAY
    return max((last_day - counted_to).days, 0)


def _month_after(day: date, months: int) -> tuple[int, int]:
    index = day.year * _MONTHS_A_YEAR + day.month - 1 + months
    return index // _MONTHS_A_YEAR, index % _MONTHS_A_YEAR + 1
