"""A command in a second shell finds the stack that runs on the data folder, and says so plainly when none does."""

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.admin import app
from cli.running import NAME, left_while_running, settings_of_the_stack
from settings import PREFIX, read_settings
from stack.ports import free_port
from stack.postgres import PostgresServer
from tests.cli.conftest import Run
from vault.keyring import Keyring

OUTSIDE = "postgresql+asyncpg://pinyong:geheim@db.example:5432/pinyong"


@pytest.fixture(autouse=True)
def _silent(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[PostgresServer]:
    server = PostgresServer(tmp_path / "its", free_port(), fast=True)
    await server.start()
    yield server
    await server.stop()


def keys_listed(folder: Path, **named: str) -> tuple[int, list[str]]:
    result = CliRunner().invoke(app, ["keys", "--data-dir", str(folder)], env={"PINYONG_LANGUAGE": "en"} | named)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.output.splitlines()


def stopped_process() -> int:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return ended.pid


def cut_off(folder: Path, **flags: object) -> None:
    """Leave what a stack leaves that was killed."""
    with left_while_running(read_settings(data_dir=folder, **flags)):
        kept = (folder / NAME).read_text(encoding="utf-8")
    (folder / NAME).write_text(kept.replace(str(os.getpid()), str(stopped_process())), encoding="utf-8")


def test_ports_given_by_flag_are_found_by_the_folder(tmp_path: Path) -> None:
    with left_while_running(read_settings(data_dir=tmp_path, web_port=18003, postgres_port=18004)):
        found = settings_of_the_stack(tmp_path)
        assert (tmp_path / NAME).stat().st_mode & 0o777 == 0o600
    assert found.postgres_port == 18004
    assert found.base_url == "http://127.0.0.1:18003"
    assert not (tmp_path / NAME).exists()


def test_the_environment_wins_over_the_running_stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PINYONG_WEB_PORT", "18009")
    monkeypatch.setenv("PINYONG_DATA_DIR", str(tmp_path))
    with left_while_running(read_settings(data_dir=tmp_path, web_port=18003, postgres_port=18004)):
        found = settings_of_the_stack(None)
    assert found.postgres_port == 18004
    assert found.base_url == "http://127.0.0.1:18009"


def test_a_named_port_of_the_embedded_database_wins_over_an_outside_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PINYONG_POSTGRES_PORT", "18009")
    with left_while_running(read_settings(data_dir=tmp_path, database_url=OUTSIDE)):
        found = settings_of_the_stack(tmp_path)
    assert found.database_url is None
    assert found.postgres_port == 18009


@pytest.mark.parametrize("url", [OUTSIDE, OUTSIDE.replace(":geheim", "") + "?password=geheim"])
def test_no_password_is_left_and_its_lack_is_one_line(tmp_path: Path, url: str) -> None:
    with left_while_running(read_settings(data_dir=tmp_path, database_url=url, smtp_password="geheim")):
        assert "geheim" not in (tmp_path / NAME).read_text(encoding="utf-8")
        code, (line,) = keys_listed(tmp_path)
    assert code == 2
    assert "PINYONG_DATABASE_URL" in line


def test_an_outside_database_without_a_password_is_found(tmp_path: Path) -> None:
    with left_while_running(read_settings(data_dir=tmp_path, database_url=OUTSIDE.replace(":geheim", ""))):
        assert settings_of_the_stack(tmp_path).database_url == OUTSIDE.replace(":geheim", "")


def test_a_stack_that_was_killed_is_one_line(tmp_path: Path) -> None:
    cut_off(tmp_path, postgres_port=18004)
    code, (line,) = keys_listed(tmp_path)
    assert code == 2
    assert re.search(r"process \d+", line)
    assert "pinyong up" in line


async def test_a_named_database_needs_no_running_stack(tmp_path: Path, run: Run) -> None:
    cut_off(tmp_path, postgres_port=18004)
    result = await run(app, "keys", "--data-dir", str(tmp_path))
    assert result.exit_code == 0, result.output


def test_a_folder_in_which_nothing_ever_ran_is_one_line(tmp_path: Path) -> None:
    code, (line,) = keys_listed(tmp_path)
    assert code == 2
    assert "--data-dir" in line


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"process": 1, "settings": {"no_such": 1}}'])
def test_a_file_that_says_nothing_is_as_none(tmp_path: Path, content: str) -> None:
    (tmp_path / NAME).write_text(content, encoding="utf-8")
    (tmp_path / "postgres").mkdir()
    assert settings_of_the_stack(tmp_path).postgres_port == 54329


async def test_the_database_of_another_stack_is_one_line(database: PostgresServer, tmp_path: Path) -> None:
    Keyring.load_or_create(tmp_path / "keys.toml")
    code, (line,) = await asyncio.to_thread(keys_listed, tmp_path, PINYONG_POSTGRES_PORT=str(database.port))
    assert code == 2
    assert "does not let us in" in line


async def test_a_database_without_tables_is_one_line(database: PostgresServer) -> None:
    Keyring.load_or_create(database.data_dir / "keys.toml")
    code, (line,) = await asyncio.to_thread(keys_listed, database.data_dir, PINYONG_POSTGRES_PORT=str(database.port))
    assert code == 2
    assert "tables" in line
