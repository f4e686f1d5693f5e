"""The monthly sheet of attendance: a row a person, a column a day, a mark in each cell; read, and written out."""

import io
import re
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import xlsxwriter  # type: ignore[import-untyped]  # ships no types

from policies.days import KINDS
from services.attendance_book import AttendanceRow, DayEntry
from services.day_words import DAY_KINDS, DAY_MARKS, halves_of
from services.field_problems import FieldProblem
from services.import_template import AS_TEXT
from services.sheets import Heading, SheetRow

LONGEST_MONTH = 31
WHO = (
    Heading("term", "事项编号"),
    Heading("person", "人员编号"),
    Heading("name", "姓名"),
    Heading("month", "月份", needed=True),
)
MONTH = (
    *WHO,
    *(Heading(f"d{number}", str(number)) for number in range(1, LONGEST_MONTH + 1)),
    Heading("words", "说明"),
)
# Widths of the columns of who, of a day, and of the words.
_WIDE, _NARROW = 20, 5
_A_MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})(?!\d).*", re.ASCII | re.DOTALL)


@dataclass(frozen=True)
class SheetLine:
    """One person's month as it is written out: marks by the number of the day."""

    term: str
    person: str
    name: str
    marks: Mapping[int, str]


def row_of(row: SheetRow) -> AttendanceRow:
    """What a row of the sheet says; an empty cell says nothing."""
    month = month_of(row.texts.get("month", ""))
    faults = list(row.faults)
    if month is None:
        faults.append(FieldProblem("month", "month_wrong" if "month" in row.texts else "missing"))
    cells = {number: row.texts[f"d{number}"] for number in range(1, LONGEST_MONTH + 1) if f"d{number}" in row.texts}
    last = monthrange(month.year, month.month)[1] if month else LONGEST_MONTH
    faults += [FieldProblem(f"d{number}", "day_not_in_month") for number in cells if number > last]
    days = [
        DayEntry(month.replace(day=number), *halves_of(cell), field=f"d{number}")
        for number, cell in cells.items()
        if month and number <= last
    ]
    who = {name: row.texts.get(name, "") for name in ("term", "person", "name", "words")}
    return AttendanceRow(tuple(days), faults=tuple(faults), **who)


def month_of(written: str) -> date | None:
    """The first day of a month such as 2026-03, 2026年3月, or a date in it; None for what is none."""
    found = _A_MONTH.fullmatch(written.strip())
    try:
        return date(int(found[1]), int(found[2]), 1) if found else None
    except ValueError:
        return None


def mark_of(morning: str, afternoon: str) -> str:
    """The mark of a day: one for both halves, or two."""
    first, second = DAY_MARKS[morning], DAY_MARKS[afternoon]
    return first if first == second else f"{first}/{second}"


def month_sheet(month: date | None, lines: Iterable[SheetLine]) -> bytes:
    """The sheet of a month (.xlsx) with what is on record, and the legend on a second page; empty without a month."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, AS_TEXT)
    sheet = book.add_worksheet("考勤")
    text, head = book.add_format({"num_format": "@"}), book.add_format({"bold": True, "bg_color": "#DDE8F0"})
    sheet.set_column(0, len(WHO) - 1, _WIDE, text)
    sheet.set_column(len(WHO), len(MONTH) - 2, _NARROW, text)
    sheet.set_column(len(MONTH) - 1, len(MONTH) - 1, _WIDE, text)
    sheet.freeze_panes(1, len(WHO))
    for at, heading in enumerate(MONTH):
        sheet.write_string(0, at, heading.chinese + ("*" if heading.needed else ""), head)
    for number, line in enumerate(lines, start=1):
        who = (line.term, line.person, line.name, f"{month:%Y-%m}" if month else "")
        marks = (line.marks.get(day, "") for day in range(1, LONGEST_MONTH + 1))
        for at, cell in enumerate((*who, *marks)):
            sheet.write_string(number, at, cell, text)
    legend = book.add_worksheet("图例")
    legend.set_column(0, 0, _NARROW, text)
    legend.set_column(1, 1, _WIDE, text)
    for number, kind in enumerate(KINDS):
        legend.write_string(number, 0, DAY_MARKS[kind], text)
        legend.write_string(number, 1, DAY_KINDS[kind], text)
    legend.write_string(len(KINDS), 1, "上下午不同：岗/病", text)
    book.close()
    return content.getvalue()
