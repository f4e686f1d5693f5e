"""A document as Word (docx), which the office may still complete before it is signed."""

from datetime import UTC, datetime
from io import BytesIO

import docx
from docx.document import Document as Docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table as DocxTable
from docx.table import _Cell as Cell
from docx.table import _Row as Row
from docx.text.paragraph import Paragraph

from services.official.model import LANGUAGE, Box, Boxes, Clause, Document, Fact, Facts, Passage, Table

FAMILY = "宋体"
LINE_WIDTH = 16.4
FAINT = RGBColor(0x5A, 0x5A, 0x5A)


def word(document: Document, *, at: datetime) -> bytes:
    """The docx of a document, dated with an aware instant."""
    made = docx.Document()
    _set_up(made)
    _line(made.add_paragraph(), document.issuer, centred=True)
    _line(made.add_paragraph(), document.title, centred=True, size=18, bold=True)
    told = made.core_properties
    told.title, told.author, told.comments, told.language = document.title, "", "", LANGUAGE
    told.created = told.modified = at.astimezone(UTC)
    _facts(made, document.official)
    for part in document.parts:
        match part:
            case Facts():
                _caption(made, part.caption)
                _facts(made, part.facts)
            case Clause():
                _clause(made, part)
            case Table():
                _table(made, part)
            case Boxes():
                _caption(made, part.caption)
                _boxes(made, part.boxes)
            case Passage():
                _caption(made, part.caption)
                _line(made.add_paragraph(), part.words)
    for words in document.foot:
        _line(made.add_paragraph(), words, size=8.5, faint=True)
    kept = BytesIO()
    made.save(kept)
    return kept.getvalue()


def _set_up(made: Docx) -> None:
    """A4, Chinese throughout, a family for simplified forms."""
    section = made.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.3)
    section.top_margin, section.bottom_margin = Cm(2.2), Cm(2)
    normal = made.styles["Normal"]
    normal.font.name, normal.font.size = "Times New Roman", Pt(10.5)
    normal.paragraph_format.space_after = Pt(3)
    properties = normal.element.get_or_add_rPr()
    properties.rFonts.set(qn("w:eastAsia"), FAMILY)
    spoken = OxmlElement("w:lang")
    for name in ("w:val", "w:eastAsia"):
        spoken.set(qn(name), LANGUAGE)
    properties.append(spoken)


def _caption(made: Docx, words: str) -> None:
    """Also what keeps two tables apart, which Word would else join."""
    paragraph = made.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(6)
    paragraph.paragraph_format.keep_with_next = True
    _line(paragraph, words, bold=True)


def _facts(made: Docx, facts: tuple[Fact, ...]) -> None:
    """Two labelled values in a line."""
    pairs = [facts[at : at + 2] for at in range(0, len(facts), 2)]
    table = _grid(made, (2.6, 5.6, 2.6, 5.6))
    for pair in pairs:
        cells = table.add_row().cells
        for at, fact in enumerate(pair):
            _line(cells[2 * at].paragraphs[0], fact.label, faint=True)
            _line(cells[2 * at + 1].paragraphs[0], fact.value)


def _clause(made: Docx, clause: Clause) -> None:
    if clause.quote:
        made.add_paragraph().paragraph_format.space_after = Pt(0)
        _line(made.add_paragraph(), f"「{clause.quote}」")
    told = (clause.rule, clause.place, clause.mark, clause.source)
    _line(made.add_paragraph(), " · ".join(part for part in told if part), size=9, faint=True)


def _table(made: Docx, table: Table) -> None:
    _caption(made, table.caption)
    if not table.rows:
        _line(made.add_paragraph(), table.empty)
        return
    whole = sum(column.width for column in table.columns)
    grid = _grid(made, tuple(LINE_WIDTH * column.width / whole for column in table.columns))
    head = grid.add_row()
    _mark(head, "w:tblHeader")
    for cell, column in zip(head.cells, table.columns, strict=True):
        _line(cell.paragraphs[0], column.title, bold=True)
    for row in table.rows:
        for cell, words in zip(grid.add_row().cells, row, strict=True):
            _line(cell.paragraphs[0], words)


def _boxes(made: Docx, boxes: tuple[Box, ...]) -> None:
    grid = _grid(made, (3.2, LINE_WIDTH - 3.2))
    for box in boxes:
        row = grid.add_row()
        _mark(row, "w:cantSplit")
        heading, content = row.cells
        _line(heading.paragraphs[0], box.heading, centred=True, bold=True)
        _box(content, box)


def _box(cell: Cell, box: Box) -> None:
    _line(cell.paragraphs[0], f"意见：{box.opinion}")
    for _ in range(1 if box.opinion else 3):
        cell.add_paragraph()
    signer = f"（{box.signer}）" if box.signer else ""
    _line(cell.add_paragraph(), f"签字：{signer}____________　　　　盖章：")
    dated = cell.add_paragraph()
    dated.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _line(dated, box.day or "　　年　　月　　日")
    for note in box.notes:
        _line(cell.add_paragraph(), note, size=8.5, faint=True)


def _grid(made: Docx, widths: tuple[float, ...]) -> DocxTable:
    """An empty table with these widths in centimetres; readers other than Word want them on each cell."""
    table: DocxTable = made.add_table(rows=0, cols=len(widths), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    return table


def _mark(row: Row, property_name: str) -> None:
    """A property of a row for which python-docx has no name: repeated on each page, or kept on one."""
    row._tr.get_or_add_trPr().append(OxmlElement(property_name))  # noqa: SLF001


def _line(
    paragraph: Paragraph,
    words: str,
    *,
    size: float | None = None,
    bold: bool = False,
    faint: bool = False,
    centred: bool = False,
) -> None:
    run = paragraph.add_run(words)
    run.bold = bold or None
    if size:
        run.font.size = Pt(size)
    if faint:
        run.font.color.rgb = FAINT
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
