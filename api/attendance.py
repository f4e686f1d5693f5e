"""Attendance day by day, in bulk or as a monthly sheet: facts of terms of service (COR-13)."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response, UploadFile
from fastapi.responses import JSONResponse
from pydantic import ConfigDict, Field, WithJsonSchema

from api.callers import Anyone, Caller, Desks
from api.fact_rows import empty_sheet, keeper_of, stored_rows
from api.messages import Body, Id, RowsOut, Text, Words
from api.people import A_SHEET, TryOnly
from api.rows import imported, read_row
from api.starts import IdempotencyKey
from services.attendance_book import AttendanceRow, DayEntry, Keeper
from services.attendance_sheet import month_sheet
from services.engine.permissions import Right
from services.sheets import LARGEST

router = APIRouter(prefix="/attendance", tags=["attendance"])
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
    rows = [_row(row) for row in body.rows]
    return await stored_rows(
        request,
        body,
        lambda: desks.attendance.store(rows, keeper=keeper, try_only=try_only),
        caller=caller,
        key=idempotency_key,
        tried=try_only,
    )


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
    return empty_sheet(month_sheet(None, ()), "attendance")


def _keeper(caller: Caller, channel: str) -> Keeper:
    """A person for the institutions whose attendance they keep, a program for everybody."""
    return keeper_of(caller, channel, Right.KEEP_ATTENDANCE)


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
