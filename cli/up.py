"""`pinyong up`: database, Temporal, mailbox, worker and web on this machine, from one command."""

import asyncio
import time
from pathlib import Path
from typing import Annotated

import typer

from cli.console import Console, settings_given
from cli.running import left_while_running
from cli.sample_banner import BANNER_GUIDES
from cli.sample_county import GUIDES
from settings import PREFIX, Settings
from stack.lock import FolderHeld, held
from stack.ports import LOOPBACK, PortTaken, refuse_taken

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
FAILED = 1
PortFlag = Annotated[int | None, typer.Option(min=1, max=65535)]


@app.command()
def up(
    *,
    data_dir: Annotated[Path | None, typer.Option(help="数据目录 / data folder")] = None,
    web_host: Annotated[str | None, typer.Option(help="网页监听地址 / address of the pages")] = None,
    web_port: PortFlag = None,
    postgres_port: PortFlag = None,
    temporal_port: PortFlag = None,
    temporal_ui_port: PortFlag = None,
    smtp_port: PortFlag = None,
    demo: Annotated[bool, typer.Option(help="示例数据与邮箱页 / sample data and the mailbox page")] = True,
) -> None:
    """启动全部组件 / Start everything on this machine; Ctrl-C stops it, the next start goes on from there."""
    ports = {
        "web_port": web_port,
        "postgres_port": postgres_port,
        "temporal_port": temporal_port,
        "temporal_ui_port": temporal_ui_port,
        "smtp_port": smtp_port,
    }
    _run(settings_given(data_dir=data_dir, web_host=web_host, demo=demo, **ports))


def _run(settings: Settings) -> None:
    from cli.parts import wanted_ports

    console = Console(settings.language)
    try:
        with held(settings.data_dir):
            refuse_taken(wanted_ports(settings))
            with left_while_running(settings):
                _keep_up(settings, console)
    except FolderHeld as taken:
        raise console.refuse("folder_held", folder=taken.folder, holder=taken.holder) from None
    except PortTaken as taken:
        name = taken.wanted.setting
        words = {"setting": PREFIX + name.upper(), "flag": "--" + name.replace("_", "-")}
        raise console.refuse("port_taken", port=taken.wanted.port, part=taken.wanted.part, **words) from None


def _keep_up(settings: Settings, console: Console) -> None:
    from cli.parts import Parts
    from stack.postgres import NoPrograms
    from stack.supervisor import PartFailed, supervise
    from stack.temporal import NoServerProgram

    began = time.monotonic()
    console("starting", folder=settings.data_dir)

    def announce() -> None:
        _tell_urls(settings, console)
        console("up", seconds=time.monotonic() - began)

    try:
        asyncio.run(supervise(Parts(settings, console).stages(), console, when_up=announce))
    except PartFailed as failure:
        console.refuse("part_failed", part=failure.part, words=failure.words)
        raise typer.Exit(FAILED) from None
    except (NoPrograms, NoServerProgram) as missing:
        raise console.refuse("missing", what=missing) from None
    console("stopped")


def _tell_urls(settings: Settings, console: Console) -> None:
    for name_zh, name_en, url in urls(settings):
        console("url", name_zh=name_zh, name_en=name_en, url=url)
    console("logs", folder=settings.logs_folder)
    if settings.demo:
        console("act_as", url=f"{settings.base_url}/act-as")
        for guide in (*GUIDES, *BANNER_GUIDES):
            console("guide", person=guide.person, why_zh=guide.why_zh, why_en=guide.why_en)


def urls(settings: Settings) -> list[tuple[str, str, str]]:
    """What can be opened once everything is up: name in Chinese, in English, address. No password among them."""
    web = settings.base_url
    found = [("工作台", "console", web), ("接口文档", "API documents", f"{web}/api/docs")]
    if settings.smtp_host is None:
        if settings.demo:
            found.append(("示例邮箱", "mailbox", f"{web}/mailbox"))
        found.append(("邮件投递", "SMTP", f"smtp://{LOOPBACK}:{settings.smtp_port}"))
    if settings.temporal_address is None:
        found.append(("流程引擎", "Temporal", f"http://{LOOPBACK}:{settings.temporal_ui_port}"))
    if settings.database_url is None:
        password = settings.data_dir / "postgres.password"
        found.append(
            ("数据库", "PostgreSQL", f"postgresql://pinyong@{LOOPBACK}:{settings.postgres_port}/pinyong ({password})")
        )
    return found
