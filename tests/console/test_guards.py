"""What stands before every route: other sites' posts, size, headers; and what is said when a part is away."""

from collections.abc import AsyncIterator

import httpx2
import pytest
from sqlalchemy import select
from starlette.types import Receive, Scope, Send

import web
from console import Setting
from console.guards import LARGEST_BODY, SizeLimit
from db.engine.base import connect, sessions
from db.engine.packs import StartingUp
from db.engine.tasks import InboxRow
from stack.ports import free_port
from tests.console.conftest import HOST, Browser, Town


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "http://console.test"}, 200),
        ({"origin": "http://evil.test"}, 403),
        ({"origin": "null"}, 403),
        ({}, 200),
        ({"cookie": "pinyong=x"}, 403),
    ],
)
async def test_a_post_counts_only_from_our_own_pages(quiet_town: Town, headers: dict[str, str], status: int) -> None:
    browser = quiet_town.browser()
    del browser.http.headers["sec-fetch-site"]
    answer = await browser.http.post("/sign-in", data={"address": "nobody@deqing.test"}, headers=headers)
    assert answer.status_code == status


async def test_another_sites_post_decides_nothing(town: Town) -> None:
    await town.enquire()
    link = f"/d/{await town.link('p-h1-head')}"
    fields = (await town.browser().get(link)).fields()
    foreign = town.browser(**{"sec-fetch-site": "cross-site"})
    assert (await foreign.post(link, {**fields, "choice": "agree"})).status == 403
    assert await town.all_of(select(InboxRow.request)) == []


@pytest.mark.parametrize("path", ["/sign-in", "/nothing-here", "/d/unknown", "/tasks", "/healthz"])
async def test_every_answer_carries_the_headers(quiet_town: Town, path: str) -> None:
    answer = await quiet_town.browser().http.get(path)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_pages_have_no_inline_script_or_style(quiet_town: Town) -> None:
    page = await quiet_town.browser().get("/sign-in")
    assert [script for script in page.html.select("script") if not script.get("src")] == []
    assert page.html.select("style, [style], [onclick], [onload]") == []


async def drain(_scope: Scope, receive: Receive, send: Send) -> None:
    """An application that reads the whole body and answers a fault of the reading itself, as frameworks do."""
    status = 200
    try:
        while (await receive()).get("more_body"):
            pass
    except Exception:  # noqa: BLE001
        status = 400
    await send({"type": "http.response.start", "status": status, "headers": []})
    await send({"type": "http.response.body", "body": b""})


@pytest.mark.parametrize(("size", "status"), [(LARGEST_BODY, 200), (LARGEST_BODY + 1, 413)])
@pytest.mark.parametrize("said", [True, False])
async def test_a_body_larger_than_any_form_is_refused(*, said: bool, size: int, status: int) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield b"x" * (size // 2)
        yield b"x" * (size - size // 2)

    transport = httpx2.ASGITransport(app=SizeLimit(drain))
    async with httpx2.AsyncClient(transport=transport, base_url=HOST) as http:
        answer = await http.post("/", content=b"x" * size if said else chunks())
    assert answer.status_code == status


@pytest.mark.parametrize(("lang", "words"), [("zh-CN", "数据库暂时无法连接"), ("en", "database cannot be reached")])
async def test_the_database_away_is_said_on_a_page(quiet_town: Town, lang: str, words: str) -> None:
    engine = connect(f"postgresql+asyncpg://pinyong:x@127.0.0.1:{free_port()}/none", quiet_town.keyring)
    client = quiet_town.desks.health._client
    desks = web.build_desks(sessions(engine), client, quiet_town.keyring, clock=quiet_town.clock, task_queue="q")
    app = web.build_app(desks, Setting(language="zh-CN", secure=False), clock=quiet_town.clock)
    page = await Browser(app).get(f"/d/some-token?lang={lang}")
    assert (page.status, page.headers["retry-after"]) == (503, "5")
    assert words in page.text
    ready = await Browser(app).http.get("/readyz")
    assert (ready.status_code, ready.json()["postgres"]) == (503, "unreachable")
    assert (await Browser(app).http.get("/healthz")).json() == {"status": "ok"}


async def test_a_system_that_is_still_starting_says_so_on_a_page(quiet_town: Town) -> None:
    app = web.build_app(quiet_town.desks, Setting(language="zh-CN", secure=False), clock=quiet_town.clock)

    async def early() -> None:
        raise StartingUp

    app.add_api_route("/early", early)
    page = await Browser(app).get("/early")
    assert (page.status, page.headers["retry-after"]) == (503, "5")
    assert "系统正在首次启动" in page.text


async def test_ready_names_the_part_that_is_away(quiet_town: Town) -> None:
    answer = await quiet_town.browser().http.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"postgres": "ok", "temporal": "unreachable"})


async def test_the_log_knows_routes_and_never_a_token(quiet_town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    await quiet_town.browser().get("/d/a-secret-token")
    await quiet_town.browser().get("/s/a-secret-token")
    said = capsys.readouterr().out
    assert "/d/{token}" in said
    assert "a-secret-token" not in said
