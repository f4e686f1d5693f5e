"""The desk of a bureau's year: which summaries are in, which exchanges were held (DQ-4.3a, b)."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.engine.delivery import Delivery
from activities.inspection import BUREAU
from activities.year_end import exchange_case_id, held_in
from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.clock import Clock
from db.engine.packs import PackShelf
from db.engine.tasks import InboxRow
from db.exchange import Exchange
from policies.engine.calendar import CHINA
from policies.engine.pack import Pack
from policies.engine.words import Words
from services.engine import said
from services.engine.notices import Brought, bring, keep
from services.engine.permissions import Right, Viewer, ensure
from services.engine.places import PlaceMap, Places
from services.field_problems import FactsRefused, FieldProblem
from services.forms.summary import Held, held_problems

RECORDED = "exchange_recorded"


@dataclass(frozen=True)
class SummaryLine:
    """One institution's summary."""

    case: str
    place: Words
    stage: Words
    state: str


@dataclass(frozen=True)
class ExchangeLine:
    """One exchange that was held."""

    form: str
    held_on: date
    words: str


@dataclass(frozen=True)
class Year:
    """A bureau's year; `forms` are the kinds of exchange that the clause names."""

    year: int
    bureau: Words
    summaries: tuple[SummaryLine, ...]
    exchanges: tuple[ExchangeLine, ...]
    forms: tuple[str, ...]


class SummaryDesk:
    """Reads a year and records exchanges."""

    def __init__(
        self, sessions: Sessions, delivery: Delivery, *, clock: Clock, shelf: PackShelf, places: Places
    ) -> None:
        """A desk over the record."""
        self._sessions, self._delivery = sessions, delivery
        self._clock, self._shelf, self._places = clock, shelf, places

    async def year(self, viewer: Viewer, pack_id: str, year: int = 0) -> Year:
        """The year of the viewer's bureau; the present one without a number. Raises NotForYou."""
        year, pack, places = year or self._today().year, await self._shelf.current(pack_id), await self._places.now()
        bureau = _bureau(viewer, places)
        query = select(CaseFile).where(
            CaseFile.lifecycle == "AnnualSummary",
            CaseFile.institution == bureau,
            CaseFile.facts["year"].astext == str(year),
        )
        async with self._sessions() as session:
            cases = (await session.scalars(query.order_by(CaseFile.id))).all()
            held = await held_in(session, bureau, year)
        return Year(
            year,
            places.name(bureau),
            tuple(
                SummaryLine(
                    case.id, places.name(str(case.facts["institution"])), said.stage(pack, case.stage), case.state
                )
                for case in cases
            ),
            tuple(ExchangeLine(one.form, one.held_on, one.words or "") for one in held),
            pack.parameters["exchange_forms"].listed,
        )

    async def record(self, viewer: Viewer, pack_id: str, held: Held, *, request: str) -> None:
        """Keep an exchange of this year or the last; an open reminder of that year is told. The same request again is
        the same exchange. Raises FactsRefused, NotForYou.
        """
        pack, bureau, today = (
            await self._shelf.current(pack_id),
            _bureau(viewer, await self._places.now()),
            self._today(),
        )
        year = today.year if not held.held_on.startswith(str(today.year - 1)) else today.year - 1
        problems = held_problems(held, year=year)
        if not problems and date.fromisoformat(held.held_on) > today:
            problems = [FieldProblem("held_on", "date_future")]
        if problems:
            raise FactsRefused(tuple(problems))
        async with self._sessions.begin() as session:
            told = await self._kept(session, viewer, held, bureau=bureau, request=request)
            row = await self._notice(session, pack, bureau, year, viewer.person) if told else None
        if row:
            await bring(self._delivery, row, again=False)

    async def _kept(self, session: AsyncSession, viewer: Viewer, held: Held, *, bureau: str, request: str) -> bool:
        if await session.get(Exchange, f"exchange.{request}"):
            return False
        row = Exchange(
            id=f"exchange.{request}",
            bureau=bureau,
            form=held.form,
            held_on=date.fromisoformat(held.held_on),
            words=held.said,
            recorded_by=viewer.person,
            recorded_at=self._clock.now(),
        )
        session.add(row)
        return True

    async def _notice(self, session: AsyncSession, pack: Pack, bureau: str, year: int, person: str) -> InboxRow | None:
        """Only an open reminder is told; two exchanges of a year tell it once."""
        case = await session.get(CaseFile, exchange_case_id(pack, bureau, year))
        if case is None or case.state == "closed":
            return None
        brought = Brought(f"{case.id}.held", case.id, RECORDED, {}, person, "", "page")
        return await keep(session, brought, at=self._clock.now())

    def _today(self) -> date:
        return self._clock.now().astimezone(CHINA).date()


def _bureau(viewer: Viewer, places: PlaceMap) -> str:
    """The bureau at which the viewer keeps the year."""
    ensure(viewer, Right.KEEP_YEAR)
    held = [one.institution for one in viewer.roles if places.places[one.institution].kind == BUREAU]
    ensure(viewer, Right.KEEP_YEAR, held)
    return held[0]
