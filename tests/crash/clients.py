"""Clients at the real web process who write down every answer that they get, and click again when they got none."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from bench import county
from bench.browser import Browser, NoAnswer
from bench.parts import Stand

NONE, COUNTS, KEPT = 0, 200, 202
STEPS = len(county.ROLES)
PAUSE = 0.15
BOUND = 240.0


@dataclass(frozen=True)
class Noted:
    """One POST: for which case and step, under which request id, and the status of its answer (0: none came)."""

    case: str
    step: int
    request: str
    status: int

    @property
    def kept(self) -> bool:
        """Whether the client was told that its decision is kept and will be recorded."""
        return self.status == KEPT

    @property
    def accepted(self) -> bool:
        """Whether the client was told that its decision counts, or is kept."""
        return self.status in (COUNTS, KEPT)


@dataclass
class Clients:
    """All cases of a round, each clicked through its four steps by four people."""

    stand: Stand
    cookies: dict[str, str]
    log: list[Noted] = field(default_factory=list)
    taken: int = 0
    on_step: Callable[[int], object] = id
    before_post: Callable[[], object] = list
    on_answer: Callable[[Noted], object] = id

    async def go_through(self, cases: list[str]) -> None:
        """Every case to its last decision, all at the same time."""
        async with asyncio.timeout(BOUND), asyncio.TaskGroup() as lanes:
            for number, case in enumerate(cases):
                lanes.create_task(self._lane(case, number))

    async def _lane(self, case: str, number: int) -> None:
        browser = Browser("127.0.0.1", self.stand.settings.web_port)
        place = place_of(case)
        for step in range(STEPS):
            await self._step(browser, case, step, county.decider(place, step), new_page_each_time=number % 2 == 1)
            self.taken += 1
            self.on_step(self.taken)
        browser.close()

    async def _step(self, browser: Browser, case: str, step: int, person: str, *, new_page_each_time: bool) -> None:
        """One half of the people send the same page again, the other half take a new one with a new request id."""
        attempt = 0
        while True:
            task = await self._listed(browser, case, person, gone_ends=attempt > 0)
            if task is None:
                return
            attempt += 1
            request = f"{case.replace('.', '-')}-step-{step}" + (f"-{attempt}" if new_page_each_time else "")
            noted = Noted(case, step, request, await self._post(browser, task, request, step, person))
            self.log.append(noted)
            self.on_answer(noted)
            if noted.accepted:
                return
            await asyncio.sleep(PAUSE)

    async def _listed(self, browser: Browser, case: str, person: str, *, gone_ends: bool) -> str | None:
        """The task on the person's list; None when it has gone from there, because a lost answer did count."""
        while True:
            try:
                reply = await browser.get("/api/v1/tasks", cookie=self.cookies[person])
            except NoAnswer:
                reply = None
            if reply and reply.status == 200:
                for one in reply.content["items"]:
                    if one["case_id"] == case:
                        return str(one["id"])
                if gone_ends:
                    return None
            await asyncio.sleep(PAUSE)

    async def _post(self, browser: Browser, task: str, request: str, step: int, person: str) -> int:
        answer = {"choice": "agree", "revision": step + 1, "words": "同意", "request": request}
        self.before_post()
        try:
            return (await browser.post(f"/api/v1/tasks/{task}/decisions", answer, cookie=self.cookies[person])).status
        except NoAnswer:
            return NONE


def place_of(case: str) -> str:
    """Where a case of the round is decided."""
    return county.PLACES[int(case.rpartition(".")[2]) % len(county.PLACES)]
