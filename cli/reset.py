"""`pinyong reset`: empty the data folder, after asking."""

import shutil
from pathlib import Path
from typing import Annotated

import typer

from cli.console import Console, settings_given
from stack.lock import FolderHeld, held

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
YES = ("yes", "y", "是")
# Something of ours must be there before a folder is emptied: a mistyped data folder may be somebody's home.
OURS = ("up.pid", "postgres", "temporal.db", "mailbox")


@app.command()
def reset(
    data_dir: Annotated[Path | None, typer.Option(help="数据目录 / data folder")] = None,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="不再询问 / do not ask")] = False,
) -> None:
    """清空数据目录 / Empty the data folder, after asking; refused while the stack is running."""
    settings = settings_given(data_dir=data_dir)
    console, folder = Console(settings.language), settings.data_dir
    if not folder.exists() or not any(folder.iterdir()):
        console("reset_done", folder=folder)
        return
    if not any((folder / name).exists() for name in OURS):
        raise console.refuse("reset_foreign", folder=folder)
    try:
        with held(folder):
            _empty(folder, console, asked=not yes)
    except FolderHeld as holder:
        raise console.refuse("folder_held", folder=folder, holder=holder.holder) from None


def _empty(folder: Path, console: Console, *, asked: bool) -> None:
    if asked and not console.agrees("reset_ask", YES, folder=folder):
        console("reset_kept")
        return
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    console("reset_done", folder=folder)
