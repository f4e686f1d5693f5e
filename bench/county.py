"""Those who decide in the common unit: five institutions with four seats each, so that twenty people share the load."""

from datetime import date
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bench.parts import Stand
from db.engine.clock import SystemClock
from db.engine.opening import NewCase, open_case
from db.engine.packs import PackShelf, shelve
from db.engine.people import Institution, Person, RoleHolding
from db.engine.tasks import SeatRow, TaskRow
from policies.engine.pack import Pack, parse_pack
from services.engine.places import Places
from services.engine.sessions import SessionDesk

PACK = Path(__file__).with_name("bench-pack.toml")
PLACES = tuple(f"bench-{number}" for number in range(1, 6))
ROLES = ("R-01", "R-02", "R-07", "R-10")
TASK, LIFECYCLE = "four_in_turn", "Unit"
SINCE = date(2020, 1, 1)
_CLOCK = SystemClock()


def decider(place: str, step: int) -> str:
    """The person who decides at a step, counted from 0."""
    return f"p-{place}-{step + 1}"


async def settle(stand: Stand) -> dict[str, str]:
    """Write institutions, people and roles, shelve the pack; the session cookie of each person."""
    pack = _pack()
    async with stand.record.begin() as session:
        await shelve(session, pack, _CLOCK)
        for place in PLACES:
            session.add(
                Institution(code=place, name=f"性能测试机构 {place}", kind="health_group", contact_name="经办人")
            )
        await session.flush()
        people = [(place, step) for place in PLACES for step in range(len(ROLES))]
        session.add_all(_person(place, step) for place, step in people)
        await session.flush()
        session.add_all(
            RoleHolding(person=decider(place, step), role=ROLES[step], institution=place, held_from=SINCE)
            for place, step in people
        )
    desk = SessionDesk(stand.record, _CLOCK, Places(stand.record, _CLOCK))
    return {decider(place, step): await desk.open(decider(place, step)) for place, step in people}


def _person(place: str, step: int) -> Person:
    person = decider(place, step)
    return Person(id=person, name=f"测试人员{step + 1}", email=f"{person}@bench.test", institution=place)


class Opener:
    """Opens cases as a desk does: the row first, then the workflow."""

    def __init__(self, stand: Stand) -> None:
        self._stand, self._delivery = stand, stand.delivery
        self._shelf = PackShelf(stand.record)

    async def open(self, case_id: str, place: str) -> None:
        """One more case at a place."""
        pack = await self._shelf.pack("bench", "1")
        facts = {"institution": place}
        case = NewCase(case_id, LIFECYCLE, pack, (TASK,), facts, institution=place)
        async with self._stand.record.begin() as session:
            await open_case(session, case, at=_CLOCK.now())
        await self._delivery.start(case_id)


def _pack() -> Pack:
    return parse_pack(PACK.read_text(encoding="utf-8"), file=PACK.name)


async def seats_open(session: AsyncSession) -> int:
    """How many people are asked by the common unit just now."""
    query = select(func.count()).select_from(SeatRow).join(TaskRow).where(SeatRow.open, TaskRow.name == TASK)
    return await session.scalar(query) or 0


async def is_asked(session: AsyncSession, case: str, person: str) -> bool:
    """Whether this person is asked by this case."""
    seat = select(SeatRow).join(TaskRow).where(SeatRow.open, SeatRow.person == person, TaskRow.case_id == case)
    return await session.scalar(seat) is not None
