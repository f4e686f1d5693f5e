"""A workbook as rows of texts and dates under known headings, or a refusal before anything is stored."""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from policies.engine.refusals import Refusal
from services.field_problems import FieldProblem

LARGEST = 5 * 1024 * 1024
LARGEST_UNPACKED = 60 * 1024 * 1024
MOST_ROWS = 5000
# Beyond 15 digits a number cell has lost the last ones (IEEE 754 doubles, as sheets store them).
EXACT = 10**15

_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII)
Cell = Any


class SheetUnreadable(Refusal):
    """The upload is no workbook that can be read (.xlsx)."""


class SheetTooLarge(Refusal):
    """The workbook is larger, unpacked larger, or longer than one import takes."""


class SheetColumnsWrong(Refusal):
    """The headings are not those of the template: some are unknown, repeated, or needed and absent."""


class SheetEmpty(Refusal):
    """There is no row under the headings."""


@dataclass(frozen=True)
class Heading:
    """A column of a sheet: the field, its Chinese heading, whether its cells are days, and whether it must be there."""

    field: str
    chinese: str
    is_day: bool = False
    needed: bool = False


@dataclass(frozen=True)
class SheetRow:
    """One row: its number in the sheet, the given texts and days by field, and what was wrong with cells."""

    number: int
    texts: Mapping[str, str]
    days: Mapping[str, date]
    faults: tuple[FieldProblem, ...]


@dataclass(frozen=True)
class Sheet:
    """The rows that say anything, and the letter of each field's column."""

    rows: tuple[SheetRow, ...]
    columns: Mapping[str, str]


def read_sheet(content: bytes, headings: Sequence[Heading]) -> Sheet:
    """The first sheet. Raises SheetUnreadable, SheetTooLarge, SheetColumnsWrong or SheetEmpty."""
    cells = _cells(content)
    if not cells:
        raise SheetEmpty
    fields = _fields(cells[0], headings)
    columns = {heading.field: _letter(at) for at, heading in fields.items()}
    rows = tuple(_row(number, row, fields) for number, row in enumerate(cells[1:], start=2) if any(map(_text, row)))
    if not rows:
        raise SheetEmpty
    if len(rows) > MOST_ROWS:
        raise SheetTooLarge(rows=str(len(rows)), most=str(MOST_ROWS))
    return Sheet(rows, columns)


def _cells(content: bytes) -> list[list[Cell]]:
    if len(content) > LARGEST:
        raise SheetTooLarge(bytes=str(len(content)), most=str(LARGEST))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
        if unpacked > LARGEST_UNPACKED:
            raise SheetTooLarge(bytes=str(unpacked), most=str(LARGEST_UNPACKED))
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return workbook.get_sheet_by_index(0).to_python(skip_empty_area=False, nrows=MOST_ROWS * 2)
    except (CalamineError, zipfile.BadZipFile, IndexError) as unreadable:
        raise SheetUnreadable from unreadable


def _fields(first: Sequence[Cell], headings: Sequence[Heading]) -> dict[int, Heading]:
    known = {name: heading for heading in headings for name in (heading.chinese, heading.field)}
    texts = {at: _text(cell).rstrip("*＊ ") for at, cell in enumerate(first)}
    fields = {at: known[text] for at, text in texts.items() if text in known}
    unknown = [text for text in texts.values() if text and text not in known]
    found = [heading.field for heading in fields.values()]
    absent = [heading.chinese for heading in headings if heading.needed and heading.field not in found]
    repeated = [heading.chinese for heading in headings if found.count(heading.field) > 1]
    if unknown or absent or repeated:
        raise SheetColumnsWrong(unknown=_some(unknown), absent=_some(absent), repeated=_some(repeated))
    return fields


def _some(names: Sequence[str]) -> str:
    return "、".join(name[:20] for name in names[:5]) or "–"


def _row(number: int, cells: Sequence[Cell], fields: Mapping[int, Heading]) -> SheetRow:
    texts: dict[str, str] = {}
    days: dict[str, date] = {}
    faults: list[FieldProblem] = []
    for at, heading in fields.items():
        cell = cells[at] if at < len(cells) else ""
        text = _text(cell)
        if not text:
            continue
        if isinstance(cell, float) and abs(cell) >= EXACT:
            faults.append(FieldProblem(heading.field, "digits_lost"))
        elif not heading.is_day:
            texts[heading.field] = text
        elif (day := _day(cell)) is None:
            faults.append(FieldProblem(heading.field, "date_wrong"))
        else:
            days[heading.field] = day
    return SheetRow(number, texts, days, tuple(faults))


def _text(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _day(cell: Cell) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    return written_day(_text(cell))


def written_day(text: str) -> date | None:
    """A day as people write it into a cell, None for anything else."""
    found = _DATE.fullmatch(text)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _letter(at: int) -> str:
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
