"""What people do to a case beside deciding: comment, urge, hand over, name somebody for a vacant task, withdraw.

Like an answer, an act is kept first and brought to the case then; its request id is made with the page.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from activities.engine.delivery import Delivery, Outcome
from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.clock import Clock
from db.engine.roles import lost_seats
from db.engine.tasks import InboxRow, SeatRow, TaskRow
from policies.engine.calendar import CHINA
from policies.engine.refusals import NotYourTask, OwnCase, ReasonMissing, Refusal, RoleEnded, TaskUnknown
from services.engine.decisions import NotCounted
from services.engine.permissions import NotForYou, Right, Viewer, present_to
from services.engine.takers import Taker, Takers, names_of, takers_of


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

    async def takers(self, viewer: Viewer, case_id: str, task_id: str) -> list[Taker]:
        """Those to whom this viewer may give the task; the act accepts the same. Raises as the act does."""
        async with self._sessions() as session:
            place = await self._place(session, viewer, Wish("", "hand_over", case_id, task_id))
            _, takers = await self._giving(session, viewer, place)
            return takers.offered(await names_of(session, takers))

    async def _place(self, session: AsyncSession, viewer: Viewer, wish: Wish) -> _Place:
        case = await session.scalar(select(CaseFile).where(CaseFile.id == wish.case, present_to(viewer)))
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
        if not wish.words.strip():
            raise ReasonMissing(task=wish.task)
        giver, takers = await self._giving(session, viewer, place)
        return {
            "from": giver,
            "to": wish.taker,
            "role": place.task.role if place.task else "",
            "institution": takers.seat_of(wish.taker),
            "why": "handed_over" if giver == viewer.person else "named",
        }

    async def _giving(self, session: AsyncSession, viewer: Viewer, place: _Place) -> tuple[str, Takers]:
        """Whose seat passes ("" for nobody's), and to whom it may."""
        if place.task is None:
            raise TaskUnknown(task="")
        task = place.task.id
        if place.case.subject == viewer.person:
            raise OwnCase(task=task)
        seats = list(await session.scalars(select(SeatRow).where(SeatRow.task_id == task, SeatRow.open)))
        own = any(seat.person == viewer.person for seat in seats)
        if not own and not viewer.may(Right.NAME_SOMEONE, place.touched):
            raise NotYourTask(task=task)
        if not own and seats and not place.task.vacant:
            raise NotForYou(right=Right.NAME_SOMEONE.value)
        lost = lost_seats(self._today()).where(SeatRow.task_id == task, SeatRow.person == viewer.person)
        if own and await session.scalar(lost):
            raise RoleEnded(task=task)
        giver = viewer.person if own else seats[0].person if seats else ""
        takers = await takers_of(session, place.case, place.task, viewer=viewer, own=own, today=self._today())
        return giver, takers

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
