"""Rows that say otherwise than they were read."""

from typing import Any, TypeVar

Kind = TypeVar("Kind")


def altered(row: Kind, **values: object) -> Kind:
    """A copy of a row that says otherwise; the row itself is left as it was read."""
    kind: Any = type(row)
    content = {column.name: getattr(row, column.name) for column in kind.__table__.columns}
    altered_row: Kind = kind(**{**content, **values})
    return altered_row
