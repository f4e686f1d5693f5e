"""The empty workbooks that an office fills in: headings, lists to choose from, every cell a text: no digit is lost."""

import io
from collections.abc import Iterable, Mapping, Sequence

import xlsxwriter  # type: ignore[import-untyped]  # ships no types
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]  # likewise

from services.county_words import INSTITUTION_KINDS, LANGUAGE_NAMES, PROFESSIONS, TITLES
from services.imports import INSTITUTIONS, PEOPLE
from services.opening_rows import HEADINGS as OPENING
from services.opening_rows import LISTS as OPENING_LISTS
from services.sheets import MOST_ROWS, Heading

WIDTH = 18
LISTS: Mapping[str, Mapping[str, str]] = {
    "profession": PROFESSIONS,
    "professional_title": TITLES,
    "language": LANGUAGE_NAMES,
    "kind": INSTITUTION_KINDS,
    **OPENING_LISTS,
}
# What a user typed must never become a formula or a number in a file of ours.
AS_TEXT = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}


def people_template() -> bytes:
    """An empty sheet of people (.xlsx)."""
    return workbook(PEOPLE, "人员", ())


def institutions_template() -> bytes:
    """An empty sheet of institutions (.xlsx)."""
    return workbook(INSTITUTIONS, "单位", ())


def opening_template() -> bytes:
    """An empty sheet of terms that are under way (.xlsx)."""
    return workbook(OPENING, "期初", ())


def workbook(
    headings: Sequence[Heading],
    title: str,
    rows: Iterable[Sequence[str]],
    *,
    lists: Mapping[str, Mapping[str, str]] = LISTS,
) -> bytes:
    """A workbook with these headings (needed ones starred), what to choose from by field, and rows of texts."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, AS_TEXT)
    sheet = book.add_worksheet(title)
    text, head = book.add_format({"num_format": "@"}), book.add_format({"bold": True, "bg_color": "#DDE8F0"})
    sheet.set_column(0, len(headings) - 1, WIDTH, text)
    sheet.freeze_panes(1, 0)
    for at, heading in enumerate(headings):
        sheet.write_string(0, at, heading.chinese + ("*" if heading.needed else ""), head)
        _offer(sheet, at, lists.get(heading.field))
    for number, row in enumerate(rows, start=1):
        for at, cell in enumerate(row):
            sheet.write_string(number, at, cell, text)
    book.close()
    return content.getvalue()


def _offer(sheet: Worksheet, at: int, choices: Mapping[str, str] | None) -> None:
    if choices:
        source = list(choices.values())
        sheet.data_validation(1, at, MOST_ROWS, at, {"validate": "list", "source": source})
