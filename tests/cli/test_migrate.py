"""`pinyong migrate`: the keys of an installation are made once, before anything is sealed, and never again."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from cli.migrate import app
from db import migrate
from db.engine.base import Sessions
from db.engine.opening import NewCase, open_case
from db.engine.seals import Unsealed
from db.proof import verify
from policies.engine.pack import Pack
from tests.builders.county import settle_county
from tests.conftest import MONDAY
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


async def test_cases_from_before_the_register_of_seals_wait_for_their_first_seal(
    database_url: str, record: Sessions, keyring: Keyring, dq_a: Pack
) -> None:
    async with record.begin() as session:
        await open_case(session, NewCase("cycle.x.2026", "DemandCycle", dq_a, (), {}), at=MONDAY)
    await asyncio.to_thread(migrate.downgrade, database_url, "0003")
    await asyncio.to_thread(migrate.upgrade, database_url)
    await asyncio.to_thread(migrate.check, database_url)

    async with record() as session:
        assert list(await session.scalars(select(Unsealed.case_id))) == ["cycle.x.2026"]
    async with record() as session:
        assert [damage async for damage in verify(session, keyring)] == []
