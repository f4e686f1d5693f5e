"""Facts that a person or a program brings to a case as a notice: kept first, delivered then, counted once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from activities.engine.delivery import Delivery, Outcome
from db.engine.people import Person
from db.engine.tasks import InboxRow
from services.engine.acts import Done
from services.engine.decisions import NotCounted
from services.engine.permissions import NotForYou

NOTICE = "notice"


@dataclass(frozen=True)
class Brought:
    """A notice before it is kept. `by` is the person or service account; `words` stay in the record, refs travel."""

    request: str
    case: str
    name: str
    refs: Mapping[str, str]
    by: str
    words: str
    channel: str


async def kept_before(session: AsyncSession, request: str, *, name: str, by: str) -> InboxRow | None:
    """What was kept under this id by the same hand; NotForYou for an id that belongs to anything else."""
    row = await session.get(InboxRow, request)
    if row and (row.verb, row.message.get("name"), row.recorded_by) != (NOTICE, name, by):
        raise NotForYou(right=name)
    return row


async def keep(session: AsyncSession, brought: Brought, *, at: datetime) -> InboxRow:
    """Keep a notice; a second click at the same moment finds the first one's row."""
    person = await session.get(Person, brought.by)
    row = {
        "request": brought.request,
        "case_id": brought.case,
        "verb": NOTICE,
        "person": person.id if person else None,
        "recorded_by": brought.by,
        "message": {"name": brought.name, "refs": {**brought.refs, "by": brought.by}},
        "form": {},
        "words": brought.words.strip(),
        "channel": brought.channel,
        "received_at": at,
    }
    await session.execute(insert(InboxRow).values(row).on_conflict_do_nothing())
    return await session.get_one(InboxRow, brought.request)


async def keep_all(session: AsyncSession, brought: Sequence[Brought], *, at: datetime) -> list[str]:
    """Keep notices that carry no words, of many cases at once; the requests of those that are new."""
    rows = [
        {
            "request": one.request,
            "case_id": one.case,
            "verb": NOTICE,
            "recorded_by": one.by,
            "message": {"name": one.name, "refs": dict(one.refs)},
            "form": {},
            "channel": one.channel,
            "received_at": at,
        }
        for one in brought
    ]
    if not rows:
        return []
    kept = insert(InboxRow).values(rows).on_conflict_do_nothing().returning(InboxRow.request)
    return list(await session.scalars(kept))


async def bring(delivery: Delivery, row: InboxRow, *, again: bool) -> Done:
    """Deliver what is still pending. Raises NotCounted when the case has closed."""
    outcome = await delivery.deliver(row) if row.state == "pending" else Outcome(row.state, row.refusal)
    if outcome.state == "refused":
        raise NotCounted(refusal=outcome.refusal, **dict(outcome.facts))
    return Done("recorded" if outcome.state == "applied" else "received", again=again)
