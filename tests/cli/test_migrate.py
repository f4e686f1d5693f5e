"""`pinyong migrate`: the keys of an installation are made once, before anything is sealed, and never again."""

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.migrate import app
from db.engine.base import Sessions
from tests.builders.county import settle_county
from vault.keyring import Keyring


@pytest.fixture
def environment(database_url: str, tmp_path: Path) -> dict[str, str]:
    return {"PINYONG_DATABASE_URL": database_url, "PINYONG_KEYS_FILE": str(tmp_path / "keys.toml")}


def test_the_first_keys_are_made_with_the_tables_and_stay(environment: dict[str, str], tmp_path: Path) -> None:
    assert CliRunner().invoke(app, env=environment).exit_code == 0
    made = Keyring.load(tmp_path / "keys.toml")

    assert CliRunner().invoke(app, env=environment).exit_code == 0
    assert Keyring.load(tmp_path / "keys.toml") == made


async def test_beside_a_record_with_people_lost_keys_are_said_and_not_replaced(
    environment: dict[str, str], record: Sessions, tmp_path: Path
) -> None:
    await settle_county(record)

    refused = await asyncio.to_thread(lambda: CliRunner().invoke(app, env=environment))

    assert refused.exit_code == 2
    (line,) = refused.stderr.splitlines()
    assert str(tmp_path / "keys.toml") in line
    assert "restore it from the backup" in line
    assert not (tmp_path / "keys.toml").exists()
