"""What a page says when something is refused or cannot be reached: the status table of the console, in one place."""

from collections.abc import Awaitable, Callable, Mapping

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from starlette.exceptions import HTTPException

from console import wording
from console.guards import HEADERS
from console.visit import Console, NotSignedIn, language_of
from policies.engine.refusals import Refusal
from services.engine.health import means_database_away

STATUS: Mapping[str, int] = {
    "StartingUp": 503,
    "TaskUnknown": 404,
    "CaseUnknown": 404,
    "PostUnknown": 404,
    "LinkUnknown": 404,
    "NotYourTask": 403,
    "NotForYou": 403,
    "RoleEnded": 403,
    "DeputyUnfit": 422,
    "DeputyDays": 422,
    "NotYetYourTurn": 409,
    "SignerUnfit": 422,
    "StepUnknown": 422,
    "OwnCase": 403,
    "BothSides": 403,
    "SecondPersonNeeded": 403,
    "RecordedByYou": 403,
    "SignInNeeded": 403,
    "LinkExpired": 410,
    "LinkUsed": 410,
    "CaseClosed": 410,
    "UrgedTooSoon": 429,
    "ReasonMissing": 422,
    "FormIncomplete": 422,
    "FactsRefused": 422,
    "ChoiceUnknown": 422,
    "ScanUnfit": 422,
    "ProofMissing": 422,
    "DecidedInFuture": 422,
    "SignerOutOfOffice": 422,
    "TakerUnfit": 422,
    "FileLocked": 409,
    "IssuedInFuture": 422,
    "SheetUnreadable": 422,
    "SheetTooLarge": 413,
    "SheetColumnsWrong": 422,
    "SheetEmpty": 422,
}
CONFLICT = 409
AWAY = 503
RETRY_AFTER = "5"
BROKEN = 500
Handler = Callable[[Request, Exception], Awaitable[Response]]


def status_of(refusal: Refusal) -> int:
    """The HTTP status of a refusal; what stands against the present state of a case is a conflict."""
    return STATUS.get(type(refusal).__name__, CONFLICT)


def words_of(refusal: Refusal) -> str:
    """The refusal in Chinese, for the catalogue; a refusal at delivery is said by its own name."""
    name = refusal.facts.get("refusal", "") if type(refusal).__name__ == "NotCounted" else type(refusal).__name__
    return wording.REFUSALS.get(name, wording.UNNAMED_REFUSAL)


def say_faults(app: FastAPI) -> None:
    """Answer refusals, missing pages and an unreachable database with pages; the API has its own application."""
    handlers: Mapping[type[Exception], Handler] = {
        NotSignedIn: _to_sign_in,
        Refusal: _refused,
        HTTPException: _http,
        OSError: _away,
        DBAPIError: _away,
        PoolExhausted: _away,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)
    app.add_exception_handler(BROKEN, _broken)


async def _to_sign_in(request: Request, fault: Exception) -> Response:
    wanted = fault.wanted if isinstance(fault, NotSignedIn) else ""
    target = request.url_for("sign_in_page").path
    if wanted:
        target += "?" + str(request.url.replace(query="").include_query_params(next=wanted).query)
    return RedirectResponse(target, status_code=303)


async def _refused(request: Request, fault: Exception) -> Response:
    if not isinstance(fault, Refusal):
        raise fault
    response = _page(request, status_of(fault), words_of(fault))
    if response.status_code == AWAY:
        response.headers["Retry-After"] = RETRY_AFTER
    return response


async def _http(request: Request, fault: Exception) -> Response:
    status = fault.status_code if isinstance(fault, HTTPException) else CONFLICT
    words = wording.HTTP.get(status, wording.UNNAMED_REFUSAL)
    return _page(request, status, words)


async def _away(request: Request, fault: Exception) -> Response:
    if not means_database_away(fault):
        raise fault
    response = _page(request, AWAY, wording.DATABASE_AWAY)
    response.headers["Retry-After"] = RETRY_AFTER
    return response


async def _broken(request: Request, _fault: Exception) -> Response:
    response = _page(request, BROKEN, wording.BROKEN)
    # This answer is given outside of the guards, which would else add them.
    response.headers.update(HEADERS)
    return response


def _page(request: Request, status: int, words: str) -> Response:
    console: Console = request.app.state.console
    context: dict[str, object] = {
        "viewer": None,
        "setting": console.setting,
        "here": request.url.path,
        "now": console.now(),
        "switch": {},
        "words": words,
        "status": status,
    }
    return HTMLResponse(console.pages.render(language_of(request), "fault.html", context), status_code=status)
