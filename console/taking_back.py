"""Taking a published post back before anybody is matched to it, with a reason and a clear yes (EXC-04)."""

from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import Response

from console import wording
from console.faults import status_of, words_of
from console.forms import kept_request, new_request
from console.visit import Fields, Here, Visit, text
from policies.engine.refusals import Refusal
from services.engine.permissions import Right, ensure
from services.post_board import PostLine

router = APIRouter()


@router.get("/posts/{post}/take-back")
async def ask_take_back(post: str, visit: Here) -> Response:
    """What taking it back does; for a matched or closed post why it cannot be done."""
    line = await _of_the_viewer(visit, post)
    return await _shown(visit, line, request=new_request())


@router.post("/posts/{post}/take-back")
async def take_back(post: str, visit: Here, fields: Fields) -> Response:
    """Keep it, bring it to the cycle, and go back to the post, which shows what has become of it."""
    line = await _of_the_viewer(visit, post)
    request, words = kept_request(text(fields, "request")), text(fields, "words")
    if text(fields, "confirmed") != "yes":
        return await _shown(visit, line, request=request, words=words, status=422, problem=wording.UNCONFIRMED)
    by = visit.signed_in().person
    try:
        done = await visit.desks.applications.cancel_post(post, by=by, reason=words, request=request)
    except Refusal as refusal:
        said = words_of(refusal)
        return await _shown(visit, line, request=request, words=words, status=status_of(refusal), problem=said)
    return visit.go(f"/posts/{post}?{urlencode({'done': done.state})}")


async def _of_the_viewer(visit: Visit, post: str) -> PostLine:
    viewer = visit.signed_in()
    line = await visit.desks.board.post(post)
    ensure(viewer, Right.TAKE_BACK, [line.place])
    return line


async def _shown(
    visit: Visit, line: PostLine, *, request: str, words: str = "", status: int = 200, problem: str = ""
) -> Response:
    facts = {
        "request_id": request,
        "words": words,
        "problem": problem,
        "term": await visit.desks.changes.term_at(line.post),
    }
    return visit.page("take_back.html", status=status, post=line, **facts)
