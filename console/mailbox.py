"""The mailbox of a demonstration: every letter that was sent, as its reader would see it."""

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from console.guards import LETTER_POLICY
from console.visit import Here, Mail, Mails, Visit

router = APIRouter()
NEWEST, ALL = 100, 10_000


@router.get("/mailbox")
async def mailbox(visit: Here, to: str = "") -> Response:
    """The newest letters, or all to the addresses in which something stands."""
    wanted = to.strip()
    mails = await run_in_threadpool(_box(visit).messages, ALL if wanted else NEWEST + 1)
    shown = [mail for mail in mails if any(wanted in each for each in mail.to)]
    older = not wanted and len(shown) > NEWEST
    return visit.page("mailbox.html", mails=shown if wanted else shown[:NEWEST], to=wanted, older=older, letter=None)


@router.get("/mailbox/{message}")
async def letter(message: str, visit: Here) -> Response:
    """One letter."""
    return visit.page("mailbox.html", mails=(), to="", older=False, letter=await _letter(visit, message))


@router.get("/mailbox/{message}/html")
async def letter_html(message: str, visit: Here) -> Response:
    """The letter's own html, in a frame without scripts that may open its links in a new window."""
    found = await _letter(visit, message)
    content = f'<base target="_blank">{found.html}'
    headers = {"Content-Security-Policy": LETTER_POLICY}
    return Response(content, media_type="text/html; charset=utf-8", headers=headers)


async def _letter(visit: Visit, message: str) -> Mail:
    try:
        return await run_in_threadpool(_box(visit).message, message)
    except visit.console.setting.no_mail:
        raise HTTPException(404) from None


def _box(visit: Visit) -> Mails:
    box = visit.console.setting.mailbox
    if box is None:
        raise HTTPException(404)
    return box
