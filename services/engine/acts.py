"""What people do to a case beside deciding: comment, urge, hand over, name somebody for a vacant task, ask for an
opinion, add a signer, copy to somebody, withdraw.

Like an answer, an act is kept first and brought to the case then; its request id is made with the page.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from activities.engine.delivery import Delivery, Outcome
from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.clock import Clock
from db.engine.packs import PackShelf
from db.engine.people import RoleHolding
from db.engine.roles import held_on, lost_seats
from db.engine.tasks import InboxRow, SeatRow, TaskRow
from policies.engine.calendar import CHINA
from policies.engine.refusals import NotYourTask, OwnCase, ReasonMissing, Refusal, RoleEnded, SignerUnfit, TaskUnknown
from policies.engine.tasks import ADDED, CONSULTED, COPIED
from services.engine.decisions import NotCounted
from services.engine.permissions import NEVER_DECIDE, NotForYou, Right, Viewer, present_to
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
    """An act that a person asks for. `taker` is the person whom it names; `how` says as what a seat is added."""

    request: str
    verb: str
    case: str
    task: str = ""
    words: str = ""
    taker: str = ""
    how: str = ""


@dataclass(frozen=True)
class Beside:
    """Who may be asked beside the people of a task, and whether one of them may sign it too."""

    people: list[Taker]
    signs: bool


@dataclass(frozen=True)
class _Place:
    """Where an act lands: the case, its task if it is about one, and the institutions that it touches."""

    case: CaseFile
    task: TaskRow | None
    touched: frozenset[str] = field(default_factory=frozenset)


class ActDesk:
    """Takes acts."""

    def __init__(
        self, sessions: Sessions, delivery: Delivery, *, clock: Clock, shelf: PackShelf, filled: Container[str]
    ) -> None:
        """A desk over the record and Temporal; `filled` are the forms in which an answer is more than a choice."""
        self._sessions, self._delivery, self._clock = sessions, delivery, clock
        self._shelf, self._filled = shelf, filled

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

    async def beside(self, viewer: Viewer, case_id: str, task_id: str) -> "Beside | None":
        """Whom this viewer may ask for an opinion, add as a signer or tell; the acts accept the same. None for who was
        asked beside themselves.
        """
        async with self._sessions() as session:
            place = await self._place(session, viewer, Wish("", "add_seat", case_id, task_id))
            try:
                takers = await self._asking(session, viewer, place)
            except NotYourTask:
                return None
            people = takers.offered(await names_of(session, takers))
            return Beside(people, signs=place.task is not None and await self._signs(place.case, place.task))

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
        if wish.verb in ("add_seat", "copy"):
            return await self._adding(session, viewer, wish, place)
        return {"to": wish.taker} if wish.verb == "recall_seat" else {}

    async def _adding(self, session: AsyncSession, viewer: Viewer, wish: Wish, place: _Place) -> Mapping[str, str]:
        """Who is asked for an opinion, signs too, or is told; a signer only where an answer is a choice and words."""
        if not wish.words.strip():
            raise ReasonMissing(task=wish.task)
        takers = await self._asking(session, viewer, place)
        institution = takers.seat_of(wish.taker)
        seat = {"to": wish.taker, "institution": institution, "why": COPIED}
        if wish.verb == "add_seat":
            if wish.how not in ADDED:
                raise SignerUnfit(task=wish.task)
            if place.task and wish.how != CONSULTED and not await self._signs(place.case, place.task):
                raise SignerUnfit(task=wish.task)
            seat["why"] = wish.how
        return seat | {"role": await self._role_of(session, wish.taker, institution, place)}

    async def _role_of(self, session: AsyncSession, person: str, institution: str, place: _Place) -> str:
        """In which of their own roles somebody is asked; the task's where the programme has no word for theirs."""
        pack = await self._shelf.pack(place.case.pack, place.case.pack_version)
        query = select(RoleHolding.role).where(RoleHolding.person == person, RoleHolding.institution == institution)
        held = await session.scalars(query.where(held_on(self._today())).order_by(RoleHolding.role))
        known = (role for role in held if role in pack.roles and role not in NEVER_DECIDE)
        return next(known, place.task.role if place.task else "")

    async def _asking(self, session: AsyncSession, viewer: Viewer, place: _Place) -> Takers:
        """Only who has to answer a task asks others beside; its person's own answer is nobody else's matter."""
        if place.task is None:
            raise TaskUnknown(task="")
        task = place.task.id
        if place.case.subject == viewer.person:
            raise OwnCase(task=task)
        seated = select(SeatRow).where(SeatRow.task_id == task, SeatRow.person == viewer.person, SeatRow.open)
        seat = await session.scalar(seated)
        if seat is None or seat.why in ADDED:
            raise NotYourTask(task=task)
        return await takers_of(session, place.case, place.task, viewer=viewer, own=False, today=self._today())

    async def _signs(self, case: CaseFile, task: TaskRow) -> bool:
        pack = await self._shelf.pack(case.pack, case.pack_version)
        return pack.tasks[task.name].form not in self._filled

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
        sitting = (SeatRow.task_id == task, SeatRow.open, SeatRow.why.not_in(sorted(ADDED)))
        seats = list(await session.scalars(select(SeatRow).where(*sitting)))
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
