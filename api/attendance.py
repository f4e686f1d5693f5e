"""Attendance day by day, in bulk or as a monthly sheet: facts of terms of service (COR-13)."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response, UploadFile
from fastapi.responses import JSONResponse
from pydantic import ConfigDict, Field, WithJsonSchema

from api.callers import Anyone, Caller, Desks, ScopeMissing, may, name_of
from api.messages import Body, Id, RowsOut, Text, Words
from api.people import A_SHEET, XLSX, TryOnly
from api.rows import imported, read_row, results
from api.starts import IdempotencyKey, answered_once
from services.attendance_book import AttendanceRow, DayEntry, Keeper
from services.attendance_sheet import month_sheet
from services.engine.idempotency import KeptAnswer
from services.engine.permissions import Right, Viewer, ensure
from services.sheets import LARGEST

router = APIRouter(prefix="/attendance", tags=["attendance"])
FACTS = "facts:write"
# A day for five hundred people is one request of a tenth of this; a year of theirs is 37 requests.
MOST_DAYS = 5000


class AttendanceIn(Body):
    """One local day of one person: the term's case, or the person's id. Without `afternoon` the whole day is the same.

    `kind`: on_post, annual, official, sick, personal, bereavement, maternity, disaster_duty, recall (by the sending
    hospital), force_majeure, rest_day, off_post (unexplained).
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"person": "p-doctor", "day": "2026-05-06", "kind": "on_post"},
                {"term": "term.2026.dq-t01.1", "day": "2026-05-07", "kind": "on_post", "afternoon": "sick"},
            ]
        }
    )

    term: Id | None = None
    person: Id | None = None
    day: date
    kind: Text
    afternoon: Text | None = None
    words: Words = ""


class AttendanceBulk(Body):
    """Up to 5000 days; each row is judged by itself."""

    rows: Annotated[
        list[Annotated[dict[str, Any], WithJsonSchema(AttendanceIn.model_json_schema())]],
        Field(min_length=1, max_length=MOST_DAYS),
    ]


@router.post("", response_model=RowsOut)
async def record_attendance(
    body: AttendanceBulk,
    request: Request,
    *,
    desks: Desks,
    caller: Anyone,
    try_only: TryOnly = False,
    idempotency_key: IdempotencyKey = None,
) -> JSONResponse:
    """Record or correct days: good rows are stored, each bad one says why; a day said twice alike is stored once."""
    keeper = _keeper(caller, "api")

    async def work() -> KeptAnswer:
        rows = [_row(row) for row in body.rows]
        found = await desks.attendance.store(rows, keeper=keeper, try_only=try_only)
        return KeptAnswer(200, results(request, found, tried=try_only).model_dump(mode="json"))

    kept = await answered_once(request, body, work, caller=caller, key=None if try_only else idempotency_key)
    return JSONResponse(kept.body, kept.status, headers={"Idempotent-Replayed": "true"} if kept.again else None)


@router.post("/import")
async def import_attendance(
    file: UploadFile, request: Request, *, desks: Desks, caller: Anyone, try_only: TryOnly = False
) -> RowsOut:
    """Record or correct days from a monthly sheet (.xlsx): a row a person, stored whole or refused."""
    content = await file.read(LARGEST + 1)
    keeper = _keeper(caller, "import")
    return imported(request, await desks.attendance.take_sheet(content, keeper=keeper, try_only=try_only))


@router.get("/import-template", response_class=Response, responses=A_SHEET)
async def attendance_sheet(caller: Anyone) -> Response:
    """The empty monthly sheet (.xlsx) with the legend of its marks."""
    _keeper(caller, "import")
    headers = {"Content-Disposition": 'attachment; filename="attendance.xlsx"'}
    return Response(month_sheet(None, ()), media_type=XLSX, headers=headers)


def _keeper(caller: Caller, channel: str) -> Keeper:
    """A person for the institutions whose attendance they keep, a program for everybody."""
    if isinstance(caller, Viewer):
        ensure(caller, Right.KEEP_ATTENDANCE)
        return Keeper(caller.person, channel, caller)
    if not may(caller, FACTS):
        raise ScopeMissing(scope=FACTS)
    return Keeper(name_of(caller), channel)


def _row(given: Mapping[str, Any]) -> AttendanceRow:
    """Facts of a row; one that cannot be read carries its faults."""
    read = read_row(AttendanceIn, given)
    if isinstance(read, tuple):
        return AttendanceRow(term=_text(given, "term"), person=_text(given, "person"), faults=read)
    day = DayEntry(read.day, read.kind, read.kind if read.afternoon is None else read.afternoon)
    return AttendanceRow((day,), read.term or "", read.person or "", words=read.words)


def _text(given: Mapping[str, Any], name: str) -> str:
    found = given.get(name)
    return found if isinstance(found, str) else ""
