"""Many writes in one round trip: rows of several tables go to the database as one JSON text, in one statement.

The parts of a statement see the record as it was before it, so what is written together never changes a row twice and
never rests on what another part writes; foreign keys are looked at when all of it is done.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import cast

from sqlalchemy import Dialect, Table
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from db.engine.base import Row
from vault.columns import Sealed


@dataclass(frozen=True)
class _Part:
    """One table and what happens to it. No `by` means new rows; `renews` lets them replace those of the same key."""

    table: Table
    columns: tuple[str, ...]
    by: tuple[str, ...] = ()
    renews: bool = False


class Writes:
    """Gathers rows until they are sent. A row maps column names to values; what it leaves out has its default."""

    def __init__(self) -> None:
        """Nothing to write yet."""
        self._gathered: dict[_Part, list[Mapping[str, object]]] = {}

    def add(self, kind: type[Row], *rows: Mapping[str, object]) -> None:
        """New rows."""
        self._new(kind, rows, renews=False)

    def put(self, kind: type[Row], *rows: Mapping[str, object]) -> None:
        """New rows, or the whole of what stands under their primary keys."""
        self._new(kind, rows, renews=True)

    def change(self, kind: type[Row], *rows: Mapping[str, object], by: tuple[str, ...]) -> None:
        """Set the columns of a row wherever those in `by` are equal and something would change."""
        for row in rows:
            self._gathered.setdefault(_Part(_table(kind), tuple(row), by=by), []).append(row)

    def _new(self, kind: type[Row], rows: tuple[Mapping[str, object], ...], *, renews: bool) -> None:
        table = _table(kind)
        for row in rows:
            whole = {**_defaults(table), **row}
            self._gathered.setdefault(_Part(table, tuple(whole), renews=renews), []).append(whole)

    async def send(self, connection: AsyncConnection) -> None:
        """Write all that has been gathered; nothing is left behind."""
        if not self._gathered:
            return
        rows = [[_stored(part.table, row, connection.dialect) for row in rows] for part, rows in self._gathered.items()]
        text = json.dumps(rows, ensure_ascii=False, default=_as_text)
        await connection.exec_driver_sql(_statement(tuple(self._gathered)), (text,))
        self._gathered.clear()


def _table(kind: type[Row]) -> Table:
    return cast("Table", kind.__table__)


@lru_cache
def _defaults(table: Table) -> Mapping[str, object]:
    given = ((column.name, column.default) for column in table.columns)
    return {name: default.arg for name, default in given if isinstance(default, ScalarElementColumnDefault)}


@lru_cache
def _sealed(table: Table) -> Mapping[str, Sealed]:
    return {column.name: column.type for column in table.columns if isinstance(column.type, Sealed)}


def _stored(table: Table, row: Mapping[str, object], dialect: Dialect) -> Mapping[str, object]:
    """The row with its sealed columns sealed."""
    stored = dict(row)
    for name, kind in _sealed(table).items():
        stored[name] = kind.process_bind_param(cast("str | None", row.get(name)), dialect)
    return stored


def _as_text(value: object) -> str:
    """Bytes and instants as PostgreSQL reads them."""
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


@lru_cache
def _statement(parts: tuple[_Part, ...]) -> str:
    """Names come from our own tables, values only through the one parameter."""
    written = [_changing(part, number) if part.by else _adding(part, number) for number, part in enumerate(parts)]
    return "WITH " + ", ".join(f"part_{number} AS ({sql})" for number, sql in enumerate(written)) + " SELECT 1"


def _rows(part: _Part, number: int) -> str:
    return f'jsonb_populate_recordset(NULL::"{part.table.name}", $1::jsonb -> {number})'


def _adding(part: _Part, number: int) -> str:
    names = _list(part.columns)
    adding = f'INSERT INTO "{part.table.name}" ({names}) SELECT {names} FROM {_rows(part, number)}'  # noqa: S608
    if not part.renews:
        return adding
    keys = tuple(column.name for column in part.table.primary_key)
    renewed = ", ".join(f'"{name}" = excluded."{name}"' for name in part.columns if name not in keys)
    return f"{adding} ON CONFLICT ({_list(keys)}) DO UPDATE SET {renewed}"


def _changing(part: _Part, number: int) -> str:
    values = tuple(name for name in part.columns if name not in part.by)
    changed = ", ".join(f'"{name}" = new."{name}"' for name in values)
    same = " AND ".join(f'old."{name}" = new."{name}"' for name in part.by)
    differs = f"ROW({_list(values, of='old.')}) IS DISTINCT FROM ROW({_list(values, of='new.')})"
    table, rows = part.table.name, _rows(part, number)
    return f'UPDATE "{table}" AS old SET {changed} FROM {rows} AS new WHERE {same} AND {differs}'  # noqa: S608


def _list(names: tuple[str, ...], *, of: str = "") -> str:
    return ", ".join(f'{of}"{name}"' for name in names)
