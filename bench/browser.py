"""The least of an HTTP client: one connection, one request at a time; so that driving costs next to nothing."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SECONDS = 30.0


class NoAnswer(Exception):
    """The server was not there, or went away before it had answered."""


@dataclass(frozen=True)
class Reply:
    """Status and decoded JSON (an empty mapping where there was none)."""

    status: int
    content: Mapping[str, Any]


class Browser:
    """A browser whose requests are those of whose cookie it is given."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def get(self, path: str, *, cookie: str = "") -> Reply:
        """GET. Raises NoAnswer."""
        return await self._ask("GET", path, b"", cookie)

    async def post(self, path: str, content: Mapping[str, object], *, cookie: str = "") -> Reply:
        """POST JSON. Raises NoAnswer."""
        return await self._ask("POST", path, json.dumps(content).encode(), cookie)

    def close(self) -> None:
        """Leave."""
        if self._writer:
            self._writer.close()
        self._reader = self._writer = None

    async def _ask(self, method: str, path: str, body: bytes, cookie: str) -> Reply:
        try:
            async with asyncio.timeout(SECONDS):
                return await self._exchange(method, path, body, cookie)
        except (OSError, EOFError, TimeoutError, ValueError) as loss:
            self.close()
            raise NoAnswer(type(loss).__name__) from loss

    async def _exchange(self, method: str, path: str, body: bytes, cookie: str) -> Reply:
        if self._reader is None or self._writer is None:
            self._reader, self._writer = await asyncio.open_connection(self._host, self._port)
        head = [f"{method} {path} HTTP/1.1", f"Host: {self._host}:{self._port}", "Sec-Fetch-Site: same-origin"]
        head += [f"Cookie: pinyong={cookie}"] if cookie else []
        head += ["Content-Type: application/json", f"Content-Length: {len(body)}"] if body else []
        self._writer.write("\r\n".join(head).encode() + b"\r\n\r\n" + body)
        lines = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
        length = next((int(line.partition(":")[2]) for line in lines if line.startswith("content-length:")), 0)
        content = await self._reader.readexactly(length)
        if "connection: close" in lines:
            self.close()
        return Reply(int(lines[0].split()[1]), json.loads(content) if content.startswith(b"{") else {})
