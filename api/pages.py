"""Lists in pages: an opaque cursor, and how many at once."""

import base64
import binascii
from collections.abc import Sequence
from typing import Annotated, TypeVar

from fastapi import Query

from policies.engine.refusals import Refusal

Entry = TypeVar("Entry")
Limit = Annotated[int, Query(ge=1, le=200, description="How many at once.")]
Cursor = Annotated[str | None, Query(max_length=400, description="`next` of the page before.")]


class CursorUnknown(Refusal):
    """The cursor is none that this API gave."""


def cursor_of(last: str) -> str:
    """The cursor behind which the next page begins."""
    return base64.urlsafe_b64encode(last.encode()).decode().rstrip("=")


def after_of(cursor: str | None) -> str:
    """Where a page begins; CursorUnknown for what is no cursor."""
    if not cursor:
        return ""
    try:
        after = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise CursorUnknown from None
    if not after.isprintable():
        raise CursorUnknown
    return after


def page(found: Sequence[Entry], limit: int) -> tuple[Sequence[Entry], bool]:
    """The entries of this page, and whether another follows; one more than the limit was asked for."""
    return found[:limit], len(found) > limit
