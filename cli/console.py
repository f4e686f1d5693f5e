"""What every command shares: the settings it was given, and sentences on the console."""

from contextlib import suppress

import typer

from settings import Settings, SettingsRefused, read_settings
from stack.phrases import phrase

REFUSED = 2


def settings_given(**flags: object) -> Settings:
    """The settings of the environment and the flags; a refusal is shown and ends the command with code 2."""
    try:
        return read_settings(**flags)
    except SettingsRefused as refusal:
        typer.echo(str(refusal), err=True)
        raise typer.Exit(REFUSED) from None


class Console:
    """Says sentences in one language; a closed terminal is no reason to fail."""

    def __init__(self, language: str) -> None:
        self._language = language

    def __call__(self, sentence: str, /, **facts: object) -> None:
        """Say it."""
        with suppress(OSError):
            typer.echo(phrase(self._language, sentence, **facts))

    def refuse(self, sentence: str, /, **facts: object) -> typer.Exit:
        """Say it on the error output; the exit with code 2, to be raised."""
        with suppress(OSError):
            typer.echo(phrase(self._language, sentence, **facts), err=True)
        return typer.Exit(REFUSED)

    def agrees(self, sentence: str, yes: tuple[str, ...], /, **facts: object) -> bool:
        """Ask; whether the answer is one of `yes`."""
        answer: str = typer.prompt(phrase(self._language, sentence, **facts), default="", show_default=False)
        return answer.strip().lower() in yes
