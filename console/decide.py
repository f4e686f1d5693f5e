"""The decision page: behind a letter's link and, for people who are signed in, under the task's own address.

GET changes nothing, whoever opens it and however often; the POST of the page decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from console.faults import status_of, words_of
from console.forms import kept_request, nested, new_request, of_choice
from console.visit import Fields, Here, Visit, number, text
from policies.engine.refusals import (
    AlreadyAnswered,
    NotYetYourTurn,
    NotYourTask,
    Refusal,
    RoleEnded,
    StaleRevision,
    TaskClosed,
)
from services.engine.attachments import ATTACHMENT
from services.engine.decisions import LINK, PAGE, Answer, NotCounted
from services.engine.scans import Scan
from services.engine.task_page import TaskPage
from services.field_problems import FactsRefused, said

router = APIRouter()
SHOWN_INSTEAD = (TaskClosed, NotYourTask, RoleEnded, StaleRevision, AlreadyAnswered, NotYetYourTurn, NotCounted)
FILE = "attachment_file"


@dataclass(frozen=True)
class Door:
    """How a person came to a task: the address to POST to, by which channel, on which revision, with what standing."""

    action: str
    person: str
    task: str
    channel: str
    signed_in: bool
    revision: int = 0
    newer: str = ""


@dataclass(frozen=True)
class Typed:
    """What is in the page's fields: empty at first, what was typed when an answer was refused."""

    request: str
    choice: str = ""
    words: str = ""
    form: Mapping[str, Any] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    notice: str = ""


@router.api_route("/d/{token}", methods=["GET", "HEAD"])
async def ask_by_link(token: str, visit: Here) -> Response:
    """The page behind a letter's link; mail scanners open it too, so it changes nothing."""
    door = await _by_link(visit, token)
    return _shown(visit, door, await visit.desks.tasks.page(door.task, door.person))


@router.post("/d/{token}")
async def decide_by_link(token: str, visit: Here, fields: Fields) -> Response:
    """Decide as the person to whom the letter was written."""
    return await _decided(visit, await _by_link(visit, token), fields)


@router.api_route("/tasks/{task}", methods=["GET", "HEAD"])
async def ask_signed_in(task: str, visit: Here) -> Response:
    """The same page for a signed-in person."""
    door = _signed_in(visit, task)
    return _shown(visit, door, await visit.desks.tasks.page(task, door.person))


@router.post("/tasks/{task}")
async def decide_signed_in(task: str, visit: Here, fields: Fields) -> Response:
    """Decide as the signed-in person."""
    return await _decided(visit, _signed_in(visit, task), fields)


async def _by_link(visit: Visit, token: str) -> Door:
    opened = await visit.desks.tasks.open_link(token)
    own_session = visit.viewer is not None and visit.viewer.person == opened.person
    newer = f"/d/{opened.newer}" if opened.newer else ""
    return Door(f"/d/{token}", opened.person, opened.task, LINK, own_session, opened.revision, newer)


def _signed_in(visit: Visit, task: str) -> Door:
    return Door(f"/tasks/{task}", visit.signed_in().person, task, PAGE, signed_in=True)


def _shown(
    visit: Visit, door: Door, page: TaskPage, *, typed: Typed | None = None, status: int = 200, notice: str = ""
) -> Response:
    """The page for the state in which the task is now."""
    facts = {"page": page, "door": door, "notice": notice}
    if page.state != "open":
        return visit.page("closed.html", status=status, kind=page.state, **facts)
    if door.revision and door.revision < page.revision:
        return visit.page("closed.html", status=status, kind="stale", **facts)
    typed = typed or Typed(new_request(), notice=notice)
    return visit.page("task.html", status=status, typed=typed, **facts)


async def _decided(visit: Visit, door: Door, fields: Fields) -> Response:
    page = await visit.desks.tasks.page(door.task, door.person)
    typed = _typed(fields)
    try:
        typed = await _with_file(visit, door, fields, typed)
        receipt = await visit.desks.decisions.answer(_answer(door, page, fields, typed))
    except SHOWN_INSTEAD as refusal:
        page = await visit.desks.tasks.page(door.task, door.person)
        return _shown(visit, door, page, status=status_of(refusal), notice=words_of(refusal))
    except Refusal as refusal:
        refused = typed_again(visit, typed, refusal)
        return _shown(visit, door, page, typed=refused, status=status_of(refusal), notice=words_of(refusal))
    option = next((each for each in page.choices if each.name == receipt.choice), None)
    return visit.page("receipt.html", page=page, door=door, receipt=receipt, option=option)


def _answer(door: Door, page: TaskPage, fields: Fields, typed: Typed) -> Answer:
    return Answer(
        request=typed.request,
        task_id=door.task,
        person=door.person,
        revision=door.revision or number(text(fields, "revision")),
        choice=typed.choice,
        words=typed.words,
        form=of_choice(typed.form, name=page.form, choice=typed.choice),
        channel=door.channel,
        signed_in=door.signed_in,
        back_to=number(text(fields, "back_to")) - 1,
        straight=text(fields, "straight") == "yes",
    )


async def _with_file(visit: Visit, door: Door, fields: Fields, typed: Typed) -> Typed:
    """A file that came with the form is kept at once and named in it, so that a refused form does not lose it."""
    upload = fields.get(FILE)
    if not isinstance(upload, UploadFile) or not upload.filename:
        return typed
    scan = Scan(upload.filename, await upload.read())
    digest = await visit.desks.attachments.keep(door.task, door.person, scan)
    return replace(typed, form={**typed.form, ATTACHMENT: digest})


def _typed(fields: Fields) -> Typed:
    return Typed(kept_request(text(fields, "request")), text(fields, "choice"), text(fields, "words"), nested(fields))


def typed_again(visit: Visit, typed: Typed, refusal: Refusal) -> Typed:
    """The fields as they were typed, each with what is wrong with it."""
    problems: dict[str, str] = {}
    if isinstance(refusal, FactsRefused):
        for problem in refusal.problems:
            words = said(problem, visit.language)
            problems.setdefault(problem.field, f"{words.detail}{words.advice}")
    if type(refusal).__name__ == "ReasonMissing":
        problems["words"] = words_of(refusal)
    return Typed(typed.request, typed.choice, typed.words, typed.form, problems, words_of(refusal))
