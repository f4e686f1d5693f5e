"""Institutions: one, several, or a sheet."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response, UploadFile

from api.callers import READS_PEOPLE, RECORDS, Desks
from api.messages import Code, RowsOut
from api.pages import Cursor, Limit, after_of, cursor_of, page
from api.people import A_SHEET, XLSX, IfMatch, TryOnly
from api.people_messages import InstitutionChange, InstitutionIn, InstitutionOut, InstitutionPage, InstitutionsBulk
from api.rows import imported, institution_facts, institution_rows, results
from api.versions import ensure_given, tag_of, unquoted
from services.import_template import institutions_template
from services.institutions import InstitutionFilter
from services.sheets import LARGEST

router = APIRouter(prefix="/institutions", tags=["institutions"])
InstitutionCode = Annotated[Code, Path(description="The institution's code.")]


@router.get("", dependencies=[READS_PEOPLE])
async def list_institutions(
    *,
    desks: Desks,
    kind: Code | None = None,
    parent: Code | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> InstitutionPage:
    """Institutions in the order of their codes, narrowed by kind or by the one above them."""
    wanted = InstitutionFilter(kind, parent, after_of(cursor), limit + 1)
    found, more = page(await desks.institutions.institutions(wanted), limit)
    items = tuple(InstitutionOut.model_validate(each) for each in found)
    return InstitutionPage(items=items, next=cursor_of(found[-1].code) if more else None)


@router.post("", status_code=201, dependencies=[RECORDS])
async def add_institution(body: InstitutionIn, request: Request, response: Response, *, desks: Desks) -> InstitutionOut:
    """Register an institution."""
    added = await desks.institutions.add(institution_facts(body))
    response.headers["ETag"] = tag_of(added.version)
    response.headers["Location"] = f"{request.scope.get('root_path', '')}/institutions/{added.code}"
    return InstitutionOut.model_validate(added)


@router.post("/bulk", dependencies=[RECORDS])
async def add_institutions(
    body: InstitutionsBulk, request: Request, *, desks: Desks, try_only: TryOnly = False
) -> RowsOut:
    """Add or change several institutions; a row may name a parent from another row."""
    found = await desks.institutions.store(institution_rows(body.rows), try_only=try_only)
    return results(request, found, tried=try_only)


@router.post("/import", dependencies=[RECORDS])
async def import_institutions(
    file: UploadFile, request: Request, *, desks: Desks, try_only: TryOnly = False
) -> RowsOut:
    """Add or change institutions from a sheet (.xlsx) with the template's headings."""
    content = await file.read(LARGEST + 1)
    return imported(request, await desks.imports.institutions(content, try_only=try_only))


@router.get("/import-template", dependencies=[RECORDS], response_class=Response, responses=A_SHEET)
async def institutions_sheet() -> Response:
    """The empty sheet of institutions (.xlsx)."""
    headers = {"Content-Disposition": 'attachment; filename="institutions.xlsx"'}
    return Response(institutions_template(), media_type=XLSX, headers=headers)


@router.get("/{code}", dependencies=[READS_PEOPLE])
async def read_institution(code: InstitutionCode, response: Response, *, desks: Desks) -> InstitutionOut:
    """One institution, and an ETag for changing it."""
    found = await desks.institutions.institution(code)
    response.headers["ETag"] = tag_of(found.version)
    return InstitutionOut.model_validate(found)


@router.patch("/{code}", dependencies=[RECORDS])
async def change_institution(
    code: InstitutionCode,
    body: InstitutionChange,
    response: Response,
    *,
    desks: Desks,
    if_match: IfMatch = None,
) -> InstitutionOut:
    """Change what is given."""
    version = unquoted(ensure_given(if_match))
    changed = await desks.institutions.change(code, institution_facts(body), version=version)
    response.headers["ETag"] = tag_of(changed.version)
    return InstitutionOut.model_validate(changed)
