"""The desk at which a person asks for leave during their term (DQ-3.2.2c)."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import get_args

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.engine.delivery import Delivery
from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.clock import Clock
from db.engine.opening import next_serial
from db.engine.tasks import InboxRow
from db.service import Leave
from policies.engine.calendar import CHINA
from policies.leave import Kind
from services.absences import IN_SERVICE, NotInService
from services.engine.acts import Done
from services.engine.decisions import PAGE
from services.engine.notices import Brought, bring, keep, kept_before
from services.engine.permissions import NotForYou
from services.field_problems import FactsRefused, FieldProblem

LEAVE = "leave"
KINDS: tuple[str, ...] = get_args(Kind)
# A month back: papers that come late are still papers; what is older is for the receiving institution to record.
LATEST_PAPERS = timedelta(days=31)


@dataclass(frozen=True)
class LeaveWish:
    """Leave that is asked for: local days, both counted."""

    kind: str
    first_day: date
    last_day: date
    words: str


class LeaveDesk:
    """Keeps what is asked for and brings it to the term."""

    def __init__(self, sessions: Sessions, delivery: Delivery, *, clock: Clock) -> None:
        """A desk over the record."""
        self._sessions, self._delivery, self._clock = sessions, delivery, clock

    async def ask(self, case: str, wish: LeaveWish, *, by: str, request: str) -> Done:
        """Ask for leave in one's own running term; a second click with the same request is the same leave.

        Raises NotInService, NotForYou for anybody else's term, FactsRefused.
        """
        async with self._sessions.begin() as session:
            known = await kept_before(session, request, name=LEAVE, by=by)
            if known and known.case_id != case:
                raise NotInService(case=case)
            kept = known or await self._kept(session, case, wish, by=by, request=request)
        return await bring(self._delivery, kept, again=known is not None)

    async def _kept(self, session: AsyncSession, case_id: str, wish: LeaveWish, *, by: str, request: str) -> InboxRow:
        case = await session.get(CaseFile, case_id)
        if case is None or (case.lifecycle, case.stage) != ("ServiceTerm", IN_SERVICE):
            raise NotInService(case=case_id)
        if case.subject != by:
            raise NotForYou(right=LEAVE)
        await self._ensure(session, case_id, wish)
        leave = Leave(
            id=f"{case_id}.l{await next_serial(session, f'leave.{case_id}')}",
            case_id=case_id,
            kind=wish.kind,
            first_day=wish.first_day,
            last_day=wish.last_day,
            words=wish.words.strip(),
            requested_at=self._clock.now(),
        )
        session.add(leave)
        await session.flush()
        brought = Brought(request, case_id, LEAVE, {"leave": leave.id}, by, wish.words, PAGE)
        return await keep(session, brought, at=leave.requested_at)

    async def _ensure(self, session: AsyncSession, case_id: str, wish: LeaveWish) -> None:
        problems = []
        if wish.kind not in KINDS:
            problems.append(FieldProblem("kind", "choice_unknown", (("choices", ", ".join(KINDS)),)))
        if wish.last_day < wish.first_day:
            problems.append(FieldProblem("last_day", "days_backwards"))
        elif wish.first_day < self._clock.now().astimezone(CHINA).date() - LATEST_PAPERS:
            problems.append(FieldProblem("first_day", "leave_too_late"))
        if not wish.words.strip():
            problems.append(FieldProblem("words", "missing"))
        same_days = select(Leave.id).where(
            Leave.case_id == case_id,
            Leave.first_day <= wish.last_day,
            Leave.last_day >= wish.first_day,
            Leave.state != "refused",
        )
        if not problems and await session.scalar(same_days.limit(1)):
            problems.append(FieldProblem("first_day", "leave_known"))
        if problems:
            raise FactsRefused(tuple(problems))
