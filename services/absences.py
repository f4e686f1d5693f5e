"""The desk at which absences without leave are recorded; nothing counts before people have confirmed it (DQ-3.2.2d)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.engine.delivery import Delivery
from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.clock import Clock
from db.engine.opening import next_serial
from db.engine.tasks import InboxRow
from db.segments import going_on
from db.service import Absence
from db.term_start import first_day_of
from policies.engine.calendar import CHINA
from policies.engine.refusals import Refusal
from services.engine.acts import Done
from services.engine.notices import Brought, bring, keep, kept_before
from services.field_problems import FactsRefused, FieldProblem
from services.serving import takes_late

ABSENCE, IN_SERVICE = "absence", "in_service"
HALF = Decimal("0.5")


class NotInService(Refusal):
    """There is no such term of service, or it does not run at present."""


@dataclass(frozen=True)
class AbsenceFacts:
    """One time off post without leave: local days, both counted; `days` are working days, to the half."""

    first_day: date
    last_day: date
    days: Decimal
    words: str


class AbsenceDesk:
    """Keeps what was seen and brings it to the term."""

    def __init__(self, sessions: Sessions, delivery: Delivery, *, clock: Clock) -> None:
        """A desk over the record."""
        self._sessions, self._delivery, self._clock = sessions, delivery, clock

    async def record(self, case: str, facts: AbsenceFacts, *, by: str, request: str, channel: str) -> Done:
        """Record an absence in a running term, or in one that was transferred while the service goes on elsewhere: then
        people are asked in the case where it is now (EXC-08). A second click with the same request is the same absence.

        Raises NotInService, FactsRefused; whether `by` may is the caller's question to the permissions.
        """
        async with self._sessions.begin() as session:
            known = await kept_before(session, request, name=ABSENCE, by=by)
            if known and known.message["refs"]["absence"].rpartition(".")[0] != case:
                raise NotInService(case=case)
            kept = known or await self._kept(session, case, facts, by=by, request=request, channel=channel)
        return await bring(self._delivery, kept, again=known is not None)

    async def _kept(
        self, session: AsyncSession, case_id: str, facts: AbsenceFacts, *, by: str, request: str, channel: str
    ) -> InboxRow:
        # Nobody moves the person on in between.
        case = await session.get(CaseFile, case_id, with_for_update=True)
        if case is None or case.lifecycle != "ServiceTerm":
            raise NotInService(case=case_id)
        later = (await going_on(session, [case_id])).get(case_id)
        if case.stage != IN_SERVICE and not takes_late(later):
            raise NotInService(case=case_id)
        await self._ensure(session, case_id, facts, last_day=later.last_day if later else None)
        absence = Absence(
            id=f"{case_id}.a{await next_serial(session, f'absence.{case_id}')}",
            case_id=case_id,
            first_day=facts.first_day,
            last_day=facts.last_day,
            days=facts.days,
            words=facts.words.strip(),
            recorded_by=by,
            channel=channel,
            recorded_at=self._clock.now(),
            asked_in=later.case if later else None,
        )
        session.add(absence)
        await session.flush()
        refs = {"absence": absence.id} | ({"place": case.facts["receiving"]} if later else {})
        brought = Brought(request, later.case if later else case_id, ABSENCE, refs, by, facts.words, channel)
        return await keep(session, brought, at=absence.recorded_at)

    async def _ensure(self, session: AsyncSession, case_id: str, facts: AbsenceFacts, *, last_day: date | None) -> None:
        problems = []
        began = await first_day_of(session, case_id)
        if began and facts.first_day < began:
            problems.append(FieldProblem("first_day", "day_before_service", (("first_day", began.isoformat()),)))
        if last_day and facts.last_day > last_day:
            problems.append(FieldProblem("last_day", "day_after_service", (("last_day", last_day.isoformat()),)))
        if facts.last_day > self._clock.now().astimezone(CHINA).date():
            problems.append(FieldProblem("last_day", "date_future"))
        if facts.last_day < facts.first_day:
            problems.append(FieldProblem("last_day", "days_backwards"))
        elif not _fits(facts):
            problems.append(FieldProblem("days", "days_wrong"))
        if not facts.words.strip():
            problems.append(FieldProblem("words", "missing"))
        same_days = select(Absence.id).where(
            Absence.case_id == case_id,
            Absence.first_day <= facts.last_day,
            Absence.last_day >= facts.first_day,
            Absence.state != "dismissed",
        )
        if not problems and await session.scalar(same_days.limit(1)):
            problems.append(FieldProblem("first_day", "absence_known"))
        if problems:
            raise FactsRefused(tuple(problems))


def _fits(facts: AbsenceFacts) -> bool:
    """Half days, more than none, no more than the days from the first to the last."""
    whole = (facts.last_day - facts.first_day).days + 1
    return HALF <= facts.days <= whole and facts.days % HALF == 0
