"""`pinyong admin`: keys of service accounts, and the first administrator."""

import asyncio
from typing import Annotated

import typer

from cli.console import REFUSED
from cli.record import Record, language_of, reached
from cli.running import DataDir, settings_of_the_stack
from db.engine.clock import SystemClock
from db.engine.packs import PackShelf
from policies.engine.refusals import Refusal
from policies.engine.words import Language, Words
from services.engine.keys import SCOPES, KeyDesk
from services.engine.places import Places
from services.engine.sign_in import SignInDesk
from services.field_problems import FactsRefused, said
from services.institutions import InstitutionDesk
from services.invitations import InvitationDesk
from services.people import PeopleDesk

app = typer.Typer(
    help="系统管理 / keys of service accounts, the first administrator",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

_Scopes = Annotated[list[str], typer.Option("--scope", help=f"权限 / scope: {', '.join(SCOPES)}")]
_Place = Annotated[str, typer.Option("--institution", help="所属单位代码 / code of the institution")]


@app.command("api-key")
def make_key(
    name: Annotated[str, typer.Argument(help="账号名称 / name of the account")],
    scope: _Scopes,
    data_dir: DataDir = None,
) -> None:
    """发放服务账号密钥（只显示一次）/ Give a service account a key; it is shown once."""
    settings = settings_of_the_stack(data_dir)
    language = language_of(settings)

    async def work(record: Record) -> int:
        try:
            issued = await KeyDesk(record.sessions, clock=SystemClock()).issue(name, scope)
        except Refusal as refusal:
            return _refuse(refusal, language)
        typer.echo(_KEY.filled(id=issued.id, secret=issued.secret, scopes=", ".join(scope)).said_in(language))
        return 0

    raise typer.Exit(asyncio.run(reached(settings, work)))


@app.command("keys")
def list_keys(data_dir: DataDir = None) -> None:
    """列出有效密钥 / List the keys that stand."""
    settings = settings_of_the_stack(data_dir)

    async def work(record: Record) -> int:
        for account in await KeyDesk(record.sessions, clock=SystemClock()).accounts():
            day = account.created_at.date().isoformat()
            typer.echo(f"{account.id}  {day}  {account.name}  {' '.join(sorted(account.scopes))}")
        return 0

    raise typer.Exit(asyncio.run(reached(settings, work)))


@app.command("revoke-key")
def revoke_key(
    key: Annotated[str, typer.Argument(metavar="KEY-ID", help="密钥编号 / id of the key")], data_dir: DataDir = None
) -> None:
    """收回密钥，立即生效 / Take a key back; it opens nothing from now on."""
    settings = settings_of_the_stack(data_dir)
    language = language_of(settings)

    async def work(record: Record) -> int:
        try:
            await KeyDesk(record.sessions, clock=SystemClock()).revoke(key)
        except Refusal as refusal:
            return _refuse(refusal, language)
        typer.echo(_REVOKED.filled(id=key).said_in(language))
        return 0

    raise typer.Exit(asyncio.run(reached(settings, work)))


@app.command("invite")
def invite(
    name: Annotated[str, typer.Argument(help="姓名 / name")],
    email: Annotated[str, typer.Argument(help="邮箱 / e-mail address")],
    institution: _Place = "",
    data_dir: DataDir = None,
) -> None:
    """邀请系统管理员：登记人员和角色，给出一次性登录链接 / Let an administrator in by a one-time link."""
    settings = settings_of_the_stack(data_dir)
    language = language_of(settings)

    async def work(record: Record) -> int:
        try:
            invitation = await _desk(record).invite(name, email, institution)
        except Refusal as refusal:
            return _refuse(refusal, language)
        link = f"{settings.base_url}/s/{invitation.token}"
        typer.echo(_INVITED.filled(person=invitation.person, place=invitation.institution, link=link).said_in(language))
        return 0

    raise typer.Exit(asyncio.run(reached(settings, work)))


def _desk(record: Record) -> InvitationDesk:
    clock = SystemClock()
    people = PeopleDesk(record.sessions, clock=clock, keyring=record.keyring, shelf=PackShelf(record.sessions))
    sign_in = SignInDesk(record.sessions, record.keyring, clock=clock, places=Places(record.sessions, clock))
    institutions = InstitutionDesk(record.sessions)
    return InvitationDesk(record.sessions, people, institutions=institutions, sign_in=sign_in, clock=clock)


def _refuse(refusal: Refusal, language: Language) -> int:
    from api.problems import code_of, problem_words

    spoken = "en" if language == "en" else "zh-CN"
    for line in problem_words(code_of(type(refusal)), refusal.facts, spoken):
        typer.echo(line, err=True)
    for problem in refusal.problems if isinstance(refusal, FactsRefused) else ():
        words = said(problem, spoken)
        typer.echo(f"  {problem.field}: {words.detail} {words.advice}", err=True)
    return REFUSED


_KEY = Words(
    "密钥 {id}（{scopes}）。请立即保存，不再显示：\n{secret}",
    "key {id} ({scopes}). Keep it now, it is not shown again:\n{secret}",
)
_REVOKED = Words("密钥 {id} 已收回。", "key {id} is taken back.")
_INVITED = Words(
    "已登记 {person}（{place}），角色 R-30、R-29。请在 15 分钟内打开一次性登录链接：\n{link}",
    "{person} ({place}) is registered with the roles R-30 and R-29. Open this one-time link within 15 minutes:\n{link}",
)
