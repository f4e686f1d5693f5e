"""One rehearsal from an empty database to its report."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from db import migrate
from db.engine.base import Sessions, connect, sessions
from db.engine.pack_files import read_pack, read_packs
from db.engine.packs import PackShelf, shelve
from policies.engine.calendar import WorkingCalendar
from policies.engine.pack import Pack
from rehearsal.breaches import breaches
from rehearsal.browser import Browser
from rehearsal.clock import RehearsalClock
from rehearsal.play import Play
from rehearsal.plays import OPENS
from rehearsal.records import Records, read_records
from rehearsal.report import Report, report_of
from rehearsal.script import Script, Tell
from rehearsal.stage import opened_stage
from rehearsal.visitors import Visitors
from services.engine.keys import KeyDesk
from stack.ports import free_port
from stack.postgres import PostgresServer
from vault.keyring import Keyring
from worker import PACKS

SCOPES = ("cases:start", "facts:write", "roles:write", "people:read")


def pack_of(programme: str) -> Pack:
    """The rules of a programme as they stand."""
    return read_pack(PACKS / f"{programme}.toml")


@dataclass(frozen=True)
class Rehearsed:
    """What is left of a rehearsal: its script, everything that stood in the record, and what was made of it."""

    play: Play
    records: Records
    calendar: WorkingCalendar
    report: Report


async def rehearse(record: Sessions, keyring: Keyring, pack: Pack, play: Play, *, tell: Tell) -> Rehearsed:
    """Play what a programme's script says over an empty, migrated record."""
    clock = RehearsalClock(OPENS)
    async with record.begin() as session:
        for one in read_packs(PACKS):
            await shelve(session, one, clock)
    key = (await KeyDesk(record, clock=clock).issue("rehearsal", SCOPES)).secret
    async with opened_stage(record, keyring, shelf=PackShelf(record), clock=clock) as stage:
        browser = Browser(stage.address)
        script = Script(stage, play, tell)
        script.visitors = Visitors(browser, key, mail=script.sign_in_link)
        await play.settle(script.visitors)
        await script.play()
        await browser.close()
        calendar = await stage.almanac.calendar()
        records = await read_records(record, keyring, stage.postbox.letters())
    found = breaches(records, pack, calendar, play)
    return Rehearsed(play, records, calendar, report_of(records, pack, calendar, play, breaches=found))


async def rehearse_alone(pack: Pack, play: Play, *, tell: Tell) -> Rehearsed:
    """The same over a PostgreSQL of its own, of which nothing stays."""
    async with _database() as (record, keyring):
        return await rehearse(record, keyring, pack, play, tell=tell)


def _folder() -> Path:
    shared = Path("/dev/shm")  # noqa: S108  # memory, not a shared temporary folder; the name inside is random
    folder = Path(tempfile.mkdtemp(prefix="pinyong-rehearsal-", dir=shared if shared.is_dir() else None))
    # The database may run as another user, who must be let through.
    folder.chmod(0o711)
    return folder


@asynccontextmanager
async def _database() -> AsyncIterator[tuple[Sessions, Keyring]]:
    folder = _folder()
    server = PostgresServer(folder, free_port(), fast=True)
    try:
        await server.start()
        await asyncio.to_thread(migrate.upgrade, server.url)
        keyring = Keyring.create(folder / "keys.toml")
        engine = connect(server.url, keyring)
        yield sessions(engine), keyring
        await engine.dispose()
    finally:
        await server.stop()
        shutil.rmtree(folder, ignore_errors=True)
