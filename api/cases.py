"""Cases as programs read them: a service account its own starts, a person what their roles reach."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import AwareDatetime

from api.callers import CaseReader, Desks, may
from api.messages import CaseOut, CasePage, CaseWithTasks, Code, Id, LineOut, LinePage
from api.pages import Cursor, CursorUnknown, Limit, after_of, cursor_of, page
from services.case_reads import CaseFilter

router = APIRouter(prefix="/cases", tags=["cases"])
CaseId = Annotated[Id, Path(description="The case's number.")]
Word = Annotated[str, Query(pattern=r"^[A-Za-z0-9_]{1,60}$")]
LARGEST_NUMBER = 2**31 - 1


@router.get("")
async def list_cases(
    *,
    desks: Desks,
    caller: CaseReader,
    lifecycle: Word | None = None,
    state: Literal["starting", "open", "closed"] | None = None,
    stage: Word | None = None,
    institution: Code | None = None,
    changed_since: AwareDatetime | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> CasePage:
    """Cases in the order of their ids."""
    since: datetime | None = changed_since
    wanted = CaseFilter(lifecycle, state, stage, institution, since, after=after_of(cursor), limit=limit + 1)
    found, more = page(await desks.case_reads.cases(caller, wanted), limit)
    items = tuple(CaseOut.model_validate(case) for case in found)
    return CasePage(items=items, next=cursor_of(found[-1].id) if more else None)


@router.get("/{case_id}")
async def read_case(case_id: CaseId, *, desks: Desks, caller: CaseReader) -> CaseWithTasks:
    """One case; its open tasks for those who may read tasks."""
    found = CaseWithTasks.model_validate(await desks.case_reads.case(caller, case_id))
    return found if may(caller, "tasks:read") else found.model_copy(update={"tasks": ()})


@router.get("/{case_id}/timeline")
async def read_timeline(
    case_id: CaseId, *, desks: Desks, caller: CaseReader, cursor: Cursor = None, limit: Limit = 50
) -> LinePage:
    """The lines of the case's file in their order."""
    after = after_of(cursor) or "0"
    if not after.isdecimal() or int(after) > LARGEST_NUMBER:
        raise CursorUnknown
    lines = await desks.case_reads.timeline(caller, case_id, after=int(after), limit=limit + 1)
    found, more = page(lines, limit)
    items = tuple(LineOut.model_validate(line) for line in found)
    return LinePage(items=items, next=cursor_of(str(found[-1].number)) if more else None)
