"""What a running stack leaves in its data folder, so that a command in a second shell finds the same ports.

The file holds no password: that of the embedded database lies beside it in a file of its own, and an outside database
or mail server is named without one.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import URL, make_url

from cli.console import Console, settings_given
from settings import Settings

DataDir = Annotated[Path | None, typer.Option("--data-dir", help="数据目录 / data folder")]
NAME = "running.json"
# Where a command looks is not for the file to say, and a password is not for it to keep.
NEVER_LEFT = frozenset({"data_dir", "smtp_password"})
# Who names one of these says where the database is; whether a stack runs on the folder is then all the same.
NAMES_THE_DATABASE = frozenset({"database_url", "postgres_port"})


@dataclass(frozen=True)
class Left:
    """What was left: the process that runs the stack, its settings, and whether a password was left out of them."""

    process: int
    settings: dict[str, object]
    password_left_out: bool

    @property
    def runs(self) -> bool:
        """Whether the process lives."""
        try:
            os.kill(self.process, 0)
        except ProcessLookupError:
            return False
        except PermissionError:  # somebody else's
            return True
        return True


@contextmanager
def left_while_running(settings: Settings) -> Iterator[None]:
    """Leave the settings in the data folder (mode 0600) until the block ends."""
    path = settings.data_dir / NAME
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(_content(settings), ensure_ascii=False, indent=1), encoding="utf-8")
    fresh.replace(path)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def settings_of_the_stack(data_dir: Path | None) -> Settings:
    """The environment's settings, and where it is silent those of the stack that runs on the data folder.

    Ends the command with code 2 and one line where no stack was ever there, where it was cut off, or where its password
    is not known.
    """
    given = settings_given(data_dir=data_dir)
    left, console = _left_in(given.data_dir), Console(given.language)
    database_is_named = bool(NAMES_THE_DATABASE & given.model_fields_set)
    if left is None:
        if not database_is_named and not (given.data_dir / "postgres").exists():
            raise console.refuse("no_stack", folder=given.data_dir)
        return given
    if not left.runs:
        if database_is_named:
            return given
        raise console.refuse("stack_stopped", folder=given.data_dir, process=left.process)
    if left.password_left_out and not database_is_named:
        raise console.refuse("password_not_left", folder=given.data_dir)
    silent = {name: value for name, value in left.settings.items() if name not in given.model_fields_set}
    if database_is_named:
        silent.pop("database_url", None)
    return settings_given(data_dir=given.data_dir, **silent)


def _content(settings: Settings) -> dict[str, object]:
    """Only what was set: a default may follow another setting that the second shell gives itself."""
    told = settings.model_dump(mode="json", include=set(settings.model_fields_set - NEVER_LEFT))
    url = make_url(settings.database_url) if settings.database_url else None
    if url is not None:
        told["database_url"] = _without_password(url)
    return {"process": os.getpid(), "settings": told, "password_left_out": url is not None and _has_password(url)}


def _has_password(url: URL) -> bool:
    return bool(url.password) or "password" in url.query


def _without_password(url: URL) -> str:
    query = {name: value for name, value in url.query.items() if name != "password"}
    bare = URL.create(url.drivername, url.username, None, url.host, url.port, url.database, query)
    return bare.render_as_string(hide_password=False)


def _left_in(folder: Path) -> Left | None:
    """What was left; None where nothing was, or where the file says nothing of use."""
    try:
        left = Left(**json.loads((folder / NAME).read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None
    return left if set(left.settings) <= set(Settings.model_fields) else None
