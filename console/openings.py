"""Opening balances: a template, a sheet that is looked at, its confirmation, what was imported (COR-17)."""

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from console.faults import status_of, words_of
from console.forms import kept_request, new_request
from console.visit import Fields, Here, Visit, text
from policies.engine.refusals import Refusal
from services.engine.permissions import Right, ensure
from services.field_problems import said
from services.import_template import opening_template
from services.opening_balances import Seen

router = APIRouter()
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("/openings")
async def openings(visit: Here, done: str = "") -> Response:
    """What was imported, and a place to upload the next sheet."""
    return await _shown(visit, done=done)


@router.get("/openings/template")
async def template(visit: Here) -> Response:
    """The empty sheet."""
    ensure(visit.signed_in(), Right.OPEN_BALANCES)
    headers = {"Content-Disposition": 'attachment; filename="openings.xlsx"'}
    return Response(opening_template(), media_type=XLSX, headers=headers)


@router.post("/openings")
async def look(visit: Here, fields: Fields) -> Response:
    """Judge every row and begin nothing."""
    upload = fields.get("sheet")
    content = await upload.read() if isinstance(upload, UploadFile) else b""
    try:
        seen = await visit.desks.openings.look(visit.signed_in(), content)
    except Refusal as refusal:
        return await _refused(visit, refusal)
    return await _shown(visit, seen=seen)


@router.post("/openings/confirm")
async def confirm(visit: Here, fields: Fields) -> Response:
    """Begin the terms of the good rows."""
    try:
        seen = await visit.desks.openings.confirm(visit.signed_in(), text(fields, "sheet")[:64])
    except Refusal as refusal:
        return await _refused(visit, refusal)
    return await _shown(visit, seen=seen)


@router.post("/openings/{case}/take-back")
async def take_back(case: str, visit: Here, fields: Fields) -> Response:
    """End a term that was imported wrongly; it may be imported anew."""
    request = kept_request(text(fields, "request"))
    words = text(fields, "words")
    try:
        done = await visit.desks.openings.take_back(case, visit.signed_in(), reason=words, request=request)
    except Refusal as refusal:
        return await _refused(visit, refusal)
    return visit.go(f"/openings?{urlencode({'done': done.state})}")


async def _refused(visit: Visit, refusal: Refusal) -> Response:
    ensure(visit.signed_in(), Right.OPEN_BALANCES)
    return await _shown(visit, status=status_of(refusal), problem=words_of(refusal), facts=dict(refusal.facts))


async def _shown(
    visit: Visit,
    *,
    status: int = 200,
    seen: Seen | None = None,
    problem: str = "",
    done: str = "",
    facts: dict[str, str] | None = None,
) -> Response:
    lines = await visit.desks.openings.lines(visit.signed_in())
    shown = {
        "lines": lines,
        "seen": seen,
        "rows": rows_of(visit, seen),
        "problem": problem,
        "facts": facts or {},
        "done": done,
    }
    return visit.page("openings.html", status=status, request_id=new_request(), **shown)


def rows_of(visit: Visit, seen: Seen | None) -> list[dict[str, Any]]:
    """Each row of a sheet that was judged: what it says, what became of it, and what is wrong in which cell."""
    rows: list[dict[str, Any]] = []
    if seen is None:
        return rows
    columns = seen.imported.columns
    for row in seen.imported.rows:
        faults = [(columns.get(one.field, ""), said(one, visit.language)) for one in row.result.problems]
        judged = {"number": row.number, "outcome": row.result.outcome, "key": row.result.key, "faults": faults}
        rows.append(judged | {"written": seen.written[row.number]})
    return rows
