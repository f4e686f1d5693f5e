"""What one commit makes of a transition, whichever other commits wait beside it. Real PostgreSQL."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client

from activities.engine.casebook import Casebook
from activities.engine.delivery import Delivery
from activities.engine.messages import Asked, CaseState, Committed, Fired, Transition
from db.engine.almanac import Almanac
from db.engine.base import Sessions, connect, engine_of, sessions
from db.engine.cases import CaseFile
from db.engine.opening import NewCase, open_case
from db.engine.post import LetterRow
from db.engine.tasks import SeatRow
from policies.engine.pack import Pack
from policies.engine.tasks import Seat, Status, Task
from tests.builders.county import HOSPITAL, TOWNSHIP, appoint, dismiss, settle_county
from tests.conftest import MONDAY, StandingClock
from vault.keyring import Keyring

BOUND = 20.0
CASE, STAGE = "enquiry.1", "under_two_way_review"


@dataclass
class Desk:
    """A casebook, and the transitions of a case of two reviews."""

    record: Sessions
    casebook: Casebook
    pack: Pack
    seq: int = 0

    async def commit(self, *tasks: Task, case: str = CASE, **more: object) -> Committed:
        self.seq += 1
        state = CaseState(self.seq, STAGE, list(tasks))
        what = {"case_id": case, "seq": self.seq, "at": MONDAY + timedelta(days=self.seq - 1), "stage": STAGE}
        return await self.casebook.commit(Transition(**what, snapshot=state, **more))  # type: ignore[arg-type]

    def asked(self, task: Task, role: str, place: str, *apart: str) -> Asked:
        return Asked(
            task.id, task.key, task.name, 0, "review", role, place, task.revision, ("agree", "reject"), {}, apart=apart
        )

    async def opens(self, case: str) -> None:
        names = ("sending_review", "receiving_review")
        facts = {"group": "dq-jt1", "sending": HOSPITAL, "receiving": TOWNSHIP, "person": "p-doctor"}
        async with self.record.begin() as session:
            await open_case(session, NewCase(case, "Enquiry", self.pack, names, facts, institution=HOSPITAL), at=MONDAY)
            (await session.get_one(CaseFile, case)).state = "open"

    async def seats(self) -> list[SeatRow]:
        async with self.record() as session:
            return list(await session.scalars(select(SeatRow).order_by(SeatRow.person)))


def a_desk(record: Sessions, keyring: Keyring, clock: StandingClock, client: Client, pack: Pack) -> Desk:
    delivery = Delivery(client, record, task_queue="q")
    casebook = Casebook(record, keyring, almanac=Almanac(record, clock), effects={}, delivery=delivery)
    return Desk(record, casebook, pack)


@pytest.fixture
async def nowhere() -> Client:
    return await Client.connect("127.0.0.1:1", lazy=True)


@pytest.fixture
async def desk(record: Sessions, keyring: Keyring, clock: StandingClock, nowhere: Client, stored_pack: Pack) -> Desk:
    await settle_county(record)
    desk = a_desk(record, keyring, clock, nowhere, stored_pack)
    await desk.opens(CASE)
    return desk


def sending() -> Task:
    return Task("t1", "sending/1", "sending_review", {}, {})


def receiving() -> Task:
    return Task("t2", "receiving/1", "receiving_review", {}, {})


async def test_a_commit_needs_no_more_than_one_connection(
    desk: Desk, database_url: str, keyring: Keyring, clock: StandingClock, nowhere: Client
) -> None:
    """As the first commits of a worker, which knows neither calendar nor rules yet; else they wait for each other."""
    small: AsyncEngine = connect(database_url, keyring, pool=1)
    beside = a_desk(sessions(small), keyring, clock, nowhere, desk.pack)
    async with small.connect(), asyncio.timeout(BOUND):
        await beside.commit(sending(), asked=(desk.asked(sending(), "R-04", HOSPITAL),))
    await small.dispose()
    assert [seat.person for seat in await desk.seats()] == ["p-h1-head"]


async def test_many_commits_at_once_do_not_wait_for_each_other(
    desk: Desk, database_url: str, keyring: Keyring, clock: StandingClock, nowhere: Client
) -> None:
    cases = [f"enquiry.many.{number}" for number in range(6)]
    for case in cases:
        await desk.opens(case)
    small = connect(database_url, keyring, pool=1)
    beside = a_desk(sessions(small), keyring, clock, nowhere, desk.pack)

    async def one(case: str) -> None:
        await a_desk_of(beside).commit(sending(), case=case, asked=(desk.asked(sending(), "R-04", HOSPITAL),))

    async with asyncio.timeout(BOUND):
        await asyncio.gather(*(one(case) for case in cases))
    await small.dispose()
    assert len(await desk.seats()) == len(cases)


def a_desk_of(desk: Desk) -> Desk:
    """The same casebook, at another case's first transition."""
    return Desk(desk.record, desk.casebook, desk.pack)


async def test_who_takes_a_seat_over_again_sits_there_in_the_role_and_until_the_day_of_now(desk: Desk) -> None:
    task = sending()
    asked = await desk.commit(task, asked=(desk.asked(task, "R-04", HOSPITAL),))
    task.status, task.seats = Status.OPEN, [Seat("p-h1-hr", "R-03", HOSPITAL, "handed_over")]
    await desk.commit(task, handed={"t1/p-h1-hr": task.seats[0]})
    again = await desk.commit(task, retimed=("t1",))
    back = Seat("p-h1-head", "R-10", "dq-wjj", "named")
    task.seats = [back]
    await desk.commit(task, handed={"t1/p-h1-head": back})
    head, hr = await desk.seats()
    assert (head.role, head.institution, head.why, head.open) == ("R-10", "dq-wjj", "named", True)
    assert head.due_at == again.retimed["t1"].due != asked.seated["t1"].due
    assert not hr.open


@pytest.mark.parametrize("reseated", ["sending_review", "receiving_review"])
async def test_who_has_just_been_asked_for_one_side_is_not_seated_at_the_other(desk: Desk, reseated: str) -> None:
    """DEF-12, COR-06: both fall into one transition."""
    old, new = (sending(), receiving()) if reseated == "sending_review" else (receiving(), sending())
    at = {"sending_review": ("R-04", HOSPITAL, "p-h1-head"), "receiving_review": ("R-02", TOWNSHIP, "p-t1-head")}
    role, place, head = at[old.name]
    await desk.commit(old, asked=(desk.asked(old, role, place),))
    old.status, old.seats = Status.OPEN, [Seat(head, role, place)]
    for side_role, side_place, _ in at.values():
        await dismiss(desk.record, side_role, side_place)
        await appoint(desk.record, "p-h2-hr", side_role, side_place)
    found = await desk.commit(
        old, new, asked=(desk.asked(new, *at[new.name][:2], head),), looked_at=(desk.asked(old, role, place),)
    )
    assert [seat.person for seat in found.seated[new.id].seats] == ["p-h2-hr"]
    assert [seat.person for seat in found.reseated[old.id].seats] == ["p-bureau-leader"]


async def test_rungs_of_two_tasks_take_one_look_at_each_and_one_write(desk: Desk) -> None:
    """Many rungs fall due at nine o'clock of one day; each further statement is a way to the database and back."""
    tasks = {"R-04": sending(), "R-02": receiving()}
    places = {"R-04": HOSPITAL, "R-02": TOWNSHIP}
    asked = tuple(desk.asked(task, role, places[role]) for role, task in tasks.items())
    found = await desk.commit(*tasks.values(), asked=asked)
    for task in tasks.values():
        task.status, task.seats = Status.OPEN, list(found.seated[task.id].seats)
    statements: list[str] = []
    engine = engine_of(desk.record).sync_engine

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        statements.append(statement.split(maxsplit=1)[0])

    event.listen(engine, "before_cursor_execute", note)
    fired = tuple(Fired(task.id, "before_1", MONDAY) for task in tasks.values())
    await desk.commit(*tasks.values(), fired=fired, looked_at=asked)
    event.remove(engine, "before_cursor_execute", note)
    # The case; the two tasks; everything that is written.
    assert statements == ["SELECT", "SELECT", "SELECT", "WITH"]
    async with desk.record() as session:
        letters = await session.scalars(select(LetterRow.person).where(LetterRow.kind == "reminder"))
        assert sorted(letters) == ["p-h1-head", "p-t1-head"]
