"""The desk at which group and bureau set another first day for a term that has not begun (EXC-09).

Force majeure reaches terms in service; where one has not begun, nobody guesses a day: its first day is set by people.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.engine.delivery import Delivery
from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.clock import Clock
from db.engine.people import Person
from db.engine.tasks import InboxRow
from db.term_start import planned_start_of
from policies.engine.calendar import CHINA
from policies.engine.refusals import Refusal
from policies.engine.words import Words
from services.engine.acts import Done
from services.engine.decisions import PAGE
from services.engine.notices import Brought, bring, keep, kept_before
from services.engine.permissions import NotForYou, Right, Viewer
from services.engine.places import Places
from services.field_problems import FactsRefused, FieldProblem

SET = "first_day_set"
ONBOARDING = "onboarding"


class NotOnboarding(Refusal):
    """The service has begun or ended, so that its first day is no plan any more."""


@dataclass(frozen=True)
class NotBegun:
    """A term that waits for its first day. planned: that local day as it stands now; person: a name."""

    case: str
    person: str
    receiving: Words
    planned: date


@dataclass(frozen=True)
class FirstDays:
    """own: the day of this term, None once it has begun or for who may not set it; others: of the same group."""

    own: date | None
    others: tuple[NotBegun, ...]


class FirstDayDesk:
    """Keeps another first day and brings it to its term."""

    def __init__(self, sessions: Sessions, delivery: Delivery, *, clock: Clock, places: Places) -> None:
        """A desk over the record."""
        self._sessions, self._delivery = sessions, delivery
        self._clock, self._places = clock, places

    async def of(self, case_id: str, viewer: Viewer) -> FirstDays:
        """This term's planned day, and every other term of its group that has not begun, the earliest first."""
        places = await self._places.now()
        async with self._sessions() as session:
            case = await session.get_one(CaseFile, case_id)
            own = await planned_start_of(session, case) if may_set(viewer, case) else None
            found = select(CaseFile, Person.name).join(Person, Person.id == CaseFile.subject)
            waiting = found.where(
                CaseFile.lifecycle == "ServiceTerm",
                CaseFile.state != "closed",
                CaseFile.stage == ONBOARDING,
                CaseFile.facts["group"].astext == case.facts["group"],
                CaseFile.id != case_id,
            )
            others = [
                NotBegun(
                    one.id, name, places.name(one.facts["receiving"]), planned=await planned_start_of(session, one)
                )
                for one, name in (await session.execute(waiting)).all()
                if may_set(viewer, one)
            ]
        return FirstDays(own, tuple(sorted(others, key=lambda one: (one.planned, one.case))))

    async def set(self, case_id: str, starts_on: date | None, words: str, *, viewer: Viewer, request: str) -> Done:
        """Another, later first day; the person and both sides are told. A second click is the same.

        Raises NotOnboarding, NotForYou, FactsRefused.
        """
        async with self._sessions.begin() as session:
            known = await kept_before(session, request, name=SET, by=viewer.person)
            if known and known.case_id != case_id:
                raise NotOnboarding(case=case_id)
            kept = known or await self._kept(session, case_id, starts_on, words, viewer=viewer, request=request)
        return await bring(self._delivery, kept, again=known is not None)

    async def _kept(
        self, session: AsyncSession, case_id: str, starts_on: date | None, words: str, *, viewer: Viewer, request: str
    ) -> InboxRow:
        case = await session.get(CaseFile, case_id)
        if case is None or case.lifecycle != "ServiceTerm" or case.state == "closed" or case.stage != ONBOARDING:
            raise NotOnboarding(case=case_id)
        if not may_set(viewer, case):
            raise NotForYou(right=Right.STAND_STILL.value)
        problems = [] if words.strip() else [FieldProblem("words", "missing")]
        today = self._clock.now().astimezone(CHINA).date()
        if starts_on is None:
            problems.append(FieldProblem("starts_on", "date_wrong"))
        elif starts_on <= max(today, await planned_start_of(session, case)):
            problems.append(FieldProblem("starts_on", "start_too_early"))
        if problems or starts_on is None:
            raise FactsRefused(tuple(problems))
        refs = {"starts_on": starts_on.isoformat()}
        return await keep(
            session, Brought(request, case_id, SET, refs, viewer.person, words, PAGE), at=self._clock.now()
        )


def may_set(viewer: Viewer, case: CaseFile) -> bool:
    """Group and bureau, before the service begins; never about themselves (DEF-12)."""
    waits = case.lifecycle == "ServiceTerm" and case.state != "closed" and case.stage == ONBOARDING
    return waits and viewer.person != case.subject and viewer.may(Right.STAND_STILL, [case.facts["receiving"]])
