"""Raising a ground to end a flexible-talent contract, and where such a matter stands (OT-6.3h to OT-6.3k)."""

from datetime import date

from fastapi import APIRouter
from fastapi.responses import Response

from console.decide import Typed, typed_again
from console.faults import status_of
from console.forms import kept_request, new_request
from console.visit import Fields, Here, Visit, text
from policies.engine.refusals import Refusal
from services.end_wishes import CauseWish, GroundWish, StopWish, Wish

router = APIRouter()
FIELDS = ("ground", "kind", "learned_on", "cause", "stop", "ended_on")


@router.get("/contract-ends/new")
async def ground_sheet(visit: Here, contract: str = "") -> Response:
    """The empty sheet for a contract."""
    return await _sheet(visit, contract, Typed(new_request()))


@router.post("/contract-ends")
async def raise_ground(visit: Here, fields: Fields) -> Response:
    """Raise a ground to terminate, and go to where it stands; a second click is the same matter."""
    day = _day(text(fields, "learned_on"))
    wish = GroundWish(text(fields, "ground"), text(fields, "kind"), day, text(fields, "words"))
    return await _raised(visit, fields, wish)


@router.post("/contract-ends/rescission")
async def raise_cause(visit: Here, fields: Fields) -> Response:
    """Raise a ground to rescind."""
    return await _raised(visit, fields, CauseWish(text(fields, "cause"), text(fields, "words")))


@router.post("/contract-ends/cannot-continue")
async def report_stop(visit: Here, fields: Fields) -> Response:
    """Record that the contract cannot go on."""
    wish = StopWish(text(fields, "stop"), _day(text(fields, "ended_on")), text(fields, "words"))
    return await _raised(visit, fields, wish)


async def _raised(visit: Visit, fields: Fields, wish: Wish) -> Response:
    viewer, contract = visit.signed_in(), text(fields, "contract").strip()
    given = {name: text(fields, name).strip() for name in FIELDS}
    typed = Typed(kept_request(text(fields, "request")), wish.lifecycle, text(fields, "words"), form=given)
    try:
        started = await visit.desks.ends.raise_end(contract, wish, viewer=viewer, request=typed.request)
    except Refusal as refusal:
        return await _sheet(visit, contract, typed_again(visit, typed, refusal), status=status_of(refusal))
    page = "contract-ends" if isinstance(wish, GroundWish) else "cases"
    return visit.go(f"/{page}/{started.case_id}")


@router.get("/contract-ends/{case}")
async def end_path(case: str, visit: Here) -> Response:
    """A termination with its clock."""
    return visit.page("contract_end.html", path=await visit.desks.ends.path(case, visit.signed_in()))


async def _sheet(visit: Visit, contract: str, typed: Typed, *, status: int = 200) -> Response:
    shown = await visit.desks.ends.contract(contract, visit.signed_in())
    return visit.page("contract_end_new.html", status=status, contract=shown, typed=typed)


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
