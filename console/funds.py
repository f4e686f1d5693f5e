"""The funds of a year for flexible talent: what each hospital has, and beginning a year (OT-5a to OT-5d)."""

from fastapi import APIRouter
from fastapi.responses import Response

from console.decide import Typed, typed_again
from console.faults import status_of
from console.forms import kept_request, new_request
from console.visit import Fields, Here, Visit, number, text
from policies.engine.refusals import Refusal
from services.fund_payments import PaymentOrder
from services.talent_funds import FundOrder

router = APIRouter()


@router.get("/fund-years")
async def this_year(visit: Here) -> Response:
    """The local year's page."""
    visit.signed_in()
    return visit.go(f"/fund-years/{visit.desks.fund_pages.this_year()}")


@router.get("/fund-years/{year}")
async def fund_year(year: str, visit: Here, done: str = "") -> Response:
    """One year; for the commission a button that begins it."""
    return await _board(visit, number(year), Typed(new_request()), done=done)


@router.post("/fund-years")
async def begin(visit: Here, fields: Fields) -> Response:
    """Begin a year; a second click finds the first."""
    viewer, year = visit.signed_in(), number(text(fields, "year"))
    typed = Typed(new_request())
    try:
        order = FundOrder(text(fields, "commission").strip(), year)
        await visit.desks.fund_years.start(order, by=viewer.person, viewer=viewer)
    except Refusal as refusal:
        return await _board(visit, year, typed_again(visit, typed, refusal), status=status_of(refusal))
    return visit.go(f"/fund-years/{year}?done=begun")


@router.post("/fund-payments")
async def request_funds(visit: Here, fields: Fields) -> Response:
    """Begin a request; a second click of the same page finds the first, and its tasks do the rest."""
    viewer, desk = visit.signed_in(), visit.desks.fund_pages
    given = {name: text(fields, name).strip() for name in ("kind", "employer", "contract")}
    typed = Typed(kept_request(text(fields, "request")), form=given)
    order = PaymentOrder(given["kind"], given["employer"], given["contract"], typed.request)
    try:
        started = await visit.desks.fund_payments.start(order, by=viewer.person, viewer=viewer)
    except Refusal as refusal:
        return await _board(visit, desk.this_year(), typed_again(visit, typed, refusal), status=status_of(refusal))
    return visit.go(f"/cases/{started.case_id}")


async def _board(visit: Visit, year: int, typed: Typed, *, status: int = 200, done: str = "") -> Response:
    desk = visit.desks.fund_pages
    board = await desk.board(visit.signed_in(), year or desk.this_year())
    return visit.page("fund_year.html", status=status, board=board, typed=typed, done=done)
