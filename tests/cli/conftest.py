import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from vault.keyring import Keyring

# Runs a command group on the record of the test, in English unless told otherwise.
Run = Callable[..., Awaitable[Result]]


@pytest.fixture
def run(database_url: str, keyring: Keyring, tmp_path: Path) -> Run:
    keys = tmp_path / "keys.toml"
    keyring.save(keys)

    async def command(app: typer.Typer, *arguments: str, language: str = "en") -> Result:
        environment = {
            "PINYONG_DATABASE_URL": database_url,
            "PINYONG_KEYS_FILE": str(keys),
            "PINYONG_LANGUAGE": language,
        }
        # A command has an event loop of its own.
        return await asyncio.to_thread(lambda: CliRunner().invoke(app, arguments, env=environment))

    return command
