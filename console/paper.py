"""Decisions taken on paper or in a meeting: recorded by an HR officer, checked by a second person (COR-04)."""

from collections.abc import Sequence
from datetime import date

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from console.decide import Typed, typed_again
from console.faults import status_of, words_of
from console.forms import nested, new_request, of_choice
from console.visit import Fields, Here, text
from policies.engine.refusals import Refusal
from services.engine.paper import Recording, Waiting
from services.engine.scans import Scan

router = APIRouter()


@router.get("/tasks/{task}/paper")
async def paper_form(task: str, visit: Here) -> Response:
    """The sheet on which a decision is recorded."""
    signers = await visit.desks.paper.signers(task, visit.signed_in())
    return visit.page("paper.html", signers=signers, typed=Typed(new_request()), problem="", fields={})


@router.post("/tasks/{task}/paper")
async def record(task: str, visit: Here, fields: Fields) -> Response:
    """Keep it for the second person."""
    viewer = visit.signed_in()
    signers = await visit.desks.paper.signers(task, viewer)
    kept = {name: text(fields, name) for name in ("signer", "decided_on", "minutes")}
    typed = Typed(new_request(), text(fields, "choice"), text(fields, "words"), nested(fields))
    day = _day(kept["decided_on"])
    if day is None or not kept["signer"]:
        facts = {"signers": signers, "typed": typed, "fields": kept}
        return visit.page("paper.html", status=422, problem="incomplete", **facts)
    recording = Recording(
        task,
        kept["signer"],
        typed.choice,
        day,
        kept["minutes"],
        typed.words,
        of_choice(typed.form, name=signers.sheet.form, choice=typed.choice),
        await _scan(fields),
    )
    try:
        await visit.desks.paper.record(viewer, recording)
    except Refusal as refusal:
        facts = {"signers": signers, "typed": typed_again(visit, typed, refusal), "fields": kept}
        return visit.page("paper.html", status=status_of(refusal), problem=words_of(refusal), **facts)
    return visit.go("/paper")


@router.get("/paper")
async def waiting(visit: Here, done: str = "") -> Response:
    """What waits for the second person."""
    rows = _with_forms(await visit.desks.paper.waiting(visit.signed_in()))
    return visit.page("papers.html", rows=rows, done=done, problem="")


@router.post("/paper/{paper_id}")
async def check(paper_id: str, visit: Here, fields: Fields) -> Response:
    """Confirm or throw out a recording."""
    viewer = visit.signed_in()
    try:
        receipt = await visit.desks.paper.check(paper_id, viewer, agrees=text(fields, "choice") == "confirm")
    except Refusal as refusal:
        rows = _with_forms(await visit.desks.paper.waiting(viewer))
        return visit.page("papers.html", status=status_of(refusal), rows=rows, done="", problem=words_of(refusal))
    return visit.go(f"/paper?done={receipt.state if receipt else 'rejected'}")


@router.get("/scans/{digest}")
async def scan(digest: str, visit: Here) -> Response:
    """The scan itself, as a download."""
    kind, content = await visit.desks.paper.scan(digest, visit.signed_in())
    name = f"{digest[:12]}.{kind.rsplit('/', 1)[1]}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=kind, headers=headers)


def _with_forms(rows: Sequence[Waiting]) -> list[tuple[Waiting, Typed]]:
    """Each recording with its form filled in as it was recorded, so that it can be laid beside the scan."""
    return [(row, Typed("", row.chosen, row.words, row.form)) for row in rows]


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


async def _scan(fields: Fields) -> Scan | None:
    upload = fields.get("scan")
    return Scan(upload.filename or "", await upload.read()) if isinstance(upload, UploadFile) else None
