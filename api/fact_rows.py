"""Facts delivered in rows: who may, the answer with a result a row, once under a key, and the empty sheet."""

from collections.abc import Awaitable, Callable, Sequence

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from api.callers import Caller, ScopeMissing, may, name_of
from api.messages import Body
from api.people import XLSX
from api.rows import results
from api.starts import answered_once
from services.attendance_book import Keeper
from services.engine.idempotency import KeptAnswer
from services.engine.permissions import Right, Viewer, ensure
from services.facts import RowResult

FACTS = "facts:write"


def keeper_of(caller: Caller, channel: str, *rights: Right) -> Keeper:
    """A person who has one of these rights somewhere, for what their roles reach; a program for everybody."""
    if isinstance(caller, Viewer):
        if not any(caller.may(right) for right in rights):
            ensure(caller, rights[0])
        return Keeper(caller.person, channel, caller)
    if not may(caller, FACTS):
        raise ScopeMissing(scope=FACTS)
    return Keeper(name_of(caller), channel)


async def stored_rows(
    request: Request,
    body: Body,
    store: Callable[[], Awaitable[Sequence[RowResult]]],
    *,
    caller: Caller,
    key: str | None,
    tried: bool,
) -> JSONResponse:
    """The result of each row; what is only tried is never kept under a key."""

    async def work() -> KeptAnswer:
        return KeptAnswer(200, results(request, await store(), tried=tried).model_dump(mode="json"))

    kept = await answered_once(request, body, work, caller=caller, key=None if tried else key)
    return JSONResponse(kept.body, kept.status, headers={"Idempotent-Replayed": "true"} if kept.again else None)


def empty_sheet(content: bytes, name: str) -> Response:
    """A sheet (.xlsx) to be filled in."""
    return Response(content, media_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}.xlsx"'})
