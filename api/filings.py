"""What groups submit to the four bureaus: starts, and what is in force (DQ-3.3.2a)."""

from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from api.callers import READS_CASES, Desks, Starter, name_of
from api.messages import Code, MethodIn, MethodOut, MethodStandingOut, Programme, StartedOut
from api.starts import ANSWERS, IdempotencyKey, ensure_reached, once
from services.demand import Started
from services.methods import MethodOrder

router = APIRouter(tags=["filings"])


@router.post("/assessment-methods", status_code=201, response_model=StartedOut, responses=ANSWERS)
async def start_method(
    body: MethodIn, request: Request, *, desks: Desks, caller: Starter, idempotency_key: IdempotencyKey = None
) -> JSONResponse:
    """Start a version of a group's assessment method: one case for each group, kind of staff and version."""
    ensure_reached(caller, body.group)
    order = MethodOrder(**body.model_dump())

    async def start() -> Started:
        return await desks.methods.start(order, by=name_of(caller))

    return await once(request, body, start, caller=caller, key=idempotency_key)


@router.get("/assessment-methods", dependencies=[READS_CASES])
async def method_standing(
    *, desks: Desks, group: Code, programme: Programme, on: date | None = None
) -> MethodStandingOut:
    """What is in force for a group and kind of staff on a local day (today without one), and who is still missing."""
    standing = await desks.methods.standing(group, programme, on=on)
    found = MethodOut.model_validate(standing.in_force) if standing.in_force else None
    return MethodStandingOut(in_force=found, under_way=standing.under_way or None, missing=standing.missing)
