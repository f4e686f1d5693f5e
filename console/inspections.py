"""How long ago each institution was inspected, and the sheet on which the bureau opens an inspection (DQ-3.2.3a)."""

from datetime import date

from fastapi import APIRouter
from fastapi.responses import Response

from console.decide import Typed, typed_again
from console.faults import status_of
from console.forms import kept_request, new_request
from console.visit import Fields, Here, Visit, text
from policies.engine.refusals import Refusal
from services.engine.permissions import Right, ensure
from services.inspection import Inspection

router = APIRouter()
# Whose rules a page goes by is told by what it asks for.
ASKS = "inspection_findings"
ASKED = ("institution", "person", "occasion", "inspected_on", "concerns")


@router.get("/inspections")
async def inspections(visit: Here) -> Response:
    """Every institution with the days since its last inspection, the longest ago first."""
    viewer = visit.signed_in()
    lines = await visit.desks.inspections.inspected(viewer)
    return visit.page("inspections.html", lines=lines, may_open=viewer.may(Right.INSPECT))


@router.get("/inspections/new")
async def inspection_sheet(visit: Here, institution: str = "", concerns: str = "") -> Response:
    """The empty sheet, or with the institution and the case that it concerns."""
    given = {"institution": institution, "concerns": concerns, "occasion": "report" if concerns else "inspection"}
    return await _sheet(visit, Typed(new_request(), form=given))


@router.post("/inspections")
async def open_inspection(visit: Here, fields: Fields) -> Response:
    """Open it, and go to its case, where the officer records what was found; a second click is the same case."""
    viewer = visit.signed_in()
    given = {name: text(fields, name).strip() for name in ASKED}
    typed = Typed(kept_request(text(fields, "request")), form=given)
    day = _day(given["inspected_on"])
    asked = Inspection(
        await visit.desks.programmes.with_task(ASKS),
        given["institution"],
        day or date.max,
        given["occasion"],
        given["person"],
        given["concerns"],
        number=typed.request,
    )
    try:
        started = await visit.desks.inspections.start(asked, by=viewer.person, viewer=viewer)
    except Refusal as refusal:
        return await _sheet(visit, typed_again(visit, typed, refusal), status=status_of(refusal))
    return visit.go(f"/cases/{started.case_id}?done={'recorded' if started.under_way else 'received'}")


async def _sheet(visit: Visit, typed: Typed, *, status: int = 200) -> Response:
    viewer = visit.signed_in()
    ensure(viewer, Right.INSPECT)
    lines = await visit.desks.inspections.inspected(viewer)
    return visit.page("inspection_new.html", status=status, typed=typed, lines=lines)


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
