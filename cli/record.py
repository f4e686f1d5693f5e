"""The record as commands open it: an outside database, or the one that `pinyong up` runs on this machine."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import typer
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

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
    """Do the work on the record; code 2 and one clear line when the database or the keys file cannot be used."""
    try:
        async with opened(settings) as record:
            return await work(record)
    except BrokenPipeError:
        # Whoever read the output has enough of it; that says nothing of the database.
        raise
    except (OSError, InterfaceError, OperationalError) as away:
        typer.echo(AWAY.filled(why=type(away).__name__).said_in(language_of(settings)), err=True)
        return REFUSED
    except DBAPIError as refusal:
        said = REFUSALS.get(str(getattr(refusal.orig, "sqlstate", None))[:2])
        if said is None:
            raise
        typer.echo(said.said_in(language_of(settings)), err=True)
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
    "无法连接数据库（{why}）。请先运行 pinyong up（数据目录与其一致：--data-dir 或 PINYONG_DATA_DIR），"
    "或设置 PINYONG_DATABASE_URL。",
    "the database cannot be reached ({why}). Start `pinyong up` and name its data folder "
    "(--data-dir or PINYONG_DATA_DIR), or set PINYONG_DATABASE_URL.",
)
NOT_LET_IN = Words(
    "数据库拒绝了登录：该端口上可能是另一套系统的数据库。请核对数据目录和端口，或设置 PINYONG_DATABASE_URL。",
    "the database does not let us in: it may be that of another stack. Check data folder and port, "
    "or set PINYONG_DATABASE_URL.",
)
OTHER_TABLES = Words(
    "数据库结构尚未更新到本版本：请等待 pinyong up 就绪，或运行 pinyong migrate。",
    "the database's tables are not those of this version: wait until `pinyong up` is ready, or run `pinyong migrate`.",
)
# By the class of the SQL state: authorization, no such database, no such table or column.
REFUSALS = {"28": NOT_LET_IN, "3D": NOT_LET_IN, "42": OTHER_TABLES}
