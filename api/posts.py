"""Published posts, so that other systems can apply for them; public to every caller who may read cases (DQ-3.1.2d)."""

from typing import Literal

from fastapi import APIRouter

from api.callers import READS_CASES, Desks
from api.messages import Id, PostOut, PostPage
from api.pages import Cursor, Limit, after_of, cursor_of, page
from services.post_board import PostFilter

router = APIRouter(prefix="/posts", tags=["posts"])


@router.get("", dependencies=[READS_CASES])
async def list_posts(
    *,
    desks: Desks,
    cycle: Id | None = None,
    state: Literal["open", "matched", "closed", "unfilled"] | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> PostPage:
    """Posts in the order of their ids, narrowed by cycle or state."""
    wanted = PostFilter(cycle, state, after=after_of(cursor), limit=limit + 1)
    found, more = page(await desks.board.listed(wanted), limit)
    items = tuple(PostOut.model_validate(post) for post in found)
    return PostPage(items=items, next=cursor_of(found[-1].id) if more else None)
