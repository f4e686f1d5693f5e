"""Dates as an office says them, in the programme's time zone (DEF-01, COR-09)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from i18n.words import SOURCE_LANGUAGE

OFFICE_TIME = ZoneInfo("Asia/Shanghai")

_WEEKDAYS_ZH = "一二三四五六日"
_WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS_EN = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def date_words(due: datetime, language: str, *, today: date | None = None) -> str:
    """Until when: 3月6日(周五)24时前, or "by the end of Friday 6 March".

    due is aware, in any zone; midnight ends the day before it. The year is said when today is given and in another.
    """
    local = due.astimezone(OFFICE_TIME)
    ends_day = local.time() == time()
    day = local.date() - timedelta(days=1) if ends_day else local.date()
    year = today is not None and today.year != day.year
    if language == SOURCE_LANGUAGE:
        until = "24时" if ends_day else f"{local:%H:%M}"
        return f"{_day_zh(day, year=year)}(周{_WEEKDAYS_ZH[day.weekday()]}){until}前"
    until = "by the end of" if ends_day else f"by {local:%H:%M} on"
    return f"{until} {_WEEKDAYS_EN[day.weekday()]} {_day_en(day, year=year)}"


def day_words(day: date, language: str) -> str:
    """A day in full: 2026年3月6日, or "6 March 2026"."""
    return _day_zh(day, year=True) if language == SOURCE_LANGUAGE else _day_en(day, year=True)


def moment_words(moment: datetime, language: str) -> str:
    """An instant to the minute, office time: 2026年3月6日 15:30, or "6 March 2026, 15:30"; moment is aware."""
    local = moment.astimezone(OFFICE_TIME)
    gap = " " if language == SOURCE_LANGUAGE else ", "
    return f"{day_words(local.date(), language)}{gap}{local:%H:%M}"


def _day_zh(day: date, *, year: bool) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if year else f"{day.month}月{day.day}日"


def _day_en(day: date, *, year: bool) -> str:
    return f"{day.day} {_MONTHS_EN[day.month - 1]}" + (f" {day.year}" if year else "")
