"""The desk at which people answer tasks: the answer is kept first, then brought to the case (design 6)."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Date, bindparam, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from activities.engine.delivery import Delivery, Outcome
from db.engine.base import Sessions, Straight, at_once
from db.engine.cases import CaseFile
from db.engine.clock import Clock
from db.engine.packs import PackShelf
from db.engine.roles import seat_is_held
from db.engine.tasks import DecisionRow, InboxRow, SeatRow, TaskRow
from policies.engine.answering import choices_for
from policies.engine.calendar import CHINA
from policies.engine.pack import Pack
from policies.engine.refusals import (
    AlreadyAnswered,
    ChoiceUnknown,
    NotYourTask,
    ReasonMissing,
    Refusal,
    RoleEnded,
    StaleRevision,
    TaskClosed,
    TaskUnknown,
)
from policies.engine.tasks import BACK_TO, BESIDE, SEND_BACK, SIGN, STRAIGHT

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

    back_to: the step to which an answer that sends back does so, -1 for the one before. straight: what is answered
    there comes straight back.
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
    back_to: int = -1
    straight: bool = False


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
class AskedTask:
    """As much of a task as its form may depend on."""

    id: str
    name: str
    choices: Sequence[str]
    refs: Mapping[str, str]


@dataclass(frozen=True)
class AskedCase:
    """As much of a case as the form of its task may depend on."""

    id: str
    cycle: str
    institution: str | None
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Asked:
    """The open task that an answer is for, as the record has it."""

    task: AskedTask
    case: AskedCase
    pack: Pack
    today: date

    @classmethod
    def of(cls, task: TaskRow, case: CaseFile, pack: Pack, *, now: datetime) -> "Asked":
        """From the rows; `today` is the local day of the instant."""
        of_case = AskedCase(case.id, case.cycle, case.institution, case.facts)
        of_task = AskedTask(task.id, task.name, task.choices, task.refs)
        return cls(of_task, of_case, pack, now.astimezone(CHINA).date())


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
        self._at_once, self._straight, self._delivery = at_once(sessions), Straight(sessions), delivery
        self._clock, self._shelf, self._forms = clock, shelf, forms

    async def answer(self, answer: Answer) -> Receipt:
        """Keep the answer, bring it to the case, and say what became of it. Raises a Refusal when it does not count."""
        kept, again = await self._kept(answer)
        # The id of another person's answer, of an answer to another task, or of an act: nothing here is receipted.
        if (kept.person, kept.task_id, kept.verb) != (answer.person, answer.task_id, DECIDE):
            raise NotYourTask(task=answer.task_id)
        outcome = await self._delivery.deliver(kept) if kept.state == "pending" else Outcome(kept.state, kept.refusal)
        return self._receipt(kept, outcome, again=again)

    async def _kept(self, answer: Answer) -> tuple[InboxRow, bool]:
        """The inbox row of this answer, and whether it had been there before; in as few queries as possible."""
        around = {
            "task": answer.task_id,
            "person": answer.person,
            "request": answer.request,
            "day": self._day_of(answer),
        }
        rows = await self._straight.rows(_AROUND, **around)
        if not rows:
            raise TaskUnknown(task=answer.task_id)
        found = _Around._make(rows[0])
        if found.known:
            return await self._known(answer.request), True
        await self._ensure_asked(found, answer)
        asked = Asked(
            AskedTask(answer.task_id, found.name, choices_for(found.why, found.choices), found.refs),
            AskedCase(found.case, found.cycle, found.institution, found.facts),
            await self._shelf.pack(found.pack, found.pack_version),
            self._today(),
        )
        row = self._row(asked, answer, await self.ensure_fit(asked, answer))
        if await self._straight.rows(_KEEP, **row):
            return InboxRow(**row), False
        # A second click at the same moment was faster.
        return await self._known(answer.request), True

    async def _known(self, request: str) -> InboxRow:
        async with self._at_once() as session:
            return await session.get_one(InboxRow, request)

    def _receipt(self, kept: InboxRow, outcome: Outcome, *, again: bool) -> Receipt:
        if outcome.state == "refused":
            raise NotCounted(refusal=outcome.refusal, **dict(outcome.facts))
        state = "recorded" if outcome.state == "applied" else "received"
        return Receipt(state, kept.request, kept.message["choice"], again)

    async def _ensure_asked(self, found: "_Around", answer: Answer) -> None:
        """What the record already knows against the answer is said without troubling the case."""
        if found.status != "open":
            raise TaskClosed(task=answer.task_id, outcome=found.outcome)
        if found.seated_at is None or not found.held:
            raise await self._not_seated(answer)
        if found.seated_at != answer.revision:
            raise StaleRevision(task=answer.task_id, asked=str(found.revision), answered=str(answer.revision))
        if found.grave and not answer.signed_in and answer.channel != PAPER:
            raise SignInNeeded(task=answer.task_id)

    def _day_of(self, answer: Answer) -> date:
        """The local day of the decision: the one on the paper, else today."""
        return answer.paper.decided_on if answer.paper else self._today()

    def _today(self) -> date:
        return self._clock.now().astimezone(CHINA).date()

    async def _not_seated(self, answer: Answer) -> Refusal:
        """Why: the person has answered, the role in which they were asked has ended, or they were not asked."""
        mine = select(DecisionRow.choice).where(
            DecisionRow.task_id == answer.task_id,
            DecisionRow.person == answer.person,
            DecisionRow.revision == answer.revision,
        )
        sat = (
            select(seat_is_held(self._day_of(answer)))
            .join_from(SeatRow, TaskRow, TaskRow.id == SeatRow.task_id)
            .join(CaseFile, CaseFile.id == TaskRow.case_id)
            .where(SeatRow.task_id == answer.task_id, SeatRow.person == answer.person)
            .order_by(SeatRow.revision.desc())
        )
        async with self._at_once() as session:
            choice, held = await session.scalar(mine), await session.scalar(sat.limit(1))
        if choice:
            return AlreadyAnswered(task=answer.task_id, choice=choice)
        return RoleEnded(task=answer.task_id) if held is False else NotYourTask(task=answer.task_id)

    async def ensure_fit(self, asked: Asked, answer: Answer) -> Form:
        """The checked form of an answer whose choice is in the closed list; a required reason and field are there.

        Raises ChoiceUnknown, ReasonMissing, or the refusal of the form's own check.
        """
        if answer.choice not in asked.task.choices:
            raise ChoiceUnknown(task=asked.task.id, choice=answer.choice)
        choice = asked.pack.choices.get(answer.choice)
        needs_reason = answer.choice != SIGN and (choice is None or choice.reason == REASON_REQUIRED)
        if needs_reason and not answer.words.strip():
            raise ReasonMissing(task=asked.task.id, choice=answer.choice)
        check = self._forms.get(asked.pack.tasks[asked.task.name].form)
        if check is None or answer.choice in BESIDE:
            return Form()
        async with self._at_once() as session:
            return await check(session, asked, answer)

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
                "refs": {**form.refs, **_way_back(answer)},
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


def _way_back(answer: Answer) -> dict[str, str]:
    """Where an answer that sends back does so, for the case; no part of the task's own refs."""
    if answer.choice != SEND_BACK:
        return {}
    step = {BACK_TO: str(answer.back_to)} if answer.back_to >= 0 else {}
    return {**step, **({STRAIGHT: "yes"} if answer.straight else {})}


class _Around(NamedTuple):
    """What an answer meets: its task and case, the revision of the person's open seat and whether it is held by
    right, the request if it is known.
    """

    name: str
    refs: dict[str, str]
    status: str
    outcome: str
    revision: int
    choices: list[str]
    grave: bool
    case: str
    cycle: str
    institution: str | None
    facts: dict[str, Any]
    pack: str
    pack_version: str
    seated_at: int | None
    why: str | None
    held: bool
    known: str | None


_OF_TASK = (
    TaskRow.name,
    TaskRow.refs,
    TaskRow.status,
    TaskRow.outcome,
    TaskRow.revision,
    TaskRow.choices,
    TaskRow.grave,
)
_OF_CASE = (CaseFile.id, CaseFile.cycle, CaseFile.institution, CaseFile.facts, CaseFile.pack, CaseFile.pack_version)
_DAY: BindParameter[date] = bindparam("day", type_=Date())
_SEATED = (SeatRow.task_id == TaskRow.id) & (SeatRow.person == bindparam("person")) & SeatRow.open
_AROUND = (
    select(*_OF_TASK, *_OF_CASE, SeatRow.revision, SeatRow.why, seat_is_held(_DAY), InboxRow.request)
    .join(CaseFile, TaskRow.case_id == CaseFile.id)
    .outerjoin(SeatRow, _SEATED)
    .outerjoin(InboxRow, InboxRow.request == bindparam("request"))
    .where(TaskRow.id == bindparam("task"))
)
_KEEP = insert(InboxRow).on_conflict_do_nothing().returning(InboxRow.request)
