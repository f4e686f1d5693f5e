"""Many waiting cases: what each keeps in Temporal's file, how fast lists are read, how soon all goes on."""

import asyncio
import sqlite3
import time
from dataclasses import dataclass

from bench import county
from bench.browser import NoAnswer
from bench.figures import percentile
from bench.parts import Stand
from bench.patience import Patience
from bench.unit import IN_FLIGHT, People, request_id
from db.engine.clock import SystemClock
from db.engine.packs import PackShelf
from services.engine.places import Places
from services.engine.tasks import TaskDesk

PRODUCT = ("postgres", "temporal", "mailbox", "worker", "web")
READS = 400
PRAGMAS = ("page_count", "freelist_count", "page_size")


@dataclass(frozen=True)
class Waited:
    """Bytes a case in Temporal's file; p95 of query and whole GET in ms; seconds to the first decision visible."""

    cases: int
    bytes_each: float
    query_p95: float
    get_p95: float
    after_stop: float
    after_kill: float
    after_worker_kill: float


async def measure(people: People, *, cases: int) -> Waited:
    """Open the cases, then read, stop and kill."""
    stand = people.stand
    before = _file_size(stand)
    await _open(stand, cases)
    size = (_file_size(stand) - before) / cases
    query, get = await _read(people)
    names = tuple(name for name in PRODUCT if name in stand.servers)

    await stand.stop(*names)
    await stand.start(*names)
    after_stop = await _first_decision(people, 0)
    stand.kill(*names)
    await stand.start(*names)
    after_kill = await _first_decision(people, 1)
    killed = time.perf_counter()
    stand.kill("worker")
    await stand.start("worker")
    await _first_decision(people, 2)
    return Waited(cases, size, query, get, after_stop, after_kill, time.perf_counter() - killed)


async def _open(stand: Stand, cases: int) -> None:
    opener, gate = county.Opener(stand), asyncio.Semaphore(IN_FLIGHT)

    async def one(index: int) -> None:
        async with gate:
            await opener.open(f"waiting.{index}", county.PLACES[index % len(county.PLACES)])

    await asyncio.gather(*(one(index) for index in range(cases)))

    async def all_asked() -> bool | None:
        async with stand.record() as session:
            return await county.seats_open(session) >= cases or None

    await Patience(pause=0.5).until(all_asked, within=900.0)


async def _read(people: People) -> tuple[float, float]:
    """The lists of those on whom all these cases wait, many times."""
    stand, clock, browser = people.stand, SystemClock(), people.browser()
    places = Places(stand.record, clock)
    desk = TaskDesk(stand.record, stand.keyring, shelf=PackShelf(stand.record), clock=clock, places=places, readers={})
    queries, gets = list[float](), list[float]()
    everyone = [county.decider(place, 0) for place in county.PLACES]
    for number in range(READS):
        person = everyone[number % len(everyone)]
        began = time.perf_counter()
        await desk.my_tasks(person)
        queries.append((time.perf_counter() - began) * 1000)
        began = time.perf_counter()
        await browser.get("/api/v1/tasks", cookie=people.cookies[person])
        gets.append((time.perf_counter() - began) * 1000)
    browser.close()
    return percentile(queries, 0.95), percentile(gets, 0.95)


async def _first_decision(people: People, number: int) -> float:
    """Seconds until a decision that is sent now has put the task on the next person's list."""
    case = f"waiting.{number}"
    place, browser, began = county.PLACES[number % len(county.PLACES)], people.browser(), time.perf_counter()

    async def taken() -> int | None:
        try:
            request = request_id(case, 0)
            return await people.decide(browser, county.decider(place, 0), f"{case}.t1", step=0, request=request)
        except NoAnswer:
            return None

    async def handed_on() -> bool | None:
        async with people.stand.record() as session:
            return await county.is_asked(session, case, county.decider(place, 1)) or None

    await Patience(pause=0.05).until(taken)
    await Patience(pause=0.02).until(handed_on)
    await people.task(browser, county.decider(place, 1), case)
    browser.close()
    return time.perf_counter() - began


def _file_size(stand: Stand) -> int:
    """Pages in use, free ones left out; asked of SQLite itself, which knows also what is still in its journal."""
    with sqlite3.connect(f"file:{stand.settings.data_dir / 'temporal.db'}?mode=ro", uri=True) as file:
        pages, free, size = (file.execute(f"PRAGMA {name}").fetchone()[0] for name in PRAGMAS)
    return int((pages - free) * size)
