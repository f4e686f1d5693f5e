"""The register of seals: what is opened or written is sealed, once, whoever else is sealing. Real PostgreSQL."""

import asyncio

import pytest
from sqlalchemy import delete, func, select, text
from sqlalchemy.exc import DBAPIError
from structlog.testing import capture_logs

from activities.engine.sealing import Sealer
from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.opening import NewCase, open_case, open_cases
from db.engine.seals import BATCH, Seal, SealLine, Stand, Unsealed, holds, seal_next
from db.proof import verify
from policies.engine.pack import Pack
from tests.builders.files import write
from tests.conftest import MONDAY, StandingClock
from vault.keyring import Keyring, Purpose

ONE, OTHER = "cycle.one.2026", "cycle.other.2026"


@pytest.fixture
def sealer(record: Sessions, keyring: Keyring, clock: StandingClock) -> Sealer:
    return Sealer(record, keyring, clock=clock)


def a_case(case_id: str, pack: Pack) -> NewCase:
    return NewCase(id=case_id, lifecycle="DemandCycle", pack=pack, tasks=(), facts={})


async def opened(record: Sessions, pack: Pack, *cases: str) -> None:
    async with record.begin() as session:
        for case in cases:
            await open_case(session, a_case(case, pack), at=MONDAY)


async def seals(record: Sessions) -> list[Seal]:
    async with record() as session:
        return list(await session.scalars(select(Seal).order_by(Seal.number)))


async def sealed(record: Sessions, number: int) -> list[Stand]:
    async with record() as session:
        lines = await session.scalars(select(SealLine).where(SealLine.seal == number).order_by(SealLine.case_id))
        return [Stand(line.case_id, line.events, line.head) for line in lines]


async def waiting(record: Sessions) -> int:
    async with record() as session:
        return await session.scalar(select(func.count()).select_from(Unsealed)) or 0


async def damage(record: Sessions, keyring: Keyring) -> list[tuple[str, str]]:
    async with record() as session:
        return [(found.what, found.case_id) async for found in verify(session, keyring)]


async def test_what_was_opened_or_written_since_the_last_seal_is_in_the_next_and_nothing_else(
    record: Sessions, keyring: Keyring, dq_a: Pack, sealer: Sealer, clock: StandingClock
) -> None:
    await opened(record, dq_a, ONE, OTHER)
    assert await sealer.seal() is False
    assert await sealed(record, 1) == [Stand(ONE, 0, b""), Stand(OTHER, 0, b"")]

    clock.move(minutes=1)
    await write(record, keyring, OTHER, "asked", "decided")
    await sealer.seal()
    await sealer.seal()

    first, second = await seals(record)
    assert (second.previous, second.at) == (first.mac, clock.now())
    async with record() as session:
        head = (await session.get_one(CaseFile, OTHER)).file_head
    assert await sealed(record, 2) == [Stand(OTHER, 2, head or b"")]
    assert await waiting(record) == 0
    assert await damage(record, keyring) == []


async def test_many_cases_are_sealed_in_batches_and_the_chain_holds_over_all_of_them(
    record: Sessions, keyring: Keyring, dq_a: Pack, sealer: Sealer
) -> None:
    many = [a_case(f"case.{number}", dq_a) for number in range(BATCH + 1)]
    async with record.begin() as session:
        await open_cases(session, many[:300], at=MONDAY)
        await open_cases(session, many[300:], at=MONDAY)
    assert await sealer.seal() is True
    assert await sealer.seal() is False
    assert [len(await sealed(record, number)) for number in (1, 2)] == [BATCH, 1]
    assert await damage(record, keyring) == []


async def test_of_two_caretakers_one_seals_and_the_other_leaves_it_to_them(
    record: Sessions, keyring: Keyring, dq_a: Pack, sealer: Sealer
) -> None:
    await opened(record, dq_a, ONE)
    async with record.begin() as session:
        assert await seal_next(session, keyring, at=MONDAY)
        assert await sealer.seal() is False
    assert len(await seals(record)) == 1
    await write(record, keyring, ONE, "asked")
    await asyncio.gather(*(sealer.seal() for _ in range(5)))
    assert [seal.number for seal in await seals(record)] == [1, 2]
    assert await damage(record, keyring) == []


async def test_what_is_written_while_a_seal_is_made_waits_for_the_next(
    record: Sessions, keyring: Keyring, dq_a: Pack, sealer: Sealer
) -> None:
    await opened(record, dq_a, ONE)
    async with record.begin() as session:
        await seal_next(session, keyring, at=MONDAY)
        await write(record, keyring, ONE, "asked")
    assert await waiting(record) == 1
    assert await damage(record, keyring) == []
    await sealer.seal()
    assert [stand.events for stand in await sealed(record, 2)] == [1]


async def test_a_seal_that_is_not_committed_takes_no_mark_away(record: Sessions, keyring: Keyring, dq_a: Pack) -> None:
    await opened(record, dq_a, ONE)
    async with record() as session:
        await seal_next(session, keyring, at=MONDAY)
        await session.rollback()
    assert (await waiting(record), await seals(record)) == (1, [])


async def test_a_case_that_vanishes_before_its_first_seal_is_sealed_as_one_that_was_there(
    record: Sessions, keyring: Keyring, dq_a: Pack, sealer: Sealer
) -> None:
    await opened(record, dq_a, ONE)
    async with record.begin() as session:
        await session.execute(delete(CaseFile))
    assert await damage(record, keyring) == [("gone", ONE)]
    with capture_logs() as logs:
        await sealer.seal()
    assert {"event": "case_vanished_before_it_was_sealed", "case": ONE, "seal": 1, "log_level": "error"} in logs
    assert await damage(record, keyring) == [("gone", ONE)]


async def test_the_sealer_says_at_once_that_its_last_seal_is_gone(
    record: Sessions, keyring: Keyring, dq_a: Pack, sealer: Sealer
) -> None:
    await opened(record, dq_a, ONE)
    with capture_logs() as logs:
        await sealer.seal()
        await write(record, keyring, ONE, "asked")
        await sealer.seal()
    assert {entry["event"] for entry in logs} == {"sealed"}
    last = (await seals(record))[-1]
    await as_owner(record, "DELETE FROM seal_line WHERE seal = 2", "DELETE FROM seal WHERE number = 2")
    await write(record, keyring, ONE, "decided", seq=2)
    with capture_logs() as logs:
        await sealer.seal()
    told = {"event": "register_of_seals_was_set_back", "seal": 2, "code": last.code, "log_level": "error"}
    assert told in logs


async def as_owner(record: Sessions, *statements: str) -> None:
    async with record.begin() as session:
        await session.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in statements:
            await session.execute(text(statement))


async def test_a_seal_of_the_former_register_among_those_of_the_new_is_found(
    record: Sessions, keyring: Keyring, dq_a: Pack, sealer: Sealer, clock: StandingClock
) -> None:
    """Each seal by itself is one that the product made."""
    await opened(record, dq_a, ONE)
    for number in (1, 2):
        await write(record, keyring, ONE, "asked", seq=number)
        await sealer.seal()
    keep = [f"CREATE TABLE former_{table} AS TABLE {table}" for table in ("seal", "seal_line")]
    await as_owner(record, *keep, "DELETE FROM seal_line WHERE seal = 2", "DELETE FROM seal WHERE number = 2")
    clock.move(minutes=1)
    for number in (3, 4):
        await write(record, keyring, ONE, "asked", seq=number)
        await sealer.seal()
    assert await damage(record, keyring) == []
    await as_owner(record, "DELETE FROM seal_line WHERE seal = 2", "DELETE FROM seal WHERE number = 2")
    await as_owner(
        record,
        "INSERT INTO seal SELECT * FROM former_seal WHERE number = 2",
        "INSERT INTO seal_line SELECT * FROM former_seal_line WHERE seal = 2",
    )
    assert await damage(record, keyring) == [("seal_altered", "")]


@pytest.mark.parametrize("table", ["seal", "seal_line"])
@pytest.mark.parametrize("change", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
async def test_the_database_refuses_to_change_a_seal(record: Sessions, table: str, change: str) -> None:
    column = {"seal": "number", "seal_line": "events"}[table]
    async with record() as session:
        with pytest.raises(DBAPIError, match="append-only"):
            await session.execute(text(change.format(table, column, column)))


async def test_seals_under_a_former_key_still_hold(
    record: Sessions, keyring: Keyring, dq_a: Pack, sealer: Sealer, clock: StandingClock
) -> None:
    await opened(record, dq_a, ONE)
    await sealer.seal()
    rotated = keyring.rotated(Purpose.CHAIN)
    await write(record, rotated, ONE, "asked")
    await Sealer(record, rotated, clock=clock).seal()
    assert await damage(record, rotated) == []
    assert ("seal_altered", "") in await damage(record, keyring)
    first, second = await seals(record)
    assert holds(first, await sealed(record, 1), keyring)
    assert not holds(second, await sealed(record, 2), keyring)
