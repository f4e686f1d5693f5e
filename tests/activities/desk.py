"""A mail server with moods, and rows of the record as a commit would have left them."""

import asyncio
import email
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd import smtp
from aiosmtpd.smtp import Envelope, Session
from sqlalchemy import select
from temporalio.testing import ActivityEnvironment

from activities.engine.bell import CourierBell
from activities.engine.correspondence import Secretary
from activities.engine.courier import Courier, Pace
from activities.engine.post import DECIDE
from activities.engine.upkeep import Sent
from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.clock import Clock
from db.engine.opening import NewCase, open_case
from db.engine.packs import PackShelf
from db.engine.post import LetterRow
from db.engine.tasks import SeatRow, TaskRow
from mail.links import token
from mail.post_office import PostOffice
from policies.engine.pack import Pack
from tests.conftest import MONDAY
from vault.keyring import Keyring, Purpose

BASE_URL = "http://pinyong.test"
FROM = "notice@pinyong.test"
CASE, TASK = "enquiry.1", "enquiry.1.t1"


@dataclass
class Town:
    """What a mail server took, and how it answers whom."""

    taken: list[tuple[str, EmailMessage]] = field(default_factory=list)
    moods: dict[str, str] = field(default_factory=dict)
    sessions: set[int] = field(default_factory=set)
    port: int = 0

    async def handle_RCPT(  # noqa: N802
        self, server: smtp.SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.sessions.add(id(session))
        if mood := self.moods.get(address):
            return mood
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: smtp.SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        message = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.taken.append((envelope.rcpt_tos[0], message))
        return "250 OK"

    @property
    def addresses(self) -> list[str]:
        return [address for address, _ in self.taken]

    def text(self, number: int = -1) -> str:
        part = self.taken[number][1].get_body(("plain",))
        assert part is not None
        content: str = part.get_content()
        return content.replace("\r\n", "\n")


@asynccontextmanager
async def a_town() -> AsyncIterator[Town]:
    town = Town()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: smtp.SMTP(town, loop=loop), "127.0.0.1", 0)
    town.port = server.sockets[0].getsockname()[1]
    try:
        yield town
    finally:
        server.close()
        await server.wait_closed()


def a_courier(
    record: Sessions,
    keyring: Keyring,
    port: int,
    *,
    clock: Clock,
    pace: Pace | None = None,
    bell: CourierBell | None = None,
) -> Courier:
    return Courier(
        record,
        PackShelf(record),
        secretary=Secretary(keyring, base_url=BASE_URL),
        office=PostOffice("127.0.0.1", port, FROM, timeout=timedelta(seconds=5)),
        clock=clock,
        pace=pace or Pace(None),
        bell=bell,
    )


async def sent_by(courier: Courier) -> Sent:
    sent: Sent = await ActivityEnvironment().run(courier.send_letters)
    return sent


async def ask_head(record: Sessions, pack: Pack, *, name: str = "sending_review", person: str = "p-h1-head") -> None:
    """An open case with one open task of the first county hospital's head."""
    facts = {"group": "dq-jt1", "sending": "dq-h1", "person": "p-doctor"}
    new = NewCase(CASE, "Enquiry", pack, (name,), facts, institution="dq-h1", subject="p-doctor")
    step = pack.tasks[name].steps[0]
    async with record.begin() as session:
        await open_case(session, new, at=MONDAY)
        await session.flush()
        session.add(
            TaskRow(
                id=TASK,
                case_id=CASE,
                key="review/1",
                name=name,
                status="open",
                step=0,
                step_name=step.name,
                role=step.role,
                institution="dq-h1",
                revision=1,
                choices=list(step.choices),
                refs={},
                opened_at=MONDAY,
                due_at=MONDAY + timedelta(days=4, hours=15),
                due_basis="official",
            )
        )
        await session.flush()
        session.add(
            SeatRow(
                task_id=TASK, person=person, revision=1, role=step.role, institution="dq-h1", why="holder", open=True
            )
        )


async def write_letter(
    record: Sessions, keyring: Keyring, letter: str, *, at: datetime = MONDAY, link: bool = True, **more: Any
) -> None:
    """A waiting letter, by default to the head about the open task."""
    values: dict[str, Any] = {
        "case_id": CASE,
        "task_id": TASK,
        "person": "p-h1-head",
        "kind": "task",
        "revision": 1,
        "details": {},
    }
    key = keyring.current(Purpose.LINK).id if link else ""
    async with record.begin() as session:
        session.add(LetterRow(id=letter, link_key=key, created_at=at, not_before=at, **(values | more)))


def link_of(keyring: Keyring, letter: str, *, person: str = "p-h1-head") -> str:
    key = keyring.current(Purpose.LINK)
    return f"{BASE_URL}/d/{token(key, task=TASK, person=person, revision=1, purpose=DECIDE, letter=letter)}"


async def rows(record: Sessions) -> dict[str, LetterRow]:
    async with record() as session:
        return {row.id: row for row in await session.scalars(select(LetterRow))}


async def case_of(record: Sessions, case_id: str = CASE) -> CaseFile:
    async with record() as session:
        return await session.get_one(CaseFile, case_id)
