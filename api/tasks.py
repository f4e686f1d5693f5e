"""Tasks: read by their holders and by service accounts, decided by people only (AS-115)."""

from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Path, Request, Response

from api.callers import Decider, Desks, TaskReader
from api.errors import language_of
from api.messages import Id, TaskOut
from api.pages import Cursor, Limit, after_of, cursor_of, page
from api.task_messages import ChoiceOut, DecisionIn, MyTaskOut, MyTaskPage, ReceiptOut, TaskPage
from i18n import SOURCE_LANGUAGE
from policies.engine.words import Language
from services.engine import task_page, tasks
from services.engine.decisions import Answer
from services.engine.permissions import Viewer

router = APIRouter(prefix="/tasks", tags=["tasks"])
TaskId = Annotated[Id, Path(description="The task's id.")]


@router.get("")
async def list_tasks(
    request: Request, *, desks: Desks, caller: TaskReader, cursor: Cursor = None, limit: Limit = 50
) -> TaskPage:
    """A person's own open tasks, the soonest due first; for a service account those of the cases that it started."""
    after = after_of(cursor)
    if isinstance(caller, Viewer):
        mine = await desks.tasks.my_tasks(caller.person, after=after, limit=limit)
        lines = tuple(_mine(line, _language(request)) for line in mine.lines)
        return TaskPage(items=lines, next=cursor_of(mine.after) if mine.after else None)
    found, more = page(await desks.case_reads.open_tasks(caller, after=after, limit=limit + 1), limit)
    items = tuple(TaskOut.model_validate(task) for task in found)
    return TaskPage(items=items, next=cursor_of(found[-1].id) if more else None)


@router.get("/{task_id}")
async def read_task(task_id: TaskId, request: Request, *, desks: Desks, caller: Decider) -> MyTaskPage:
    """One of the caller's own tasks, with what may be decided."""
    return _page(await desks.tasks.page(task_id, caller.person), _language(request))


@router.post("/{task_id}/decisions", responses={202: {"model": ReceiptOut, "description": "Kept, being recorded."}})
async def decide(task_id: TaskId, body: DecisionIn, response: Response, *, desks: Desks, caller: Decider) -> ReceiptOut:
    """Answer a task as the signed-in person. A service account is refused with may_not_decide."""
    answer = Answer(
        request=body.request or uuid4().hex,
        task_id=task_id,
        person=caller.person,
        revision=body.revision,
        choice=body.choice,
        words=body.words,
        form=body.form,
        signed_in=True,
    )
    receipt = await desks.decisions.answer(answer)
    response.status_code = 200 if receipt.state == "recorded" else 202
    return ReceiptOut.model_validate(vars(receipt))


def _language(request: Request) -> Language:
    return "zh" if language_of(request) == SOURCE_LANGUAGE else "en"


def _mine(line: tasks.TaskLine, language: Language) -> MyTaskOut:
    return MyTaskOut(
        id=line.task,
        case_id=line.case,
        title=line.title.said_in(language),
        ask=line.ask.said_in(language),
        role=line.role.said_in(language),
        institution=line.institution.said_in(language),
        revision=line.revision,
        due_at=line.due.at if line.due else None,
        overdue=bool(line.due and line.due.overdue),
    )


def _page(found: task_page.TaskPage, language: Language) -> MyTaskPage:
    choices = tuple(
        ChoiceOut(name=each.name, label=each.label.said_in(language), reason=each.reason) for each in found.choices
    )
    return MyTaskPage(
        id=found.task,
        case_id=found.case,
        state=found.state,
        title=found.title.said_in(language),
        ask=found.ask.said_in(language),
        rule_id=found.clause.rule,
        quote=found.clause.quote,
        role=found.role.said_in(language),
        institution=found.institution.said_in(language),
        revision=found.revision,
        due_at=found.due.at if found.due else None,
        grave=found.grave,
        form=found.form,
        choices=choices,
    )
