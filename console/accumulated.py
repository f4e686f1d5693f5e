"""Recording accumulated service on the page of the term (DQ-3.2.1b, F-14)."""

from datetime import date
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from console.faults import status_of, words_of
from console.forms import kept_request
from console.terms import shown
from console.visit import Fields, Here, text
from policies.engine.refusals import Refusal
from services.accumulated import ActivityFacts
from services.engine.decisions import PAGE
from services.engine.permissions import NotForYou
from services.engine.scans import Scan
from services.field_problems import FactsRefused, FieldProblem, said

router = APIRouter()
FILE = "evidence_file"


@router.post("/terms/{case}/activities")
async def record_activity(case: str, visit: Here, fields: Fields) -> Response:
    """Keep it with its file, bring it to the term, and show the record."""
    viewer = visit.signed_in()
    if not (await visit.desks.terms.term(case, viewer)).may_add:
        raise NotForYou(right="record_activity")
    request = kept_request(text(fields, "request"))
    try:
        facts, scan = _facts(fields), await _scan(fields)
        done = await visit.desks.accumulated.record(
            case, facts, by=viewer.person, request=request, channel=PAGE, scan=scan
        )
    except FactsRefused as refusal:
        problems = {f"activity-{one.field}": said(one, visit.language).detail for one in refusal.problems}
        return await shown(visit, case, fields=fields, problems=problems, status=status_of(refusal))
    except Refusal as refusal:
        problems = {"activity-refused": words_of(refusal)}
        return await shown(visit, case, fields=fields, problems=problems, status=status_of(refusal))
    return visit.go(f"/terms/{case}?{urlencode({'done': f'activity_{done.state}'})}")


@router.get("/terms/{case}/files/{digest}")
async def activity_file(case: str, digest: str, visit: Here) -> Response:
    """The file of an activity, for whoever may read its record."""
    kind, content = await visit.desks.accumulated.file(case, digest, visit.signed_in())
    name = f"{digest[:12]}.{kind.rsplit('/', 1)[1]}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=kind, headers=headers)


def _facts(fields: Fields) -> ActivityFacts:
    """What was typed; FactsRefused for a day that is none."""
    try:
        day = date.fromisoformat(text(fields, "day"))
    except ValueError:
        raise FactsRefused((FieldProblem("day", "date_wrong"),)) from None
    form, other = text(fields, "form"), text(fields, "other_form")
    part, place, witness = text(fields, "part"), text(fields, "place"), text(fields, "witness")
    return ActivityFacts(form, day, part, place, witness, text(fields, "account"), other)


async def _scan(fields: Fields) -> Scan | None:
    upload = fields.get(FILE)
    if not isinstance(upload, UploadFile) or not upload.filename:
        return None
    return Scan(upload.filename, await upload.read())
