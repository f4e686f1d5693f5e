"""The service ledger and the check before a promotion: a program delivers claims and asks; people confirm
(DQ-3.1.1a, COR-15).
"""

from datetime import date
from typing import Annotated, Literal
from uuid import uuid4

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, StringConstraints

from api.callers import Anyone, Caller, Desks, ScopeMissing, may, name_of
from api.messages import PACK, Body, Id, Pack, StartedOut
from api.people import PersonId
from api.starts import ANSWERS, IdempotencyKey, once
from services.credits import Claim, PromotionCheck
from services.demand import Started
from services.engine.permissions import Viewer

router = APIRouter(tags=["promotion"])
Serial = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,40}$")]
Said = Annotated[str, StringConstraints(min_length=1, max_length=300)]
START, FACTS = "cases:start", "facts:write"


class ClaimIn(Body):
    """Grassroots service outside this plan; local days, both counted. It counts once the title office confirms it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "paired_assistance",
                    "first_day": "2019-03-01",
                    "last_day": "2019-08-31",
                    "source": "德清县人民医院派至青川县人民医院",
                    "evidence": "德卫〔2019〕12号",
                    "number": "hr-2019-4",
                }
            ]
        }
    )

    kind: Literal["paired_assistance", "tibet", "xinjiang", "abroad", "other"]
    first_day: date
    last_day: date
    source: Said
    evidence: Said
    number: Serial | None = None


class ClaimOut(BaseModel):
    """The claim as it is kept."""

    id: str


class CheckIn(Body):
    """Who applies for which title."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"person": "p-doctor", "target_title": "associate_senior"}]}
    )

    pack: Pack = PACK
    person: Id
    target_title: Literal["associate_senior", "full_senior"]
    number: Serial | None = None


@router.post("/people/{person_id}/service-claims", status_code=201)
async def claim_service(person_id: PersonId, body: ClaimIn, *, desks: Desks, caller: Anyone) -> ClaimOut:
    """Claim service for the ledger: a person for themself, a program for anybody; the same number is the same claim."""
    _ensure_own(caller, person_id, FACTS)
    number = f"api-{body.number}" if body.number else uuid4().hex
    claim = Claim(person_id, **body.model_dump(exclude={"number"}), number=number)
    return ClaimOut(id=await desks.credits.claim(claim, by=name_of(caller)))


@router.post("/promotion-checks", status_code=201, response_model=StartedOut, responses=ANSWERS)
async def start_check(
    body: CheckIn, request: Request, *, desks: Desks, caller: Anyone, idempotency_key: IdempotencyKey = None
) -> JSONResponse:
    """Check the service before a title: a person for themself, a program for anybody."""
    _ensure_own(caller, body.person, START)
    asked = PromotionCheck(**body.model_dump(exclude_none=True))

    async def start() -> Started:
        return await desks.credits.start(asked, by=name_of(caller))

    return await once(request, body, start, caller=caller, key=idempotency_key)


def _ensure_own(caller: Caller, person: str, scope: str) -> None:
    """A person asks for themself only."""
    allowed = caller.person == person if isinstance(caller, Viewer) else may(caller, scope)
    if not allowed:
        raise ScopeMissing(scope=scope)
