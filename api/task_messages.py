"""What goes over the wire about a person's own tasks and what is decided on them."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.messages import Body, FormContent, Id, PageOf, TaskOut, Words


class MyTaskOut(BaseModel):
    """One of the caller's own tasks in the caller's language."""

    id: str
    case_id: str
    title: str
    ask: str
    role: str
    institution: str
    revision: int
    due_at: datetime | None
    overdue: bool


class ChoiceOut(BaseModel):
    """One possible decision; `reason` says whether words are required."""

    name: str
    label: str
    reason: str


class MyTaskPage(BaseModel):
    """One of the caller's own tasks with what may be decided."""

    id: str
    case_id: str
    state: str
    title: str
    ask: str
    rule_id: str
    quote: str
    role: str
    institution: str
    revision: int
    due_at: datetime | None
    grave: bool
    form: str
    choices: tuple[ChoiceOut, ...]


class DecisionIn(Body):
    """An answer to a task. `request` makes a repeated POST the same answer: keep it when you send again."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"request": "5e0c9a6e-1", "revision": 1, "choice": "agree", "words": "同意"}]}
    )

    request: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{8,64}$")] | None = None
    revision: Annotated[int, Field(ge=0, le=2**31 - 1)]
    choice: Id
    words: Words = ""
    form: FormContent = Field(default_factory=dict)


class ReceiptOut(BaseModel):
    """recorded: durable and applied; received: kept, and being recorded. `again` for a repeated answer."""

    state: Literal["recorded", "received"]
    request: str
    choice: str
    again: bool


class TaskPage(PageOf):
    """Tasks: the caller's own, or those of the cases that a service account started."""

    items: tuple[MyTaskOut | TaskOut, ...]
