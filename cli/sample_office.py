"""The hands of the seed: the API writes everything; the record is only read, to see what is asked of whom."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import httpx2
from sqlalchemy import ColumnElement, Select, func, select, update

from cli.sample_county import PACK
from cli.sample_paper import as_fields, sample_scan
from db.demand import DemandLine
from db.engine.base import Sessions, connect, sessions
from db.engine.cases import CaseFile
from db.engine.clock import SystemClock
from db.engine.packs import PackShelf
from db.engine.people import Institution, Person
from db.engine.tasks import DecisionRow, SeatRow, TaskRow
from db.opening_terms import OpeningTerm
from db.posting import Post
from db.talent_openings import TalentOpening
from services.engine.keys import KeyDesk
from services.engine.places import Places
from services.engine.sessions import SessionDesk
from services.forms.balancing import approved_lines
from settings import Settings
from vault.keyring import Keyring

Facts = Mapping[str, Any]
Kept = type[OpeningTerm] | type[TalentOpening]
BOUND = 30.0
LOOK_AGAIN = 0.03
AT_ONCE = 6


class SeedFailed(Exception):
    """The API refused a step of the seed, or something that should have been asked never was."""


@dataclass(frozen=True)
class Invited:
    """A case in which a person is to choose."""

    id: str
    person: str


@dataclass
class Office:
    """Asks the API as a service account for facts, and as the sample people for decisions."""

    http: httpx2.AsyncClient
    record: Sessions
    key: str
    desk: SessionDesk
    shelf: PackShelf
    site: str
    cookies: dict[str, str] = field(default_factory=dict)
    gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """Deliver facts; every row must be taken."""
        return self._taken(await self.http.post(path, json=body, headers={"Authorization": f"Bearer {self.key}"}))

    async def start_cycle(self, group: str, year: int, **days: date) -> str:
        """Start a cycle; a second start is answered with the first."""
        body = {"pack": PACK, "group": group, "year": year} | {name: day.isoformat() for name, day in days.items()}
        started: dict[str, Any] = await self.post("/demand-cycles", body)
        return str(started["case_id"])

    async def settle(self, bodies: Sequence[Facts], people: Sequence[Facts]) -> None:
        """Deliver institutions and people, and mark them as sample data; no client may say that of itself."""
        await self.post("/institutions/bulk", {"rows": bodies})
        await self.post("/people/bulk", {"rows": people})
        async with self.record.begin() as session:
            codes, ids = [one["code"] for one in bodies], [one["id"] for one in people]
            await session.execute(update(Institution).where(Institution.code.in_(codes)).values(sample=True))
            await session.execute(update(Person).where(Person.id.in_(ids)).values(sample=True))

    async def import_openings(
        self, person: str, sheet: bytes, rows: int, *, page: str = "/openings", kept: Kept = OpeningTerm
    ) -> dict[str, str]:
        """Look at a sheet of what is under way and confirm it, as its page does; the cases by person.

        What was imported before a cut-off stays: the days of a later start would be others.
        """
        if len(known := await self._imported(kept)) < rows:
            await self._upload(person, page, files={"sheet": ("期初.xlsx", sheet)})
            confirmed = {"sheet": hashlib.sha256(sheet).hexdigest()}
            shown = await self._upload(person, f"{page}/confirm", data=confirmed)
            if len(known := await self._imported(kept)) < rows:
                raise SeedFailed(f"{page}: {len(known)} of {rows}: {shown}")
        return known

    async def _imported(self, kept: Kept) -> dict[str, str]:
        async with self.record() as session:
            rows = await session.execute(select(kept.person, kept.case_id))
            return dict(rows.tuples().all())

    async def _upload(self, person: str, path: str, **body: Any) -> str:
        """A form of the console, with the person's own session."""
        response = await self.http.post(f"{self.site}{path}", headers=await self._signed_in(person), **body)
        if response.is_error:
            raise SeedFailed(f"{path}: {response.status_code} {response.text}")
        return response.text

    async def press(self, person: str, path: str, fields: Mapping[str, str]) -> str:
        """Send a form of the console as the person; the last part of the address to which it leads."""
        same = json.dumps([person, path, fields], sort_keys=True)
        data = {**fields, "request": hashlib.sha256(same.encode()).hexdigest()[:32]}
        response = await self.http.post(f"{self.site}{path}", data=data, headers=await self._signed_in(person))
        if not response.has_redirect_location:
            raise SeedFailed(f"{path}: {response.status_code} {response.text}")
        return response.headers["Location"].rpartition("/")[2]

    async def answer(
        self, person: str, choice: str, *, case: str, task: str = "", form: Facts | None = None, words: str = ""
    ) -> None:
        """One person's answer in a case, once asked; what was answered before a cut-off stays.

        task: the name of the question, where one choice is offered by several.
        """
        named = (TaskRow.name == task,) if task else ()
        async with self.gate:
            if not await self._answered(person, choice, case, *named):
                found = await self._asked(SeatRow.person == person, TaskRow.case_id == case, _offers(choice), *named)
                await self._decide(person, found, choice, form=form, words=words)

    async def answer_on_page(self, person: str, choice: str, *, case: str, form: Facts, scan: str) -> None:
        """The same with a scan, which goes with the form of the page."""
        async with self.gate:
            if not await self._answered(person, choice, case):
                task = await self._asked(SeatRow.person == person, TaskRow.case_id == case, _offers(choice))
                data = {"revision": str(task.revision), "choice": choice, **as_fields(form)}
                files = {"attachment_file": (f"{scan}.pdf", sample_scan(case, choice))}
                await self._upload(person, f"/tasks/{task.id}", data=data, files=files)

    async def answer_for(self, case: str, task_name: str, choice: str, *, words: str) -> None:
        """The same by whoever is asked."""
        async with self.gate:
            if await self._settled(case, task_name):
                return
            task = await self._asked(TaskRow.case_id == case, TaskRow.name == task_name, _offers(choice))
            async with self.record() as session:
                query = select(SeatRow.person).where(SeatRow.task_id == task.id, SeatRow.open).order_by(SeatRow.person)
                person = (await session.scalars(query.limit(1))).one()
            await self._decide(person, task, choice, form=None, words=words)

    async def came_to(self, case: str, stage: str) -> None:
        """Wait until the case stands at a stage."""
        await self._seen(select(CaseFile.id).where(CaseFile.id == case, CaseFile.stage == stage))

    async def beside(self, contract: str, lifecycle: str) -> str:
        """The first case of a kind beside a contract, once it is there."""
        facts = CaseFile.facts["contract"].astext == contract
        query = select(CaseFile.id).where(CaseFile.lifecycle == lifecycle, facts).order_by(CaseFile.id)
        return str(await self._seen(query.limit(1)))

    async def posts(self, cycle: str) -> list[str]:
        """The published posts of a cycle."""
        await self._seen(select(CaseFile.id).where(CaseFile.id == cycle, CaseFile.stage == "post_published"))
        async with self.record() as session:
            return list(await session.scalars(select(Post.id).where(Post.cycle == cycle).order_by(Post.id)))

    async def demand_lines(self, cycle: str) -> list[DemandLine]:
        """What the group has to balance, once all reports are in."""
        await self._seen(select(CaseFile.id).where(CaseFile.id == cycle, CaseFile.stage != "reporting"))
        async with self.record() as session:
            return await approved_lines(session, cycle)

    async def factors(self) -> Sequence[str]:
        """The factors on which the coordinator has to write (DQ-3.1.2d)."""
        return (await self.shelf.current(PACK)).parameters["balancing_factors"].listed

    async def invited(self, cycle: str) -> list[Invited]:
        """The applications of a cycle, once every one of them has asked somebody something."""
        await self._seen(_all_asked(cycle))
        query = select(CaseFile.id, CaseFile.subject).where(
            CaseFile.cycle == cycle, CaseFile.lifecycle == "PostingCase"
        )
        async with self.record() as session:
            return [Invited(case, str(person)) for case, person in await session.execute(query.order_by(CaseFile.id))]

    async def may(self, person: str, choice: str, case: str) -> bool:
        """Whether this choice is, or was, the person's in this case."""
        asked = (select(TaskRow.id).join(SeatRow, SeatRow.task_id == TaskRow.id).where(TaskRow.case_id == case)).where(
            SeatRow.person == person, _offers(choice)
        )
        async with self.record() as session:
            return await session.scalar(asked.limit(1)) is not None

    async def matched(self, cases: Sequence[str]) -> None:
        """Wait until these cases are matched, or further."""
        done = CaseFile.stage.in_(("matched", "submitted_for_filing", "filed"))
        query = select(func.count()).select_from(CaseFile).where(CaseFile.id.in_(cases), done)
        await self._seen(select(query.scalar_subquery() >= len(cases)).where(query.scalar_subquery() >= len(cases)))

    async def _decide(
        self, person: str, task: TaskRow, choice: str, *, form: Mapping[str, Any] | None, words: str
    ) -> None:
        body = {"revision": task.revision, "choice": choice, "words": words, "form": form or {}}
        headers = await self._signed_in(person)
        self._taken(await self.http.post(f"/tasks/{task.id}/decisions", json=body, headers=headers))

    async def _signed_in(self, person: str) -> dict[str, str]:
        if person not in self.cookies:
            self.cookies[person] = await self.desk.open(person)
        return {"Cookie": f"pinyong={self.cookies[person]}", "Sec-Fetch-Site": "same-origin"}

    def _taken(self, response: httpx2.Response) -> Any:
        body = response.json() if response.content else {}
        refused = [row for row in body.get("rows", ()) if row.get("outcome") == "refused"]
        if response.is_error or refused:
            raise SeedFailed(f"{response.request.url.path}: {refused[:3] or body}")
        return body

    async def _answered(self, person: str, choice: str, case: str, *named: ColumnElement[bool]) -> bool:
        decided = select(DecisionRow.request).join(TaskRow, TaskRow.id == DecisionRow.task_id).where(*named)
        query = decided.where(DecisionRow.case_id == case, DecisionRow.person == person, DecisionRow.choice == choice)
        async with self.record() as session:
            return await session.scalar(query.limit(1)) is not None

    async def _settled(self, case: str, task_name: str) -> bool:
        query = select(TaskRow.id).where(
            TaskRow.case_id == case, TaskRow.name == task_name, TaskRow.status == "settled"
        )
        async with self.record() as session:
            return await session.scalar(query.limit(1)) is not None

    async def _asked(self, *facts: ColumnElement[bool]) -> TaskRow:
        query = select(TaskRow).join(SeatRow, SeatRow.task_id == TaskRow.id)
        task: TaskRow = await self._seen(query.where(TaskRow.status == "open", SeatRow.open, *facts).limit(1))
        return task

    async def _seen(self, query: Select[Any]) -> Any:
        """The first row of a query, as soon as there is one."""
        try:
            async with asyncio.timeout(BOUND):
                while True:
                    async with self.record() as session:
                        found = await session.scalar(query)
                    if found is not None:
                        return found
                    await asyncio.sleep(LOOK_AGAIN)
        except TimeoutError as late:
            compiled = query.compile()
            raise SeedFailed(f"{compiled} {compiled.params}") from late


def _offers(choice: str) -> ColumnElement[bool]:
    return TaskRow.choices.contains([choice])


def _all_asked(cycle: str) -> Select[Any]:
    """A row once every application of the cycle has a task."""
    cases = select(CaseFile.id).where(CaseFile.cycle == cycle, CaseFile.lifecycle == "PostingCase")
    silent = cases.where(~select(TaskRow.id).where(TaskRow.case_id == CaseFile.id).exists())
    return select(func.count()).select_from(cases.subquery()).where(~silent.exists()).having(func.count() > 0)


@asynccontextmanager
async def opened_office(settings: Settings) -> AsyncIterator[Office]:
    """An office over a running product; its key is revoked at the end."""
    keyring, clock = Keyring.load(settings.keys_file), SystemClock()
    engine = connect(str(settings.database_url), keyring)
    record = sessions(engine)
    keys = KeyDesk(record, clock=clock)
    issued = await keys.issue("seed", ("cases:start", "facts:write", "roles:write"))
    desk = SessionDesk(record, clock, Places(record, clock))
    async with httpx2.AsyncClient(base_url=f"{settings.base_url}/api/v1", timeout=60) as http:
        try:
            yield Office(http, record, issued.secret, desk, PackShelf(record), settings.base_url)
        finally:
            await keys.revoke(issued.id)
            await engine.dispose()
