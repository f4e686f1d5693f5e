"""The board of posts, and the page on which a receiving head decides about all applicants of one post."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from console.faults import words_of
from console.forms import kept_request, new_request
from console.visit import Fields, Here, Visit, text
from policies.engine.refusals import Refusal
from services.engine.decisions import PAGE, Answer
from services.engine.permissions import Right
from services.engine.task_page import TaskPage
from services.post_board import PostLine

router = APIRouter()
POST = "post"
FORM = "post_review"
LEAVE, REJECT, AGREE = "leave", "reject", "agree"


@dataclass(frozen=True)
class Result:
    """What became of one applicant's row."""

    page: TaskPage
    choice: str
    state: str
    problem: str = ""


@router.get("/posts")
async def board(visit: Here, institution: str = "", state: str = "", specialty: str = "") -> Response:
    """Published posts and unmet demand."""
    visit.signed_in()
    shown = await visit.desks.board.board(institution=institution, state=state, specialty=specialty)
    places = await visit.desks.places.now()
    narrowed = {"institution": institution, "state": state, "specialty": specialty}
    return visit.page("posts.html", board=shown, places=places, narrowed=narrowed)


@router.get("/posts/{post}")
async def applicants(post: str, visit: Here, done: str = "") -> Response:
    """Everybody who waits for this person's word on the post; `done` after it was taken back."""
    visit.signed_in()
    line = await visit.desks.board.post(post)
    return _shown(visit, line, await _waiting(visit, post), done=done)


@router.post("/posts/{post}")
async def decide_post(post: str, visit: Here, fields: Fields) -> Response:
    """One answer for each applicant: the chosen one is agreed to, the others are left open or rejected."""
    visit.signed_in()
    line = await visit.desks.board.post(post)
    waiting = await _waiting(visit, post)
    chosen, others = text(fields, "chosen"), text(fields, "others")
    problem = _problem(waiting, chosen=chosen, others=others, reason=text(fields, "words"))
    if problem:
        return _shown(visit, line, waiting, status=422, problem=problem)
    answers = [] if others == LEAVE else [(page, REJECT) for page in waiting if page.task != chosen]
    # Agreeing may fill the post, which takes the others' tasks away: their answers and the reason come before it.
    answers += [(page, AGREE) for page in waiting if page.task == chosen]
    results = [await _one(visit, page, choice, fields) for page, choice in answers]
    return _shown(visit, line, await _waiting(visit, post), results=results)


def _shown(
    visit: Visit,
    line: PostLine,
    waiting: Sequence[TaskPage],
    *,
    results: Sequence[Result] = (),
    problem: str = "",
    done: str = "",
    status: int = 200,
) -> Response:
    facts = {"waiting": _with_requests(waiting), "results": results, "problem": problem, "done": done}
    may_take_back = visit.signed_in().may(Right.TAKE_BACK, [line.place])
    return visit.page("post.html", status=status, post=line, may_take_back=may_take_back, **facts)


async def _waiting(visit: Visit, post: str) -> list[TaskPage]:
    """The receiving side's own tasks; the sending head, who is asked about the same post, decides person by person."""
    mine = await visit.desks.tasks.mine_about(visit.signed_in().person, POST, post)
    return [page for page in mine if page.form == FORM]


def _with_requests(waiting: Sequence[TaskPage]) -> list[tuple[TaskPage, str]]:
    return [(page, new_request()) for page in waiting if page.state == "open"]


def _problem(waiting: list[TaskPage], *, chosen: str, others: str, reason: str) -> str:
    if chosen not in {page.task for page in waiting} | {""}:
        raise HTTPException(404)
    if not chosen and others != REJECT:
        return "nobody_chosen"
    return "reason_missing" if others == REJECT and not reason.strip() else ""


async def _one(visit: Visit, page: TaskPage, choice: str, fields: Fields) -> Result:
    words = text(fields, "words") if choice == REJECT else text(fields, "agree_words")
    answer = Answer(
        request=kept_request(text(fields, f"request-{page.task}")),
        task_id=page.task,
        person=visit.signed_in().person,
        revision=page.revision,
        choice=choice,
        words=words,
        channel=PAGE,
        signed_in=True,
    )
    try:
        receipt = await visit.desks.decisions.answer(answer)
    except Refusal as refusal:
        return Result(page, choice, "refused", words_of(refusal))
    return Result(page, choice, receipt.state)
