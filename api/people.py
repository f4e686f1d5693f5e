"""People and their roles: one, several, or a sheet; numbers are never given back whole."""

from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Header, Path, Query, Request, Response, UploadFile

from api.callers import READS_PEOPLE, RECORDS, Anyone, Caller, Desks, Recorder, ScopeMissing, may, name_of
from api.messages import Code, DepartureIn, DepartureOut, Id, RoleId, RowsOut
from api.pages import Cursor, Limit, after_of, cursor_of, page
from api.people_messages import PeopleBulk, PeoplePage, PersonChange, PersonIn, PersonOut
from api.rows import imported, people_rows, person_facts, results
from api.versions import ensure_given, tag_of, unquoted
from policies.engine.refusals import OwnCase
from services.engine.permissions import Right, Viewer, ensure
from services.import_template import people_template
from services.people import PeopleFilter
from services.roll import Hand
from services.sheets import LARGEST

router = APIRouter(prefix="/people", tags=["people"])
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
A_SHEET: dict[int | str, dict[str, object]] = {200: {"content": {XLSX: {}}}}
GRANT, FACTS = "roles:write", "facts:write"
KEPT: dict[int | str, dict[str, object]] = {202: {"model": DepartureOut, "description": "Kept, being recorded."}}

PersonId = Annotated[Id, Path(description="The person's id.")]
IfMatch = Annotated[str | None, Header(description="The ETag of the entry that was read.", max_length=200)]
TryOnly = Annotated[bool, Query(description="Judge every row and keep nothing.")]


@router.get("", dependencies=[READS_PEOPLE])
async def list_people(
    *,
    desks: Desks,
    institution: Code | None = None,
    role: RoleId | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> PeoplePage:
    """People in the order of their ids, narrowed by institution or by a role held today."""
    wanted = PeopleFilter(institution, role, after_of(cursor), limit + 1)
    people, more = page(await desks.people.people(wanted), limit)
    items = tuple(PersonOut.model_validate(person) for person in people)
    return PeoplePage(items=items, next=cursor_of(people[-1].id) if more else None)


@router.post("", status_code=201)
async def add_person(
    body: PersonIn, request: Request, response: Response, *, desks: Desks, caller: Recorder
) -> PersonOut:
    """Register a person; roles need the scope roles:write."""
    added = await desks.people.add(person_facts(body), hand=_hand(caller, "api"))
    response.headers["ETag"] = tag_of(added.version)
    response.headers["Location"] = f"{request.scope.get('root_path', '')}/people/{added.id}"
    return PersonOut.model_validate(added)


@router.post("/bulk")
async def add_people(
    body: PeopleBulk, request: Request, *, desks: Desks, caller: Recorder, try_only: TryOnly = False
) -> RowsOut:
    """Add or change several people: found by id, identity number or e-mail address; good rows are stored."""
    rows = people_rows(body.rows)
    found = await desks.people.store(rows, hand=_hand(caller, "api"), try_only=try_only)
    return results(request, found, tried=try_only)


@router.post("/import")
async def import_people(
    file: UploadFile, request: Request, *, desks: Desks, caller: Recorder, try_only: TryOnly = False
) -> RowsOut:
    """Add or change people from a sheet (.xlsx) with the template's headings; every row gets a result."""
    content = await file.read(LARGEST + 1)
    found = await desks.imports.people(content, hand=_hand(caller, "import"), try_only=try_only)
    return imported(request, found)


@router.get("/import-template", dependencies=[RECORDS], response_class=Response, responses=A_SHEET)
async def people_sheet() -> Response:
    """The empty sheet of people (.xlsx)."""
    headers = {"Content-Disposition": 'attachment; filename="people.xlsx"'}
    return Response(people_template(), media_type=XLSX, headers=headers)


@router.get("/{person_id}", dependencies=[READS_PEOPLE])
async def read_person(person_id: PersonId, response: Response, *, desks: Desks) -> PersonOut:
    """One person with their roles, and an ETag for changing them."""
    found = await desks.people.person(person_id)
    response.headers["ETag"] = tag_of(found.version)
    return PersonOut.model_validate(found)


@router.patch("/{person_id}")
async def change_person(
    person_id: PersonId,
    body: PersonChange,
    response: Response,
    *,
    desks: Desks,
    caller: Recorder,
    if_match: IfMatch = None,
) -> PersonOut:
    """Change what is given; roles are added, or ended by their held_until."""
    facts, version = person_facts(body), unquoted(ensure_given(if_match))
    changed = await desks.people.change(person_id, facts, version=version, hand=_hand(caller, "api"))
    response.headers["ETag"] = tag_of(changed.version)
    return PersonOut.model_validate(changed)


@router.post("/{person_id}/departures", responses=KEPT)
async def record_departure(
    person_id: PersonId, body: DepartureIn, response: Response, *, desks: Desks, caller: Anyone
) -> DepartureOut:
    """End the person's open application early (EXC-10); of people, for HR at their institution and the HR monitor."""
    if isinstance(caller, Viewer):
        ensure(caller, Right.RECORD_DEPARTURE, [(await desks.people.person(person_id)).institution])
        _ensure_another(caller, person_id)
    elif not may(caller, FACTS):
        raise ScopeMissing(scope=FACTS)
    request = f"departure-{body.request or uuid4().hex}"
    done = await desks.applications.record_departure(
        person_id, body.kind, on=body.on, by=name_of(caller), reason=body.reason, request=request, channel="api"
    )
    response.status_code = 200 if done.state == "recorded" else 202
    return DepartureOut.model_validate(done)


def _ensure_another(viewer: Viewer, person: str) -> None:
    if viewer.person == person:
        raise OwnCase(person=person)


def _hand(caller: Caller, way: str) -> Hand:
    return Hand(name_of(caller), way, may_grant=may(caller, GRANT))
