"""The console over a real record and a Temporal whose cases run; browsers are clients with a cookie jar each."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from bs4 import BeautifulSoup, Tag
from fastapi import FastAPI
from sqlalchemy import Select, select
from temporalio.client import Client

import web
from console import Setting
from db.engine.base import Sessions
from db.engine.opening import NewCase, open_case
from db.engine.packs import PackShelf
from db.engine.people import Person
from db.engine.post import LetterRow
from db.engine.tasks import SeatRow, TaskRow
from mail.links import token
from policies.engine.pack import Pack
from services.desks import Desks
from stack.ports import free_port
from tests.builders.county import HOSPITAL, TOWNSHIP, settle_county
from tests.conftest import StandingClock
from tests.console.enquiry import Enquiry
from tests.workflows.contract_stand_in import ContractStandIn
from tests.workflows.memory import Memory
from tests.workflows.office import LIFECYCLES, PRODUCTION, QUEUE, Office, opened_office
from vault.keyring import Keyring, Purpose
from vault.payloads import data_converter

HOST = "http://console.test"
SAME_SITE = {"sec-fetch-site": "same-origin"}
PURPOSES = {"sign_in": "sign_in"}


@dataclass
class Page:
    """An answer as a reader sees it."""

    status: int
    text: str
    html: BeautifulSoup
    headers: httpx2.Headers

    def one(self, selector: str) -> Tag:
        """The element that must be there."""
        found = self.html.select_one(selector)
        assert found is not None, selector
        return found

    def fields(self, form: str = "form.decide") -> dict[str, str]:
        """What the page's form would send if nothing were changed."""
        found: dict[str, str] = {}
        for each in self.one(form).select("input[name], select[name], textarea[name]"):
            if each.get("type") in ("checkbox", "radio") and not each.has_attr("checked"):
                continue
            found[str(each["name"])] = _value(each)
        return found


def _value(field: Tag) -> str:
    if field.name == "textarea":
        return field.text.lstrip("\n")
    if field.name == "select":
        chosen = field.select_one("option[selected]") or field.select_one("option")
        return str(chosen.get("value", "")) if chosen else ""
    return str(field.get("value") or "")


class Browser:
    """One browser: a cookie jar, and pages read."""

    def __init__(self, app: FastAPI, **headers: str) -> None:
        transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
        self.http = httpx2.AsyncClient(transport=transport, base_url=HOST, headers={**SAME_SITE, **headers})

    async def get(self, path: str, *, follow: bool = True) -> Page:
        return read(await self.http.get(path, follow_redirects=follow))

    async def post(self, path: str, fields: dict[str, str], *, follow: bool = True) -> Page:
        return read(await self.http.post(path, data=fields, follow_redirects=follow))

    async def decide(self, path: str, choice: str, words: str = "", **more: str) -> Page:
        """Open the page, fill it in, press a button."""
        fields = (await self.get(path)).fields()
        return await self.post(path, {**fields, "choice": choice, "words": words, **more})


def read(response: httpx2.Response) -> Page:
    """An answer as a page."""
    html = BeautifulSoup(response.text, "html.parser")
    return Page(response.status_code, " ".join(html.get_text(" ").split()), html, response.headers)


@dataclass
class Town:
    """What a test says and sees."""

    app: FastAPI
    desks: Desks
    record: Sessions
    keyring: Keyring
    clock: StandingClock
    pack: Pack
    running: Office | None = None

    @property
    def office(self) -> Office:
        """The office in which the cases run."""
        assert self.running is not None
        return self.running

    async def seen(self, query: Select[Any]) -> Any:
        """The first value of a query, waited for with a bound."""
        return await self.office.seen(query)

    def browser(self, **headers: str) -> Browser:
        return Browser(self.app, **headers)

    async def as_person(self, person: str) -> Browser:
        browser = self.browser()
        browser.http.cookies.set("pinyong", await self.desks.sessions.open(person))
        return browser

    async def enquire(self, number: int = 1, *, task: str = "sending_review", **facts: str) -> str:
        """Start a case that asks one question and return the task's id once somebody is asked."""
        case = f"enquiry.{number}"
        given = {"task": task, "sending": HOSPITAL, "receiving": TOWNSHIP, "person": "p-doctor", **facts}
        tasks = ("sending_review", "receiving_review", "bureau_filing", "supply_report", "nomination_consent")
        new = NewCase(case, "Enquiry", self.pack, tasks, given, institution=HOSPITAL, subject=given["person"])
        async with self.record.begin() as session:
            await open_case(session, new, at=self.clock.now())
        await self.office.delivery.start(case)
        return str(await self.seen(select(TaskRow.id).where(TaskRow.case_id == case)))

    async def link(self, person: str, kind: str = "task") -> str:
        """The token that the courier would derive for the newest letter of this kind to the person."""
        query = select(LetterRow).where(LetterRow.person == person, LetterRow.kind == kind)
        async with self.record() as session:
            letter = (await session.scalars(query.order_by(LetterRow.created_at.desc(), LetterRow.id.desc()))).first()
        assert letter is not None
        key = self.keyring.key(Purpose.LINK, letter.link_key)
        task, purpose = letter.task_id or "", PURPOSES.get(kind, "decide")
        return token(key, task=task, person=person, revision=letter.revision, purpose=purpose, letter=letter.id)

    async def all_of(self, query: Select[Any]) -> Sequence[Any]:
        async with self.record() as session:
            return (await session.scalars(query)).all()

    async def make_sample(self, person: str) -> None:
        async with self.record.begin() as session:
            (await session.get_one(Person, person)).sample = True

    async def seats(self, task: str) -> list[SeatRow]:
        return list(await self.all_of(select(SeatRow).where(SeatRow.task_id == task)))


def _town(client: Client, record: Sessions, keyring: Keyring, *, clock: StandingClock, pack: Pack) -> Town:
    desks = web.build_desks(record, client, keyring, clock=clock, task_queue=QUEUE)
    setting = Setting(language="zh-CN", secure=False, demo=True)
    return Town(web.build_app(desks, setting, clock=clock), desks, record, keyring, clock, pack)


@pytest.fixture
async def town(
    record: Sessions, keyring: Keyring, clock: StandingClock, shelf: PackShelf, dq_a: Pack, *, memory: Memory
) -> AsyncIterator[Town]:
    """A settled county whose cases run."""
    await settle_county(record)
    workflows = [*LIFECYCLES, Enquiry, ContractStandIn]
    async with opened_office(
        record, keyring, clock=clock, shelf=shelf, workflows=workflows, runner=PRODUCTION, memory=memory
    ) as office:
        built = _town(office.env.client, record, keyring, clock=clock, pack=dq_a)
        built.running = office
        yield built


@pytest.fixture
async def quiet_town(record: Sessions, keyring: Keyring, clock: StandingClock, dq_a: Pack) -> Town:
    """The same record, seen by a web process whose Temporal is away."""
    client = await Client.connect(f"127.0.0.1:{free_port()}", data_converter=data_converter(keyring), lazy=True)
    return _town(client, record, keyring, clock=clock, pack=dq_a)
