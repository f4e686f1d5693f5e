"""`pinyong audit verify`: prove that no file of a case was altered, cut, removed or added to from outside."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Annotated

import typer

from cli.console import REFUSED
from cli.record import Record, language_of, reached
from cli.running import DataDir, settings_of_the_stack

DAMAGED = 1

app = typer.Typer(
    help="审计 / proof of the files", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)
Seals = Annotated[
    list[str] | None,
    typer.Option("--seal", help="以前抄下的封签，写作 封签号:校验码 / a seal from an earlier audit, as number:code"),
]


@app.callback()
def audit() -> None:
    """审计 / proof of the files."""


@app.command("verify")
def verify(seal: Seals = None, data_dir: DataDir = None) -> None:
    """校验全部档案和封签；有损坏时退出码为 1 / Check every file and the seals over them; exit code 1 on damage."""
    settings = settings_of_the_stack(data_dir)
    language = language_of(settings)

    async def work(record: Record) -> int:
        from cli import audit_words
        from db.proof import audit as audit_of

        known = _known(seal or ())
        if known is None:
            typer.echo(audit_words.SEAL_UNREADABLE.said_in(language), err=True)
            return REFUSED
        found = 0
        async with record.sessions() as session:
            proof = audit_of(session, record.keyring, known=known)
            async for damage in proof.damages():
                found += 1
                typer.echo(audit_words.paragraph(damage, found, language))
        typer.echo(audit_words.summary(proof.tally, found, language))
        return DAMAGED if found else 0

    raise typer.Exit(asyncio.run(reached(settings, work)))


def _known(given: Sequence[str]) -> Mapping[int, str] | None:
    """Number and code of each seal; None when one cannot be read."""
    from db.engine.seals import CODE_BYTES, code_of

    known = {}
    for one in given:
        number, _, code = one.strip().replace(":", ":").partition(":")
        try:
            plain = bytes.fromhex(code.replace("-", ""))
            known[int(number)] = code_of(plain)
        except ValueError:
            return None
        if len(plain) != CODE_BYTES:
            return None
    return known
