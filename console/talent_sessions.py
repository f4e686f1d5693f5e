"""Recording under a flexible-talent contract: sessions, their correction, force majeure, and what proves them
(OT-6.3g, G-13).
"""

from datetime import date
from decimal import Decimal, InvalidOperation

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from console.attendance import XLSX, fault_of
from console.forms import kept_request
from console.talent_contracts import gone_to, shown
from console.terms import days_of
from console.visit import Fields, Here, Visit, text
from policies.engine.refusals import Refusal
from services.attendance_book import Keeper
from services.engine.decisions import PAGE
from services.engine.permissions import NotForYou, Right
from services.engine.scans import Scan
from services.facts import REFUSED, UNCHANGED
from services.field_problems import FactsRefused, FieldProblem
from services.talent_sessions import Claim, SessionRow
from services.talent_sheet import session_sheet
from services.talent_views import ContractRecord

router = APIRouter()
FILE, SHEET = "evidence_file", "sheet"
TAKE_BACK = "take_back"


@router.post("/talent-contracts/{case}/sessions")
async def record_session(case: str, visit: Here, fields: Fields) -> Response:
    """Record a session, correct it, or take it back; earlier words of it stay."""
    viewer, record = visit.signed_in(), await _recording(visit, case)
    keeper = Keeper(viewer.person, PAGE, viewer)
    try:
        row = await _row(visit, record, fields, keeper)
        (result,) = await visit.desks.talent_sessions.store([row], keeper=keeper)
        if result.outcome == REFUSED:
            raise FactsRefused(result.problems)
    except Refusal as refusal:
        return await shown(visit, case, form="session", fields=fields, refusal=refusal)
    taken_back = row.units == 0 and result.outcome != UNCHANGED
    return visit.go(gone_to(case, "session_taken_back" if taken_back else f"session_{result.outcome}", "sessions"))


@router.get("/talent-contracts/{case}/sheet")
async def sheet(case: str, visit: Here) -> Response:
    """The sheet with every session as it holds, to be corrected and added to."""
    record = await _recording(visit, case)
    rows = [SessionRow(case, one.key, one.day, one.kind, one.units, one.words) for one in reversed(record.sessions)]
    headers = {"Content-Disposition": 'attachment; filename="talent-sessions.xlsx"'}
    return Response(session_sheet(rows), media_type=XLSX, headers=headers)


@router.post("/talent-contracts/{case}/sheet")
async def take_sheet(case: str, visit: Here, fields: Fields) -> Response:
    """Check a sheet, or check and keep it, and show what became of each row."""
    viewer, _ = visit.signed_in(), await _recording(visit, case)
    upload, try_only = fields.get(SHEET), text(fields, "act") != "keep"
    content = await upload.read() if isinstance(upload, UploadFile) and upload.filename else b""
    keeper = Keeper(viewer.person, "import", viewer)
    desk = visit.desks.talent_sessions
    try:
        found = await desk.take_sheet(content, keeper=keeper, contract=case, try_only=try_only)
    except Refusal as refusal:
        return await shown(visit, case, form="sheet", refusal=refusal, fault=fault_of(visit, refusal))
    return await shown(visit, case, form="sheet", found=found)


async def _recording(visit: Visit, case: str) -> ContractRecord:
    record = await visit.desks.talent_views.contract(case, visit.signed_in())
    if not record.may_record:
        raise NotForYou(right=Right.KEEP_SESSIONS.value)
    return record


@router.post("/talent-contracts/{case}/excuses")
async def claim_excuse(case: str, visit: Here, fields: Fields) -> Response:
    """Claim that force majeure took agreed time; the commission is asked."""
    viewer = visit.signed_in()
    record = await visit.desks.talent_views.contract(case, viewer)
    if not record.may_claim:
        raise NotForYou(right=Right.KEEP_SESSIONS.value)
    keeper = Keeper(viewer.person, PAGE, viewer)
    try:
        first_day, last_day = days_of(fields)
        said = text(fields, "kind"), text(fields, "units"), text(fields, "words")
        claim = Claim(case, first_day, last_day, *said, await _evidence(visit, case, fields, keeper))
        await visit.desks.talent_sessions.claim(claim, keeper=keeper, request=kept_request(text(fields, "request")))
    except Refusal as refusal:
        return await shown(visit, case, form="claim", fields=fields, refusal=refusal)
    return visit.go(gone_to(case, "claimed", "excuses"))


@router.get("/talent-contracts/{case}/files/{digest}")
async def evidence(case: str, digest: str, visit: Here) -> Response:
    """The file that proves a session or a claim, for whoever may read it."""
    kind, content = await visit.desks.talent_files.file(case, digest, visit.signed_in())
    headers = {"Content-Disposition": f'attachment; filename="{digest[:12]}.{kind.rsplit("/", 1)[1]}"'}
    return Response(content, media_type=kind, headers=headers)


async def _row(visit: Visit, record: ContractRecord, fields: Fields, keeper: Keeper) -> SessionRow:
    """What was typed. A session that stands is changed only with its reason, and keeps its file unless another came."""
    case, named = record.line.case, text(fields, "key")
    key, words = named or kept_request(text(fields, "request")), text(fields, "words")
    stands = next((one for one in record.sessions if one.key == key), None)
    problems = [FieldProblem("words", "missing")] if named and not words.strip() else []
    if stands and text(fields, "act") == TAKE_BACK:
        _refuse(problems)
        return SessionRow(case, key, stands.day, stands.kind, Decimal(0), words, stands.evidence)
    day, units = _day(text(fields, "day")), _units(text(fields, "units"))
    problems += [] if day else [FieldProblem("day", "date_wrong")]
    problems += [] if units else [FieldProblem("units", "units_wrong")]
    _refuse(problems)
    file = await _evidence(visit, case, fields, keeper) or (stands.evidence if stands else "")
    return SessionRow(case, key, day or date.min, text(fields, "kind"), units, words, file)


def _refuse(problems: list[FieldProblem]) -> None:
    if problems:
        raise FactsRefused(tuple(problems))


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _units(written: str) -> Decimal:
    """More than nothing; zero for what is no such number."""
    try:
        units = Decimal(written.strip())
    except InvalidOperation:
        return Decimal(0)
    return units if units.is_finite() and units > 0 else Decimal(0)


async def _evidence(visit: Visit, case: str, fields: Fields, keeper: Keeper) -> str:
    upload = fields.get(FILE)
    if not isinstance(upload, UploadFile) or not upload.filename:
        return ""
    return await visit.desks.talent_files.keep(case, Scan(upload.filename, await upload.read()), keeper=keeper)
