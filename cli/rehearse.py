"""`pinyong rehearse`: a programme with made-up people, in a minute or two, and a report of how it went."""

import time
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from cli.console import Console, settings_given
from stack import process

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
BROKEN = 1
LEAST, MOST = 2, 200


@app.command()
def rehearse(
    programme: Annotated[str, typer.Argument(help="项目，如 dq-a、ot-a / programme, e.g. dq-a, ot-a")] = "dq-a",
    *,
    people: Annotated[int | None, typer.Option("--people", min=LEAST, max=MOST, help="人数 / how many people")] = None,
    seed: Annotated[int, typer.Option("--seed", help="种子，同一种子同一结果 / same seed, same report")] = 1,
    out: Annotated[Path, typer.Option("--out", help="报告文件 / report file")] = Path("rehearsal.html"),
) -> None:
    """演练一个项目 / Rehearse a programme; ends with 1 when something happened that may never be."""
    from rehearsal import telling
    from rehearsal.plays import PROGRAMMES, play_of
    from rehearsal.replies import NoScript
    from rehearsal.run import pack_of, rehearse_alone
    from rehearsal.stage import NoTestServer
    from rehearsal.visitors import NotTaken
    from web import set_up_logs

    language = settings_given().language
    console, name = Console(language), programme.lower()
    if name not in PROGRAMMES:
        raise console.refuse("no_rehearsal", programme=programme, known=", ".join(PROGRAMMES))
    set_up_logs("error")
    began = time.monotonic()

    def tell(at: datetime, open_cases: int, closed: int) -> None:
        console("rehearsing", month=f"{at:%Y-%m}", open=open_cases, closed=closed)

    try:
        played = rehearse_alone(pack_of(name), play_of(name, people, seed), tell=tell)
        report = process.run(played).report
    except NoTestServer as missing:
        raise console.refuse("missing", what=missing) from None
    except (NoScript, NotTaken) as stopped:
        typer.echo(str(stopped), err=True)
        raise typer.Exit(BROKEN) from None
    for line in telling.lines(report, language):
        typer.echo(line)
    pages = {"zh-CN": out, "en": out.with_name(f"{out.stem}.en{out.suffix}")}
    for spoken, path in pages.items():
        path.write_text(telling.page(report, spoken), encoding="utf-8")
    console("rehearsed", seconds=time.monotonic() - began, path=pages[language])
    if not report.sound:
        raise typer.Exit(BROKEN)
