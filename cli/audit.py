"""`pinyong audit verify`: prove that no file of a case was altered, cut or added to behind the product's back."""

import asyncio

import typer

from cli.record import Record, language_of, reached
from cli.running import DataDir, settings_of_the_stack
from policies.engine.words import Words

DAMAGED = 1

app = typer.Typer(
    help="审计 / proof of the files", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)


@app.callback()
def audit() -> None:
    """审计 / proof of the files."""


@app.command("verify")
def verify(data_dir: DataDir = None) -> None:
    """校验全部事项档案;有损坏时退出码为 1 / Check every file of every case; exit code 1 and a line for each damage."""
    settings = settings_of_the_stack(data_dir)
    language = language_of(settings)

    async def work(record: Record) -> int:
        from sqlalchemy import func, select

        from db.engine.cases import CaseFile, EventRow
        from db.engine.evidence_chain import verify as damages

        found = 0
        async with record.sessions() as session:
            async for damage in damages(session, record.keyring):
                found += 1
                what, _, which = damage.what.partition(" ")
                words = WHAT[what].filled(number=damage.number, request=which).said_in(language)
                typer.echo(f"{damage.case_id}: {words}")
            cases = await session.scalar(select(func.count()).select_from(CaseFile))
            lines = await session.scalar(select(func.count()).select_from(EventRow))
        summary = _DAMAGED if found else _WHOLE
        typer.echo(summary.filled(cases=cases, lines=lines, found=found).said_in(language))
        return DAMAGED if found else 0

    raise typer.Exit(asyncio.run(reached(settings, work)))


WHAT = {
    "missing": Words("第 {number} 行缺失", "line {number} is missing"),
    "altered": Words("第 {number} 行与原记录不符", "line {number} is not as it was written"),
    "end_of_file": Words(
        "档案末尾与封签不符(被截短或被添加)", "the end of the file is not the sealed one: cut off, or added to"
    ),
    "decision": Words(
        "决定 {request} 与档案不符或缺失", "decision {request} differs from its line in the file, or is missing"
    ),
    "scan": Words("扫描件 {request} 的内容已被更改", "the scan {request} is not the file that was kept"),
}
_WHOLE = Words(
    "完整:{cases} 份档案、{lines} 行全部相符。", "whole: {cases} files with {lines} lines are as they were written."
)
_DAMAGED = Words(
    "发现 {found} 处损坏({cases} 份档案、{lines} 行)。", "{found} damages found ({cases} files, {lines} lines)."
)
