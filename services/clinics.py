"""The desk for regular clinics of senior grassroots GPs at county hospitals (DQ-3.1.1c)."""

from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.engine.delivery import Delivery
from db.engine.almanac import Almanac
from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.clock import Clock
from db.engine.opening import NewCase, next_serial, open_case
from db.engine.packs import PackShelf
from db.engine.people import Institution, Person
from policies.engine.calendar import CHINA, WorkingCalendar
from policies.engine.pack import Pack
from policies.engine.refusals import Refusal
from services.demand import Started
from services.engine.permissions import Right, Viewer, ensure
from services.field_problems import FactsRefused, FieldProblem

__all__ = ["ClinicDesk", "ClinicOrder", "ClinicsOff"]

COUNTY_HOSPITAL = "county_hospital"
CLINIC_TASKS = ("agree_clinics_group", "agree_clinics_hospital", "record_clinic")
MOST_CLINICS, MOST_WEEKS = 60, 52
AT = time(9)


class ClinicsOff(Refusal):
    """The programme owner has not turned this option on (DEF-09)."""


@dataclass(frozen=True)
class ClinicOrder:
    """The facts of a start: whose clinics, where, from which local day on, every how many weeks, how many."""

    pack: str
    person: str
    hospital: str
    first_day: date
    every_weeks: int
    clinics: int
    number: str = ""


class ClinicDesk:
    """Starts schedules, where the programme has them."""

    def __init__(
        self, sessions: Sessions, delivery: Delivery, *, clock: Clock, shelf: PackShelf, almanac: Almanac
    ) -> None:
        """A desk over the record."""
        self._sessions, self._delivery = sessions, delivery
        self._clock, self._shelf, self._almanac = clock, shelf, almanac

    async def are_on(self, pack_id: str) -> bool:
        """Whether the programme owner has turned the option on."""
        return (await self._shelf.current(pack_id)).parameters["senior_gp_clinics"].active

    async def start(self, order: ClinicOrder, *, by: str, viewer: Viewer | None = None) -> Started:
        """A schedule to be agreed; the same number again is answered with the first (EXC-14).

        A viewer is held to the right to arrange clinics at the person's institution. Raises ClinicsOff, FactsRefused,
        NotForYou.
        """
        pack, calendar = await self._shelf.current(order.pack), await self._almanac.calendar()
        if not pack.parameters["senior_gp_clinics"].active:
            raise ClinicsOff(pack=pack.id)
        async with self._sessions.begin() as session:
            known = await session.scalar(
                select(CaseFile.id).where(CaseFile.business_key == f"clinics.{pack.id}.{order.number}")
            )
            if order.number and known:
                started = Started(known, created=False)
            else:
                case = await self._case(session, order, pack, calendar, by=by, viewer=viewer)
                started = Started(*await open_case(session, case, at=self._clock.now()))
        return replace(started, under_way=await self._delivery.start(started.case_id))

    async def _case(
        self,
        session: AsyncSession,
        order: ClinicOrder,
        pack: Pack,
        calendar: WorkingCalendar,
        *,
        by: str,
        viewer: Viewer | None,
    ) -> NewCase:
        person, hospital = await session.get(Person, order.person), await session.get(Institution, order.hospital)
        home = await session.get(Institution, person.institution) if person else None
        if viewer is not None:
            ensure(viewer, Right.ARRANGE_CLINICS, [home.code if home else ""])
        problems = self._problems(order, person, hospital, home=home, pack=pack)
        if problems or person is None or hospital is None or home is None:
            raise FactsRefused(tuple(problems))
        days = [order.first_day + timedelta(weeks=order.every_weeks * number) for number in range(order.clinics)]
        ahead = -pack.parameters["clinic_notice_days"].whole
        scope = f"clinics.{pack.id}.{self._today().year}"
        return NewCase(
            id=f"{scope}.{await next_serial(session, scope)}",
            lifecycle="SeniorGpClinic",
            pack=pack,
            tasks=CLINIC_TASKS,
            facts={
                "person": person.id,
                "sending": home.code,
                "receiving": hospital.code,
                "group": home.parent or "",
                "days": ",".join(day.isoformat() for day in days),
                "announced_at": ",".join(calendar.instant(calendar.shift(day, ahead), AT).isoformat() for day in days),
                "opens_at": ",".join(calendar.instant(day, AT).isoformat() for day in days),
            },
            key=f"clinics.{pack.id}.{order.number}" if order.number else "",
            open_key=f"clinics:{pack.programme}:{person.id}:{hospital.code}",
            institution=home.code,
            subject=person.id,
            started_by=by,
        )

    def _problems(
        self,
        order: ClinicOrder,
        person: Person | None,
        hospital: Institution | None,
        *,
        home: Institution | None,
        pack: Pack,
    ) -> list[FieldProblem]:
        problems = []
        if person is None or home is None:
            problems.append(FieldProblem("person", "person_unknown"))
        elif home.kind == COUNTY_HOSPITAL or person.professional_title not in pack.parameters["senior_titles"].listed:
            problems.append(FieldProblem("person", "not_senior_gp"))
        if hospital is None or hospital.kind != COUNTY_HOSPITAL:
            problems.append(FieldProblem("hospital", "institution_unknown"))
        if order.first_day <= self._today():
            problems.append(FieldProblem("first_day", "date_past"))
        if not 1 <= order.every_weeks <= MOST_WEEKS:
            problems.append(FieldProblem("every_weeks", "number_wrong"))
        if not 1 <= order.clinics <= MOST_CLINICS:
            problems.append(FieldProblem("clinics", "number_wrong"))
        return problems

    def _today(self) -> date:
        return self._clock.now().astimezone(CHINA).date()
