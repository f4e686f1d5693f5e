"""The desk for applications and posts (DQ-3.1.3a; EXC-04, EXC-10, EXC-14)."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from activities.demand import POSTING_TASKS, shaping
from activities.engine.delivery import Delivery
from db.demand import SupplyLine
from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.clock import Clock
from db.engine.opening import NewCase, OneOpenCase, next_serial, open_case
from db.engine.packs import PackShelf
from db.engine.people import Person
from db.engine.tasks import InboxRow
from db.posting import Application, Post, PostMatch
from policies.engine.calendar import CHINA
from policies.engine.pack import Pack
from policies.engine.refusals import ReasonMissing, Refusal
from services.demand import Started
from services.engine.acts import Done
from services.engine.decisions import PAGE
from services.engine.notices import Brought, bring, keep, kept_before
from services.facts import PersonUnknown
from services.field_problems import FactsRefused, FieldProblem
from services.forms.applications import Wishes, checked_wishes
from services.forms.parsing import parsed
from services.post_board import PostUnknown

# A second application may come after the first ones have all ended and the cycle with them (COR-03).
PUBLISHED = ("post_published", "published")
CANCEL, LEFT, OPEN = "cancel_post", "person_left", "open"
# What ends early when the person leaves: the application or the term of service.
EVALUATED = ("under_evaluation", "graded", "outcome_applied")
PERSONAL = ("PostingCase", "TrainingPlacement", "ServiceTerm")
# EXC-10: leaves, retires, dies, loses the licence.
DEPARTURES = ("left", "retired", "died", "licence_lost")


class NotOnDispatchList(Refusal):
    """The person is on no approved dispatch list of this cycle; their hospital adds them first (DQ-3.1.2c)."""


class NoCycle(Refusal):
    """There is no cycle of this programme and year with published posts for this person's group."""


class PostMatched(Refusal):
    """The post is matched; taking it back is an early end, not a cancellation (EXC-04, EXC-07)."""


class CycleEnded(Refusal):
    """The year's cycle has ended and takes no post back; who applies late is refused in the review (EXC-02, EXC-04)."""


class PostTakenBack(Refusal):
    """The post is closed already; there is nothing left to take back."""


class NoOpenApplication(Refusal):
    """The person has neither an open application nor a term of service that their departure would end (EXC-10)."""


@dataclass(frozen=True)
class ApplicationOrder:
    """The facts of an application. `number` is the applicant's serial in another system, if there is one (COR-03)."""

    pack: str
    year: int
    person: str
    first: str
    second: str | None = None
    accepts_reassignment: bool = False
    number: str | None = None


@dataclass(frozen=True)
class Departure:
    """What became of a recorded departure: "recorded", or "received" while the case is out of reach."""

    case_id: str
    state: str
    again: bool


class ApplicationDesk:
    """Starts applications, takes posts back, records who has left."""

    def __init__(self, sessions: Sessions, delivery: Delivery, *, clock: Clock, shelf: PackShelf) -> None:
        """A desk over the record."""
        self._sessions, self._delivery, self._clock, self._shelf = sessions, delivery, clock, shelf

    async def start(self, order: ApplicationOrder, *, by: str) -> Started:
        """A new case, or the application as a fact for the case in which the person was asked to choose.

        Raises FactsRefused (unknown person, posts that are not open), NotOnDispatchList, NoCycle, OneOpenCase.
        """
        pack = await self._shelf.current(order.pack)
        async with self._sessions.begin() as session:
            person = await session.get(Person, order.person)
            if person is None:
                raise FactsRefused((FieldProblem("person", "person_unknown"),))
            key = f"{pack.id}.{order.year}.{order.number}" if order.number else ""
            known = await _known(session, key) if key else None
            if known:
                return Started(known, created=False)
            cycle = await self._cycle(session, pack, order, person)
            wishes = await checked_wishes(session, cycle.id, _wishes(order))
            waiting = await self._invited(session, f"{pack.programme}:{person.id}")
            if waiting:
                row = await self._received(session, waiting, wishes, request=_request(key))
            else:
                started = await self._open(session, pack, order, cycle=cycle, wishes=wishes, key=key, by=by)
        if waiting:
            await self._delivery.deliver(row)
            return Started(waiting.id, created=False)
        return replace(started, under_way=await self._delivery.start(started.case_id))

    async def _cycle(self, session: AsyncSession, pack: Pack, order: ApplicationOrder, person: Person) -> CaseFile:
        listed = (
            select(CaseFile.cycle)
            .join(SupplyLine, SupplyLine.case_id == CaseFile.id)
            .where(SupplyLine.person == person.id, CaseFile.outcome != "excluded")
        )
        query = select(CaseFile).where(
            CaseFile.lifecycle == "DemandCycle",
            CaseFile.pack == pack.id,
            CaseFile.facts["year"].astext == str(order.year),
            CaseFile.stage.in_(PUBLISHED),
        )
        cycle = await session.scalar(query.where(CaseFile.id.in_(listed)))
        if cycle is None:
            raise NotOnDispatchList() if await session.scalar(query.limit(1)) else NoCycle()
        return cycle

    async def _invited(self, session: AsyncSession, open_key: str) -> CaseFile | None:
        """The case that waits for this person's choice; any other open case is the one that there may be."""
        case = await session.scalar(select(CaseFile).where(CaseFile.open_key == open_key))
        if case is not None and not await _awaits_choice(session, case):
            raise OneOpenCase(case=case.id)
        return case

    async def _received(
        self, session: AsyncSession, case: CaseFile, wishes: dict[str, str], *, request: str
    ) -> InboxRow:
        row: dict[str, Any] = {
            "request": request,
            "case_id": case.id,
            "verb": "notice",
            "message": {"name": "application", "refs": wishes},
            "form": wishes,
            "channel": "api",
            "received_at": self._clock.now(),
        }
        return (await session.scalars(insert(InboxRow).values(row).returning(InboxRow))).one()

    async def _open(
        self,
        session: AsyncSession,
        pack: Pack,
        order: ApplicationOrder,
        *,
        cycle: CaseFile,
        wishes: dict[str, str],
        key: str,
        by: str,
    ) -> Started:
        serial = await next_serial(session, f"posting.{pack.id}.{order.year}")
        person = await session.get_one(Person, order.person)
        facts = {name: cycle.facts[name] for name in ("group", "bureau", "year", "planned_start")}
        facts |= {"cycle": cycle.id, "person": person.id, "sending": person.institution, **shaping(pack)}
        case = NewCase(
            id=f"posting.{pack.id}.{order.year}.{serial}",
            lifecycle="PostingCase",
            pack=pack,
            tasks=POSTING_TASKS,
            facts=facts | wishes,
            key=key,
            open_key=f"{pack.programme}:{person.id}",
            cycle=cycle.id,
            institution=person.institution,
            subject=person.id,
            started_by=by,
        )
        return Started(*await open_case(session, case, at=self._clock.now()))

    async def cancel_post(self, post_id: str, *, by: str, reason: str, request: str) -> Done:
        """EXC-04, before a match: the cycle closes the post and tells who is under review for it.

        Raises ReasonMissing, PostUnknown, PostMatched, PostTakenBack, CycleEnded; whether `by`
        may is the caller's question to the permissions.
        """
        if not reason.strip():
            raise ReasonMissing(post=post_id)
        async with self._sessions.begin() as session:
            known = await kept_before(session, request, name=CANCEL, by=by)
            if known is None:
                post = await _unmatched(session, post_id)
                brought = Brought(request, post.cycle, CANCEL, {"post": post.id}, by, reason, PAGE)
            kept = known or await keep(session, brought, at=self._clock.now())
        return await bring(self._delivery, kept, again=known is not None)

    async def record_departure(
        self, person: str, kind: str, *, on: date, by: str, reason: str, request: str, channel: str = PAGE
    ) -> Departure:
        """EXC-10: the person's open application, or their term, ends early, without a grade. `on` is a local day.

        Raises FactsRefused, ReasonMissing, PersonUnknown, NoOpenApplication; whether `by` may is the caller's question
        to the permissions.
        """
        self._ensure_facts(kind, on)
        if not reason.strip():
            raise ReasonMissing(person=person)
        async with self._sessions.begin() as session:
            known = await kept_before(session, request, name=LEFT, by=by)
            if known is None:
                case = await _open_application(session, person)
                brought = Brought(request, case, LEFT, {"kind": kind, "on": on.isoformat()}, by, reason, channel)
            kept = known or await keep(session, brought, at=self._clock.now())
        done = await bring(self._delivery, kept, again=known is not None)
        return Departure(kept.case_id, done.state, again=done.again)

    def _ensure_facts(self, kind: str, on: date) -> None:
        problems = []
        if kind not in DEPARTURES:
            problems.append(FieldProblem("kind", "choice_unknown", (("choices", ", ".join(DEPARTURES)),)))
        if on > self._clock.now().astimezone(CHINA).date():
            problems.append(FieldProblem("on", "date_future"))
        if problems:
            raise FactsRefused(tuple(problems))


async def _unmatched(session: AsyncSession, post_id: str) -> Post:
    post = await session.get(Post, post_id)
    if post is None or post.placement:
        raise PostUnknown(post=post_id)
    if await session.get(PostMatch, post_id):
        raise PostMatched(post=post_id)
    if post.state != OPEN:
        raise PostTakenBack(post=post_id)
    if await session.scalar(select(CaseFile.state).where(CaseFile.id == post.cycle)) == "closed":
        raise CycleEnded(post=post_id)
    return post


async def _open_application(session: AsyncSession, person: str) -> str:
    if await session.get(Person, person) is None:
        raise PersonUnknown(person=person)
    query = select(CaseFile.id).where(
        CaseFile.subject == person, CaseFile.lifecycle.in_(PERSONAL), CaseFile.state != "closed"
    )
    # What runs comes before a term that is only being evaluated.
    case: str | None = await session.scalar(query.order_by(CaseFile.stage.in_(EVALUATED), CaseFile.started_at))
    if case is None:
        raise NoOpenApplication(person=person)
    return case


async def _awaits_choice(session: AsyncSession, case: CaseFile) -> bool:
    """Whether the person is being asked to choose, or was invited and is about to be asked."""
    if case.stage == "choosing" or "first" in case.facts:
        return case.stage == "choosing"
    applied = select(Application.case_id).where(Application.case_id == case.id).limit(1)
    return case.state != "closed" and await session.scalar(applied) is None


async def _known(session: AsyncSession, key: str) -> str | None:
    """The case that this serial started, or to which it was delivered as a fact (EXC-14)."""
    started: str | None = await session.scalar(select(CaseFile.id).where(CaseFile.business_key == key))
    # Ids that were given out before had a hyphen for the first dot.
    kept = select(InboxRow.case_id).where(InboxRow.request.in_((_request(key), f"application-{key}")))
    return started or await session.scalar(kept.limit(1))


def _request(key: str) -> str:
    """An id of ours has a dot in it, which no id that a page or a client may send has: nobody takes it beforehand."""
    return f"application.{key or uuid4().hex}"


def _wishes(order: ApplicationOrder) -> Wishes:
    form = {
        "first": order.first,
        "second": order.second or "",
        "reassign": "yes" if order.accepts_reassignment else "no",
    }
    return parsed(Wishes, form)
