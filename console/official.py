"""Documents of a case: the list, each as a page to print, as PDF and as Word, and what comes back to it (COR-10)."""

from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.datastructures import FormData, UploadFile

from console.faults import status_of, words_of
from console.forms import kept_request, new_request
from console.visit import Fields, Here, Visit, text
from policies.engine.refusals import FormIncomplete, Refusal
from services.engine.scans import Scan
from services.official.desk import Opened
from services.official.kept import Stated

router = APIRouter()
LONGEST_NUMBER, LONGEST_NAME = 100, 60
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class Typed:
    """What stands in the fields of the form."""

    number: str = ""
    signed_by: str = ""
    issued_on: str = ""
    incoming: str = ""


@router.get("/cases/{case}/documents")
async def documents(case: str, visit: Here) -> Response:
    """Every document of the case that the viewer may print."""
    return visit.page("documents.html", paperwork=await visit.desks.documents.listed(case, visit.signed_in()))


@router.get("/cases/{case}/documents/{key}")
async def document(case: str, key: str, visit: Here, done: str = "") -> Response:
    """One document as a page."""
    opened = await visit.desks.documents.opened(case, key, visit.signed_in())
    return _page(visit, opened, _as_it_stands(opened), done=done)


@router.get("/cases/{case}/documents/{key}/file.pdf")
async def pdf(case: str, key: str, visit: Here) -> Response:
    """The document as PDF."""
    content = await visit.desks.documents.pdf(case, key, visit.signed_in())
    return _download(content, f"{case}-{key}.pdf", "application/pdf")


@router.get("/cases/{case}/documents/{key}/file.docx")
async def word(case: str, key: str, visit: Here) -> Response:
    """The document as Word."""
    content = await visit.desks.documents.word(case, key, visit.signed_in())
    return _download(content, f"{case}-{key}.docx", WORD)


@router.get("/cases/{case}/documents/{key}/scans/{digest}")
async def scan(case: str, key: str, digest: str, visit: Here) -> Response:
    """The document as it came back, as a download."""
    kind, content = await visit.desks.documents.scan(case, key, digest, visit.signed_in())
    return _download(content, f"{digest[:12]}.{kind.rsplit('/', 1)[1]}", kind)


@router.post("/cases/{case}/documents/{key}")
async def keep(case: str, key: str, visit: Here, fields: Fields) -> Response:
    """Record official facts or a scan, and go back to the document."""
    viewer = visit.signed_in()
    names = ("number", "signed_by", "issued_on", "incoming")
    typed = Typed(**{name: text(fields, name).strip() for name in names})
    try:
        stated = await _stated(kept_request(text(fields, "request")), typed, fields)
        await visit.desks.documents.keep(case, key, viewer, stated)
    except Refusal as refusal:
        opened = await visit.desks.documents.opened(case, key, viewer)
        return _page(visit, opened, typed, status=status_of(refusal), problem=words_of(refusal))
    return visit.go(f"/cases/{case}/documents/{key}?done=recorded")


def _page(
    visit: Visit, opened: Opened, typed: Typed, *, done: str = "", status: int = 200, problem: str = ""
) -> Response:
    facts = {"opened": opened, "typed": typed, "done": done, "problem": problem, "request_id": new_request()}
    return visit.page("document.html", status=status, **facts)


def _as_it_stands(opened: Opened) -> Typed:
    if not opened.entries:
        return Typed()
    last = opened.entries[0]
    issued = last.issued_on.isoformat() if last.issued_on else ""
    return Typed(last.number, last.signed_by, issued, last.incoming)


async def _stated(request: str, typed: Typed, fields: FormData) -> Stated:
    """Raises FormIncomplete for a day that is none, or words that are too long for their field."""
    try:
        issued = date.fromisoformat(typed.issued_on) if typed.issued_on else None
    except ValueError as unreadable:
        raise FormIncomplete from unreadable
    if max(len(typed.number), len(typed.incoming)) > LONGEST_NUMBER or len(typed.signed_by) > LONGEST_NAME:
        raise FormIncomplete
    upload = fields.get("scan")
    content = await upload.read() if isinstance(upload, UploadFile) else b""
    scan = Scan(upload.filename or "", content) if isinstance(upload, UploadFile) and content else None
    return Stated(request, typed.number, typed.signed_by, issued, typed.incoming, scan)


def _download(content: bytes, name: str, kind: str) -> Response:
    return Response(content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
