"""Opening a case in the record: the row first, the workflow after it. The unique keys live here, because Temporal
forgets closed ids.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, literal, select
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine.access import Serial
from db.engine.cases import CaseFile
from db.engine.seals import Unsealed
from policies.engine.pack import Pack
from policies.engine.refusals import Refusal


class OneOpenCase(Refusal):
    """The person has an open case in this programme; a second one waits for its end (COR-03)."""


@dataclass(frozen=True)
class NewCase:
    """The facts of a start. `tasks` names the pack's tasks whose shape the case carries.

    key: the business key with its serial; a second start with the same key is answered with the first (EXC-14).
    open_key: of which only one open case may exist, e.g. programme and person.
    """

    id: str
    lifecycle: str
    pack: Pack
    tasks: tuple[str, ...]
    facts: Mapping[str, str]
    key: str = ""
    open_key: str | None = None
    cycle: str = ""
    institution: str | None = None
    subject: str | None = None
    started_by: str = ""


async def open_cases(session: AsyncSession, cases: list[NewCase], *, at: datetime) -> list[str]:
    """Insert the rows; returns the ids that are new. Rows whose business key is known are left alone."""
    if not cases:
        return []
    statement = insert(CaseFile).values([_row(case, at) for case in cases])
    return list(await session.scalars(_marked(statement.on_conflict_do_nothing(index_elements=["business_key"]))))


async def open_case(session: AsyncSession, case: NewCase, *, at: datetime) -> tuple[str, bool]:
    """(case id, whether it is new). Raises OneOpenCase when the person has another open case in the programme."""
    known = await session.scalar(select(CaseFile.id).where(CaseFile.business_key == (case.key or case.id)))
    if known:
        return known, False
    if case.open_key:
        other = await session.scalar(select(CaseFile.id).where(CaseFile.open_key == case.open_key))
        if other:
            raise OneOpenCase(case=other)
    statement = insert(CaseFile).values(_row(case, at)).on_conflict_do_nothing()
    if await session.scalar(_marked(statement)):
        return case.id, True
    return await open_case(session, case, at=at)


async def next_serial(session: AsyncSession, scope: str) -> int:
    """The next number of a scope; numbers of a rolled-back start are given out again."""
    statement = insert(Serial).values(scope=scope, last=1)
    statement = statement.on_conflict_do_update(index_elements=["scope"], set_={"last": Serial.last + 1})
    number: int = (await session.scalars(statement.returning(Serial.last))).one()
    return number


def _marked(statement: Insert) -> Select[str]:
    """The ids of the new rows, which wait for a seal from this statement on."""
    opened = statement.returning(CaseFile.id).cte("opened")
    mark = insert(Unsealed).from_select(["case_id", "seq"], select(opened.c.id, literal(0)))
    return select(opened.c.id).add_cte(mark.on_conflict_do_nothing().cte("marked"))


def _row(case: NewCase, at: datetime) -> dict[str, Any]:
    return {
        "id": case.id,
        "business_key": case.key or case.id,
        "open_key": case.open_key,
        "lifecycle": case.lifecycle,
        "programme": case.pack.programme,
        "cycle": case.cycle,
        "institution": case.institution,
        "subject": case.subject,
        "pack": case.pack.id,
        "pack_version": case.pack.version,
        "pack_sha256": case.pack.sha256,
        "facts": dict(case.facts),
        "shapes": {name: _shape(case.pack, name) for name in case.tasks},
        "state": "starting",
        "started_by": case.started_by,
        "started_at": at,
        "changed_at": at,
    }


def _shape(pack: Pack, task: str) -> dict[str, Any]:
    shape = pack.shape(task)
    return {
        "steps": [
            {"name": step.name, "role": step.role, "at": step.at, "choices": list(step.choices)} for step in shape.steps
        ],
        "side": shape.side,
        "kind": shape.kind.value,
        "quorum": shape.quorum,
        "positive": list(shape.positive),
        "reasons": list(shape.reasons),
        "apart_from": list(shape.apart_from),
    }
