"""Calls for talent schemes: the bureau announces one, and those to be recommended first are reminded (DQ-3.5.2b)."""

from datetime import date
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import Response

from console.decide import Typed, typed_again
from console.faults import status_of
from console.forms import new_request
from console.visit import Fields, Here, Visit, text
from policies.engine.refusals import Refusal

router = APIRouter()


@router.get("/talents")
async def talents(visit: Here) -> Response:
    """Every call that concerns the viewer; for the bureau a form for another."""
    return await _board(visit, Typed(new_request()))


@router.post("/talents")
async def call(visit: Here, fields: Fields) -> Response:
    """Announce a call; a second click finds the first."""
    given = {name: text(fields, name).strip() for name in ("name", "closes_on")}
    typed = Typed(new_request(), words=text(fields, "words"), form=given)
    try:
        viewer, closes_on = visit.signed_in(), _day(given["closes_on"])
        started = await visit.desks.talents.call(viewer, given["name"], closes_on, typed.words)
    except Refusal as refusal:
        return await _board(visit, typed_again(visit, typed, refusal), status=status_of(refusal))
    return visit.go(f"/talents/{started.case_id}?{urlencode({'done': 'called'})}")


@router.get("/talents/{case}")
async def one_call(case: str, visit: Here, done: str = "") -> Response:
    """One call with the list, as far as the viewer may see it."""
    return visit.page("talent_call.html", call=await visit.desks.talents.one(case, visit.signed_in()), done=done)


async def _board(visit: Visit, typed: Typed, *, status: int = 200) -> Response:
    board = await visit.desks.talents.board(visit.signed_in())
    return visit.page("talents.html", status=status, board=board, typed=typed)


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
