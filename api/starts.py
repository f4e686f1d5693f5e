"""Starts of lifecycles: facts in, a case out; sent twice it is one case (EXC-14, AS-115)."""

import hashlib
import json
import re
from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Header, Request
from fastapi.responses import JSONResponse

from api.callers import Caller, Desks, ScopeMissing, Starter, name_of
from api.messages import ApplicationIn, Body, ClinicIn, CycleIn, InspectionIn, StartedOut
from policies.engine.refusals import Refusal
from services.clinics import ClinicOrder
from services.demand import CycleOrder, Started
from services.engine.idempotency import IdempotencyDesk, KeptAnswer
from services.engine.idempotency import Request as KeyedRequest
from services.engine.permissions import Viewer
from services.inspection import Inspection
from services.posting import ApplicationOrder

router = APIRouter(tags=["starts"])
VISIBLE = re.compile(r"[\x21-\x7e]{1,200}", re.ASCII)

IdempotencyKey = Annotated[
    str | None,
    Header(description="Chosen by you, one for each start; the same key and body get the same answer.", max_length=400),
]
ANSWERS: dict[int | str, dict[str, object]] = {
    200: {"model": StartedOut, "description": "An earlier start had made the case."},
    201: {"model": StartedOut, "description": "The case is made."},
    202: {"model": StartedOut, "description": "The case is kept and begins when the workflow engine is back."},
}


class IdempotencyKeyMalformed(Refusal):
    """An Idempotency-Key is 1 to 200 visible ASCII characters."""


@router.post("/demand-cycles", status_code=201, response_model=StartedOut, responses=ANSWERS)
async def start_cycle(
    body: CycleIn, request: Request, *, desks: Desks, caller: Starter, idempotency_key: IdempotencyKey = None
) -> JSONResponse:
    """Start the yearly cycle of a health group: one per group and year."""
    ensure_reached(caller, body.group)
    order = CycleOrder(**body.model_dump())

    async def start() -> Started:
        return await desks.cycles.start(order, by=name_of(caller))

    return await once(request, body, start, caller=caller, key=idempotency_key)


@router.post("/applications", status_code=201, response_model=StartedOut, responses=ANSWERS)
async def start_application(
    body: ApplicationIn, request: Request, *, desks: Desks, caller: Starter, idempotency_key: IdempotencyKey = None
) -> JSONResponse:
    """Apply for a post on behalf of a person: one open case per person and programme."""
    if isinstance(caller, Viewer):
        ensure_reached(caller, (await desks.people.person(body.person)).institution)
    order = ApplicationOrder(**body.model_dump())

    async def start() -> Started:
        return await desks.applications.start(order, by=name_of(caller))

    return await once(request, body, start, caller=caller, key=idempotency_key)


@router.post("/inspections", status_code=201, response_model=StartedOut, responses=ANSWERS)
async def start_inspection(
    body: InspectionIn, request: Request, *, desks: Desks, caller: Starter, idempotency_key: IdempotencyKey = None
) -> JSONResponse:
    """Open an inspection of an institution, or of a person there; the bureau then records what it found (DQ-3.2.3a)."""
    asked, viewer = Inspection(**body.model_dump(exclude_none=True)), caller if isinstance(caller, Viewer) else None

    async def start() -> Started:
        return await desks.inspections.start(asked, by=name_of(caller), viewer=viewer)

    return await once(request, body, start, caller=caller, key=idempotency_key)


@router.post("/clinics", status_code=201, response_model=StartedOut, responses=ANSWERS)
async def start_clinics(
    body: ClinicIn, request: Request, *, desks: Desks, caller: Starter, idempotency_key: IdempotencyKey = None
) -> JSONResponse:
    """Propose regular clinics of a senior grassroots GP; group and hospital then agree, or not (DQ-3.1.1c)."""
    order, viewer = ClinicOrder(**body.model_dump(exclude_none=True)), caller if isinstance(caller, Viewer) else None

    async def start() -> Started:
        return await desks.clinics.start(order, by=name_of(caller), viewer=viewer)

    return await once(request, body, start, caller=caller, key=idempotency_key)


def ensure_reached(caller: Caller, institution: str) -> None:
    """A person starts only where their roles reach."""
    if isinstance(caller, Viewer) and institution not in caller.reached:
        raise ScopeMissing(scope="cases:start")


async def once(
    request: Request, body: Body, start: Callable[[], Awaitable[Started]], *, caller: Caller, key: str | None
) -> JSONResponse:
    """The answer to a start; under a key the first answer again."""

    async def work() -> KeptAnswer:
        started = await start()
        return KeptAnswer(_status(started), StartedOut(case_id=started.case_id, created=started.created).model_dump())

    kept = await answered_once(request, body, work, caller=caller, key=key)
    headers = {"Location": f"{request.scope.get('root_path', '')}/cases/{kept.body['case_id']}"}
    if kept.again:
        headers["Idempotent-Replayed"] = "true"
    return JSONResponse(kept.body, kept.status, headers=headers)


async def answered_once(
    request: Request, body: Body, work: Callable[[], Awaitable[KeptAnswer]], *, caller: Caller, key: str | None
) -> KeptAnswer:
    """The answer of the work; under a key the one that it had the first time."""
    if key is None:
        return await work()
    desk: IdempotencyDesk = request.app.state.desks.idempotency
    return await desk.once(_keyed(request, body, caller, key), work)


def _status(started: Started) -> int:
    """201 for a case that begins now, 202 for one that is kept until the workflow engine is back."""
    if not started.created:
        return 200
    return 201 if started.under_way else 202


def _keyed(request: Request, body: Body, caller: Caller, key: str) -> KeyedRequest:
    if not VISIBLE.fullmatch(key):
        raise IdempotencyKeyMalformed
    content = json.dumps([request.url.path, body.model_dump(mode="json")], sort_keys=True)
    return KeyedRequest(name_of(caller), key, hashlib.sha256(content.encode()).hexdigest())
