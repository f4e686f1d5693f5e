"""The metadata, the engine and the sessions of the record."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, TypeVarTuple

import sqlalchemy
from sqlalchemy import DateTime, MetaData, Text, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine.interfaces import AdaptedConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.sql.selectable import TypedReturnsRows

from vault.columns import give_keys
from vault.keyring import Keyring

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

Sessions = async_sessionmaker[AsyncSession]
Columns = TypeVarTuple("Columns")


class Row(DeclarativeBase):
    """One table. Instants are UTC, texts are unbounded, objects are JSONB."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text,
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
        dict[str, str]: JSONB,
        Mapping[str, str]: JSONB,
        list[str]: JSONB,
    }


# Seconds. A server that hangs is as away as one that was killed; no statement of ours takes a tenth of this.
PATIENCE = {"timeout": 5, "command_timeout": 20}


def connect(url: str, keyring: Keyring, *, pool: int = 10) -> AsyncEngine:
    """An engine for the record whose sealed columns open with these keys."""
    # The connection that was used last comes first: it has its statements prepared and planned.
    lately = {"pool_size": pool, "max_overflow": pool, "pool_use_lifo": True}
    engine = create_async_engine(url, hide_parameters=True, connect_args=PATIENCE, **lately)
    give_keys(engine.dialect, keyring)
    event.listen(engine.sync_engine.pool, "checkout", _refuse_closed)
    return engine


def _refuse_closed(adapted: AdaptedConnection, *_of_the_pool: object) -> None:
    """Raise DisconnectionError for a connection that was lost while it lay in the pool, which then connects anew.

    The driver knows that by itself; asking the server before each transaction would cost a round trip.
    """
    if adapted.driver_connection.is_closed():
        raise DisconnectionError


def sessions(engine: AsyncEngine) -> Sessions:
    """Sessions whose objects stay readable after the commit."""
    return async_sessionmaker(engine, expire_on_commit=False)


def engine_of(record: Sessions) -> AsyncEngine:
    """The engine under the sessions."""
    engine: AsyncEngine = record.kw["bind"]
    return engine


def at_once(record: Sessions) -> Sessions:
    """The same record without transactions: each query, and each single write, stands for itself at once.

    Beginning and ending a transaction are two round trips more, which for one query cost as much as the query.
    """
    return async_sessionmaker(engine_of(record).execution_options(isolation_level="AUTOCOMMIT"), expire_on_commit=False)


class Straight:
    """The same record without sessions: a statement stands for itself at once and gives plain values.

    For the few statements that every click runs. A session with its objects takes three times as long as the query
    that it makes, so such a statement is a constant of its module, with a bindparam for each value.
    """

    def __init__(self, record: Sessions) -> None:
        """Over the same pool as the sessions."""
        self._engine = engine_of(record).execution_options(isolation_level="AUTOCOMMIT")

    async def rows(
        self, statement: TypedReturnsRows[*Columns], /, **values: object
    ) -> Sequence[sqlalchemy.Row[*Columns]]:
        """All rows of a SELECT, or of a write that returns some."""
        async with self._engine.connect() as connection:
            return (await connection.execute(statement, values)).all()
