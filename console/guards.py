"""What stands before every route: size, origin, headers, and a log that knows routes and never addresses."""

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 12 * 1024 * 1024
SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
# A letter carries its styles with it; the sandbox keeps scripts and our cookies out of reach.
LETTER_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; "
    "frame-ancestors 'self'"
)
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    # Not `no-referrer`: under it browsers say `Origin: null` on our own POSTs, and over plain http (an intranet) the
    # origin is all that tells them from foreign ones. To other sites nothing is said either way.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
TOO_LARGE = "提交的内容过大(上限 12 MB)。\nThe request is too large (12 MB at most).\n"
FOREIGN = "请求来自其他网站,未被接受。请从本系统的页面提交。\nThe request came from another site and was not taken.\n"
Log = Callable[..., object]


class RouteLog:
    """One line for each request: method, route template, status, milliseconds; never a path, which may hold a token."""

    def __init__(self, app: ASGIApp, log: Log) -> None:
        """Log with a function of structlog's form."""
        self._app, self._log = app, log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on and measure."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, began = 500, time.monotonic()

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            route = getattr(scope.get("route"), "path", "unrouted")
            spent = round((time.monotonic() - began) * 1000, 1)
            self._log("request", method=scope["method"], route=route, status=status, ms=spent)


class SecurityHeaders:
    """Sets the headers of every answer that has not set its own; what lies under /static may be kept by browsers."""

    def __init__(self, app: ASGIApp) -> None:
        """Guard an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on and add."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith("/static/"):
                    headers["Cache-Control"] = "public, max-age=86400"
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


class SameOrigin:
    """Refuses writes that another site's page sends (CSRF): by Sec-Fetch-Site, else by Origin and Host."""

    def __init__(self, app: ASGIApp) -> None:
        """Guard an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on or refuse."""
        if scope["type"] != "http" or scope["method"] in SAFE or _from_here(Headers(scope=scope)):
            await self._app(scope, receive, send)
            return
        await _plain(send, 403, FOREIGN)


class SizeLimit:
    """Refuses a body that is larger than any of our forms needs, whether its length is said or not."""

    def __init__(self, app: ASGIApp, largest: int = LARGEST_BODY) -> None:
        """Guard an application; `largest` in bytes."""
        self._app, self._largest = app, largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on or refuse."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        length = Headers(scope=scope).get("content-length", "0")
        if not length.isdecimal() or int(length) > self._largest:
            await _plain(send, 413, TOO_LARGE)
            return
        await self._counted(scope, receive, send)

    async def _counted(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the application read up to the limit; beyond it, its answer is replaced."""
        taken = 0

        async def counting() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self._largest:
                raise _BodyTooLarge
            return message

        async def unless_too_large(message: Message) -> None:
            if taken <= self._largest:
                await send(message)

        # Whoever reads the body may turn the fault into an answer of its own, which is held back.
        with suppress(_BodyTooLarge):
            await self._app(scope, counting, unless_too_large)
        if taken > self._largest:
            await _plain(send, 413, TOO_LARGE)


class _BodyTooLarge(Exception):
    """More bytes came than are taken."""


def _from_here(headers: Headers) -> bool:
    """Sec-Fetch-Site decides where it is sent; else the origin's host; a request with neither must bring no cookie."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        return site in ("same-origin", "none")
    if origin is not None:
        return urlsplit(origin).netloc == headers.get("host")
    return "cookie" not in headers


async def _plain(send: Send, status: int, words: str) -> None:
    content = words.encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(content)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
