"""The page of one case: where it stands, who holds it, its file, and why."""

from functools import partial

from fastapi import APIRouter
from fastapi.responses import Response

from console.forms import new_request
from console.visit import Here, number
from services.engine.permissions import Right

router = APIRouter()


@router.get("/cases/{case}")
async def case_page(case: str, visit: Here, done: str = "", problem: str = "", before: str = "") -> Response:
    """A case as the viewer may see it; `done` and `problem` say what became of an act; `before` is the number of the
    line before which the file is shown.
    """
    viewer = visit.signed_in()
    page = await visit.desks.cases.page(case, viewer, before=number(before))
    operator = viewer.may(Right.OPERATE)
    forecast = await visit.desks.terms.forecast(case, viewer) if page.lifecycle == "ServiceTerm" else None
    shown = partial(visit.page, "case.html", request_id=new_request(), done=done, problem=problem)
    return shown(page=page, operator=operator, forecast=forecast)
