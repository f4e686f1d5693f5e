"""The sheet of working time under flexible-talent contracts: a row a session; read, and written out (OT-6.3g)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from services.county_words import code_of
from services.field_problems import FieldProblem
from services.import_template import workbook
from services.sheets import Heading, SheetRow
from services.talent_words import SESSION_KINDS

SESSIONS = (
    Heading("contract", "合同事项编号"),
    Heading("key", "记录编号", needed=True),
    Heading("day", "日期", is_day=True, needed=True),
    Heading("kind", "工作类型", needed=True),
    Heading("units", "数量", needed=True),
    Heading("words", "说明"),
)


@dataclass(frozen=True)
class SessionRow:
    """Working time of one day, in the contract's unit. `key`: the deliverer's own, unique in the contract; the same key
    again corrects it, and no units take it back. `faults` were found before, in what was delivered.
    """

    contract: str
    key: str
    day: date
    kind: str
    units: Decimal
    words: str = ""
    evidence: str = ""
    faults: tuple[FieldProblem, ...] = ()


def row_of(row: SheetRow, *, contract: str = "") -> SessionRow:
    """What a row of the sheet says; one that names no contract is of the one whose page takes it."""
    texts, faults = row.texts, list(row.faults)
    wrong = {fault.field for fault in faults}
    needed = [heading.field for heading in SESSIONS if heading.needed]
    faults += [FieldProblem(name, "missing") for name in needed if name not in {*texts, *row.days, *wrong}]
    units = number_of(texts.get("units", ""))
    if units is None and "units" in texts:
        faults.append(FieldProblem("units", "units_wrong"))
    return SessionRow(
        texts.get("contract", contract),
        texts.get("key", ""),
        row.days.get("day", date.min),
        code_of(SESSION_KINDS, texts.get("kind", "")),
        units or Decimal(0),
        texts.get("words", ""),
        faults=tuple(faults),
    )


def number_of(written: str) -> Decimal | None:
    """A number as it was written; None for what is none."""
    try:
        number = Decimal(written.strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def session_sheet(rows: Iterable[SessionRow]) -> bytes:
    """The sheet (.xlsx) with what is on record, each as it holds."""
    lines = (
        (one.contract, one.key, one.day.isoformat(), SESSION_KINDS[one.kind], f"{one.units:f}", one.words)
        for one in rows
    )
    return workbook(SESSIONS, "工作时间", lines, lists={"kind": SESSION_KINDS})
