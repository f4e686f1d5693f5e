"""Funds for flexible talent: beginning a year of them, and requests out of them or beside them (OT-5a, OT-7.2)."""

from typing import Annotated, Literal

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import ConfigDict, Field, StringConstraints

from api.callers import Anyone, Caller, Desks, ScopeMissing, may, name_of
from api.messages import Body, Code, Id, StartedOut
from api.starts import ANSWERS, IdempotencyKey, once
from services.demand import Started
from services.engine.permissions import Viewer
from services.fund_payments import PaymentOrder
from services.talent_funds import FundOrder

router = APIRouter(tags=["talent funds"])
STARTS = "cases:start"


class FundYearIn(Body):
    """The facts of a start: whose funds of which local year. Amounts are recorded by finance, never sent."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"commission": "ot-wjw", "year": 2026}]})

    commission: Code
    year: Annotated[int, Field(ge=2000, le=2200)]


class FundPaymentIn(Body):
    """The facts of a request; amount, grounds and papers are given by people in its tasks.

    `kind`: reward (to talent, by a contract) and patients (costs of patients' visits) draw on the funds of the local
    year; own_reward (the employer's own money, OT-N3) and petition (case by case, OT-N4) stand beside them. `number`:
    your own serial, within the hospital and the local year.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"kind": "reward", "employer": "ot-h1", "contract": "talent.ot-a.2026.1", "number": "2026-01"}]
        }
    )

    kind: Literal["reward", "patients", "own_reward", "petition"]
    employer: Code
    contract: Id | None = None
    number: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,40}$")] | None = None


@router.post("/fund-years", status_code=201, response_model=StartedOut, responses=ANSWERS)
async def start_fund_year(
    body: FundYearIn, request: Request, *, desks: Desks, caller: Anyone, idempotency_key: IdempotencyKey = None
) -> JSONResponse:
    """Begin a year of funds: one per commission and year; finance then records that they stand ready (OT-5a)."""
    viewer = _person(caller)

    async def start() -> Started:
        order = FundOrder(body.commission, body.year)
        return await desks.fund_years.start(order, by=name_of(caller), viewer=viewer)

    return await once(request, body, start, caller=caller, key=idempotency_key)


@router.post("/fund-payments", status_code=201, response_model=StartedOut, responses=ANSWERS)
async def start_fund_payment(
    body: FundPaymentIn, request: Request, *, desks: Desks, caller: Anyone, idempotency_key: IdempotencyKey = None
) -> JSONResponse:
    """Begin a request for talent funds: people write, approve, check and pay it, and nothing is paid by itself."""
    viewer = _person(caller)

    async def start() -> Started:
        order = PaymentOrder(body.kind, body.employer, body.contract or "", body.number or "")
        return await desks.fund_payments.start(order, by=name_of(caller), viewer=viewer)

    return await once(request, body, start, caller=caller, key=idempotency_key)


def _person(caller: Caller) -> Viewer | None:
    """Whoever is held to rights of their own, which the desk asks for; None for a program that may start cases."""
    if isinstance(caller, Viewer):
        return caller
    if not may(caller, STARTS):
        raise ScopeMissing(scope=STARTS)
    return None
