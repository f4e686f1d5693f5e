"""The monitor of HR: cases by stage and lateness, who holds what, what did not go through; filters in the address."""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from console.visit import Here
from services.engine.monitor import SORTS, Filters
from services.engine.permissions import Right, ensure

router = APIRouter()


class Narrowed(BaseModel):
    """The filters as they stand in the address; what is not known there is left aside."""

    model_config = ConfigDict(extra="ignore")

    programme: str = ""
    lifecycle: str = ""
    stage: str = ""
    state: str = "open"
    institution: str = ""
    overdue: str = ""
    vacant: str = ""
    escalated: str = ""
    q: str = Field(default="", max_length=200)
    sort: str = "due"
    page: int = Field(default=1, ge=1, le=10_000)

    def filters(self) -> Filters:
        """For the desk."""
        return Filters(
            self.programme,
            self.lifecycle,
            self.stage,
            "" if self.state == "all" else self.state,
            self.institution,
            bool(self.overdue),
            bool(self.vacant),
            bool(self.escalated),
            self.q,
            self.sort if self.sort in SORTS else "due",
            self.page,
        )

    def address(self, **changed: object) -> str:
        """The same list with something changed; the first page again unless the page is what changes."""
        values: Mapping[str, object] = {**self.model_dump(), "page": 1, **changed}
        return "?" + urlencode({name: value for name, value in values.items() if value not in ("", None)})


@router.get("/monitor")
async def monitor(visit: Here, narrowed: Annotated[Narrowed, Query()]) -> Response:
    """The list with its figures."""
    viewer = visit.signed_in()
    ensure(viewer, Right.MONITOR)
    desk = visit.desks.monitor
    return visit.page(
        "monitor.html",
        narrowed=narrowed,
        cases=await desk.cases(viewer, narrowed.filters()),
        counts=await desk.counts(viewer),
        troubles=await desk.troubles(viewer),
        kinds=await desk.lifecycles(),
        places=await visit.desks.places.now(),
        reach=sorted(viewer.reached_for(Right.MONITOR)),
    )
