"""The record of a term of service: asking for leave, recording an absence without it, replacing a mentor (DQ-3.2.2b to
d).
"""

from datetime import date
from decimal import Decimal, InvalidOperation
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import Response

from console.faults import status_of, words_of
from console.forms import kept_request, new_request
from console.visit import Fields, Here, Visit, text
from policies.engine.refusals import Refusal
from services.absences import AbsenceFacts
from services.attendance_sheet import month_of
from services.engine.decisions import PAGE
from services.engine.permissions import NotForYou, Right
from services.field_problems import FactsRefused, FieldProblem, said
from services.leaves import LeaveWish

router = APIRouter()
TYPED = (
    *("first_day", "last_day", "days", "words", "kind"),
    *("afternoon", "working_only"),
    *("form", "other_form", "day", "part", "place", "witness", "account"),
)


@router.get("/terms/{case}")
async def term(case: str, visit: Here, done: str = "") -> Response:
    """Everything on record, and a form for whoever keeps attendance; `done` after an absence was recorded."""
    return await shown(visit, case, done=done)


@router.post("/terms/{case}/absences")
async def record_absence(case: str, visit: Here, fields: Fields) -> Response:
    """Keep it, bring it to the term, and show the record."""
    viewer = visit.signed_in()
    record = await visit.desks.terms.term(case, viewer)
    if not record.may_record:
        raise NotForYou(right=Right.RECORD_ABSENCE.value)
    request = kept_request(text(fields, "request"))
    try:
        facts = _facts(fields)
        done = await visit.desks.absences.record(case, facts, by=viewer.person, request=request, channel=PAGE)
    except FactsRefused as refusal:
        problems = {one.field: said(one, visit.language).detail for one in refusal.problems}
        return await shown(visit, case, fields=fields, problems=problems, status=status_of(refusal))
    except Refusal as refusal:
        return await shown(visit, case, fields=fields, problems={"form": words_of(refusal)}, status=status_of(refusal))
    return visit.go(f"/terms/{case}?{urlencode({'done': done.state})}")


@router.post("/terms/{case}/leaves")
async def ask_leave(case: str, visit: Here, fields: Fields) -> Response:
    """Keep the person's own request, bring it to the term, and show the record."""
    person = visit.signed_in().person
    request = kept_request(text(fields, "request"))
    try:
        wish = LeaveWish(text(fields, "kind"), *days_of(fields), text(fields, "words"))
        done = await visit.desks.leaves.ask(case, wish, by=person, request=request)
    except FactsRefused as refusal:
        problems = {f"leave-{one.field}": said(one, visit.language).detail for one in refusal.problems}
        return await shown(visit, case, fields=fields, problems=problems, status=status_of(refusal))
    except Refusal as refusal:
        problems = {"leave-form": words_of(refusal)}
        return await shown(visit, case, fields=fields, problems=problems, status=status_of(refusal))
    return visit.go(f"/terms/{case}?{urlencode({'done': f'leave_{done.state}'})}")


@router.post("/terms/{case}/mentor")
async def mentor_left(case: str, visit: Here, fields: Fields) -> Response:
    """The hospital says that the mentor no longer mentors; its head is asked to name another."""
    request = kept_request(text(fields, "request"))
    try:
        words = text(fields, "words")
        done = await visit.desks.mentors.left(case, visit.signed_in(), reason=words, request=request)
    except Refusal as refusal:
        problems = {"mentor-form": words_of(refusal)}
        return await shown(visit, case, fields=fields, problems=problems, status=status_of(refusal))
    return visit.go(f"/terms/{case}?{urlencode({'done': f'mentor_{done.state}'})}")


def _facts(fields: Fields) -> AbsenceFacts:
    """What was typed; FactsRefused names each field that is no day or number."""
    first_day, last_day = days_of(fields)
    try:
        number = Decimal(text(fields, "days"))
    except InvalidOperation:
        raise FactsRefused((FieldProblem("days", "days_wrong"),)) from None
    return AbsenceFacts(first_day, last_day, number, text(fields, "words"))


def days_of(fields: Fields) -> tuple[date, date]:
    """First and last day."""
    problems, days = [], []
    for name in ("first_day", "last_day"):
        try:
            days.append(date.fromisoformat(text(fields, name)))
        except ValueError:
            problems.append(FieldProblem(name, "date_wrong"))
    if problems:
        raise FactsRefused(tuple(problems))
    return days[0], days[1]


async def shown(
    visit: Visit,
    case: str,
    *,
    done: str = "",
    fields: Fields | None = None,
    problems: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    """The page of the term, with what was typed and what is wrong with it."""
    record = await visit.desks.terms.term(case, visit.signed_in())
    typed = {name: text(fields, name) if fields else "" for name in TYPED}
    # Which form was refused: the part of a problem's name before its field; absences have none.
    wrong = {name.rpartition("-")[0] for name in problems or {}}
    facts = {"wrong": wrong, "record": record, "typed": typed, "problems": problems or {}, "done": done}
    month = month_of(visit.request.query_params.get("month", ""))
    days = await visit.desks.attendance_board.month(case, visit.signed_in(), month)
    return visit.page("term.html", status=status, request_id=new_request(), days=days, **facts)
