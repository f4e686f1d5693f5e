"""Rows that stand beside the file and must still be as they were written: what the case was started with, findings,
and what a lifecycle keeps.

The transition that writes, changes or removes such a row names it in a line of the case that owns it, with a keyed
hash of its content ("" for a row that was removed). `audit` reads the lines again and compares.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from db.engine.base import Row
from db.engine.cases import CaseFile, FindingRow
from db.engine.evidence_chain import canonical, instant
from vault.cipher import keyed_hash
from vault.keyring import Key

# Half of an HMAC-SHA-256: what RFC 2104 (section 5) asks for at least.
DIGEST_BYTES = 16
REMOVED = ""

Content = Mapping[str, Any]
Owner = aliased(CaseFile, name="owner")


@dataclass(frozen=True)
class RowKind:
    """One kind of row: which columns are its content, what names it in its case, and which case that is.

    name: as the lines have it, for ever. key: from the content. owned: joins the row with `Owner`, the case in whose
    file it is named. where: which rows of the table are of this kind. first: there before the first line, which names
    it.
    """

    name: str
    content: tuple[InstrumentedAttribute[Any], ...]
    key: Callable[[Content], str]
    owned: ColumnElement[bool]
    where: ColumnElement[bool] | None = field(default=None)
    first: bool = False

    def content_of(self, row: Row) -> Content:
        """The content of a row of this kind."""
        return {column.key: getattr(row, column.key) for column in self.content}

    def digest(self, row: Content, key: Key) -> str:
        """The keyed hash of the row's content, in hexadecimal."""
        content = {column.key: _plain(row[column.key]) for column in self.content}
        return keyed_hash(key, b"row", self.name.encode(), canonical(content).encode())[:DIGEST_BYTES].hex()

    def rows(self) -> Select[Any]:
        """Every row of this kind with the id of its owner, which is None for a row without one."""
        table = self.content[0].class_
        query = select(Owner.id.label("owner"), *self.content).select_from(table).outerjoin(Owner, self.owned)
        return query if self.where is None else query.where(self.where)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


START = RowKind(
    "start",
    (
        CaseFile.id,
        CaseFile.business_key,
        CaseFile.lifecycle,
        CaseFile.programme,
        CaseFile.cycle,
        CaseFile.institution,
        CaseFile.subject,
        CaseFile.pack,
        CaseFile.pack_version,
        CaseFile.pack_sha256,
        CaseFile.facts,
        CaseFile.started_by,
        CaseFile.started_at,
    ),
    key=lambda row: str(row["business_key"]),
    owned=CaseFile.id == Owner.id,
    first=True,
)


def _finding_key(row: Content) -> str:
    return f"{row['rule']} {instant(row['at'])}"


FINDING = RowKind(
    "finding",
    (
        FindingRow.case_id,
        FindingRow.person,
        FindingRow.rule,
        FindingRow.outcome,
        FindingRow.finding,
        FindingRow.at,
    ),
    key=_finding_key,
    owned=FindingRow.case_id == Owner.id,
)
