"""Running flexible-talent contracts over the API: looked at, then confirmed by the same person (COR-17)."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response, UploadFile

from api.callers import Desks, person_of
from api.messages import OpeningOut
from api.people import A_SHEET, XLSX
from api.rows import imported
from services.engine.permissions import Right, Viewer, ensure
from services.opening_balances import Seen
from services.sheets import LARGEST
from services.talent_opening_rows import contracts_template

router = APIRouter(prefix="/talent-contracts/openings", tags=["talent contracts"])
# What was stated of contracts from paper is answered for by a person, never by a program.
Person = Annotated[Viewer, Depends(person_of)]
SheetHash = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$", description="The hash that `import` answered.")]


@router.get("/import-template", response_class=Response, responses=A_SHEET)
async def contract_openings_sheet(person: Person) -> Response:
    """The empty sheet (.xlsx), a row a contract that is running."""
    ensure(person, Right.OPEN_CONTRACTS)
    headers = {"Content-Disposition": 'attachment; filename="running-contracts.xlsx"'}
    return Response(contracts_template(), media_type=XLSX, headers=headers)


@router.post("/import")
async def look_at_contract_openings(file: UploadFile, request: Request, *, desks: Desks, person: Person) -> OpeningOut:
    """Judge every row of a sheet (.xlsx) and begin nothing; `sheet` confirms it."""
    return _out(request, await desks.contract_openings.look(person, await file.read(LARGEST + 1)))


@router.post("/{sheet}/confirmation")
async def confirm_contract_openings(sheet: SheetHash, request: Request, *, desks: Desks, person: Person) -> OpeningOut:
    """Begin the contracts of the good rows, each once however often it is confirmed."""
    return _out(request, await desks.contract_openings.confirm(person, sheet))


def _out(request: Request, seen: Seen) -> OpeningOut:
    return OpeningOut(sheet=seen.sheet, **vars(imported(request, seen.imported)))
