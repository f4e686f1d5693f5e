"""The goal of a year for flexible talent, with the cases behind each number (OT-1.3a)."""

from fastapi import APIRouter
from fastapi.responses import Response

from console.visit import Here, number

router = APIRouter()


@router.get("/talent-targets")
async def this_year(visit: Here) -> Response:
    """The local year's page."""
    visit.signed_in()
    return visit.go(f"/talent-targets/{visit.desks.talent_targets.this_year()}")


@router.get("/talent-targets/{year}")
async def targets(year: str, visit: Here) -> Response:
    """One year, to be read and printed."""
    desk = visit.desks.talent_targets
    board = await desk.board(visit.signed_in(), number(year) or desk.this_year())
    return visit.page("talent_targets.html", board=board)
