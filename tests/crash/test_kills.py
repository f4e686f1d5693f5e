"""kill -9 of each process and of all at once while people decide: nothing accepted is lost, nothing counts twice."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from sqlalchemy import update

from bench import county
from bench.parts import Stand, chosen, stand
from db.engine.clock import SystemClock
from db.engine.post import LetterRow
from stack.child import holds
from tests.crash import oracle
from tests.crash.clients import STEPS, Clients
from tests.crash.kills import ALL, Killer

EACH_ONCE = (("worker",), ("postgres",), ("temporal",), ("web",), ALL)
THRICE_AND_ALL_TWICE = (
    *(("worker",), ("postgres",), ("web",), ("temporal",)),
    ALL,
    *(("temporal",), ("worker",), ("postgres",), ("web",)),
    ALL,
    *(("web",), ("temporal",), ("postgres",), ("worker",)),
)
# A courier that was killed is noticed after its heartbeat, 45 s; its letters' lease runs for a minute.
LETTERS_WITHIN = 150.0


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("crash") / "data"


async def run_round(
    folder: Path,
    victims: Sequence[tuple[str, ...]],
    record_property: Callable[[str, object], None],
    *,
    cases: int,
    seed: int,
    wait: bool,
) -> None:
    async with stand(chosen(folder)) as parts:
        clients = Clients(parts, await county.settle(parts))
        killer = Killer(parts, seed)
        clients.on_step, clients.before_post, clients.on_answer = killer.hear, killer.hear_post, killer.hear_answer
        names = [f"crash.{seed}.{number}" for number in range(cases)]
        await open_cases(parts, names)
        killing = asyncio.create_task(killer.work(victims, over=cases * STEPS))
        await clients.go_through(names)
        await asyncio.wait_for(killing, 60.0)
        assert killer.done == list(victims)
        assert await holds(lambda: oracle.all_closed(parts), within=90.0)
        assert await holds(lambda: oracle.nothing_waits(parts), within=90.0)
        assert any(noted.kept for noted in clients.log)
        if not wait:
            await let_leases_run_out(parts)
        assert await holds(lambda: oracle.all_sent(parts), within=LETTERS_WITHIN)
        await oracle.each_accepted_answer_counts_once(parts, clients.log)
        await oracle.files_are_whole(parts)
        doubled = await oracle.every_letter_arrived(parts)
        lost = sum(not noted.accepted for noted in clients.log)
        record_property("answers", f"{len(clients.log)}, {lost} of them lost or refused; {doubled} letters came twice")


async def open_cases(parts: Stand, names: Sequence[str]) -> None:
    opener = county.Opener(parts)
    for number, name in enumerate(names):
        await opener.open(name, county.PLACES[number % len(county.PLACES)])


async def let_leases_run_out(parts: Stand) -> None:
    """As if the minute of a killed courier's lease had passed."""
    async with parts.record.begin() as session:
        past = update(LetterRow).where(LetterRow.state == "sending").values(leased_until=SystemClock().now())
        await session.execute(past)


@pytest.mark.timeout(300)
async def test_twelve_cases_survive_a_kill_of_each_process_and_of_all_at_once(
    folder: Path, record_property: Callable[[str, object], None]
) -> None:
    await run_round(folder, EACH_ONCE, record_property, cases=12, seed=1, wait=False)


@pytest.mark.soak
@pytest.mark.timeout(600)
async def test_sixty_cases_survive_three_kills_of_each_process_and_two_of_all_at_once(
    folder: Path, record_property: Callable[[str, object], None]
) -> None:
    await run_round(folder, THRICE_AND_ALL_TWICE, record_property, cases=60, seed=2, wait=True)
