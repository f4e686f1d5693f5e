"""Letters leave once; after a crash under the same id, after a refusal for now later, after one for good never."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import update
from temporalio.client import Client

from activities.engine.bell import CourierBell
from activities.engine.courier import FIRST_PAUSE, LEASE, LONGEST_PAUSE, Courier, Pace
from db.engine.base import Sessions
from db.engine.tasks import SeatRow, TaskRow
from policies.engine.pack import Pack
from stack.child import holds
from tests.activities.desk import TASK, Town, a_courier, a_town, ask_head, rows, sent_by, write_letter
from tests.builders.county import settle_county
from tests.conftest import StandingClock
from vault.keyring import Keyring

BOUND = 20.0
HEAD = "p-h1-head@deqing.test"


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    async with a_town() as town:
        yield town


@pytest.fixture
async def courier(record: Sessions, keyring: Keyring, town: Town, clock: StandingClock, stored_pack: Pack) -> Courier:
    await settle_county(record)
    await ask_head(record, stored_pack)
    return a_courier(record, keyring, town.port, clock=clock)


async def test_a_waiting_letter_is_sent_once_and_marked(
    courier: Courier, record: Sessions, keyring: Keyring, town: Town, clock: StandingClock
) -> None:
    await write_letter(record, keyring, "enquiry.1.1.l0")
    sent = await sent_by(courier)
    assert (sent.count, sent.next_at) == (1, None)
    clock.move(hours=3)
    assert (await sent_by(courier)).count == 0
    assert town.addresses == [HEAD]
    assert town.taken[0][1]["Message-ID"] == "<enquiry.1.1.l0@pinyong.test>"
    row = (await rows(record))["enquiry.1.1.l0"]
    assert (row.state, row.sent_at, row.leased_until) == ("sent", clock.instant - timedelta(hours=3), None)


async def test_many_letters_share_a_few_connections(
    courier: Courier, record: Sessions, keyring: Keyring, town: Town
) -> None:
    for number in range(23):
        await write_letter(record, keyring, f"enquiry.1.1.l{number}")
    assert (await sent_by(courier)).count == 23
    assert len({message["Message-ID"] for _, message in town.taken}) == 23
    assert len(town.sessions) == 3


@pytest.mark.usefixtures("courier")
async def test_a_courier_at_work_hears_the_rings_of_its_process_and_temporal_is_spared_them(
    record: Sessions, keyring: Keyring, town: Town, clock: StandingClock
) -> None:
    bell = CourierBell(await Client.connect("127.0.0.1:1", lazy=True), task_queue="q")
    at_work = asyncio.create_task(sent_by(a_courier(record, keyring, town.port, clock=clock, bell=bell)))

    async def listens() -> bool:
        return bool(bell._listeners)

    async def both_taken() -> bool:
        return len(town.taken) == 2

    async def one_taken() -> bool:
        return len(town.taken) == 1

    await holds(listens, within=BOUND)
    for letter, taken in (("first", one_taken), ("second", both_taken)):
        await write_letter(record, keyring, letter)
        bell.ring()
        await holds(taken, within=BOUND)
        assert not at_work.done()
    assert (await asyncio.wait_for(at_work, BOUND)).count == 2
    assert not bell._signals


@pytest.mark.usefixtures("courier")
async def test_letters_that_are_written_without_a_pause_are_put_off_but_not_for_ever(
    record: Sessions, keyring: Keyring, town: Town, clock: StandingClock
) -> None:
    bell = CourierBell(await Client.connect("127.0.0.1:1", lazy=True), task_queue="q")
    at_work = asyncio.create_task(sent_by(a_courier(record, keyring, town.port, clock=clock, bell=bell)))

    async def listens() -> bool:
        return bool(bell._listeners)

    await holds(listens, within=BOUND)
    written = 0
    async with asyncio.timeout(BOUND):
        while not town.taken:
            await write_letter(record, keyring, f"enquiry.1.{written}.l0")
            bell.ring()
            written += 1
    # It stays so long and no longer: what it has not come to is left to the next.
    assert 0 < (await asyncio.wait_for(at_work, BOUND)).count <= written


class DyingCourier(Courier):
    """Loses its life between the server's 250 and the mark."""

    async def _mark(self, fates: object) -> None:
        raise ConnectionResetError


async def test_a_crash_before_the_mark_sends_the_same_letter_again_when_its_lease_has_run_out(
    courier: Courier, record: Sessions, keyring: Keyring, town: Town, clock: StandingClock
) -> None:
    await write_letter(record, keyring, "enquiry.1.1.l0")
    dying = DyingCourier.__new__(DyingCourier)
    dying.__dict__ = courier.__dict__
    with pytest.raises(ConnectionResetError):
        await sent_by(dying)

    leased = await sent_by(courier)
    assert (leased.count, leased.next_at) == (0, clock.instant + LEASE)
    clock.move(seconds=LEASE.total_seconds())
    assert (await sent_by(courier)).count == 1

    first, second = (message for _, message in town.taken)
    assert first["Message-ID"] == second["Message-ID"]
    assert first.as_bytes() == second.as_bytes()
    clock.move(hours=2)
    assert (await sent_by(courier)).count == 0


async def test_a_refusal_for_now_waits_longer_each_time_and_an_hour_at_most(
    courier: Courier, record: Sessions, keyring: Keyring, town: Town, clock: StandingClock
) -> None:
    await write_letter(record, keyring, "enquiry.1.1.l0")
    town.moods[HEAD] = "450 4.2.1 try later"
    pauses = []
    for _ in range(9):
        sent = await sent_by(courier)
        assert sent.next_at is not None
        pauses.append(sent.next_at - clock.instant)
        clock.instant = sent.next_at
    assert pauses[:3] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE]
    assert pauses[-1] == LONGEST_PAUSE
    assert "450" in (await rows(record))["enquiry.1.1.l0"].problem

    town.moods.clear()
    await sent_by(courier)
    assert town.addresses == [HEAD]
    assert (await rows(record))["enquiry.1.1.l0"].problem == ""


async def test_a_refusal_for_good_is_kept_with_its_reason_and_without_the_address(
    courier: Courier, record: Sessions, keyring: Keyring, town: Town, clock: StandingClock
) -> None:
    await write_letter(record, keyring, "enquiry.1.1.l0")
    town.moods[HEAD] = f"550 5.1.1 <{HEAD}> no such mailbox"
    assert (await sent_by(courier)).next_at is None
    clock.move(days=2)
    assert (await sent_by(courier)).count == 0
    row = (await rows(record))["enquiry.1.1.l0"]
    assert row.state == "refused"
    assert "no such mailbox" in row.problem
    assert HEAD not in row.problem


async def test_one_bad_address_holds_up_no_other_letter(
    courier: Courier, record: Sessions, keyring: Keyring, town: Town
) -> None:
    for number, person in enumerate(("p-h2-head", "p-t1-head", "p-h1-hr")):
        await write_letter(record, keyring, f"enquiry.1.1.l{number}", kind="escalation", link=False, person=person)
    town.moods["p-h2-head@deqing.test"] = "550 gone"
    await sent_by(courier)
    assert sorted(town.addresses) == ["p-h1-hr@deqing.test", "p-t1-head@deqing.test"]


async def test_a_server_that_is_away_is_not_asked_for_every_letter(
    courier: Courier, record: Sessions, keyring: Keyring, clock: StandingClock, town: Town
) -> None:
    for number in range(6):
        await write_letter(record, keyring, f"enquiry.1.1.l{number}")
    away = a_courier(record, keyring, 1, clock=clock)
    sent = await sent_by(away)
    assert sent.next_at == clock.instant + FIRST_PAUSE
    tried = [row.attempts for row in (await rows(record)).values()]
    assert sorted(tried) == [0, 0, 0, 0, 1, 1]
    clock.move(minutes=1)
    assert (await sent_by(courier)).count == 6
    assert len(town.taken) == 6


@pytest.mark.parametrize("kind", ["task", "reminder", "urge", "escalation", "vacancy_alert"])
async def test_a_letter_about_a_task_that_is_settled_meanwhile_is_not_sent(
    courier: Courier, record: Sessions, keyring: Keyring, town: Town, kind: str
) -> None:
    await write_letter(record, keyring, "enquiry.1.1.l0", kind=kind, link=kind in ("task", "reminder", "urge"))
    async with record.begin() as session:
        await session.execute(update(TaskRow).where(TaskRow.id == TASK).values(status="settled"))
    await sent_by(courier)
    assert town.taken == []
    assert (await rows(record))["enquiry.1.1.l0"].state == "skipped"


async def test_a_letter_to_somebody_who_is_no_longer_asked_is_not_sent(
    courier: Courier, record: Sessions, keyring: Keyring, town: Town
) -> None:
    await write_letter(record, keyring, "enquiry.1.1.l0", kind="reminder")
    async with record.begin() as session:
        await session.execute(update(SeatRow).where(SeatRow.task_id == TASK).values(open=False))
    await sent_by(courier)
    assert town.taken == []


async def test_an_outcome_is_told_also_when_its_task_is_settled(
    courier: Courier, record: Sessions, keyring: Keyring, town: Town
) -> None:
    await write_letter(
        record, keyring, "enquiry.1.2.l0", kind="outcome", link=False, person="p-doctor", details={"what": "matched"}
    )
    async with record.begin() as session:
        await session.execute(update(TaskRow).where(TaskRow.id == TASK).values(status="settled"))
    await sent_by(courier)
    assert town.addresses == ["p-doctor@deqing.test"]


async def test_a_letter_that_cannot_be_written_is_shown_and_holds_up_no_other(
    courier: Courier, record: Sessions, keyring: Keyring, town: Town
) -> None:
    await write_letter(record, keyring, "enquiry.1.1.l0", kind="outcome", details={"what": "unheard_of"})
    await write_letter(record, keyring, "enquiry.1.1.l1")
    await sent_by(courier)
    assert town.addresses == [HEAD]
    row = (await rows(record))["enquiry.1.1.l0"]
    assert (row.state, row.problem) == ("refused", "KeyError")


@pytest.mark.usefixtures("courier")
async def test_a_limit_leases_no_more_than_fits_into_the_lease(
    record: Sessions, keyring: Keyring, town: Town, clock: StandingClock
) -> None:
    for number in range(5):
        await write_letter(record, keyring, f"enquiry.1.1.l{number}")
    limited = a_courier(record, keyring, town.port, clock=clock, pace=Pace(3))
    sent = await sent_by(limited)
    assert (sent.count, len(town.taken)) == (1, 1)
    assert sent.next_at == clock.instant


async def test_a_limit_keeps_letters_apart() -> None:
    loop = asyncio.get_running_loop()
    pace = Pace(per_minute=600)
    began = loop.time()
    for _ in range(4):
        assert await pace.turn(lambda: None, within=timedelta(seconds=1))
    assert loop.time() - began >= 0.3 - 0.01


@pytest.mark.usefixtures("courier")
@pytest.mark.parametrize("per_minute", [1, 2, 7])
async def test_a_low_limit_sends_every_letter_at_its_pace(
    record: Sessions, keyring: Keyring, town: Town, clock: StandingClock, per_minute: int
) -> None:
    for number in range(4):
        await write_letter(record, keyring, f"enquiry.1.1.l{number}")
    began = clock.instant

    async def sleep(seconds: float) -> None:
        assert seconds <= 10
        clock.move(seconds=seconds)

    def time() -> float:
        return clock.instant.timestamp()

    pace = Pace(per_minute, time=time, sleep=sleep)
    limited = a_courier(record, keyring, town.port, clock=clock, pace=pace)
    batches = 0
    while batches < 9 and (await sent_by(limited)).count:
        batches += 1
    assert (batches, len(town.taken)) == ({1: 4, 2: 4, 7: 2}[per_minute], 4)
    assert {row.attempts for row in (await rows(record)).values()} == {1}
    assert (clock.instant - began).total_seconds() == pytest.approx(3 * 60 / per_minute, abs=0.01)


async def test_a_wait_for_a_turn_says_that_it_goes_on_and_one_too_long_is_left_to_the_next_letter() -> None:
    now: list[float] = [100.0]
    beats: list[float] = []

    async def sleep(seconds: float) -> None:
        now[0] += seconds

    pace = Pace(1, time=lambda: now[0], sleep=sleep)

    async def turn(seconds: float) -> bool:
        return await pace.turn(lambda: beats.append(now[0]), within=timedelta(seconds=seconds))

    assert await turn(35)
    assert not await turn(35)
    assert (now[0], beats) == (100.0, [])
    assert await turn(60)
    assert beats == [110.0, 120.0, 130.0, 140.0, 150.0, 160.0]


async def test_a_letter_waits_for_its_instant(
    courier: Courier, record: Sessions, keyring: Keyring, town: Town, clock: StandingClock
) -> None:
    later = clock.instant + timedelta(hours=1)
    await write_letter(record, keyring, "enquiry.1.1.l0", at=later)
    sent = await sent_by(courier)
    assert (sent.count, sent.next_at) == (0, later)
    clock.instant = later
    await sent_by(courier)
    assert town.addresses == [HEAD]


async def test_two_couriers_never_take_the_same_letter(
    courier: Courier, record: Sessions, keyring: Keyring, town: Town, clock: StandingClock
) -> None:
    for number in range(40):
        await write_letter(record, keyring, f"enquiry.1.1.l{number}")
    other = a_courier(record, keyring, town.port, clock=clock)
    counts = await asyncio.gather(sent_by(courier), sent_by(other))
    assert sum(sent.count for sent in counts) == 40
    assert len({message["Message-ID"] for _, message in town.taken}) == len(town.taken) == 40
