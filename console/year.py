"""The year of a county health bureau: summaries that are in, exchanges that were held (DQ-4.3a, b)."""

from fastapi import APIRouter
from fastapi.responses import Response

from console.decide import Typed, typed_again
from console.faults import status_of
from console.forms import kept_request, new_request
from console.visit import Fields, Here, Visit, number, text
from policies.engine.refusals import Refusal
from services.forms.summary import Held

router = APIRouter()
# Whose rules a page goes by is told by what it asks for.
ASKS = "record_exchange"


@router.get("/year")
async def year(visit: Here, of: str = "", done: str = "") -> Response:
    """This year, or another by its number."""
    return await _shown(visit, Typed(new_request()), of=number(of), done=done)


@router.post("/year/exchanges")
async def record_exchange(visit: Here, fields: Fields) -> Response:
    """Keep an exchange that was held."""
    given = {name: text(fields, name).strip() for name in ("form", "held_on", "said")}
    typed = Typed(kept_request(text(fields, "request")), form=given)
    held = Held(form=given["form"][:60], held_on=given["held_on"][:10], said=given["said"][:4000])
    try:
        viewer, pack = visit.signed_in(), await visit.desks.programmes.with_task(ASKS)
        await visit.desks.summaries.record(viewer, pack, held, request=typed.request)
    except Refusal as refusal:
        return await _shown(visit, typed_again(visit, typed, refusal), status=status_of(refusal))
    return visit.go("/year?done=recorded")


async def _shown(visit: Visit, typed: Typed, *, of: int = 0, status: int = 200, done: str = "") -> Response:
    viewer, pack = visit.signed_in(), await visit.desks.programmes.with_task(ASKS)
    shown = await visit.desks.summaries.year(viewer, pack, of)
    return visit.page("year.html", status=status, typed=typed, shown=shown, done=done)
