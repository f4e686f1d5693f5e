"""A county whose cases run over simulated time, behind the whole web application."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from sqlalchemy import select

import web
from console import Setting
from db.engine.base import Sessions
from db.engine.cases import EventRow
from db.engine.packs import PackShelf
from db.engine.tasks import TaskRow
from policies.engine.pack import Pack
from tests.conftest import StandingClock
from tests.console.conftest import HOST, SAME_SITE, Browser, Town
from tests.workflows.conftest import settle
from tests.workflows.memory import Memory
from tests.workflows.office import PRODUCTION, QUEUE, Office, opened_office
from vault.keyring import Keyring


@dataclass(frozen=True)
class County:
    """What a scenario does and sees: cases in the office, people at the pages, programs at the interface."""

    office: Office
    town: Town
    pack: Pack

    async def program(self, *scopes: str) -> httpx2.AsyncClient:
        """A service account with these scopes."""
        key = (await self.town.desks.keys.issue("hr-system", scopes)).secret
        return self._client(authorization=f"Bearer {key}")

    async def person(self, person: str) -> httpx2.AsyncClient:
        """A person's session at the interface."""
        return self._client(cookie=f"pinyong={await self.town.desks.sessions.open(person)}")

    async def link(self, task: str, person: str) -> str:
        """The path of the newest letter's link by which the person is asked this."""
        await self.office.tell_time()
        await self.office.asked(task, person)
        return f"/d/{await self.town.link(person)}"

    async def at_the_pages(self, person: str) -> Browser:
        """A person's session at the pages, at the time at which the cases are."""
        await self.office.tell_time()
        return await self.town.as_person(person)

    async def task(self, name: str, person: str) -> TaskRow:
        """The open question of this name to the person, waited for."""
        return await self.office.open_task(name, person)

    async def events(self, case: str, event: str) -> Sequence[Mapping[str, Any]]:
        """The lines of the case's file about one kind of event."""
        query = select(EventRow.body).where(EventRow.case_id == case).order_by(EventRow.number)
        lines = [json.loads(body) for body in await self.office.rows(query)]
        return [line for line in lines if line["event"] == event]

    def _client(self, **headers: str) -> httpx2.AsyncClient:
        transport = httpx2.ASGITransport(app=self.town.app, raise_app_exceptions=False)
        return httpx2.AsyncClient(transport=transport, base_url=f"{HOST}/api/v1", headers={**SAME_SITE, **headers})


@pytest.fixture
async def county(
    record: Sessions, keyring: Keyring, clock: StandingClock, shelf: PackShelf, dq_a: Pack, *, memory: Memory
) -> AsyncIterator[County]:
    await settle(record)
    async with opened_office(record, keyring, clock=clock, shelf=shelf, runner=PRODUCTION, memory=memory) as office:
        desks = web.build_desks(record, office.env.client, keyring, clock=clock, task_queue=QUEUE)
        app = web.build_app(desks, Setting(language="zh-CN", secure=False), clock=clock)
        yield County(office, Town(app, desks, record, keyring, clock, dq_a, office), dq_a)
