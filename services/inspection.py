"""The desk of inspections: the bureau opens one at any time, and sees how long ago each institution was inspected
(DQ-3.2.3a).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.engine.delivery import Delivery
from activities.inspection import BUREAU, OCCASIONS, Inspection, bureau_above, inspection_case
from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.clock import Clock
from db.engine.opening import open_case
from db.engine.packs import PackShelf
from db.engine.people import Institution, Person
from policies.engine.calendar import CHINA
from policies.engine.words import Words
from services.demand import Started
from services.engine.permissions import Right, Viewer, ensure
from services.engine.places import Places
from services.field_problems import FactsRefused, FieldProblem

__all__ = ["Inspected", "Inspection", "InspectionDesk"]

LIFECYCLE, INSPECTION = "InspectionRectification", "inspection"


@dataclass(frozen=True)
class Inspected:
    """One institution: the local day of its last inspection, the days since then, and how many matters are open.

    last and days are None where no inspection is recorded; the text sets no frequency, so none is late.
    """

    place: str
    name: Words
    last: date | None
    days: int | None
    open: int


class InspectionDesk:
    """Opens inspections and counts the days since the last."""

    def __init__(
        self, sessions: Sessions, delivery: Delivery, *, clock: Clock, shelf: PackShelf, places: Places
    ) -> None:
        """A desk over the record."""
        self._sessions, self._delivery = sessions, delivery
        self._clock, self._shelf, self._places = clock, shelf, places

    async def start(self, asked: Inspection, *, by: str, viewer: Viewer | None = None) -> Started:
        """A new case; the same number again is answered with the first (EXC-14).

        A viewer is held to the right to inspect there. Raises FactsRefused and NotForYou.
        """
        pack = await self._shelf.current(asked.pack)
        async with self._sessions.begin() as session:
            asked, institution, bureau = await self._checked(session, asked, viewer)
            known = await session.scalar(
                select(CaseFile.id).where(CaseFile.business_key == f"{INSPECTION}.{pack.id}.{asked.number}")
            )
            if asked.number and known:
                started = Started(known, created=False)
            else:
                case = await inspection_case(session, asked, institution, bureau=bureau, pack=pack, by=by)
                started = Started(*await open_case(session, case, at=self._clock.now()))
        return replace(started, under_way=await self._delivery.start(started.case_id))

    async def inspected(self, viewer: Viewer) -> list[Inspected]:
        """Every institution that a bureau inspects, in the viewer's reach, the longest ago first."""
        ensure(viewer, Right.MONITOR)
        reach, places = viewer.reached_for(Right.MONITOR), await self._places.now()
        below = [
            place
            for place in places.places.values()
            if place.code in reach and any(above.kind == BUREAU for above in places.up(place.code)[1:])
        ]
        async with self._sessions() as session:
            last = await _by_place(session, _last_inspections())
            still_open = await _by_place(session, _open_matters())
        today = self._today()
        lines = []
        for place in below:
            day = date.fromisoformat(last[place.code]) if place.code in last else None
            days = (today - day).days if day else None
            lines.append(Inspected(place.code, place.name, day, days, int(still_open.get(place.code, 0))))
        return sorted(lines, key=lambda one: (one.last or date.min, one.place))

    async def _checked(
        self, session: AsyncSession, asked: Inspection, viewer: Viewer | None
    ) -> tuple[Inspection, Institution, str]:
        problems = []
        person = await session.get(Person, asked.person) if asked.person else None
        code = asked.institution or (person.institution if person else "")
        institution = await session.get(Institution, code)
        bureau = await bureau_above(session, institution) if institution else ""
        if viewer is not None:
            ensure(viewer, Right.INSPECT, [code])
        if asked.person and person is None:
            problems.append(FieldProblem("person", "person_unknown"))
        if person is not None and person.institution != code:
            problems.append(FieldProblem("person", "not_own_staff"))
        if institution is None:
            problems.append(FieldProblem("institution", "institution_unknown"))
        elif not bureau:
            problems.append(FieldProblem("institution", "institution_not_inspected"))
        if asked.occasion not in OCCASIONS:
            problems.append(FieldProblem("occasion", "choice_unknown", (("choices", ", ".join(OCCASIONS)),)))
        if asked.inspected_on > self._today():
            problems.append(FieldProblem("inspected_on", "date_future"))
        if asked.concerns and await session.get(CaseFile, asked.concerns) is None:
            problems.append(FieldProblem("concerns", "case_unknown"))
        if problems or institution is None:
            raise FactsRefused(tuple(problems))
        return replace(asked, institution=code), institution, bureau

    def _today(self) -> date:
        return self._clock.now().astimezone(CHINA).date()


def _last_inspections() -> Select[str, str]:
    place, day = CaseFile.facts["institution"].astext, CaseFile.facts["inspected_on"].astext
    inspected = CaseFile.facts["occasion"].astext == INSPECTION
    return select(place, func.max(day)).where(CaseFile.lifecycle == LIFECYCLE, inspected).group_by(place)


def _open_matters() -> Select[str, int]:
    place = CaseFile.facts["institution"].astext
    return (
        select(place, func.count()).where(CaseFile.lifecycle == LIFECYCLE, CaseFile.state != "closed").group_by(place)
    )


async def _by_place(session: AsyncSession, query: Select[str, str] | Select[str, int]) -> Mapping[str, str]:
    return {place: str(value) for place, value in await session.execute(query)}
