"""What the steps before many tests leave behind: taken once in a run, put back where they begin from the same record.

The record is copied row by row, and its open cases go on from it alone, as they do when Temporal has lost them. So a
test begins from what people would have left after the same minutes of clicks, in a tenth of the time.
"""

import io
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any, TypeVar

from asyncpg import Connection
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.engine.base import engine_of
from db.engine.cases import CaseFile
from db.engine.tasks import InboxRow
from db.tables import METADATA

if TYPE_CHECKING:
    from tests.workflows.office import Office

Found = TypeVar("Found")
TABLES = sorted(METADATA.tables)
_OF_ONE = "SELECT '{0}' AS name, md5(string_agg(md5(x::text), '' ORDER BY md5(x::text))) AS print FROM {0} x"
PRINTS = text(" UNION ALL ".join(_OF_ONE.format(table) for table in TABLES))
SEQUENCES = text("SELECT sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL")
# A busy machine may open an office more slowly than it took the steps; nothing falls due within minutes.
LATE = timedelta(minutes=5)
GOING = select(CaseFile.id).where(CaseFile.state != "closed").order_by(CaseFile.started_at)


@dataclass(frozen=True)
class Scene:
    """What steps have found, the tables that they changed as they left them, the instant and the next request."""

    found: Any
    tables: Mapping[str, bytes]
    sequences: Mapping[str, int]
    at: datetime
    request: int


class Memory:
    """The scenes of one run of the tests."""

    def __init__(self) -> None:
        self._scenes: dict[tuple[str, str], Scene] = {}

    async def recall(self, office: "Office", what: str, steps: Callable[[], Awaitable[Found]]) -> Found:
        """What the steps find, which are taken only where their scene is not known or its instant has passed."""
        before = await prints(office)
        # In the order of their names: the server answers a union in any.
        key = (what, repr(sorted(before.items())))
        scene = self._scenes.get(key)
        if scene is not None and await office.env.get_current_time() <= scene.at + LATE:
            await _put_back(office, scene)
            found: Found = scene.found
            return found
        found = await steps()
        self._scenes[key] = await _taken(office, found, before)
        return found


async def prints(office: "Office") -> Mapping[str, str | None]:
    """What stands in each table, in short."""
    async with engine_of(office.record).connect() as connection:
        return {row.name: row.print for row in await connection.execute(PRINTS)}


async def _taken(office: "Office", found: object, before: Mapping[str, str | None]) -> Scene:
    await _rests(office)
    changed = [table for table, print_ in (await prints(office)).items() if before[table] != print_]
    async with engine_of(office.record).connect() as connection:
        tables = {table: await _copied(await _driver(connection), table) for table in changed}
        sequences = {row.sequencename: row.last_value for row in await connection.execute(SEQUENCES)}
    at, request = await office.env.get_current_time(), next(office.requests)
    office.requests = count(request)
    return Scene(found, tables, sequences, at, request)


async def _copied(connection: "Connection[Any]", table: str) -> bytes:
    rows = io.BytesIO()
    await connection.copy_from_table(table, output=rows, format="binary")
    return rows.getvalue()


async def _put_back(office: "Office", scene: Scene) -> None:
    for case in await office.rows(GOING):
        await office.workflow(case).terminate()
    async with engine_of(office.record).begin() as connection:
        # Rows come back as they were: nothing is to be checked, stamped or refused on their way.
        await connection.execute(text("SET LOCAL session_replication_role = replica"))
        driver = await _driver(connection)
        for table, rows in scene.tables.items():
            await connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608  # our own tables
            await driver.copy_to_table(table, source=io.BytesIO(rows), format="binary")
        for name, number in scene.sequences.items():
            await connection.execute(select(func.setval(name, number)))
    with office.env.auto_time_skipping_disabled():
        await office.env.sleep(max(scene.at - await office.env.get_current_time(), timedelta()))
    await office.tell_time()
    office.requests = count(scene.request)
    for case in await office.rows(GOING):
        assert await office.delivery.rebuild(case)
    await _rests(office)


async def _rests(office: "Office") -> None:
    """Waits until every case has done and written what it could."""
    waiting = select(func.count()).select_from(InboxRow).where(InboxRow.state == "pending")
    await office.seen(waiting.having(func.count() == 0))
    for case in await office.rows(GOING):
        await office.would_go_on(case)


async def _driver(connection: AsyncConnection) -> "Connection[Any]":
    driver: Connection[Any] | None = (await connection.get_raw_connection()).driver_connection
    assert driver is not None
    return driver
