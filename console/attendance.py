"""Attendance: the days of one term, the terms of an institution with what is unexplained, and the monthly sheet
(COR-13, DQ-3.2.2d).
"""

from datetime import date, timedelta

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from console.faults import status_of, words_of
from console.forms import new_request
from console.terms import days_of, shown
from console.visit import Fields, Here, Visit, text
from console.wording import REFUSALS
from i18n import translator
from policies.engine.refusals import Refusal
from services.attendance_book import AttendanceRow, DayEntry, Keeper
from services.attendance_sheet import month_of
from services.engine.decisions import PAGE
from services.engine.permissions import NotForYou, Right, ensure
from services.facts import REFUSED
from services.field_problems import FactsRefused, FieldProblem, said
from services.imports import Imported

router = APIRouter()
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILE = "sheet"
# What a form takes at once; more comes with a sheet.
LONGEST = timedelta(days=92)
# What is no fault of a field: the term is none of the reader's to record.
OTHERS = ("term_unknown", "own_days")


@router.get("/attendance")
async def attendance(visit: Here, month: str = "") -> Response:
    """Everybody who serves at the institutions whose attendance the reader keeps."""
    return await _shown(visit, month)


@router.get("/attendance/sheet")
async def sheet(visit: Here, month: str = "") -> Response:
    """The month's sheet, with what is on record, to be filled in and sent back."""
    first, content = await visit.desks.attendance_board.sheet(visit.signed_in(), month_of(month))
    headers = {"Content-Disposition": f'attachment; filename="attendance-{first:%Y-%m}.xlsx"'}
    return Response(content, media_type=XLSX, headers=headers)


@router.post("/attendance/sheet")
async def take_sheet(visit: Here, fields: Fields) -> Response:
    """Check a sheet, or check and keep it, and show what became of each row."""
    viewer = visit.signed_in()
    ensure(viewer, Right.KEEP_ATTENDANCE)
    upload, try_only = fields.get(FILE), text(fields, "act") != "keep"
    month = text(fields, "month")
    if not isinstance(upload, UploadFile) or not upload.filename:
        return await _shown(visit, month, fault=REFUSALS["SheetMissing"], status=422)
    keeper = Keeper(viewer.person, "import", viewer)
    try:
        found = await visit.desks.attendance.take_sheet(await upload.read(), keeper=keeper, try_only=try_only)
    except Refusal as refusal:
        return await _shown(visit, month, fault=fault_of(visit, refusal), status=status_of(refusal))
    return await _shown(visit, month, found=found)


@router.post("/terms/{case}/days")
async def record_days(case: str, visit: Here, fields: Fields) -> Response:
    """Record or correct days of one term from a form."""
    viewer = visit.signed_in()
    await visit.desks.terms.term(case, viewer)
    ensure(viewer, Right.KEEP_ATTENDANCE)
    try:
        month = await _stored(visit, case, fields)
    except FactsRefused as refusal:
        problems = {f"days-{one.field}": said(one, visit.language).detail for one in refusal.problems}
        return await shown(visit, case, fields=fields, problems=problems, status=status_of(refusal))
    return visit.go(f"/terms/{case}?done=days_recorded&month={month:%Y-%m}#attendance")


async def _stored(visit: Visit, case: str, fields: Fields) -> date:
    """Store what was typed; the first of its days. FactsRefused names what is wrong with the fields."""
    viewer = visit.signed_in()
    entries = await _entries(visit, fields)
    row = AttendanceRow(entries, term=case, words=text(fields, "words"))
    (result,) = await visit.desks.attendance.store([row], keeper=Keeper(viewer.person, PAGE, viewer))
    if any(problem.code in OTHERS for problem in result.problems):
        raise NotForYou(right=Right.KEEP_ATTENDANCE.value)
    if result.outcome == REFUSED:
        raise FactsRefused(result.problems)
    return entries[0].day


async def _entries(visit: Visit, fields: Fields) -> tuple[DayEntry, ...]:
    first, last = days_of(fields)
    if last < first:
        raise FactsRefused((FieldProblem("last_day", "days_backwards"),))
    if last - first > LONGEST:
        raise FactsRefused((FieldProblem("last_day", "days_too_many", (("most", str(LONGEST.days)),)),))
    kind = text(fields, "kind")
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    if text(fields, "working_only"):
        days = await visit.desks.attendance_board.working(days)
    if not days:
        raise FactsRefused((FieldProblem("first_day", "no_working_day"),))
    return tuple(DayEntry(day, kind, text(fields, "afternoon") or kind) for day in days)


async def _shown(
    visit: Visit, month: str, *, found: Imported | None = None, fault: str = "", status: int = 200
) -> Response:
    office = await visit.desks.attendance_board.office(visit.signed_in(), month_of(month))
    faults = faults_of(visit, found) if found else []
    return visit.page(
        "attendance.html",
        status=status,
        office=office,
        found=found,
        faults=faults,
        fault=fault,
        request_id=new_request(),
    )


def fault_of(visit: Visit, refusal: Refusal) -> str:
    """Why a sheet as a whole is refused, in the visitor's language."""
    return translator(visit.language).gettext(words_of(refusal)).format_map(refusal.facts)


def faults_of(visit: Visit, found: Imported) -> list[dict[str, str]]:
    """Each fault with its row and column, in the visitor's language."""
    listed = []
    for row in found.rows:
        for problem in row.result.problems:
            words = said(problem, visit.language)
            column = found.columns.get(problem.field, "")
            listed.append({"row": str(row.number), "column": column, "detail": words.detail, "advice": words.advice})
    return listed
