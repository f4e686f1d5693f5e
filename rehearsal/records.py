"""What a rehearsal has left in the record, read once: rows as they are, lines of the files parsed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from db import proof
from db.engine.base import Row, Sessions
from db.engine.cases import CaseFile, EventRow, FindingRow, TransitionRow
from db.engine.damage import Damage
from db.engine.people import Institution, Person
from db.engine.post import LetterRow
from db.engine.tasks import DecisionRow, InboxRow, SeatRow, TaskRow
from db.evaluation import Grade
from db.posting import Post, PostMatch
from vault.keyring import Keyring


@dataclass(frozen=True)
class Line:
    """One line of a case's file."""

    case: str
    number: int
    at: datetime
    event: str
    task: str
    refs: dict[str, str]
    body: dict[str, Any]


@dataclass(frozen=True)
class Records:
    """Everything that the checks and the report look at; `caught` are the letters that arrived, id and text."""

    cases: Sequence[CaseFile] = ()
    tasks: Sequence[TaskRow] = ()
    seats: Sequence[SeatRow] = ()
    decisions: Sequence[DecisionRow] = ()
    inbox: Sequence[InboxRow] = ()
    letters: Sequence[LetterRow] = ()
    lines: Sequence[Line] = ()
    findings: Sequence[FindingRow] = ()
    transitions: Sequence[TransitionRow] = ()
    posts: Sequence[Post] = ()
    matches: Sequence[PostMatch] = ()
    grades: Sequence[Grade] = ()
    people: Sequence[Person] = ()
    institutions: Sequence[Institution] = ()
    caught: Sequence[tuple[str, str]] = ()
    damage: Sequence[Damage] = field(default_factory=tuple)


async def read_records(record: Sessions, keyring: Keyring, caught: Sequence[tuple[str, str]]) -> Records:
    """All of it, and what `pinyong audit verify` finds."""

    async def rows(kind: type[Row], *order: Any) -> Sequence[Any]:
        async with record() as session:
            return (await session.scalars(select(kind).order_by(*order))).all()

    async with record() as session:
        damage = [one async for one in proof.verify(session, keyring)]
    return Records(
        cases=await rows(CaseFile, CaseFile.id),
        tasks=await rows(TaskRow, TaskRow.opened_at, TaskRow.id),
        seats=await rows(SeatRow, SeatRow.task_id, SeatRow.revision, SeatRow.person),
        decisions=await rows(DecisionRow, DecisionRow.decided_at, DecisionRow.request),
        inbox=await rows(InboxRow, InboxRow.received_at, InboxRow.request),
        letters=await rows(LetterRow, LetterRow.created_at, LetterRow.id),
        lines=[_line(row) for row in await rows(EventRow, EventRow.case_id, EventRow.number)],
        findings=await rows(FindingRow, FindingRow.case_id, FindingRow.id),
        transitions=await rows(TransitionRow, TransitionRow.case_id, TransitionRow.seq),
        posts=await rows(Post, Post.id),
        matches=await rows(PostMatch, PostMatch.post),
        grades=await rows(Grade, Grade.case_id),
        people=await rows(Person, Person.id),
        institutions=await rows(Institution, Institution.code),
        caught=caught,
        damage=damage,
    )


def cases_with(records: Records, event: str, *wanted: dict[str, str]) -> int:
    """In how many cases a line of this name stands, with any of these refs."""
    any_of = wanted or ({},)
    lines = (line for line in records.lines if line.event == event)
    return len({line.case for line in lines if any(refs.items() <= line.refs.items() for refs in any_of)})


def _line(row: EventRow) -> Line:
    body = json.loads(row.body)
    return Line(row.case_id, row.number, row.at, body["event"], body.get("task", ""), body.get("refs") or {}, body)
