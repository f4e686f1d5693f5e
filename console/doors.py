"""Coming in and going out: a link by mail, a session, and in a demonstration one click to act as a sample person."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Query
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from console.visit import Fields, Here, Visit, text
from services.engine.sessions import LIVES

router = APIRouter()
demo_router = APIRouter()


@router.get("/sign-in", name="sign_in_page")
async def sign_in_page(visit: Here, wanted: Annotated[str, Query(alias="next")] = "") -> Response:
    """Ask for the address to which the link goes."""
    return visit.page("sign_in.html", wanted=_ours(wanted))


@router.post("/sign-in")
async def ask_for_link(visit: Here, fields: Fields) -> Response:
    """Always the same answer, so that nobody learns whose address is known."""
    await visit.desks.sign_in.ask(text(fields, "address"), wanted=_ours(text(fields, "next")))
    return visit.page("sign_in_sent.html")


@router.api_route("/s/{token}", methods=["GET", "HEAD"])
async def link_opened(token: str, visit: Here) -> Response:
    """The page behind the sign-in letter; only its POST signs in."""
    await visit.desks.sign_in.look(token)
    return visit.page("sign_in_confirm.html", token=token)


@router.post("/s/{token}")
async def link_used(token: str, visit: Here) -> Response:
    """Use the link and begin a session."""
    entry = await visit.desks.sign_in.enter(token)
    return await _entered(visit, entry.person, _ours(entry.wanted) or "/tasks")


@router.post("/sign-out")
async def sign_out(visit: Here) -> Response:
    """End the session."""
    if visit.cookie:
        await visit.desks.sessions.close(visit.cookie)
    response = visit.go("/sign-in")
    response.delete_cookie(visit.console.setting.cookie, secure=visit.console.setting.secure, httponly=True)
    return response


@demo_router.get("/act-as")
async def sample_people(visit: Here) -> Response:
    """The people of the sample county."""
    return visit.page("act_as.html", samples=await visit.desks.sign_in.samples())


@demo_router.post("/act-as")
async def act_as(visit: Here, fields: Fields) -> Response:
    """Sign in as a sample person; nobody else can be entered this way."""
    person = text(fields, "person")
    if not await visit.desks.sign_in.is_sample(person):
        raise HTTPException(404)
    return await _entered(visit, person, "/tasks")


async def _entered(visit: Visit, person: str, target: str) -> Response:
    setting = visit.console.setting
    cookie = await visit.desks.sessions.open(person)
    response = visit.go(target)
    response.set_cookie(
        setting.cookie,
        cookie,
        max_age=int(LIVES.total_seconds()),
        path="/",
        httponly=True,
        samesite="lax",
        secure=setting.secure,
    )
    return response


def _ours(wanted: str) -> str:
    """A path of this console, or ""; an address of another site is never gone to."""
    parts = urlsplit(wanted)
    local = not parts.scheme and not parts.netloc and wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    return wanted if local and wanted.isprintable() else ""
