"""The desk at which people answer tasks: the answer is kept first, then brought to the case (design 6)."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from activities.engine.delivery import Delivery, Outcome
from db.engine.base import Sessions, at_once
from db.engine.cases import CaseFile
from db.engine.clock import Clock
from db.engine.packs import PackShelf
from db.engine.tasks import DecisionRow, InboxRow, SeatRow, TaskRow
from policies.engine.pack import Pack
from policies.engine.refusals import (
    AlreadyAnswered,
    ChoiceUnknown,
    NotYourTask,
    ReasonMissing,
    Refusal,
    StaleRevision,
    TaskClosed,
    TaskUnknown,
)

DECIDE = "decide"
PAGE, LINK, PAPER = "page", "link", "paper"
REASON_REQUIRED = "required"


class SignInNeeded(Refusal):
    """A grave decision needs a signed-in session, so that a forwarded mail cannot act (DEF-19)."""


class NotCounted(Refusal):
    """The answer was received, but the case refused it at delivery; `refusal` says why."""


@dataclass(frozen=True)
class Paper:
    """How a decision taken on paper or in a meeting came into the record (COR-04).

    `minutes` is the number of the meeting's minutes (会议纪要文号), "" for a signed sheet.
    """

    decided_on: date
    recorded_by: str
    checked_by: str
    evidence: str
    minutes: str = ""


@dataclass(frozen=True)
class Answer:
    """What a person answers. `request` is made with the page and comes back with its POST, so a second click is the
    same answer.
    """

    request: str
    task_id: str
    person: str
    revision: int
    choice: str
    words: str = ""
    form: Mapping[str, Any] = field(default_factory=dict)
    channel: str = PAGE
    signed_in: bool = False
    paper: Paper | None = None


@dataclass(frozen=True)
class Receipt:
    """What the page may say: "recorded" (durable and applied), "received" (kept, being recorded); `again` for a
    repeated click.
    """

    state: str
    request: str
    choice: str
    again: bool = False


@dataclass(frozen=True)
class Asked:
    """The open task that an answer is for, as the record has it."""

    task: TaskRow
    case: CaseFile
    pack: Pack


@dataclass(frozen=True)
class Form:
    """A checked form: what is kept with the decision, and the ids or codes that the case's path depends on."""

    content: Mapping[str, Any] = field(default_factory=dict)
    refs: Mapping[str, str] = field(default_factory=dict)


# Checks the form of a task by the pack's form name; raises a Refusal that names the field.
FormCheck = Callable[[AsyncSession, Asked, Answer], Awaitable[Form]]


class DecisionDesk:
    """Takes answers."""

    def __init__(
        self, sessions: Sessions, delivery: Delivery, *, clock: Clock, shelf: PackShelf, forms: Mapping[str, FormCheck]
    ) -> None:
        """A desk; `forms` checks what the lifecycles ask for beyond a choice and a reason, by form name."""
        # What is kept is one row, written by one statement; nothing before it writes.
        self._at_once, self._delivery = at_once(sessions), delivery
        self._clock, self._shelf, self._forms = clock, shelf, forms

    async def answer(self, answer: Answer) -> Receipt:
        """Keep the answer, bring it to the case, and say what became of it. Raises a Refusal when it does not count."""
        async with self._at_once() as session:
            kept, again = await self._kept(session, answer)
        # The id of another person's answer, of an answer to another task, or of an act: nothing here is receipted.
        if (kept.person, kept.task_id, kept.verb) != (answer.person, answer.task_id, DECIDE):
            raise NotYourTask(task=answer.task_id)
        outcome = await self._delivery.deliver(kept) if kept.state == "pending" else Outcome(kept.state, kept.refusal)
        return self._receipt(kept, outcome, again=again)

    async def _kept(self, session: AsyncSession, answer: Answer) -> tuple[InboxRow, bool]:
        """The inbox row of this answer, and whether it had been there before; in as few queries as possible."""
        found = (await session.execute(_around(answer))).first()
        if found is None:
            raise TaskUnknown(task=answer.task_id)
        task, case, seat, known = found
        if known:
            return known, True
        await self._ensure_asked(session, task, seat, answer=answer)
        asked = Asked(task, case, await self._shelf.pack(case.pack, case.pack_version))
        row = self._row(asked, answer, await self.ensure_fit(session, asked, answer))
        inserted = insert(InboxRow).values(row).on_conflict_do_nothing().returning(InboxRow)
        kept: InboxRow | None = await session.scalar(inserted)
        # A second click at the same moment was faster.
        return (kept, False) if kept else (await session.get_one(InboxRow, answer.request), True)

    def _receipt(self, kept: InboxRow, outcome: Outcome, *, again: bool) -> Receipt:
        if outcome.state == "refused":
            raise NotCounted(refusal=outcome.refusal, **dict(outcome.facts))
        state = "recorded" if outcome.state == "applied" else "received"
        return Receipt(state, kept.request, kept.message["choice"], again)

    async def _ensure_asked(
        self, session: AsyncSession, task: TaskRow, seat: SeatRow | None, *, answer: Answer
    ) -> None:
        """What the record already knows against the answer is said without troubling the case."""
        if task.status != "open":
            raise TaskClosed(task=task.id, outcome=task.outcome)
        if seat is None:
            raise await self._not_seated(session, task, answer)
        if seat.revision != answer.revision:
            raise StaleRevision(task=task.id, asked=str(task.revision), answered=str(answer.revision))
        if task.grave and not answer.signed_in and answer.channel != PAPER:
            raise SignInNeeded(task=task.id)

    async def _not_seated(self, session: AsyncSession, task: TaskRow, answer: Answer) -> Refusal:
        mine = await session.scalar(
            select(DecisionRow).where(
                DecisionRow.task_id == task.id,
                DecisionRow.person == answer.person,
                DecisionRow.revision == answer.revision,
            )
        )
        return AlreadyAnswered(task=task.id, choice=mine.choice) if mine else NotYourTask(task=task.id)

    async def ensure_fit(self, session: AsyncSession, asked: Asked, answer: Answer) -> Form:
        """The checked form of an answer whose choice is in the closed list; a required reason and field are there.

        Raises ChoiceUnknown, ReasonMissing, or the refusal of the form's own check.
        """
        if answer.choice not in asked.task.choices:
            raise ChoiceUnknown(task=asked.task.id, choice=answer.choice)
        choice = asked.pack.choices.get(answer.choice)
        needs_reason = choice is None or choice.reason == REASON_REQUIRED
        if needs_reason and not answer.words.strip():
            raise ReasonMissing(task=asked.task.id, choice=answer.choice)
        check = self._forms.get(asked.pack.tasks[asked.task.name].form)
        return await check(session, asked, answer) if check else Form()

    def _row(self, asked: Asked, answer: Answer, form: Form) -> dict[str, Any]:
        paper = answer.paper
        return {
            "request": answer.request,
            "case_id": asked.case.id,
            "verb": DECIDE,
            "task_id": asked.task.id,
            "person": answer.person,
            "message": {
                "task": asked.task.id.rsplit(".", 1)[1],
                "choice": answer.choice,
                "revision": answer.revision,
                "refs": dict(form.refs),
            },
            "form": dict(form.content),
            "words": answer.words.strip() or None,
            "channel": answer.channel,
            "decided_on": paper.decided_on if paper else None,
            "recorded_by": paper.recorded_by if paper else None,
            "checked_by": paper.checked_by if paper else None,
            "evidence": paper.evidence if paper else None,
            "minutes": (paper.minutes or None) if paper else None,
            "received_at": self._clock.now(),
            "state": "pending",
            "refusal": "",
            "attempts": 0,
        }


def _around(answer: Answer) -> Select[TaskRow, CaseFile, SeatRow | None, InboxRow | None]:
    """The task, its case, the person's open seat at it, and what has been kept under this request id."""
    seated = (SeatRow.task_id == TaskRow.id) & (SeatRow.person == answer.person) & SeatRow.open
    return (
        select(TaskRow, CaseFile, SeatRow, InboxRow)
        .join(CaseFile, TaskRow.case_id == CaseFile.id)
        .outerjoin(SeatRow, seated)
        .outerjoin(InboxRow, InboxRow.request == answer.request)
        .where(TaskRow.id == answer.task_id)
        .options(defer(CaseFile.snapshot, raiseload=True), defer(CaseFile.shapes, raiseload=True))
    )
