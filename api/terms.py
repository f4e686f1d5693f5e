"""Facts of a term of service: absences without leave, accumulated activities. Facts only; people decide."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import uuid4

from fastapi import APIRouter, Path, Response
from pydantic import ConfigDict, Field, StringConstraints

from api.callers import Anyone, Desks, ScopeMissing, may, name_of
from api.messages import Body, Id, Shown, Words
from services.absences import AbsenceFacts
from services.accumulated import ActivityFacts
from services.engine.permissions import NotForYou, Right, Viewer

router = APIRouter(prefix="/terms", tags=["terms"])
FACTS = "facts:write"
TermId = Annotated[Id, Path(description="The id of the term's case.")]


class AbsenceIn(Body):
    """Off post without leave: local days, both counted; working days to the half. `request` makes a repeat the same."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "first_day": "2026-05-06",
                    "last_day": "2026-05-06",
                    "days": "1",
                    "words": "未在岗",
                    "request": "k-2026-17",
                }
            ]
        }
    )

    first_day: date
    last_day: date
    days: Annotated[Decimal, Field(gt=0, le=400, multiple_of=Decimal("0.5"))]
    words: Words
    request: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{8,64}$")] | None = None


class FactOut(Shown):
    """recorded: the term has it and people are asked; received: kept, and being recorded. Nothing counts yet."""

    state: Literal["recorded", "received"]
    again: bool


KEPT: dict[int | str, dict[str, object]] = {202: {"model": FactOut, "description": "Kept, being recorded."}}


@router.post("/{term_id}/absences", status_code=200, responses=KEPT)
async def record_absence(
    term_id: TermId, body: AbsenceIn, response: Response, *, desks: Desks, caller: Anyone
) -> FactOut:
    """Record an absence without leave; the receiving institution is asked to confirm or dismiss it."""
    if isinstance(caller, Viewer):
        if not (await desks.terms.term(term_id, caller)).may_record:
            raise NotForYou(right=Right.RECORD_ABSENCE.value)
    elif not may(caller, FACTS):
        raise ScopeMissing(scope=FACTS)
    facts = AbsenceFacts(body.first_day, body.last_day, body.days, body.words)
    request = f"absence-{body.request or uuid4().hex}"
    done = await desks.absences.record(term_id, facts, by=name_of(caller), request=request, channel="api")
    response.status_code = 200 if done.state == "recorded" else 202
    return FactOut.model_validate(done)


class ActivityIn(Body):
    """One accumulated activity (巡回医疗、义诊、教学 …) on a local day; `form` by name, or "other" with `other_form`.

    `part`: morning, afternoon or night is one half-day, day is two. `request` makes a repeat the same.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "form": "义诊",
                    "day": "2026-05-16",
                    "part": "morning",
                    "place": "后坞村文化礼堂",
                    "witness": "村卫生室",
                    "words": "接诊四十人",
                    "request": "k-2026-18",
                }
            ]
        }
    )

    form: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    other_form: Annotated[str, StringConstraints(max_length=100)] = ""
    day: date
    part: Literal["morning", "afternoon", "night", "day"]
    place: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    witness: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    words: Annotated[str, StringConstraints(max_length=2000)] = ""
    request: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{8,64}$")] | None = None


@router.post("/{term_id}/activities", status_code=200, responses=KEPT)
async def record_activity(
    term_id: TermId, body: ActivityIn, response: Response, *, desks: Desks, caller: Anyone
) -> FactOut:
    """Record accumulated service; the receiving institution is asked to confirm it, and nothing counts before."""
    if isinstance(caller, Viewer):
        if not (await desks.terms.term(term_id, caller)).may_add:
            raise NotForYou(right="record_activity")
    elif not may(caller, FACTS):
        raise ScopeMissing(scope=FACTS)
    facts = ActivityFacts(body.form, body.day, body.part, body.place, body.witness, body.words, body.other_form)
    request = f"activity-{body.request or uuid4().hex}"
    done = await desks.accumulated.record(term_id, facts, by=name_of(caller), request=request, channel="api")
    response.status_code = 200 if done.state == "recorded" else 202
    return FactOut.model_validate(done)
