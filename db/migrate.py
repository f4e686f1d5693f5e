"""Bringing a database to the present tables."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import inspect, text
from sqlalchemy.ext.asyncio import create_async_engine

HERE = Path(__file__).parent


def configuration(url: str) -> Config:
    """Alembic's configuration for one database, independent of the working directory."""
    config = Config()
    config.set_main_option("script_location", str(HERE / "migrations"))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def upgrade(url: str) -> None:
    """Apply every migration that the database lacks."""
    command.upgrade(configuration(url), "head")


async def holds_people(url: str) -> bool:
    """Whether anybody is registered; everything that is sealed belongs to somebody."""
    engine = create_async_engine(url, hide_parameters=True)
    try:
        async with engine.connect() as connection:
            made = await connection.run_sync(lambda plain: inspect(plain).has_table("person"))
            return made and await connection.scalar(text("SELECT EXISTS (SELECT FROM person)")) is True
    finally:
        await engine.dispose()


def check(url: str) -> None:
    """Raise alembic's CommandError when tables and code differ."""
    command.check(configuration(url))


def downgrade(url: str, revision: str) -> None:
    """Go back to a revision; "base" is the empty database."""
    command.downgrade(configuration(url), revision)


def draft(url: str, message: str, *, number: str) -> None:
    """Write a migration for what the code has and the database lacks; read it before you commit it."""
    command.revision(configuration(url), message=message, autogenerate=True, rev_id=number)
