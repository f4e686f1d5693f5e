"""The desk for performance pay: starting a year's total, and how it stands (DQ-3.4.2a to c)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.cycle import HEALTH_GROUP
from activities.engine.delivery import Delivery
from activities.pay import pay_case, pay_case_id
from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.clock import Clock
from db.engine.opening import open_case
from db.engine.packs import PackShelf
from db.pay import LIFECYCLE, approved_total, payments_of
from policies.engine.calendar import CHINA
from policies.engine.pack import Pack
from policies.engine.words import Words
from services.bureaus import bureaus_of
from services.demand import Started
from services.engine import said
from services.engine.permissions import Right, Viewer, ensure, present_to
from services.engine.places import PlaceMap, Places
from services.field_problems import FactsRefused, FieldProblem
from services.programmes import pack_with

# A total is worked out for this year or one near it: a typing error must not open a case of another century.
YEARS_AROUND = 2
# What is asked first of a year's total; rules that ask it are those by which a total is started.
STARTS = "pay_virtual_scope"


@dataclass(frozen=True)
class PayOrder:
    """The facts of a start: whose total of which year."""

    pack: str
    group: str
    year: int


@dataclass(frozen=True)
class PayYear:
    """One group's year. approved: what may be paid, None until all four have agreed; paid: what two persons have
    stated as paid, less what was taken back; waiting: what is recorded and waits for the second person.
    """

    case: str
    group: str
    group_name: Words
    year: int
    stage: Words
    state: str
    approved: Decimal | None
    approved_on: date | None
    provisional: bool
    paid: Decimal
    waiting: Decimal

    @property
    def left(self) -> Decimal | None:
        """What may still be recorded."""
        return None if self.approved is None else self.approved - self.paid - self.waiting


@dataclass(frozen=True)
class PayBoard:
    """Every year that the viewer may see; `startable` are groups and years for which they may start a total."""

    years: tuple[PayYear, ...]
    startable: tuple[tuple[str, Words, int], ...]


def ensure_reads_pay(viewer: Viewer) -> None:
    """The group, the four bureaus, and whoever confirms a group's payments. Raises NotForYou."""
    if not viewer.may(Right.CONFIRM_PAY):
        ensure(viewer, Right.SEE_FILINGS)


class PayDesk:
    """Starts and reads pay totals."""

    def __init__(
        self, sessions: Sessions, delivery: Delivery, *, clock: Clock, shelf: PackShelf, places: Places
    ) -> None:
        """A desk over the record."""
        self._sessions, self._delivery = sessions, delivery
        self._clock, self._shelf, self._places = clock, shelf, places

    async def start(self, order: PayOrder, *, by: str) -> Started:
        """One case for each group and year; a second start finds the first. Raises FactsRefused."""
        pack, this_year = await self._shelf.current(order.pack), self._today().year
        if abs(order.year - this_year) > YEARS_AROUND:
            raise FactsRefused((FieldProblem("year", "year_far"),))
        async with self._sessions.begin() as session:
            bureaus = await bureaus_of(session, order.group)
            case = pay_case(pack, order.group, bureaus, order.year, by=by)
            case_id, created = await open_case(session, case, at=self._clock.now())
        return Started(case_id, created, under_way=await self._delivery.start(case_id))

    async def standing(self, pack: str, group: str, year: int) -> PayYear | None:
        """How one group's year stands; None where nobody has started it."""
        places = await self._places.now()
        async with self._sessions() as session:
            case = await session.get(CaseFile, pay_case_id(pack, group, year))
            return await self.year_of(session, case, places, await self._shelf.current(pack)) if case else None

    async def board(self, viewer: Viewer) -> PayBoard:
        """What the viewer may see and start."""
        places, pack = await self._places.now(), await pack_with(self._shelf, STARTS)
        async with self._sessions() as session:
            query = select(CaseFile).where(CaseFile.lifecycle == LIFECYCLE, present_to(viewer))
            cases = await session.scalars(query.order_by(CaseFile.id.desc()))
            years = [await self.year_of(session, case, places, pack) for case in cases]
            startable = await self._startable(session, viewer, places, pack)
        return PayBoard(tuple(years), tuple(startable))

    async def _startable(
        self, session: AsyncSession, viewer: Viewer, places: PlaceMap, pack: Pack
    ) -> Sequence[tuple[str, Words, int]]:
        """This year's and last year's, where there is none yet."""
        groups = [code for code in sorted(viewer.reached_for(Right.PAY)) if _is_group(places, code)]
        this_year = self._today().year
        wanted = [(code, year) for code in groups for year in (this_year, this_year - 1)]
        ids = {pay_case_id(pack.id, code, year) for code, year in wanted}
        known = set(await session.scalars(select(CaseFile.id).where(CaseFile.id.in_(ids))))
        return [
            (code, places.name(code), year) for code, year in wanted if pay_case_id(pack.id, code, year) not in known
        ]

    async def year_of(self, session: AsyncSession, case: CaseFile, places: PlaceMap, pack: Pack) -> PayYear:
        """How a year stands, read in somebody's transaction."""
        stands, payments = await approved_total(session, case.id), await payments_of(session, case.id)
        return PayYear(
            case.id,
            str(case.institution),
            places.name(case.institution),
            int(case.facts["year"]),
            said.stage(pack, case.stage),
            case.state,
            stands.yuan if stands else None,
            stands.approved_on if stands else None,
            bool(stands and stands.provisional),
            payments.paid,
            payments.waiting,
        )

    def _today(self) -> date:
        return self._clock.now().astimezone(CHINA).date()


def _is_group(places: PlaceMap, code: str) -> bool:
    place = places.places.get(code)
    return place is not None and place.kind == HEALTH_GROUP
