"""The one table from refusals to HTTP numbers, and the handlers that answer with problem details (RFC 9457)."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from starlette.exceptions import HTTPException

from api.problems import PROBLEMS, Problem, code_of, worded
from i18n import chosen_language, translator
from policies.engine.refusals import Refusal
from services.engine.health import means_database_away
from services.field_problems import FactsRefused, FieldProblem

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = "5"
LOG = logging.getLogger("pinyong.api")

# By class name, because that is how a refusal travels from a case to here.
STATUS_OF: Mapping[str, int] = {
    "AlreadyAnswered": 409,
    "ApiKeyUnknown": 404,
    "BothSides": 403,
    "CallerUnknown": 401,
    "CaseClosed": 410,
    "CaseUnknown": 404,
    "ClinicsOff": 409,
    "ChangeUnderWay": 409,
    "ContractNotRunning": 409,
    "ChoiceUnknown": 422,
    "CursorUnknown": 400,
    "CycleEnded": 409,
    "DecidedInFuture": 422,
    "FactsRefused": 422,
    "FontsMissing": 409,
    "FormIncomplete": 422,
    "IdempotencyKeyMalformed": 400,
    "IdempotencyKeyReused": 409,
    "InstitutionKnown": 409,
    "InstitutionNotChosen": 409,
    "InstitutionUnknown": 404,
    "FileLocked": 409,
    "IssuedInFuture": 422,
    "LinkExpired": 410,
    "LinkUnknown": 404,
    "LinkUsed": 410,
    "MayNotDecide": 403,
    "MethodNotInForce": 409,
    "MethodUnderWay": 409,
    "NoCycle": 409,
    "NoMentor": 409,
    "OpeningStands": 409,
    "ContractOpeningStands": 409,
    "NoOpenApplication": 409,
    "NotInService": 409,
    "FundRequestsWait": 409,
    "FundsBelowPaid": 409,
    "FundsNotOpen": 409,
    "NotCounted": 409,
    "NotForYou": 403,
    "NotOnDispatchList": 409,
    "NotOnboarding": 409,
    "NotStandingStill": 409,
    "NotYourTask": 403,
    "OneOpenCase": 409,
    "OwnCase": 403,
    "PaperSettled": 409,
    "PayYearSettled": 409,
    "PaymentSettled": 409,
    "PaymentUnknown": 404,
    "PaymentsWait": 409,
    "PersonKnown": 409,
    "PersonUnknown": 404,
    "PostMatched": 409,
    "PostTakenBack": 409,
    "PostUnknown": 404,
    "ProofMissing": 422,
    "QualifiedSettled": 409,
    "ReasonMissing": 422,
    "ProgrammeUnclear": 409,
    "NotYetYourTurn": 409,
    "DeputyDays": 422,
    "DeputyOverlaps": 409,
    "DeputyUnfit": 422,
    "DeputyUnknown": 404,
    "RecordedByYou": 403,
    "RoleEnded": 403,
    "SignerUnfit": 422,
    "StepUnknown": 422,
    "ScanUnfit": 422,
    "ScopeMissing": 403,
    "ScopeUnknown": 422,
    "SecondPersonNeeded": 403,
    "SheetColumnsWrong": 422,
    "SheetEmpty": 422,
    "SheetTooLarge": 413,
    "SheetUnreadable": 422,
    "SignerOutOfOffice": 422,
    "SignInNeeded": 403,
    "StaleRevision": 409,
    "StartUnderWay": 409,
    "StartingUp": 503,
    "StoredMeanwhile": 409,
    "TakerUnfit": 422,
    "TaskClosed": 409,
    "TaskUnknown": 404,
    "SheetNotSeen": 409,
    "TotalExceeded": 409,
    "TotalNotApproved": 409,
    "UrgedTooSoon": 429,
    "VersionMissing": 428,
    "VersionStale": 412,
    "WithdrawalTooLate": 409,
}
OTHERWISE = 409

# A start carries facts; these names would carry what only people decide (AS-115).
DECIDED_BY_PEOPLE = frozenset(
    {"decision", "decisions", "choice", "verdict", "grade", "confirmed", "approved", "agreed", "outcome", "result"}
)


def install(app: FastAPI) -> None:
    """Answer every refusal and failure of this application with a problem."""
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    for kind in (DBAPIError, PoolExhausted, OSError):
        app.add_exception_handler(kind, _database_failed)
    app.add_exception_handler(Exception, _failed)


def of_refusal(refusal: Refusal, language: str) -> Problem:
    """The problem that a refusal is."""
    kind, facts = type(refusal).__name__, dict(refusal.facts)
    if "refusal" in facts:
        inner = PROBLEMS.get(code_of(facts["refusal"]), PROBLEMS["refused"])[1]
        facts["why"] = translator(language).gettext(inner)
        facts["refusal"] = code_of(facts["refusal"])
    fields = refusal.problems if isinstance(refusal, FactsRefused) else ()
    return Problem(code_of(kind), STATUS_OF.get(kind, OTHERWISE), facts, fields)


def language_of(request: Request) -> str:
    """The language that the caller prefers."""
    return chosen_language(request.headers.get("accept-language"))


def answer(request: Request, problem: Problem, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """A problem as a response in the caller's language."""
    language = language_of(request)
    marks = {"Content-Language": language, "Vary": "Accept-Language", **(headers or {})}
    return JSONResponse(worded(problem, language), problem.status, media_type=MEDIA_TYPE, headers=marks)


async def _refused(request: Request, refusal: Exception) -> JSONResponse:
    if not isinstance(refusal, Refusal):
        raise refusal
    problem = of_refusal(refusal, language_of(request))
    later = {"Retry-After": RETRY_AFTER}
    headers = {401: {"WWW-Authenticate": "Bearer"}, 429: later, 503: later}.get(problem.status)
    if problem.code == "start_under_way":
        headers = {"Retry-After": "1"}
    return answer(request, problem, headers)


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise error
    faults = list(error.errors())
    broken = next((fault for fault in faults if fault["type"] == "json_invalid"), None)
    if broken:
        return answer(request, Problem("json_malformed", 400, {"position": str(broken["loc"][-1])}))
    fields = [field_of(fault, fault["loc"][1:]) for fault in faults]
    code = "facts_only" if any(field.code == "facts_only" for field in fields) else "request_invalid"
    return answer(request, Problem(code, 422, {}, fields))


def field_of(fault: Mapping[str, Any], place: Sequence[str | int]) -> FieldProblem:
    """The fault that pydantic found at a place of a body."""
    field, kind, context = ".".join(map(str, place)) or "body", fault["type"], fault.get("ctx", {})
    if kind == "extra_forbidden":
        return FieldProblem(field, "facts_only" if str(place[-1]).lower() in DECIDED_BY_PEOPLE else "field_unknown")
    if kind == "string_too_long":
        return FieldProblem(field, "too_long", (("limit", str(context["max_length"])),))
    if kind in ("literal_error", "enum"):
        choices = str(context["expected"]).replace("'", "").replace(" or ", "、").replace(", ", "、")
        return FieldProblem(field, "choice_unknown", (("choices", choices),))
    return FieldProblem(field, "missing" if kind == "missing" else "date_wrong" if "date" in kind else "type_wrong")


async def _http(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    code = {400: "body_undecodable", 404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "refused")
    return answer(request, Problem(code, error.status_code, {}), error.headers)


async def _database_failed(request: Request, error: Exception) -> JSONResponse:
    if not means_database_away(error):
        raise error
    LOG.warning("database away: %s", type(error).__name__)
    return answer(request, Problem("database_away", 503, {}), {"Retry-After": RETRY_AFTER})


async def _failed(request: Request, error: Exception) -> JSONResponse:
    LOG.error("request failed: %s", type(error).__name__)
    return answer(request, Problem("internal", 500, {}))
