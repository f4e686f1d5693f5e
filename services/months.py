"""Whole months of one year, as pay is reckoned."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from services.field_problems import FactsRefused, FieldProblem

_MONTH = re.compile(r"(20\d{2})-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True)
class Period:
    """From the first day of one month to the last day of the same or a later month of the year."""

    year: int
    first: int
    last: int

    @property
    def first_day(self) -> date:
        """Its first local day."""
        return date(self.year, self.first, 1)

    @property
    def last_day(self) -> date:
        """Its last local day."""
        return date(self.year + self.last // 12, self.last % 12 + 1, 1) - timedelta(days=1)

    @property
    def written(self) -> str:
        """As it is kept: 2026-01/2026-03."""
        return f"{self.year}-{self.first:02}/{self.year}-{self.last:02}"


def period_of(first: str, last: str) -> Period:
    """Two months as they were written, 2026-01; FactsRefused names the one that is none, or that comes too early."""
    found = {"first_month": _MONTH.fullmatch(first.strip()), "last_month": _MONTH.fullmatch(last.strip())}
    problems = [FieldProblem(name, "month_wrong") for name, match in found.items() if match is None]
    begins, ends = found["first_month"], found["last_month"]
    if begins is None or ends is None:
        raise FactsRefused(tuple(problems))
    if begins[1] != ends[1] or begins[2] > ends[2]:
        raise FactsRefused((FieldProblem("last_month", "months_backwards"),))
    return Period(int(begins[1]), int(begins[2]), int(ends[2]))
