"""The page on which people, or their offices, say who answers for them while they are away (委托代办)."""

from datetime import date

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.datastructures import FormData, UploadFile

from console.decide import Typed, typed_again
from console.faults import status_of
from console.forms import new_request
from console.visit import Fields, Here, Visit, text
from policies.engine.refusals import ReasonMissing, Refusal
from services.engine.deputies import Authorisation, DeputyDays
from services.engine.scans import Scan

router = APIRouter()
GIVEN = ("person", "deputy", "first_day", "last_day", "reason")


@router.get("/deputies")
async def deputies(visit: Here, done: str = "") -> Response:
    """Who answers for whom, and the form for another entry."""
    return await _page(visit, Typed(new_request()), done=done)


@router.post("/deputies")
async def enter(visit: Here, fields: Fields) -> Response:
    """Enter a deputy."""
    viewer = visit.signed_in()
    given = {name: text(fields, name).strip() for name in GIVEN}
    typed = Typed(new_request(), form=given)
    try:
        if not given["reason"]:
            raise ReasonMissing
        days = (_day(given["first_day"]), _day(given["last_day"]))
        proof = await _proof(fields)
        wanted = Authorisation(given["person"] or viewer.person, given["deputy"], *days, given["reason"], proof)
        await visit.desks.deputies.enter(viewer, wanted)
    except Refusal as refusal:
        return await _page(visit, typed_again(visit, typed, refusal), status=status_of(refusal))
    return visit.go("/deputies?done=entered")


@router.post("/deputies/{entry}/end")
async def end(entry: str, visit: Here) -> Response:
    """End an entry from today on."""
    viewer = visit.signed_in()
    try:
        await visit.desks.deputies.end(viewer, entry)
    except Refusal as refusal:
        return await _page(visit, typed_again(visit, Typed(new_request()), refusal), status=status_of(refusal))
    return visit.go("/deputies?done=ended")


async def _page(visit: Visit, typed: Typed, *, status: int = 200, done: str = "") -> Response:
    viewer, desk = visit.signed_in(), visit.desks.deputies
    facts = {
        "entries": await desk.standing(viewer),
        "people": await desk.people(viewer),
        "candidates": await desk.candidates(viewer),
        "places": await visit.desks.places.now(),
    }
    return visit.page("deputies.html", status=status, typed=typed, done=done, **facts)


async def _proof(fields: FormData) -> Scan | None:
    upload = fields.get("proof")
    return Scan(upload.filename, await upload.read()) if isinstance(upload, UploadFile) and upload.filename else None


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise DeputyDays from None
