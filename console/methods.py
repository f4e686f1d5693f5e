"""The assessment methods of a group: what is in force, who is missing, starting a version (DQ-3.3.1a, DQ-3.3.2a)."""

from collections.abc import Sequence
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from console.faults import status_of, words_of
from console.visit import Fields, Here, Visit, number, text
from policies.engine.refusals import Refusal
from services.engine.permissions import Right, ensure
from services.field_problems import FactsRefused, said
from services.methods import PROGRAMMES, STARTS, MethodOrder

router = APIRouter()


@router.get("/methods")
async def methods(visit: Here, started: str = "") -> Response:
    """Every method that the viewer may see; `started` is a version that they have just begun."""
    ensure(visit.signed_in(), Right.SEE_FILINGS)
    return await _shown(visit, started=started)


@router.post("/methods")
async def start_method(visit: Here, fields: Fields) -> Response:
    """Start a version; a second click finds the case of the first."""
    group, programme, version = text(fields, "group"), text(fields, "programme"), number(text(fields, "version"))
    viewer = visit.signed_in()
    ensure(viewer, Right.LEAD_FILINGS, [group])
    if programme not in PROGRAMMES or not version:
        raise HTTPException(404)
    try:
        pack = await visit.desks.programmes.with_task(STARTS)
        case = await visit.desks.methods.start(MethodOrder(pack, group, programme, version), by=viewer.person)
    except FactsRefused as refusal:
        unclear = [(problem.field, said(problem, visit.language).detail) for problem in refusal.problems]
        return await _shown(visit, status=status_of(refusal), problem=words_of(refusal), unclear=unclear)
    except Refusal as refusal:
        return await _shown(visit, status=status_of(refusal), problem=words_of(refusal))
    return visit.go(f"/methods?{urlencode({'started': case.case_id})}")


async def _shown(
    visit: Visit,
    *,
    status: int = 200,
    started: str = "",
    problem: str = "",
    unclear: Sequence[tuple[str, str]] = (),
) -> Response:
    board = await visit.desks.methods.board(visit.signed_in())
    # Only what is on the board is said to be started: an address may be made up.
    known = started if any(each.case == started for one in board for each in one.versions) else ""
    facts = {"methods": board, "started": known, "problem": problem, "unclear": unclear}
    return visit.page("methods.html", status=status, **facts)
