"""Alembic's entry: brings the record named by PINYONG_DATABASE_URL, or by the caller, to a revision."""

import asyncio
import os
from typing import Literal

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from db.tables import METADATA
from vault.columns import Sealed


def plain(kind: str, column: object, _context: object) -> str | Literal[False]:
    """A sealed column is bytes to the database; a migration must not depend on how they are sealed."""
    return "sa.LargeBinary()" if kind == "type" and isinstance(column, Sealed) else False


def migrate(connection: Connection) -> None:
    """Run on an open connection; a table that is in use is waited for 10 s, not for ever."""
    connection.exec_driver_sql("SET lock_timeout = '10s'")
    context.configure(connection=connection, target_metadata=METADATA, compare_type=True, render_item=plain)
    with context.begin_transaction():
        context.run_migrations()


async def online(url: str) -> None:
    """Open a connection of our own."""
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        await connection.run_sync(migrate)
        await connection.commit()
    await engine.dispose()


asyncio.run(online(context.config.get_main_option("sqlalchemy.url") or os.environ["PINYONG_DATABASE_URL"]))
