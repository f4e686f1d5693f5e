"""The command `pinyong`: each sub-command is a module with an `app`, imported only when it is asked for."""

import sys
from collections.abc import Mapping
from importlib import import_module

import typer

# A word of its own (`pinyong up`) is a module whose app has one command; a group (`pinyong rule list`) has several.
WORDS: Mapping[str, str] = {
    "up": "cli.up",
    "reset": "cli.reset",
    "migrate": "cli.migrate",
    "seed": "cli.seed",
    "rehearse": "cli.rehearse",
}
GROUPS: Mapping[str, str] = {"rule": "cli.rules", "admin": "cli.admin", "audit": "cli.audit"}


def app() -> None:
    """Run the sub-command that the command line names."""
    asked = sys.argv[1] if len(sys.argv) > 1 else ""
    pinyong = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
    pinyong.callback(help="聘用 Pinyong: durable lifecycles for health staff hired at one level and used at another.")(
        _nothing
    )
    for _, module in _of_interest(WORDS, asked):
        pinyong.add_typer(_app_of(module))
    for word, module in _of_interest(GROUPS, asked):
        pinyong.add_typer(_app_of(module), name=word)
    pinyong()


def _of_interest(commands: Mapping[str, str], asked: str) -> list[tuple[str, str]]:
    # A rule is tried without importing the database; only the overview imports every command.
    known = asked in WORDS or asked in GROUPS
    return [(word, module) for word, module in commands.items() if not known or word == asked]


def _app_of(module: str) -> typer.Typer:
    found = import_module(module).app
    if not isinstance(found, typer.Typer):
        raise TypeError(module)
    return found


def _nothing() -> None:
    pass


if __name__ == "__main__":
    app()
