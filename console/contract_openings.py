"""Running flexible-talent contracts: a template, a sheet that is looked at, its confirmation, the imported (COR-17)."""

from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from console.faults import status_of, words_of
from console.forms import kept_request, new_request
from console.openings import XLSX, rows_of
from console.visit import Fields, Here, Visit, text
from policies.engine.refusals import Refusal
from services.engine.permissions import Right, ensure
from services.opening_balances import Seen
from services.talent_opening_rows import contracts_template

router = APIRouter()


@router.get("/contract-openings")
async def openings(visit: Here, done: str = "") -> Response:
    """What was imported, and a place to upload the next sheet."""
    return await _shown(visit, done=done)


@router.get("/contract-openings/template")
async def template(visit: Here) -> Response:
    """The empty sheet."""
    ensure(visit.signed_in(), Right.OPEN_CONTRACTS)
    headers = {"Content-Disposition": 'attachment; filename="running-contracts.xlsx"'}
    return Response(contracts_template(), media_type=XLSX, headers=headers)


@router.post("/contract-openings")
async def look(visit: Here, fields: Fields) -> Response:
    """Judge every row and begin nothing."""
    upload = fields.get("sheet")
    content = await upload.read() if isinstance(upload, UploadFile) else b""
    try:
        seen = await visit.desks.contract_openings.look(visit.signed_in(), content)
    except Refusal as refusal:
        return await _refused(visit, refusal)
    return await _shown(visit, seen=seen)


@router.post("/contract-openings/confirm")
async def confirm(visit: Here, fields: Fields) -> Response:
    """Begin the contracts of the good rows."""
    try:
        seen = await visit.desks.contract_openings.confirm(visit.signed_in(), text(fields, "sheet")[:64])
    except Refusal as refusal:
        return await _refused(visit, refusal)
    return await _shown(visit, seen=seen)


@router.post("/contract-openings/{case}/take-back")
async def take_back(case: str, visit: Here, fields: Fields) -> Response:
    """End a contract that was imported wrongly; it may be imported anew."""
    request = kept_request(text(fields, "request"))
    words = text(fields, "words")
    try:
        done = await visit.desks.contract_openings.take_back(case, visit.signed_in(), reason=words, request=request)
    except Refusal as refusal:
        return await _refused(visit, refusal)
    return visit.go(f"/contract-openings?{urlencode({'done': done.state})}")


async def _refused(visit: Visit, refusal: Refusal) -> Response:
    ensure(visit.signed_in(), Right.OPEN_CONTRACTS)
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
    lines = await visit.desks.contract_openings.lines(visit.signed_in())
    shown = {
        "lines": lines,
        "seen": seen,
        "rows": rows_of(visit, seen),
        "problem": problem,
        "facts": facts or {},
        "done": done,
    }
    return visit.page("contract_openings.html", status=status, request_id=new_request(), **shown)
