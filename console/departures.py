"""Recording on the page of a case that its person has left, retired, died or lost the licence (EXC-10)."""

from datetime import date
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import Response

from console import wording
from console.faults import status_of, words_of
from console.forms import kept_request, new_request
from console.visit import Fields, Here, text
from policies.engine.refusals import Refusal
from services.engine.permissions import NotForYou, Right
from services.field_problems import FactsRefused, said

router = APIRouter()


@router.post("/cases/{case}/departure")
async def record_departure(case: str, visit: Here, fields: Fields) -> Response:
    """Keep it and go back to the case, which ends early."""
    viewer = visit.signed_in()
    page = await visit.desks.cases.page(case, viewer)
    if not page.leaver:
        raise NotForYou(right=Right.RECORD_DEPARTURE.value)
    problem, status = wording.UNCONFIRMED, 422
    day = _day(text(fields, "on"))
    if day and text(fields, "confirmed") == "yes":
        facts = {"reason": text(fields, "words"), "request": kept_request(text(fields, "request"))}
        try:
            done = await visit.desks.applications.record_departure(
                page.leaver, text(fields, "kind"), on=day, by=viewer.person, **facts
            )
        except FactsRefused as refusal:
            problem, status = said(refusal.problems[0], visit.language).detail, status_of(refusal)
        except Refusal as refusal:
            problem, status = words_of(refusal), status_of(refusal)
        else:
            return visit.go(f"/cases/{case}?{urlencode({'done': done.state})}")
    shown = {"page": page, "operator": False, "forecast": None, "done": "", "problem": problem}
    return visit.page("case.html", status=status, request_id=new_request(), **shown)


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
