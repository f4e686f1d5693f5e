"""The sheet on which the health group proposes regular clinics; there only where the programme has them (DQ-3.1.1c)."""

from datetime import date

from fastapi import APIRouter
from fastapi.responses import Response

from console.decide import Typed, typed_again
from console.faults import status_of
from console.forms import kept_request, new_request
from console.visit import Fields, Here, Visit, number, text
from policies.engine.refusals import Refusal
from services.clinics import ClinicOrder
from services.engine.permissions import Right, ensure

router = APIRouter()
# Whose rules a page goes by is told by what it asks for.
ASKS = "agree_clinics_group"
GIVEN = ("person", "hospital", "first_day", "every_weeks", "clinics")


@router.get("/clinics/new")
async def clinic_sheet(visit: Here) -> Response:
    """The empty sheet."""
    return await _sheet(visit, Typed(new_request()))


@router.post("/clinics")
async def propose_clinics(visit: Here, fields: Fields) -> Response:
    """Propose the days, and go to the case in which they are agreed."""
    viewer = visit.signed_in()
    given = {name: text(fields, name).strip() for name in GIVEN}
    typed = Typed(kept_request(text(fields, "request")), form=given)
    order = ClinicOrder(
        await visit.desks.programmes.with_task(ASKS),
        given["person"],
        given["hospital"],
        _day(given["first_day"]) or date.min,
        number(given["every_weeks"]),
        number(given["clinics"]),
        number=typed.request,
    )
    try:
        started = await visit.desks.clinics.start(order, by=viewer.person, viewer=viewer)
    except Refusal as refusal:
        return await _sheet(visit, typed_again(visit, typed, refusal), status=status_of(refusal))
    return visit.go(f"/cases/{started.case_id}?done={'recorded' if started.under_way else 'received'}")


async def _sheet(visit: Visit, typed: Typed, *, status: int = 200) -> Response:
    ensure(visit.signed_in(), Right.ARRANGE_CLINICS)
    places = await visit.desks.places.now()
    hospitals = [place for place in places.places.values() if place.kind == "county_hospital"]
    on = await visit.desks.clinics.are_on(await visit.desks.programmes.with_task(ASKS))
    return visit.page("clinic_new.html", status=status, typed=typed, hospitals=hospitals, on=on)


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
