"""Acts on a case from its page or the monitor: comment, urge, hand over or name somebody, ask others, withdraw."""

from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import Response

from console.faults import words_of
from console.forms import kept_request, new_request
from console.visit import Fields, Here, text
from policies.engine.refusals import Refusal
from policies.engine.tasks import COPIED
from services.engine.acts import Wish

router = APIRouter()
VERBS = frozenset({"comment", "urge", "hand_over", "add_seat", "recall_seat", "copy", "withdraw"})


@router.post("/cases/{case}/acts")
async def act(case: str, visit: Here, fields: Fields) -> Response:
    """Do it, and go back to the page with a word on what became of it."""
    viewer = visit.signed_in()
    verb, how = text(fields, "act"), text(fields, "how")
    if verb == "add_seat" and how == COPIED:
        verb = "copy"
    wish = Wish(
        request=kept_request(text(fields, "request")),
        verb=verb if verb in VERBS else "comment",
        case=case,
        task=text(fields, "task"),
        words=text(fields, "words"),
        taker=text(fields, "taker"),
        how=how,
    )
    try:
        done = await visit.desks.acts.act(viewer, wish)
    except Refusal as refusal:
        page = await visit.desks.cases.page(case, viewer)
        facts = {"page": page, "operator": False, "forecast": None, "done": "", "problem": words_of(refusal)}
        return visit.page("case.html", status=409, request_id=new_request(), **facts)
    return visit.go(f"/cases/{case}?{urlencode({'done': done.state})}")


@router.get("/tasks/{task}/hand-over")
async def taker(task: str, visit: Here, case: str) -> Response:
    """Choose who takes the task over."""
    viewer = visit.signed_in()
    page = await visit.desks.cases.page(case, viewer)
    open_task = next((each for each in page.tasks if each.task == task and each.may_hand_over), None)
    takers = await visit.desks.acts.takers(viewer, case, task) if open_task else []
    beside = await visit.desks.acts.beside(viewer, case, task) if open_task and open_task.mine else None
    facts = {
        "page": page,
        "task": open_task,
        "takers": takers,
        "beside": beside,
        "places": await visit.desks.places.now(),
    }
    return visit.page("hand_over.html", status=200 if open_task else 403, request_id=new_request(), **facts)
