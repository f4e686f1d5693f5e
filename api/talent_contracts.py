"""Flexible-talent contracts: starts, and the working time delivered under them, in bulk or as a sheet (OT-6.3g)."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response, UploadFile
from fastapi.responses import JSONResponse
from pydantic import ConfigDict, Field, StringConstraints, WithJsonSchema

from api.callers import Anyone, Caller, Desks, ScopeMissing, may, name_of
from api.fact_rows import empty_sheet, keeper_of, stored_rows
from api.messages import Body, Code, Id, RowsOut, StartedOut, Text, Words
from api.people import A_SHEET, TryOnly
from api.rows import imported, read_row
from api.starts import ANSWERS, IdempotencyKey, once
from services.attendance_book import Keeper
from services.demand import Started
from services.engine.permissions import Right, Viewer
from services.sheets import LARGEST
from services.talent_contracts import TalentOrder
from services.talent_sessions import SessionRow
from services.talent_sheet import session_sheet

router = APIRouter(prefix="/talent-contracts", tags=["talent contracts"])
STARTS = "cases:start"
MOST_ROWS = 2000


class TalentContractIn(Body):
    """The facts of a start: which public hospital recruits which expert of another unit.

    `with_others`: hospitals that sign with it, where several employ the expert together. `renews`: the contract of the
    same expert and hospital after which this one follows.
    """

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"employer": "ot-h1", "person": "o-expert", "number": "2026-01"}]}
    )

    employer: Code
    person: Id
    number: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,40}$")] | None = None
    with_others: Annotated[tuple[Code, ...], Field(max_length=20)] = ()
    renews: Id | None = None


class SessionIn(Body):
    """Working time of one local day, in the contract's unit (up to two decimals), under a key of your own.

    The same key again corrects it, and 0 units take it back; what stood before is kept. `kind`: clinic, rounds,
    consultation, surgery_demo, training, research, management, other, free_clinic (no working time of the contract).
    `evidence`: the SHA-256 of a file that was uploaded before.
    """

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"key": "HIS-20260706-1", "day": "2026-07-06", "kind": "clinic", "units": "1"}]}
    )

    key: Text
    day: date
    kind: Text
    units: Decimal
    words: Words = ""
    evidence: Text = ""


class SessionBulk(Body):
    """Up to 2000 sessions of one contract; each row is judged by itself."""

    rows: Annotated[
        list[Annotated[dict[str, Any], WithJsonSchema(SessionIn.model_json_schema())]],
        Field(min_length=1, max_length=MOST_ROWS),
    ]


@router.post("", status_code=201, response_model=StartedOut, responses=ANSWERS)
async def start_contract(
    body: TalentContractIn, request: Request, *, desks: Desks, caller: Anyone, idempotency_key: IdempotencyKey = None
) -> JSONResponse:
    """Begin to recruit an expert; people then name the need, nominate, review, file and sign (OT-1.2, OT-4a)."""
    order = TalentOrder(
        body.employer, body.person, body.number or "", with_others=body.with_others, renews=body.renews or ""
    )
    viewer = caller if isinstance(caller, Viewer) else None
    # A person needs the right at the hospital, which the desk asks for; the roles of other starts give none here.
    if viewer is None and not may(caller, STARTS):
        raise ScopeMissing(scope=STARTS)

    async def start() -> Started:
        return await desks.talent_contracts.start(order, by=name_of(caller), viewer=viewer)

    return await once(request, body, start, caller=caller, key=idempotency_key)


@router.get("/sessions/import-template", response_class=Response, responses=A_SHEET)
async def sessions_sheet(caller: Anyone) -> Response:
    """The empty sheet (.xlsx), a row a session."""
    _keeper(caller, "import")
    return empty_sheet(session_sheet(()), "talent-sessions")


@router.post("/sessions/import")
async def import_sessions(
    file: UploadFile, request: Request, *, desks: Desks, caller: Anyone, try_only: TryOnly = False
) -> RowsOut:
    """Record or correct sessions of any contracts from a sheet (.xlsx): a row a session, stored whole or refused."""
    keeper, content = _keeper(caller, "import"), await file.read(LARGEST + 1)
    return imported(request, await desks.talent_sessions.take_sheet(content, keeper=keeper, try_only=try_only))


@router.post("/{case}/sessions", response_model=RowsOut)
async def record_sessions(
    case: Id,
    body: SessionBulk,
    request: Request,
    *,
    desks: Desks,
    caller: Anyone,
    try_only: TryOnly = False,
    idempotency_key: IdempotencyKey = None,
) -> JSONResponse:
    """Record, correct or take back sessions of one contract: good rows are stored, each bad one says why."""
    keeper = _keeper(caller, "api")
    rows = [_row(case, row) for row in body.rows]
    return await stored_rows(
        request,
        body,
        lambda: desks.talent_sessions.store(rows, keeper=keeper, try_only=try_only),
        caller=caller,
        key=idempotency_key,
        tried=try_only,
    )


def _keeper(caller: Caller, channel: str) -> Keeper:
    """A person for the contracts whose sessions they keep, a program for all."""
    return keeper_of(caller, channel, Right.KEEP_SESSIONS, Right.KEEP_OWN_SESSIONS)


def _row(case: str, given: Mapping[str, Any]) -> SessionRow:
    """Facts of a row; one that cannot be read carries its faults."""
    read = read_row(SessionIn, given)
    if isinstance(read, tuple):
        key = given.get("key")
        return SessionRow(case, key if isinstance(key, str) else "", date.min, "", Decimal(0), faults=read)
    return SessionRow(case, read.key, read.day, read.kind, read.units, read.words, read.evidence)
