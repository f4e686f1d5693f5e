"""The desk for applications and posts (DQ-3.1.3a; EXC-04, EXC-10, EXC-14)."""

from dataclasses import dataclass, replace
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
from db.posting import Application, Post
from policies.engine.pack import Pack
from policies.engine.refusals import Refusal
from services.demand import Started
from services.field_problems import FactsRefused, FieldProblem
from services.forms.applications import Wishes, checked_wishes, open_post
from services.forms.parsing import parsed

# A second application may come after the first ones have all ended and the cycle with them (COR-03).
PUBLISHED = ("post_published", "published")


class NotOnDispatchList(Refusal):
    """The person is on no approved dispatch list of this cycle; their hospital adds them first (DQ-3.1.2c)."""


class NoCycle(Refusal):
    """There is no cycle of this programme and year with published posts for this person's group."""


class PostMatched(Refusal):
    """The post is matched; taking it back is an early end, not a cancellation (EXC-04, EXC-07)."""


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


class ApplicationDesk:
    """Starts applications and takes posts back."""

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

    async def cancel_post(self, post_id: str, *, by: str, reason: str, request: str) -> None:
        """EXC-04, before a match: the cycle closes the post and tells who is under review for it.

        Raises PostMatched; whether `by` may is the caller's question to the permissions.
        """
        async with self._sessions.begin() as session:
            post = await session.get_one(Post, post_id)
            if await open_post(session, post.cycle, post_id) is None:
                raise PostMatched(post=post_id)
            row = {
                "request": request,
                "case_id": post.cycle,
                "verb": "notice",
                "person": by,
                "message": {"name": "cancel_post", "refs": {"post": post_id}},
                "form": {},
                "words": reason,
                "channel": "page",
                "received_at": self._clock.now(),
            }
            await session.execute(insert(InboxRow).values(row).on_conflict_do_nothing())
        async with self._sessions() as session:
            kept = await session.get_one(InboxRow, request)
        await self._delivery.deliver(kept)


async def _awaits_choice(session: AsyncSession, case: CaseFile) -> bool:
    """Whether the person is being asked to choose, or was invited and is about to be asked."""
    if case.stage == "choosing" or "first" in case.facts:
        return case.stage == "choosing"
    applied = select(Application.case_id).where(Application.case_id == case.id).limit(1)
    return case.state != "closed" and await session.scalar(applied) is None


async def _known(session: AsyncSession, key: str) -> str | None:
    """The case that this serial started, or to which it was delivered as a fact (EXC-14)."""
    started: str | None = await session.scalar(select(CaseFile.id).where(CaseFile.business_key == key))
    return started or await session.scalar(select(InboxRow.case_id).where(InboxRow.request == _request(key)))


def _request(key: str) -> str:
    return f"application-{key or uuid4().hex}"


def _wishes(order: ApplicationOrder) -> Wishes:
    form = {
        "first": order.first,
        "second": order.second or "",
        "reassign": "yes" if order.accepts_reassignment else "no",
    }
    return parsed(Wishes, form)
