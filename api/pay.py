"""Performance pay: starting a year's total, and how it stands (DQ-3.4.2a to c). Amounts of people are not served."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from api.callers import READS_CASES, Desks, Starter, name_of
from api.messages import PACK, Code, Pack, PayTotalIn, PayYearOut, StartedOut, Year
from api.starts import ANSWERS, IdempotencyKey, ensure_reached, once
from services.demand import Started
from services.engine.acts import CaseUnknown
from services.pay import PayOrder

router = APIRouter(tags=["pay"])


@router.post("/pay-totals", status_code=201, response_model=StartedOut, responses=ANSWERS)
async def start_pay_total(
    body: PayTotalIn, request: Request, *, desks: Desks, caller: Starter, idempotency_key: IdempotencyKey = None
) -> JSONResponse:
    """Start a group's pay total of one year: one case for each group and year."""
    ensure_reached(caller, body.group)
    order = PayOrder(**body.model_dump())

    async def start() -> Started:
        return await desks.pay.totals.start(order, by=name_of(caller))

    return await once(request, body, start, caller=caller, key=idempotency_key)


@router.get("/pay-totals", dependencies=[READS_CASES])
async def pay_total_standing(*, desks: Desks, group: Code, year: Year, pack: Pack = PACK) -> PayYearOut:
    """What is approved for a group's year, what is paid of it and what is left."""
    found = await desks.pay.totals.standing(pack, group, year)
    if found is None:
        raise CaseUnknown(case=f"{group} {year}")
    return PayYearOut.model_validate(found)
