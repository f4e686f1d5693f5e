"""What people do to a case beside deciding: comment, urge, hand over, name somebody for a vacant task, withdraw.

Like an answer, an act is kept first and brought to the case then; its request id is made with the page.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from activities.engine.delivery import Delivery, Outcome
from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.clock import Clock
from db.engine.people import Person, RoleHolding
from db.engine.roles import held_on, lost_seats
from db.engine.tasks import InboxRow, SeatRow, TaskRow
from policies.engine.calendar import CHINA
from policies.engine.refusals import BothSides, NotYourTask, OwnCase, ReasonMissing, Refusal, RoleEnded, TaskUnknown
from services.engine.decisions import NotCounted
from services.engine.permissions import NEVER_DECIDE, NotForYou, Right, Viewer, visible_to


class TakerUnfit(Refusal):
    """The person named for a task is unknown, has it already, or holds no role there that decides."""


class CaseUnknown(Refusal):
    """There is no such case, or none that this person may see."""


@dataclass(frozen=True)
class Done:
    """What became of an act: "recorded", or "received" while the case is out of reach; `again` for a second click."""

    state: str
    again: bool = False


@dataclass(frozen=True)
class Wish:
    """An act that a person asks for. `taker` is the person who is to take a task over or is named for it."""

    request: str
    verb: str
    case: str
    task: str = ""
    words: str = ""
    taker: str = ""


@dataclass(frozen=True)
class _Place:
    """Where an act lands: the case, its task if it is about one, and the institutions that it touches."""

    case: CaseFile
    task: TaskRow | None
    touched: frozenset[str] = field(default_factory=frozenset)


class ActDesk:
    """Takes acts."""

    def __init__(self, sessions: Sessions, delivery: Delivery, *, clock: Clock) -> None:
        """A desk over the record and Temporal."""
        self._sessions, self._delivery, self._clock = sessions, delivery, clock

    async def act(self, viewer: Viewer, wish: Wish) -> Done:
        """Keep the act, bring it to the case and say what became of it. Raises a Refusal when it does not count."""
        async with self._sessions.begin() as session:
            known = await session.get(InboxRow, wish.request)
            if known is None:
                place = await self._place(session, viewer, wish)
                refs = await self._allowed(session, viewer, wish, place)
                row = self._row(viewer, wish, place, refs)
                await session.execute(insert(InboxRow).values(row).on_conflict_do_nothing())
        async with self._sessions() as session:
            kept = await session.get_one(InboxRow, wish.request)
        if (kept.person, kept.case_id, kept.verb) != (viewer.person, wish.case, wish.verb):
            raise NotForYou(right=wish.verb)
        outcome = await self._delivery.deliver(kept) if kept.state == "pending" else Outcome(kept.state, kept.refusal)
        if outcome.state == "refused":
            raise NotCounted(refusal=outcome.refusal, **dict(outcome.facts))
        return Done("recorded" if outcome.state == "applied" else "received", again=known is not None)

    async def takers(self, task_id: str) -> list[tuple[str, str]]:
        """(person, name) of those who may take a task over: who holds a role that decides at its institution, has no
        seat at it and is not the subject.
        """
        async with self._sessions() as session:
            query = (
                select(Person.id, Person.name)
                .join(RoleHolding, (RoleHolding.person == Person.id) & held_on(self._today()))
                .join(TaskRow, TaskRow.institution == RoleHolding.institution)
                .join(CaseFile, CaseFile.id == TaskRow.case_id)
                .where(TaskRow.id == task_id, CaseFile.subject.is_distinct_from(Person.id))
                .where(RoleHolding.role.not_in(NEVER_DECIDE), Person.id.not_in(_seated(task_id)))
                .distinct()
                .order_by(Person.name)
            )
            return [(person, name) for person, name in await session.execute(query)]

    async def _place(self, session: AsyncSession, viewer: Viewer, wish: Wish) -> _Place:
        case = await session.scalar(select(CaseFile).where(CaseFile.id == wish.case, visible_to(viewer)))
        if case is None:
            raise CaseUnknown(case=wish.case)
        task = await session.get(TaskRow, wish.task) if wish.task else None
        if wish.task and (task is None or task.case_id != case.id):
            raise TaskUnknown(task=wish.task)
        return _Place(case, task, frozenset(filter(None, (case.institution, task.institution if task else None))))

    async def _allowed(self, session: AsyncSession, viewer: Viewer, wish: Wish, place: _Place) -> Mapping[str, str]:
        """What the act carries to the case; refuses what the viewer may not do."""
        if wish.verb in ("comment", "withdraw") and not wish.words.strip():
            raise ReasonMissing(case=wish.case)
        if wish.verb == "withdraw" and place.case.subject != viewer.person:
            raise NotForYou(right="withdraw")
        if wish.verb == "urge" and not viewer.may(Right.URGE, place.touched):
            raise NotForYou(right="urge")
        if wish.verb == "hand_over":
            return await self._handing(session, viewer, wish, place)
        return {}

    async def _handing(self, session: AsyncSession, viewer: Viewer, wish: Wish, place: _Place) -> Mapping[str, str]:
        """The giver is the viewer's own seat; a task that nobody holds is given by whoever may name somebody."""
        if place.task is None:
            raise TaskUnknown(task=wish.task)
        if place.case.subject == viewer.person:
            raise OwnCase(task=wish.task)
        if not wish.words.strip():
            raise ReasonMissing(task=wish.task)
        seats = list(await session.scalars(select(SeatRow).where(SeatRow.task_id == place.task.id, SeatRow.open)))
        mine = next((seat for seat in seats if seat.person == viewer.person), None)
        if mine is None and not viewer.may(Right.NAME_SOMEONE, place.touched):
            raise NotYourTask(task=wish.task)
        if mine is None and seats and not place.task.vacant:
            raise NotForYou(right=Right.NAME_SOMEONE.value)
        giver = mine.person if mine else seats[0].person if seats else ""
        lost = lost_seats(self._today()).where(SeatRow.task_id == place.task.id, SeatRow.person == viewer.person)
        if mine and await session.scalar(lost):
            raise RoleEnded(task=wish.task)
        await _ensure_one_side(session, wish, place)
        institution = await self._fit(session, wish, place, there_only=mine is not None)
        why = "handed_over" if mine else "named"
        return {
            "from": giver, "to": wish.taker, "role": place.task.role, "institution": institution, "why": why,
        }  # fmt: skip

    async def _fit(self, session: AsyncSession, wish: Wish, place: _Place, *, there_only: bool) -> str:
        """Where the taker sits. A seat passes within its institution; HR may also name somebody from elsewhere."""
        if wish.taker == place.case.subject:
            raise OwnCase(task=wish.task)
        held = select(RoleHolding.institution).where(RoleHolding.person == wish.taker, held_on(self._today()))
        institutions = list(await session.scalars(held.where(RoleHolding.role.not_in(NEVER_DECIDE))))
        seated = wish.taker in await session.scalars(_seated(wish.task))
        there = place.task.institution if place.task else None
        if seated or not institutions or (there_only and there not in institutions):
            raise TakerUnfit(task=wish.task)
        return there if there in institutions else institutions[0]

    def _row(self, viewer: Viewer, wish: Wish, place: _Place, refs: Mapping[str, str]) -> dict[str, object]:
        return {
            "request": wish.request,
            "case_id": place.case.id,
            "verb": wish.verb,
            "task_id": place.task.id if place.task else None,
            "person": viewer.person,
            "message": {"task": place.task.id.rsplit(".", 1)[1] if place.task else "", "refs": dict(refs)},
            "form": {},
            "words": wish.words.strip() or None,
            "channel": "page",
            "received_at": self._clock.now(),
            "state": "pending",
            "refusal": "",
            "attempts": 0,
        }

    def _today(self) -> date:
        return self._clock.now().astimezone(CHINA).date()


def _seated(task_id: str) -> Select[str]:
    return select(SeatRow.person).where(SeatRow.task_id == task_id, SeatRow.open)


async def _ensure_one_side(session: AsyncSession, wish: Wish, place: _Place) -> None:
    """Who sits, or sat, at a task that is kept apart from this one cannot take it over (DEF-12)."""
    apart = place.case.shapes.get(place.task.name, {}).get("apart_from", []) if place.task else []
    query = select(SeatRow.person).join(TaskRow, TaskRow.id == SeatRow.task_id)
    query = query.where(TaskRow.case_id == place.case.id, TaskRow.name.in_(apart), SeatRow.person == wish.taker)
    if apart and await session.scalar(query.limit(1)):
        raise BothSides(task=wish.task)
