"""The desk at which a side, or the person, proposes to end a running term early (EXC-04, EXC-07, DEF-14)."""

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
from db.term_changes import TermChange
from policies.engine.calendar import CHINA
from policies.engine.refusals import Refusal
from services.absences import NotInService
from services.engine.acts import Done
from services.engine.decisions import PAGE
from services.engine.notices import Brought, bring, keep, kept_before
from services.engine.permissions import REACH, NotForYou, Right, Viewer
from services.field_problems import FactsRefused, FieldProblem

LIFECYCLE, EARLY_END = "ServiceTerm", "early_end"
# From the filing on, until the term is certified (DEF-14).
RUNNING = ("onboarding", "in_service", "suspended")
OPEN = ("proposed", "agreed")
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
class ChangeLine:
    """One proposal: kind, occasion, last day as proposed and as agreed, state."""

    kind: str
    occasion: str
    last_day: date
    ends_on: date | None
    state: str
    words: str


@dataclass(frozen=True)
class Changes:
    """What was proposed for a term, and what the reader may propose now, by code."""

    lines: tuple[ChangeLine, ...]
    occasions: tuple[str, ...]


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
        may = () if any(row.state in OPEN for row in rows) or not _runs(case) else occasions_for(viewer, case)
        return Changes(tuple(_line(row) for row in rows), may)

    async def term_at(self, post: str) -> str:
        """The running term of the person who was matched to a post; "" while there is none (EXC-04)."""
        query = select(CaseFile.id).where(
            CaseFile.lifecycle == LIFECYCLE, CaseFile.facts["post"].astext == post, CaseFile.stage.in_(RUNNING)
        )
        async with self._sessions() as session:
            return await session.scalar(query.where(CaseFile.state != "closed").limit(1)) or ""

    async def propose_end(self, case_id: str, wish: EndWish, *, viewer: Viewer, request: str) -> Done:
        """Propose an early end; a second click with the same request is the same proposal.

        Raises NotInService, NotForYou, ChangeUnderWay, FactsRefused.
        """
        async with self._sessions.begin() as session:
            known = await kept_before(session, request, name=EARLY_END, by=viewer.person)
            if known and known.case_id != case_id:
                raise NotInService(case=case_id)
            kept = known or await self._kept(session, case_id, wish, viewer=viewer, request=request)
        return await bring(self._delivery, kept, again=known is not None)

    async def _kept(
        self, session: AsyncSession, case_id: str, wish: EndWish, *, viewer: Viewer, request: str
    ) -> InboxRow:
        case = await session.get(CaseFile, case_id, with_for_update=True)
        if case is None or not _runs(case):
            raise NotInService(case=case_id)
        if wish.occasion not in occasions_for(viewer, case):
            raise NotForYou(right=Right.PROPOSE_CHANGE.value)
        if await session.scalar(select(TermChange.id).where(TermChange.case_id == case_id, TermChange.state.in_(OPEN))):
            raise ChangeUnderWay(case=case_id)
        self._ensure(wish)
        change = TermChange(
            id=f"{case_id}.c{await next_serial(session, f'term_change.{case_id}')}",
            case_id=case_id,
            kind=EARLY_END,
            occasion=wish.occasion,
            last_day=wish.last_day,
            words=wish.words.strip(),
            proposed_by=viewer.person,
            proposed_at=self._clock.now(),
        )
        session.add(change)
        await session.flush()
        refs = {"change": change.id, "occasion": wish.occasion, "last_day": wish.last_day.isoformat()}
        brought = Brought(request, case_id, EARLY_END, refs, viewer.person, wish.words, PAGE)
        return await keep(session, brought, at=change.proposed_at)

    def _ensure(self, wish: EndWish) -> None:
        problems = []
        if wish.last_day < self._clock.now().astimezone(CHINA).date():
            problems.append(FieldProblem("last_day", "last_day_past"))
        if not wish.words.strip():
            problems.append(FieldProblem("words", "missing"))
        if problems:
            raise FactsRefused(tuple(problems))


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


def _line(row: TermChange) -> ChangeLine:
    return ChangeLine(row.kind, row.occasion, row.last_day, row.ends_on, row.state, row.words or "")
