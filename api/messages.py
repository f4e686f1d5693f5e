"""What goes over the wire, typed: bodies refuse every field that they do not know (AS-115)."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

MOST_ROWS = 1000

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]{0,199}$")]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
RoleId = Annotated[str, StringConstraints(pattern=r"^R-[0-9]{2}$")]
Text = Annotated[str, StringConstraints(max_length=254)]
Year = Annotated[int, Field(ge=2020, le=2100)]
Pack = Literal["dq-a"]
# A start that names no programme is of this one.
PACK: Pack = "dq-a"
Programme = Literal["county_hired_township_used", "township_managed_county_trained"]


def _storable(value: Any) -> Any:
    """PostgreSQL keeps no NUL in a text."""
    if "\\u0000" in json.dumps(value):
        raise ValueError("NUL")
    return value


Words = Annotated[str, StringConstraints(max_length=4000), AfterValidator(_storable)]
FormContent = Annotated[dict[str, Any], AfterValidator(_storable)]


class Body(BaseModel):
    """A request's body."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Shown(BaseModel):
    """A part of an answer, read from a desk's dataclass."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


class CycleIn(Body):
    """The facts of a cycle's start; without window dates the pack's apply."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"group": "dq-jt1", "year": 2026, "planned_start": "2026-07-01"}]}
    )

    pack: Pack = PACK
    group: Code
    year: Year
    planned_start: date
    opens_on: date | None = None
    closes_on: date | None = None


class ApplicationIn(Body):
    """The facts of an application: who, which posts, and the applicant's serial in your system if there is one."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"year": 2026, "person": "p-doctor", "first": "post.2026.1", "accepts_reassignment": True}]
        }
    )

    pack: Pack = PACK
    year: Year
    person: Id
    first: Id
    second: Id | None = None
    accepts_reassignment: bool = False
    number: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,40}$")] | None = None


class InspectionIn(Body):
    """The facts of an inspection: where, or of whom there, on which day and occasion; `concerns` is the case in which
    something was found, also a closed one; `number` is its serial in your system if there is one.
    """

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"institution": "dq-t01", "inspected_on": "2026-03-02", "number": "2026-7"}]}
    )

    pack: Pack = PACK
    institution: Code
    inspected_on: date
    occasion: Literal["inspection", "report", "audit"] = "inspection"
    person: Id | None = None
    concerns: Id | None = None
    number: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,40}$")] | None = None


class ClinicIn(Body):
    """The facts of regular clinics: whose, where, from which day on, every how many weeks, how many."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"person": "p-gp", "hospital": "dq-h1", "first_day": "2026-04-07", "every_weeks": 2, "clinics": 6}
            ]
        }
    )

    pack: Pack = PACK
    person: Id
    hospital: Code
    first_day: date
    every_weeks: Annotated[int, Field(ge=1, le=52)]
    clinics: Annotated[int, Field(ge=1, le=60)]
    number: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,40}$")] | None = None


class MethodIn(Body):
    """The facts of a start: whose assessment method, for which kind of staff, which version."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"group": "dq-jt1", "programme": "county_hired_township_used", "version": 1}]}
    )

    pack: Pack = PACK
    group: Code
    programme: Programme
    version: Annotated[int, Field(ge=1, le=999)] = 1


class PayTotalIn(Body):
    """The facts of a start: whose pay total of which year; figures are entered by the group, approved by people."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"group": "dq-jt1", "year": 2026}]})

    pack: Pack = PACK
    group: Code
    year: Year


class PayYearOut(Shown):
    """How a group's year stands, in yuan. approved: null until all four bureaus have agreed; paid: confirmed by a
    second person, less what was taken back; waiting: recorded and not yet confirmed; left: approved less both.
    """

    case: str
    year: int
    state: str
    approved: Decimal | None
    approved_on: date | None
    provisional: bool
    paid: Decimal
    waiting: Decimal
    left: Decimal | None


class MethodOut(Shown):
    """A version that all four bureaus have filed; in_force_on is the local day on which the last of them decided."""

    case_id: str
    version: int
    title: str
    in_force_on: date


class MethodStandingOut(BaseModel):
    """in_force: null while there is none. under_way: the case of a version on its way; missing: the bureaus that have
    not filed what was submitted last.
    """

    in_force: MethodOut | None
    under_way: str | None
    missing: tuple[str, ...]


class DepartureIn(Body):
    """A person has left, retired, died or lost the licence. `request` makes a repeated POST the same record."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"kind": "retired", "on": "2026-03-31", "reason": "到龄退休", "request": "hr-2026-17"}]
        }
    )

    kind: Literal["left", "retired", "died", "licence_lost"]
    on: date
    reason: Words
    request: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{8,64}$")] | None = None


class DepartureOut(Shown):
    """recorded: durable and applied; received: kept, and being recorded. The case ends early; `again` for a repeat."""

    case_id: str
    state: Literal["recorded", "received"]
    again: bool


class PostOut(Shown):
    """One published post, for which people can apply while it is open."""

    id: str
    cycle: str
    institution: str
    specialty: str
    mode: str
    duties: str
    state: Literal["open", "matched", "closed", "unfilled"]
    published_at: datetime


class StartedOut(BaseModel):
    """The case of a start; `created` is false when an earlier start had made it."""

    case_id: str
    created: bool


class FieldFault(BaseModel):
    """What is wrong with one field, and what to do; `column` is the sheet's, where there is one."""

    field: str
    code: str
    detail: str
    advice: str
    column: str | None = None


class RowOut(BaseModel):
    """What became of one row: its number (in a sheet as the sheet counts), the outcome, the id or code, the faults."""

    row: int
    outcome: Literal["created", "changed", "unchanged", "refused"]
    key: str
    errors: tuple[FieldFault, ...] = ()


class RowsOut(BaseModel):
    """Results of rows; `tried` means that nothing was kept."""

    tried: bool
    counts: Mapping[str, int]
    rows: tuple[RowOut, ...]


class OpeningOut(RowsOut):
    """Results of the rows of a sheet, and the hash by which who has looked at it confirms it."""

    sheet: str


class TaskOut(Shown):
    """An open question: asked of which role where, until when."""

    id: str
    case_id: str
    name: str
    role: str
    institution: str | None
    revision: int
    opened_at: datetime
    due_at: datetime | None
    overdue: bool
    escalated: bool
    vacant: bool


class CaseOut(Shown):
    """Where a case stands, in the codes of its pack. `imported_on`: the local day on which it was imported while it was
    already under way, with what had been decided on paper before; null for a case that was begun here.
    """

    id: str
    lifecycle: str
    programme: str
    pack: str
    pack_version: str
    pack_sha256: str
    cycle: str
    institution: str | None
    person: str | None
    state: str
    stage: str
    outcome: str
    started_at: datetime
    changed_at: datetime
    imported_on: date | None = None


class CaseWithTasks(CaseOut):
    """A case with its open tasks."""

    tasks: tuple[TaskOut, ...]


class LineOut(Shown):
    """One line of a case's file; words and persons are left out."""

    number: int
    at: datetime
    event: str
    task: str
    role: str
    institution: str
    channel: str
    rule_ids: tuple[str, ...]
    refs: Mapping[str, str]


class PageOf(BaseModel):
    """What pages of lists share: the cursor of the next page, null at the end."""

    next: str | None = None


class CasePage(PageOf):
    """Cases."""

    items: tuple[CaseOut, ...]


class LinePage(PageOf):
    """Lines of a file."""

    items: tuple[LineOut, ...]


class PostPage(PageOf):
    """Posts."""

    items: tuple[PostOut, ...]


class ProblemOut(BaseModel):
    """application/problem+json (RFC 9457); `code` is stable, the words follow Accept-Language."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    advice: str
    facts: Mapping[str, str] | None = None
    errors: tuple[FieldFault, ...] | None = None
