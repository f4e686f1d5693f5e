"""`pinyong migrate`: bring the database's tables up to date."""

import typer

from cli.console import Console, settings_given

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def migrate() -> None:
    """更新数据库结构 / Bring the database (PINYONG_DATABASE_URL) up to date."""
    from db.migrate import upgrade

    settings = settings_given()
    if settings.database_url is None:
        raise Console(settings.language).refuse("no_database")
    upgrade(settings.database_url)
