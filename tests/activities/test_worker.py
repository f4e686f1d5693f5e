"""The worker as a process: it waits for its parts, sends letters, ends when asked, and refuses a changed pack."""

import os
import signal
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from db.engine.base import Sessions, connect, sessions
from db.engine.cases import PackVersion
from policies.engine.pack import Pack
from stack.child import Child, Command, holds
from stack.temporal import TemporalServer
from tests.activities.desk import a_town, ask_head, write_letter
from tests.builders.county import settle_county
from tests.conftest import MONDAY
from vault.keyring import Keyring

ROOT = Path(__file__).parents[2]


def a_worker(folder: Path, url: str, temporal: TemporalServer, port: int, *, program: str = "worker.py") -> Child:
    given = {
        "PINYONG_DATA_DIR": str(folder),
        "PINYONG_DATABASE_URL": url,
        "PINYONG_TEMPORAL_ADDRESS": temporal.address,
        "PINYONG_SMTP_HOST": "127.0.0.1",
        "PINYONG_SMTP_PORT": str(port),
        "PYTHONUNBUFFERED": "1",
    }
    others = {name: value for name, value in os.environ.items() if not name.startswith("PINYONG_")}
    return Child(Command((sys.executable, program), environment=others | given, cwd=ROOT), folder / "worker.log")


async def test_the_worker_stores_the_packs_sends_what_waits_and_ends_when_asked(
    tmp_path: Path, database_url: str, temporal: TemporalServer, dq_a: Pack
) -> None:
    keyring = Keyring.create(tmp_path / "keys.toml")
    engine = connect(database_url, keyring)
    record = sessions(engine)
    async with a_town() as town:
        worker = a_worker(tmp_path, database_url, temporal, town.port)
        assert await holds(lambda: stored(record), within=30)
        await settle_county(record)
        await ask_head(record, dq_a)
        await write_letter(record, keyring, "enquiry.1.1.l0")

        async def taken() -> bool:
            return bool(town.taken)

        assert await holds(taken, within=30)
        os.kill(worker.pid, signal.SIGTERM)
        await worker.stop(within=15)
    log = (tmp_path / "worker.log").read_text()
    assert worker.exit_code == 0
    assert '"event": "ready"' in log
    assert "陆永康" not in log
    assert "deqing.test" not in log
    await engine.dispose()


async def test_a_pack_that_was_changed_without_a_new_version_stops_the_worker_with_one_line(
    tmp_path: Path, database_url: str, temporal: TemporalServer, record: Sessions, dq_a: Pack
) -> None:
    async with record.begin() as session:
        session.add(PackVersion(id=dq_a.id, version=dq_a.version, sha256="another", text="another", loaded_at=MONDAY))
    Keyring.create(tmp_path / "keys.toml")
    worker = a_worker(tmp_path, database_url, temporal, 1)

    assert await holds(lambda: ended(worker), within=30)
    assert worker.exit_code == 2
    (line,) = (tmp_path / "worker.log").read_text().splitlines()
    assert line.startswith("dq-a.toml: 规则内容已改而版本号未改")


@pytest.mark.parametrize("program", ["worker.py", "web.py"])
async def test_without_its_keys_a_process_ends_with_one_line_and_makes_none(
    tmp_path: Path, database_url: str, temporal: TemporalServer, program: str
) -> None:
    process = a_worker(tmp_path, database_url, temporal, 1, program=program)

    assert await holds(lambda: ended(process), within=30)
    assert process.exit_code == 2
    (line,) = (tmp_path / "worker.log").read_text().splitlines()
    assert line.startswith("密钥文件缺失")
    assert not (tmp_path / "keys.toml").exists()


async def ended(worker: Child) -> bool:
    return worker.exit_code is not None


async def stored(record: Sessions) -> bool:
    async with record() as session:
        return await session.scalar(select(PackVersion.id)) is not None
