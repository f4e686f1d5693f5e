"""What may change a running term: an early end or a transfer that is proposed, a time in which it stands still (EXC-07
to EXC-09).
"""

from datetime import date
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import Response

from console.faults import status_of, words_of
from console.forms import kept_request, new_request
from console.visit import Fields, Here, Visit, text
from policies.engine.refusals import Refusal
from services.field_problems import FactsRefused, FieldProblem, said
from services.standstills import KINDS, REACHES, Resumption, StillWish
from services.term_changes import EndWish, TransferWish

router = APIRouter()
FIELDS = (
    "occasion",
    "destination",
    "last_day",
    "words",
    "kind",
    "reach",
    "first_day",
    "evidence",
    "standstill",
    "resumes_on",
    "starts_on",
)


@router.get("/terms/{case}/changes")
async def changes(case: str, visit: Here, done: str = "") -> Response:
    """What was proposed so far, and a form for whoever may propose; `done` after that."""
    return await _shown(visit, case, done=done)


@router.post("/terms/{case}/early-end")
async def propose_end(case: str, visit: Here, fields: Fields) -> Response:
    """Keep the proposal, bring it to the term, and show the record."""
    viewer = visit.signed_in()
    request = kept_request(text(fields, "request"))
    try:
        wish = EndWish(text(fields, "occasion"), _day(fields, "last_day"), text(fields, "words"))
        done = await visit.desks.changes.propose_end(case, wish, viewer=viewer, request=request)
    except Refusal as refusal:
        return await _refused(visit, case, fields, refusal, form="end")
    return visit.go(f"/terms/{case}/changes?{urlencode({'done': done.state})}")


@router.post("/terms/{case}/transfer")
async def propose_transfer(case: str, visit: Here, fields: Fields) -> Response:
    """Keep the proposal, bring it to the term, and show the record."""
    viewer = visit.signed_in()
    request = kept_request(text(fields, "request"))
    try:
        wish = TransferWish(text(fields, "destination"), _day(fields, "last_day"), text(fields, "words"))
        done = await visit.desks.changes.propose_transfer(case, wish, viewer=viewer, request=request)
    except Refusal as refusal:
        return await _refused(visit, case, fields, refusal, form="transfer")
    return visit.go(f"/terms/{case}/changes?{urlencode({'done': done.state})}")


@router.post("/terms/{case}/standstill")
async def record_standstill(case: str, visit: Here, fields: Fields) -> Response:
    """Keep it, bring it to every term that it touches, and show the record."""
    viewer = visit.signed_in()
    request = kept_request(text(fields, "request"))
    try:
        first_day = _day(fields, "first_day")
        last_day = _day(fields, "last_day") if text(fields, "last_day") else None
        said_of_it = text(fields, "evidence"), text(fields, "words")
        wish = StillWish(text(fields, "kind"), text(fields, "reach"), first_day, last_day, *said_of_it)
        done = await visit.desks.standstills.record(case, wish, viewer=viewer, request=request)
    except Refusal as refusal:
        return await _refused(visit, case, fields, refusal, form="still")
    return visit.go(f"/terms/{case}/changes?{urlencode({'done': done.state})}")


@router.post("/terms/{case}/resume")
async def resume(case: str, visit: Here, fields: Fields) -> Response:
    """The service goes on from a day on."""
    viewer = visit.signed_in()
    request = kept_request(text(fields, "request"))
    try:
        everywhere = text(fields, "everywhere") == "yes"
        day, words = _day(fields, "resumes_on"), text(fields, "words")
        wish = Resumption(text(fields, "standstill"), day, words, everywhere=everywhere)
        done = await visit.desks.standstills.resume(case, wish, viewer=viewer, request=request)
    except Refusal as refusal:
        return await _refused(visit, case, fields, refusal, form="resume")
    return visit.go(f"/terms/{case}/changes?{urlencode({'done': done.state})}")


@router.post("/terms/{case}/first-day")
async def set_first_day(case: str, visit: Here, fields: Fields) -> Response:
    """Another first day for a service that has not begun."""
    viewer = visit.signed_in()
    request = kept_request(text(fields, "request"))
    try:
        day, words = _day(fields, "starts_on"), text(fields, "words")
        done = await visit.desks.first_days.set(case, day, words, viewer=viewer, request=request)
    except Refusal as refusal:
        return await _refused(visit, case, fields, refusal, form="first")
    return visit.go(f"/terms/{case}/changes?{urlencode({'done': done.state})}")


def _day(fields: Fields, name: str) -> date:
    """The day in a field. Raises FactsRefused for what is none."""
    try:
        return date.fromisoformat(text(fields, name))
    except ValueError:
        raise FactsRefused((FieldProblem(name, "date_wrong"),)) from None


async def _refused(visit: Visit, case: str, fields: Fields, refusal: Refusal, *, form: str) -> Response:
    """The page once more, with what was typed and what is wrong beside it."""
    problems = {f"{form}-form": words_of(refusal)}
    if isinstance(refusal, FactsRefused):
        problems = {f"{form}-{one.field}": said(one, visit.language).detail for one in refusal.problems}
    return await _shown(visit, case, fields=fields, form=form, problems=problems, status=status_of(refusal))


async def _shown(
    visit: Visit,
    case: str,
    *,
    done: str = "",
    fields: Fields | None = None,
    form: str = "",
    problems: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    viewer = visit.signed_in()
    record = await visit.desks.terms.term(case, viewer)
    shown: dict[str, object] = {"record": record, "changes": await visit.desks.changes.of(case, viewer), "done": done}
    shown |= {"kinds": KINDS, "reaches": REACHES}
    shown["stood"] = await visit.desks.standstills.of(case, viewer)
    shown["days"] = await visit.desks.first_days.of(case, viewer)
    typed = {"form": form} | {name: text(fields, name) if fields else "" for name in FIELDS}
    return visit.page(
        "term_changes.html", status=status, request_id=new_request(), typed=typed, problems=problems or {}, **shown
    )
