"""The common unit, driven as people do it: four decisions, each POSTed by the person whose list shows the task."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import count

import asyncpg
from sqlalchemy import exists, select

from activities.engine.courier import LIVE
from bench import county, floor
from bench.browser import Browser
from bench.figures import Round
from bench.machine import own_cpu_ms
from bench.parts import Stand
from bench.patience import Patience, eager
from db.engine.post import LetterRow
from stack.child import holds

IN_FLIGHT = 20
RECORDED = 200
STEPS = len(county.ROLES)
_NUMBERS = count(1)

# One case from its start to its end; the waits from each click to the next task are put into the list.
OneCase = Callable[[str, list[float]], Awaitable[None]]


@dataclass(frozen=True)
class Decided:
    """One answer that the client has sent, and the status it got (0: none)."""

    request: str
    case: str
    step: int
    status: int


@dataclass
class People:
    """Twenty people at the API."""

    stand: Stand
    cookies: dict[str, str]
    patience: Patience = field(default_factory=Patience)

    def browser(self) -> Browser:
        """A connection of its own."""
        return Browser("127.0.0.1", self.stand.settings.web_port)

    async def task(self, browser: Browser, person: str, case: str) -> str:
        """The id of the task of this case in the person's list, waited for."""

        async def listed() -> str | None:
            reply = await browser.get("/api/v1/tasks", cookie=self.cookies[person])
            return next((str(one["id"]) for one in reply.content["items"] if one["case_id"] == case), None)

        return await self.patience.until(listed)

    async def decide(self, browser: Browser, person: str, task: str, *, step: int, request: str) -> int:
        """POST the decision; the status of the answer."""
        answer = {"choice": "agree", "revision": step + 1, "words": "同意", "request": request}
        reply = await browser.post(f"/api/v1/tasks/{task}/decisions", answer, cookie=self.cookies[person])
        return reply.status


def request_id(case: str, step: int) -> str:
    """The id under which the decision of a step is sent, also when it is sent again."""
    return f"request-{case.replace('.', '-')}-{step}"


class NotRecorded(Exception):
    """The API answered a decision of the load with something else than 200."""


async def unit_round(people: People, *, cases: int, in_flight: int) -> Round:
    """So many cases through the whole product; the window ends when the last letter has been accepted."""
    opener = county.Opener(people.stand)

    async def one(case: str, waits: list[float]) -> None:
        browser = people.browser()
        await opener.open(case, county.PLACES[int(case.rpartition(".")[2]) % len(county.PLACES)])
        await _go_through(people, browser, case, waits)
        browser.close()

    async def all_accepted() -> bool:
        async with people.stand.record() as session:
            return not await session.scalar(select(exists().where(LetterRow.state.in_(LIVE))))

    return await _round(people.stand, one, "unit", all_accepted, cases=cases, in_flight=in_flight)


async def _go_through(people: People, browser: Browser, case: str, waits: list[float]) -> None:
    place = county.PLACES[int(case.rpartition(".")[2]) % len(county.PLACES)]
    clicked = 0.0
    for step in range(STEPS):
        person = county.decider(place, step)
        task = await people.task(browser, person, case)
        if clicked:
            waits.append(time.perf_counter() - clicked)
        await people.patience.think()
        clicked = time.perf_counter()
        status = await people.decide(browser, person, task, step=step, request=request_id(case, step))
        if status != RECORDED:
            raise NotRecorded(status)


async def floor_round(stand: Stand, pool: "asyncpg.Pool[asyncpg.Record]", *, cases: int, in_flight: int) -> Round:
    """So many bare workflows; a decision counts when the update is answered, for one user when its row can be read."""
    patience = eager()

    async def one(case: str, waits: list[float]) -> None:
        handle = await stand.bare.start_workflow(floor.BareCase.run, case, id=case, task_queue=floor.QUEUE)
        for step in range(1, STEPS + 1):
            if in_flight == 1:
                await patience.think()
            clicked = time.perf_counter()
            update = handle.execute_update(floor.BareCase.decide, "agree", id=f"{case}.{step}")
            if in_flight > 1:
                await update
                waits.append(time.perf_counter() - clicked)
                continue
            answer = asyncio.create_task(update)
            await patience.until(partial(_row, pool, case, step))
            waits.append(time.perf_counter() - clicked)
            await answer
        await handle.result()

    async def at_once() -> bool:
        return True

    return await _round(stand, one, "floor", at_once, cases=cases, in_flight=in_flight)


async def _row(pool: "asyncpg.Pool[asyncpg.Record]", case: str, step: int) -> int | None:
    found: int | None = await pool.fetchval("SELECT 1 FROM floor_row WHERE id = $1 AND step = $2", case, step)
    return found


async def _round(
    stand: Stand, one: OneCase, word: str, done: Callable[[], Awaitable[bool]], *, cases: int, in_flight: int
) -> Round:
    gate, waits = asyncio.Semaphore(in_flight), list[float]()
    number = next(_NUMBERS)

    async def gated(case: str) -> None:
        async with gate:
            await one(case, waits)

    before, own, began = stand.cpu_ms(), own_cpu_ms(), time.perf_counter()
    async with asyncio.TaskGroup() as lanes:
        for index in range(cases):
            lanes.create_task(gated(f"{word}.{number}.{index}"))
    decided = time.perf_counter() - began
    with suppress(TimeoutError):
        await holds(done, within=120.0)
    seconds, after = time.perf_counter() - began, stand.cpu_ms()
    spent = {name: after[name] - before[name] for name in after}
    return Round(word, cases * STEPS, seconds, decided, spent, own_cpu_ms() - own, waits)
