"""The published working days that come with the installation: State Council notices as chinesecalendar packs them."""

from datetime import date
from functools import lru_cache

import chinese_calendar

from policies.engine.calendar import Day, Source


@lru_cache(maxsize=4096)
def package_day(day: date) -> Day | None:
    """Whether a local day is worked, 调休 included; None for a year that the package does not hold (DEF-02)."""
    try:
        working = bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None
    return Day(day, working, Source.PACKAGE)
