"""Forms that are lists of entries: what each is called and what may stand in it. One check, one reader, one template.

A form that only asks people for words, days, numbers and a scan is data; what a rule has to say of it is added by the
lifecycle's own check.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine.tasks import DecisionRow, TaskRow
from policies.engine.words import Words
from services.engine.attachments import ATTACHMENT, is_kept
from services.engine.decisions import PAPER, Answer, Asked, Form, FormCheck
from services.engine.tasks import FormReader
from services.field_problems import FieldProblem
from services.forms.parsing import ensure

Kind = Literal["line", "words", "day", "number", "choice", "tick", "file", "rows"]
LIMITS: Mapping[str, int] = {"line": 200, "words": 4000}
MOST = Decimal(100_000_000)
YES = "yes"
Content = Mapping[str, Any]
# What a lifecycle finds wrong beyond the single entries.
Further = Callable[[AsyncSession, Asked, Content], Awaitable[Sequence[FieldProblem]]]


@dataclass(frozen=True)
class Entry:
    """One entry. label, note: Chinese words from the catalogue; choices: value → label; rows: the entries of a row.

    when: in which case one that may be empty is filled in; part: the heading of the part that begins with it.
    """

    name: str
    label: str
    kind: Kind = "line"
    required: bool = True
    choices: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    rows: tuple["Entry", ...] = ()
    blanks: int = 0
    when: str = ""
    part: str = ""


@dataclass(frozen=True)
class Sheet:
    """A form: its entries, the choices that it goes with, and the entries from which the path takes a ref."""

    entries: tuple[Entry, ...]
    on: tuple[str, ...]
    refs: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its fields."""
        return tuple(entry.name for entry in self.entries)


def check_of(sheet: Sheet, further: Further | None = None) -> FormCheck:
    """The check of a form: every entry by its kind, then what the lifecycle says."""

    async def checked(session: AsyncSession, asked: Asked, answer: Answer) -> Form:
        if answer.choice not in sheet.on:
            return Form()
        unknown = [name for name in answer.form if name not in sheet.names]
        problems = [FieldProblem(name, "field_unknown") for name in unknown]
        content, wrong = _read(sheet.entries, answer.form, prefix="")
        problems += [one for one in wrong if not (one.field == ATTACHMENT and answer.channel == PAPER)]
        if kept := content.get(ATTACHMENT):
            problems += [] if await is_kept(session, kept) else [FieldProblem(ATTACHMENT, "attachment_unknown")]
        ensure(problems)
        if further:
            ensure(await further(session, asked, content))
        return Form(content, {name: str(content[name]) for name in sheet.refs if content.get(name)})

    return checked


def shown_of(sheets: Mapping[str, Sheet], name: str, *earlier: str) -> FormReader:
    """The reader of a form: its entries, and what earlier tasks of the case have said, each as (title, lines)."""

    async def shown(session: AsyncSession, asked: Asked) -> Mapping[str, object]:
        said = [await _said(session, asked, task, sheets) for task in earlier]
        return {"entries": sheets[name].entries if name in sheets else (), "said": [one for one in said if one]}

    return shown


async def _said(session: AsyncSession, asked: Asked, task: str, sheets: Mapping[str, Sheet]) -> Content | None:
    """The last answer to a task of this case that has a form, with the labels of its entries."""
    of_task = select(DecisionRow).join(TaskRow, TaskRow.id == DecisionRow.task_id)
    query = of_task.where(DecisionRow.case_id == asked.case.id, TaskRow.name == task)
    answers = (await session.scalars(query.order_by(DecisionRow.decided_at.desc()))).all()
    kind = asked.pack.tasks[task]
    answer = next((one for one in answers if one.form), None)
    if answer is None or kind.form not in sheets:
        return None
    title: Words = kind.title
    return {
        "title": title,
        "lines": labelled(sheets[kind.form].entries, answer.form),
        "words": answer.words or "",
        "evidence": answer.form.get(ATTACHMENT, ""),
    }


def labelled(entries: Sequence[Entry], form: Content) -> list[Mapping[str, object]]:
    """What stands in a form, in the order of its entries: label, value, and rows as lists of such lines."""
    lines: list[Mapping[str, object]] = []
    for entry in entries:
        value = form.get(entry.name)
        if entry.kind == "rows" and value:
            heads = [one.label for one in entry.rows]
            rows = [[_cell(one, row.get(one.name, "")) for one in entry.rows] for row in value]
            lines.append({"label": entry.label, "heads": heads, "rows": rows})
        elif entry.kind not in ("file", "rows") and value:
            lines.append({"label": entry.label, **_cell(entry, value)})
    return lines


def _cell(entry: Entry, value: object) -> Mapping[str, object]:
    """What stands in one entry: as it was written, by the label of its choice, and as a day where it is one."""
    written = str(value)
    day = date.fromisoformat(written) if entry.kind == "day" and _is_day(written) else None
    return {"value": value, "named": entry.choices.get(written, ""), "day": day}


def _read(entries: Sequence[Entry], form: Content, *, prefix: str) -> tuple[dict[str, Any], list[FieldProblem]]:
    content: dict[str, Any] = {}
    problems: list[FieldProblem] = []
    for entry in entries:
        given = form.get(entry.name, "")
        if entry.kind == "rows":
            content[entry.name], wrong = _rows(entry, given, f"{prefix}{entry.name}")
        else:
            content[entry.name] = str(given).strip()
            wrong = _wrong(entry, content[entry.name], f"{prefix}{entry.name}")
        problems += wrong
    return content, problems


def _rows(entry: Entry, given: object, path: str) -> tuple[list[dict[str, Any]], list[FieldProblem]]:
    rows = [row for row in given if isinstance(row, Mapping)] if isinstance(given, list | tuple) else []
    read = [_read(entry.rows, row, prefix=f"{path}-{at}-") for at, row in enumerate(rows)]
    missing = [FieldProblem(path, "missing")] if entry.required and not rows else []
    return [content for content, _ in read], missing + [one for _, wrong in read for one in wrong]


def _wrong(entry: Entry, value: str, path: str) -> list[FieldProblem]:
    if not value:
        code = "evidence_missing" if entry.kind == "file" else "missing"
        return [FieldProblem(path, code)] if entry.required else []
    if entry.kind in LIMITS and len(value) > LIMITS[entry.kind]:
        return [FieldProblem(path, "too_long", (("limit", str(LIMITS[entry.kind])),))]
    if entry.kind == "day" and not _is_day(value):
        return [FieldProblem(path, "date_wrong")]
    if entry.kind == "number" and not _is_number(value):
        return [FieldProblem(path, "number_wrong")]
    if (entry.kind == "choice" and value not in entry.choices) or (entry.kind == "tick" and value != YES):
        return [FieldProblem(path, "choice_unknown", (("choices", "、".join(entry.choices) or YES),))]
    return []


def _is_day(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_number(value: str) -> bool:
    """Not negative, with at most two decimals."""
    try:
        number = Decimal(value)
    except InvalidOperation:
        return False
    return number.is_finite() and 0 <= number <= MOST and number == number.quantize(Decimal("0.01"))
