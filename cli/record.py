"""The record as commands open it: an outside database, or the one that `pinyong up` runs on this machine."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import typer
from sqlalchemy.exc import InterfaceError, OperationalError

from cli.console import REFUSED
from db.engine.base import Sessions, connect, sessions
from policies.engine.words import Language, Words
from settings import Settings
from vault.keyring import Keyring, KeysFileUnusable


@dataclass(frozen=True)
class Record:
    """Sessions and the keys that open what is sealed."""

    sessions: Sessions
    keyring: Keyring


def language_of(settings: Settings) -> Language:
    """The language of the command's sentences."""
    return "en" if settings.language == "en" else "zh"


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Record]:
    """The record for one command."""
    keyring = Keyring.load(settings.keys_file)
    engine = connect(_url(settings), keyring, pool=1)
    try:
        yield Record(sessions(engine), keyring)
    finally:
        await engine.dispose()


async def reached(settings: Settings, work: Callable[[Record], Awaitable[int]]) -> int:
    """Do the work on the record; code 2 and one clear line when the database is away or the keys file is missing."""
    try:
        async with opened(settings) as record:
            return await work(record)
    except (OSError, InterfaceError, OperationalError) as away:
        typer.echo(AWAY.filled(why=type(away).__name__).said_in(language_of(settings)), err=True)
        return REFUSED
    except KeysFileUnusable as unusable:
        typer.echo(str(unusable), err=True)
        return REFUSED


def _url(settings: Settings) -> str:
    if settings.database_url is not None:
        return settings.database_url
    from stack.postgres import PostgresServer

    return PostgresServer(settings.data_dir, settings.postgres_port, bin_dir=settings.postgres_bin).url


AWAY = Words(
    "无法连接数据库({why})。请先运行 pinyong up(端口与其一致:PINYONG_POSTGRES_PORT),或设置 PINYONG_DATABASE_URL。",
    "the database cannot be reached ({why}). Start `pinyong up` (with the same PINYONG_POSTGRES_PORT), "
    "or set PINYONG_DATABASE_URL.",
)
