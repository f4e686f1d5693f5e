"""The desk at which changes of a running term are proposed: an early end by a side or the person (EXC-04, EXC-07,
DEF-14), a transfer to another institution by a side or the group (EXC-08).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.engine.delivery import Delivery
from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.clock import Clock
from db.engine.opening import next_serial
from db.engine.tasks import InboxRow
from db.posting import Post
from db.term_changes import AGREED, EARLY_END, TRANSFER, TermChange
from policies.engine.calendar import CHINA
from policies.engine.refusals import Refusal
from policies.engine.words import Words
from services.absences import NotInService
from services.engine.acts import Done
from services.engine.decisions import PAGE
from services.engine.notices import Brought, bring, keep, kept_before
from services.engine.permissions import REACH, NotForYou, Right, Viewer
from services.field_problems import FactsRefused, FieldProblem
from services.transfers import Destination, destinations_of, names_of_places

LIFECYCLE = "ServiceTerm"
# From the filing on, until the term is certified (DEF-14).
RUNNING = ("onboarding", "in_service", "suspended")
# Who stands still is not sent elsewhere meanwhile.
GOING = ("onboarding", "in_service")
OPEN = ("proposed", AGREED)
BY_PERSON, AGREEMENT, POST_CANCELLED = "by_person", "agreement", "post_cancelled"
# Why an end is proposed, by the side that may say so; above both stands the group.
OF_SIDE: Mapping[str, tuple[str, ...]] = {
    "receiving": ("by_receiving", AGREEMENT),
    "sending": ("recall", AGREEMENT),
    "above": (AGREEMENT,),
}


class ChangeUnderWay(Refusal):
    """Something has been proposed for this term already and is not settled; a second proposal waits for it."""


@dataclass(frozen=True)
class EndWish:
    """An early end that is proposed: why, by code; the last local day; the reason in words."""

    occasion: str
    last_day: date
    words: str


@dataclass(frozen=True)
class TransferWish:
    """A transfer that is proposed: to which institution, by code; the last local day here; the reason in words."""

    destination: str
    last_day: date
    words: str


@dataclass(frozen=True)
class ChangeLine:
    """One proposal: kind, occasion, last day as proposed and as agreed, state; of a transfer its destination, the first
    day there and what became of the months at the site.
    """

    kind: str
    occasion: str
    last_day: date
    ends_on: date | None
    state: str
    words: str
    destination: Words | None
    starts_on: date | None
    site_months: str


@dataclass(frozen=True)
class Changes:
    """What was proposed for a term, and what the reader may propose now: occasions by code, and where to."""

    lines: tuple[ChangeLine, ...]
    occasions: tuple[str, ...]
    destinations: tuple[Destination, ...]


class ChangeDesk:
    """Keeps proposals and brings them to the term."""

    def __init__(self, sessions: Sessions, delivery: Delivery, *, clock: Clock) -> None:
        """A desk over the record."""
        self._sessions, self._delivery, self._clock = sessions, delivery, clock

    async def of(self, case_id: str, viewer: Viewer) -> Changes:
        """The proposals of a term that the viewer may read, oldest first."""
        async with self._sessions() as session:
            case = await session.get_one(CaseFile, case_id)
            found = select(TermChange).where(TermChange.case_id == case_id).order_by(TermChange.proposed_at)
            rows = (await session.scalars(found)).all()
            names = await names_of_places(session, [row.destination for row in rows if row.destination])
            free = not any(row.state in OPEN for row in rows)
            goes = free and may_transfer(viewer, case)
            destinations = await destinations_of(session, case) if goes else ()
        occasions = occasions_for(viewer, case) if free and _runs(case) else ()
        return Changes(tuple(_line(row, names) for row in rows), occasions, destinations)

    async def term_at(self, post: str) -> str:
        """The running term of the person who was matched to a post; "" while there is none (EXC-04)."""
        # Who was transferred away no longer serves in the post.
        there = select(Post.institution).where(Post.id == post).scalar_subquery()
        query = select(CaseFile.id).where(
            CaseFile.lifecycle == LIFECYCLE,
            CaseFile.facts["post"].astext == post,
            CaseFile.institution == there,
            CaseFile.stage.in_(RUNNING),
        )
        async with self._sessions() as session:
            return await session.scalar(query.where(CaseFile.state != "closed").limit(1)) or ""

    async def propose_end(self, case_id: str, wish: EndWish, *, viewer: Viewer, request: str) -> Done:
        """Propose an early end; a second click with the same request is the same proposal.

        Raises NotInService, NotForYou, ChangeUnderWay, FactsRefused.
        """
        proposal = _Proposal(EARLY_END, wish.last_day, wish.words, occasion=wish.occasion)
        return await self._propose(case_id, proposal, viewer=viewer, request=request)

    async def propose_transfer(self, case_id: str, wish: TransferWish, *, viewer: Viewer, request: str) -> Done:
        """Propose a transfer; a second click with the same request is the same proposal.

        Raises NotInService, NotForYou, ChangeUnderWay, FactsRefused.
        """
        proposal = _Proposal(TRANSFER, wish.last_day, wish.words, destination=wish.destination)
        return await self._propose(case_id, proposal, viewer=viewer, request=request)

    async def _propose(self, case_id: str, proposal: "_Proposal", *, viewer: Viewer, request: str) -> Done:
        async with self._sessions.begin() as session:
            known = await kept_before(session, request, name=proposal.kind, by=viewer.person)
            if known and known.case_id != case_id:
                raise NotInService(case=case_id)
            kept = known or await self._kept(session, case_id, proposal, viewer=viewer, request=request)
        return await bring(self._delivery, kept, again=known is not None)

    async def _kept(
        self, session: AsyncSession, case_id: str, proposal: "_Proposal", *, viewer: Viewer, request: str
    ) -> InboxRow:
        case = await session.get(CaseFile, case_id, with_for_update=True)
        if case is None or not _runs(case):
            raise NotInService(case=case_id)
        if not _may(viewer, case, proposal):
            raise NotForYou(right=Right.PROPOSE_CHANGE.value)
        if await session.scalar(select(TermChange.id).where(TermChange.case_id == case_id, TermChange.state.in_(OPEN))):
            raise ChangeUnderWay(case=case_id)
        await self._ensure(session, case, proposal)
        change = TermChange(
            id=f"{case_id}.c{await next_serial(session, f'term_change.{case_id}')}",
            case_id=case_id,
            kind=proposal.kind,
            occasion=proposal.occasion,
            last_day=proposal.last_day,
            destination=proposal.destination or None,
            words=proposal.words.strip(),
            proposed_by=viewer.person,
            proposed_at=self._clock.now(),
        )
        session.add(change)
        await session.flush()
        brought = Brought(
            request, case_id, proposal.kind, proposal.refs(change.id), viewer.person, proposal.words, PAGE
        )
        return await keep(session, brought, at=change.proposed_at)

    async def _ensure(self, session: AsyncSession, case: CaseFile, proposal: "_Proposal") -> None:
        problems = []
        if proposal.kind == TRANSFER:
            open_to = [each.code for each in await destinations_of(session, case)]
            problems += [] if proposal.destination in open_to else [FieldProblem("destination", "destination_wrong")]
        if proposal.last_day < self._clock.now().astimezone(CHINA).date():
            problems.append(FieldProblem("last_day", "last_day_past"))
        if not proposal.words.strip():
            problems.append(FieldProblem("words", "missing"))
        if problems:
            raise FactsRefused(tuple(problems))


@dataclass(frozen=True)
class _Proposal:
    """What is proposed, of either kind."""

    kind: str
    last_day: date
    words: str
    occasion: str = ""
    destination: str = ""

    def refs(self, change: str) -> dict[str, str]:
        """What the term is told of it."""
        own = {"destination": self.destination} if self.kind == TRANSFER else {"occasion": self.occasion}
        return {"change": change, "last_day": self.last_day.isoformat()} | own


def _may(viewer: Viewer, case: CaseFile, proposal: _Proposal) -> bool:
    if proposal.kind == TRANSFER:
        return may_transfer(viewer, case)
    return proposal.occasion in occasions_for(viewer, case)


def may_transfer(viewer: Viewer, case: CaseFile) -> bool:
    """Either side, or the group above them, of a term that goes on; nobody proposes it of themselves."""
    sides = [case.facts["receiving"], case.facts["sending"]]
    asks = "transfer_filing" in case.shapes and _runs(case) and case.stage in GOING
    return asks and viewer.person != case.subject and viewer.may(Right.PROPOSE_CHANGE, sides)


def occasions_for(viewer: Viewer, case: CaseFile) -> tuple[str, ...]:
    """Why this viewer may propose to end the term; the person only by their own wish, whatever roles they hold."""
    if viewer.person == case.subject:
        return (BY_PERSON,)
    sides = {case.facts["receiving"]: "receiving", case.facts["sending"]: "sending"}
    found: list[str] = []
    for held in viewer.roles:
        rights = REACH[held.role][1] if held.role in REACH else frozenset()
        if Right.PROPOSE_CHANGE in rights and held.reaches & set(sides):
            found += OF_SIDE[sides.get(held.institution, "above")]
        if Right.TAKE_BACK in rights and case.facts["receiving"] in held.reaches:
            found.append(POST_CANCELLED)
    return tuple(dict.fromkeys(found))


def _runs(case: CaseFile) -> bool:
    """A term that was opened before an end could be proposed cannot ask the questions for it."""
    asks = "early_end_sending" in case.shapes
    return asks and case.lifecycle == LIFECYCLE and case.state != "closed" and case.stage in RUNNING


def _line(row: TermChange, names: Mapping[str, Words]) -> ChangeLine:
    return ChangeLine(
        row.kind,
        row.occasion,
        row.last_day,
        row.ends_on,
        row.state,
        row.words or "",
        names.get(row.destination or ""),
        row.starts_on,
        row.site_months or "",
    )
