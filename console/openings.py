"""What was under way before the system was there: a template, a sheet that is looked at, its confirmation, what was
imported (COR-17). The same pages for terms of service and for flexible-talent contracts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from console.faults import status_of, words_of
from console.forms import kept_request, new_request
from console.visit import Fields, Here, Visit, text
from policies.engine.refusals import Refusal
from services.desks import Desks
from services.engine.acts import Done
from services.engine.permissions import Right, Viewer, ensure
from services.field_problems import said
from services.import_template import opening_template
from services.opening_balances import Seen
from services.talent_opening_rows import contracts_template

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Desk(Protocol):
    """A desk that takes sheets of one kind."""

    async def look(self, viewer: Viewer, content: bytes) -> Seen:
        """Judge every row and begin nothing."""

    async def confirm(self, viewer: Viewer, sheet: str) -> Seen:
        """Begin what the good rows state."""

    async def take_back(self, case: str, viewer: Viewer, *, reason: str, request: str) -> Done:
        """End what was imported wrongly."""

    async def lines(self, viewer: Viewer) -> Sequence[object]:
        """What was imported."""


@dataclass(frozen=True)
class Imports:
    """The pages of one kind of sheet, under `root`."""

    root: str
    right: Right
    page: str
    file: str
    template: Callable[[], bytes]
    desk: Callable[[Desks], Desk]

    async def openings(self, visit: Here, done: str = "") -> Response:
        """What was imported, and a place to upload the next sheet."""
        return await self._shown(visit, done=done)

    async def empty_sheet(self, visit: Here) -> Response:
        """The empty sheet."""
        ensure(visit.signed_in(), self.right)
        headers = {"Content-Disposition": f'attachment; filename="{self.file}"'}
        return Response(self.template(), media_type=XLSX, headers=headers)

    async def look(self, visit: Here, fields: Fields) -> Response:
        """Judge every row and begin nothing."""
        upload = fields.get("sheet")
        content = await upload.read() if isinstance(upload, UploadFile) else b""
        try:
            seen = await self.desk(visit.desks).look(visit.signed_in(), content)
        except Refusal as refusal:
            return await self._refused(visit, refusal)
        return await self._shown(visit, seen=seen)

    async def confirm(self, visit: Here, fields: Fields) -> Response:
        """Begin what the good rows state."""
        try:
            seen = await self.desk(visit.desks).confirm(visit.signed_in(), text(fields, "sheet")[:64])
        except Refusal as refusal:
            return await self._refused(visit, refusal)
        return await self._shown(visit, seen=seen)

    async def take_back(self, case: str, visit: Here, fields: Fields) -> Response:
        """End what was imported wrongly; it may be imported anew."""
        request, words = kept_request(text(fields, "request")), text(fields, "words")
        try:
            done = await self.desk(visit.desks).take_back(case, visit.signed_in(), reason=words, request=request)
        except Refusal as refusal:
            return await self._refused(visit, refusal)
        return visit.go(f"{self.root}?{urlencode({'done': done.state})}")

    async def _refused(self, visit: Visit, refusal: Refusal) -> Response:
        ensure(visit.signed_in(), self.right)
        facts = dict(refusal.facts)
        return await self._shown(visit, status=status_of(refusal), problem=words_of(refusal), facts=facts)

    async def _shown(self, visit: Visit, *, status: int = 200, seen: Seen | None = None, **told: Any) -> Response:
        lines = await self.desk(visit.desks).lines(visit.signed_in())
        shown = {"problem": "", "facts": {}, "done": "", **told}
        shown |= {"root": self.root, "lines": lines, "seen": seen, "rows": rows_of(visit, seen)}
        return visit.page(self.page, status=status, request_id=new_request(), **shown)


def rows_of(visit: Visit, seen: Seen | None) -> list[dict[str, Any]]:
    """Each row of a sheet that was judged: what it says, what became of it, and what is wrong in which cell."""
    rows: list[dict[str, Any]] = []
    if seen is None:
        return rows
    columns = seen.imported.columns
    for row in seen.imported.rows:
        faults = [(columns.get(one.field, ""), said(one, visit.language)) for one in row.result.problems]
        judged = {"number": row.number, "outcome": row.result.outcome, "key": row.result.key, "faults": faults}
        rows.append(judged | {"written": seen.written[row.number]})
    return rows


KINDS = (
    Imports(
        "/openings",
        Right.OPEN_BALANCES,
        "openings.html",
        "openings.xlsx",
        opening_template,
        lambda desks: desks.openings,
    ),
    Imports(
        "/contract-openings",
        Right.OPEN_CONTRACTS,
        "contract_openings.html",
        "running-contracts.xlsx",
        contracts_template,
        lambda desks: desks.contract_openings,
    ),
)


def _routes() -> APIRouter:
    routes = APIRouter()
    for kind in KINDS:
        routes.add_api_route(kind.root, kind.openings, methods=["GET"])
        routes.add_api_route(f"{kind.root}/template", kind.empty_sheet, methods=["GET"])
        routes.add_api_route(kind.root, kind.look, methods=["POST"])
        routes.add_api_route(f"{kind.root}/confirm", kind.confirm, methods=["POST"])
        routes.add_api_route(f"{kind.root}/{{case}}/take-back", kind.take_back, methods=["POST"])
    return routes


router = _routes()
