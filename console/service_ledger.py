"""A person's own grassroots service: what is credited, what they claim beside it, and the check before a promotion
(DQ-3.1.1a, COR-15).
"""

from datetime import date

from fastapi import APIRouter
from fastapi.responses import Response

from console.decide import Typed, typed_again
from console.faults import status_of
from console.forms import kept_request, new_request
from console.visit import Fields, Here, Visit, text
from policies.engine.refusals import Refusal
from services.credits import KINDS, Claim, PromotionCheck

router = APIRouter()
# Whose rules a page goes by is told by what it asks for.
ASKS = "confirm_service"
CLAIMED = ("kind", "first_day", "last_day", "source", "evidence")


@router.get("/service")
async def own_service(visit: Here, done: str = "") -> Response:
    """The ledger of the person who reads it."""
    return await _shown(visit, Typed(new_request()), done=done)


@router.post("/service/claims")
async def claim_service(visit: Here, fields: Fields) -> Response:
    """Claim a stretch; people confirm it later."""
    given = {name: text(fields, name) for name in CLAIMED}
    typed = Typed(kept_request(text(fields, "request")), form=given)
    person = visit.signed_in().person
    first, last = _day(given["first_day"]), _day(given["last_day"])
    claim = Claim(
        person,
        given["kind"],
        first or date.max,
        last or date.max,
        given["source"],
        given["evidence"],
        number=typed.request,
    )
    try:
        await visit.desks.credits.claim(claim, by=person)
    except Refusal as refusal:
        return await _shown(visit, typed_again(visit, typed, refusal), status=status_of(refusal))
    return visit.go("/service?done=claimed")


@router.post("/service/check")
async def ask_check(visit: Here, fields: Fields) -> Response:
    """Ask for the check before a title, and go to its case."""
    person = visit.signed_in().person
    typed = Typed(kept_request(text(fields, "request")))
    pack = await visit.desks.programmes.with_task(ASKS)
    asked = PromotionCheck(pack, person, text(fields, "target_title"), number=typed.request)
    try:
        started = await visit.desks.credits.start(asked, by=person)
    except Refusal as refusal:
        return await _shown(visit, typed_again(visit, typed, refusal), status=status_of(refusal))
    return visit.go(f"/cases/{started.case_id}?done={'recorded' if started.under_way else 'received'}")


async def _shown(visit: Visit, typed: Typed, *, status: int = 200, done: str = "") -> Response:
    person, pack = visit.signed_in().person, await visit.desks.programmes.with_task(ASKS)
    ledger = await visit.desks.credits.ledger(person, pack)
    return visit.page("service.html", status=status, typed=typed, ledger=ledger, kinds=KINDS, done=done)


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
