"""Bringing a database to the present tables."""

from pathlib import Path

from alembic import command
from alembic.config import Config

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


def check(url: str) -> None:
    """Raise alembic's CommandError when tables and code differ."""
    command.check(configuration(url))


def downgrade(url: str, revision: str) -> None:
    """Go back to a revision; "base" is the empty database."""
    command.downgrade(configuration(url), revision)


def draft(url: str, message: str, *, number: str) -> None:
    """Write a migration for what the code has and the database lacks; read it before you commit it."""
    command.revision(configuration(url), message=message, autogenerate=True, rev_id=number)
