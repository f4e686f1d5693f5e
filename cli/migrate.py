"""`pinyong migrate`: bring the database's tables up to date, and make the keys of an installation that has none yet."""

import asyncio

import typer

from cli.console import REFUSED, Console, settings_given

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def migrate() -> None:
    """更新数据库结构，首次使用时生成密钥 / Bring PINYONG_DATABASE_URL up to date; make the first keys."""
    from sqlalchemy.exc import DBAPIError

    from db.migrate import holds_people, upgrade
    from vault.keyring import Keyring, KeysFileUnusable

    settings = settings_given()
    console = Console(settings.language)
    if settings.database_url is None:
        raise console.refuse("no_database")
    try:
        # New keys beside an old record would open nothing that is in it, and seal what the old ones cannot open.
        keys_of = Keyring.load if asyncio.run(holds_people(settings.database_url)) else Keyring.load_or_create
        keys_of(settings.keys_file)
    except KeysFileUnusable as unusable:
        typer.echo(str(unusable), err=True)
        raise typer.Exit(REFUSED) from None
    except (OSError, DBAPIError) as away:
        raise console.refuse("database_away", why=type(away).__name__) from None
    upgrade(settings.database_url)
