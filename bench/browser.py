"""The least of an HTTP client: one connection, one request at a time; so that driving costs next to nothing."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SECONDS = 30.0
JSON = "Content-Type: application/json"
SEAM = "bench-seam"


class NoAnswer(Exception):
    """The server was not there, or went away before it had answered."""


@dataclass(frozen=True)
class Reply:
    """Status and decoded JSON (an empty mapping where there was none)."""

    status: int
    content: Mapping[str, Any]


class Browser:
    """A browser whose requests are those of whose cookie it is given; or a program, with its key."""

    def __init__(self, host: str, port: int, *, seconds: float = SECONDS) -> None:
        """seconds: how long an answer is waited for."""
        self._host, self._port, self._seconds = host, port, seconds
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def get(self, path: str, *, cookie: str = "") -> Reply:
        """GET. Raises NoAnswer."""
        return await self._ask("GET", path, b"", _whose(cookie))

    async def post(self, path: str, content: Mapping[str, object], *, cookie: str = "", key: str = "") -> Reply:
        """POST JSON. Raises NoAnswer."""
        return await self._ask("POST", path, json.dumps(content).encode(), [*_whose(cookie, key), JSON])

    async def post_file(self, path: str, name: str, content: bytes, *, key: str = "") -> Reply:
        """POST one file as a form does. Raises NoAnswer."""
        head = f'--{SEAM}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = head.encode() + content + f"\r\n--{SEAM}--\r\n".encode()
        form = f"Content-Type: multipart/form-data; boundary={SEAM}"
        return await self._ask("POST", path, body, [*_whose("", key), form])

    def close(self) -> None:
        """Leave."""
        if self._writer:
            self._writer.close()
        self._reader = self._writer = None

    async def _ask(self, method: str, path: str, body: bytes, headers: Sequence[str]) -> Reply:
        try:
            async with asyncio.timeout(self._seconds):
                return await self._exchange(method, path, body, headers)
        except (OSError, EOFError, TimeoutError, ValueError) as loss:
            self.close()
            raise NoAnswer(type(loss).__name__) from loss

    async def _exchange(self, method: str, path: str, body: bytes, headers: Sequence[str]) -> Reply:
        if self._reader is None or self._writer is None:
            self._reader, self._writer = await asyncio.open_connection(self._host, self._port)
        head = [f"{method} {path} HTTP/1.1", f"Host: {self._host}:{self._port}", "Sec-Fetch-Site: same-origin"]
        head += [*headers, *([f"Content-Length: {len(body)}"] if body else [])]
        self._writer.write("\r\n".join(head).encode() + b"\r\n\r\n" + body)
        lines = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
        length = next((int(line.partition(":")[2]) for line in lines if line.startswith("content-length:")), 0)
        content = await self._reader.readexactly(length)
        if "connection: close" in lines:
            self.close()
        return Reply(int(lines[0].split()[1]), json.loads(content) if content.startswith(b"{") else {})


def _whose(cookie: str, key: str = "") -> list[str]:
    return [f"Cookie: pinyong={cookie}"] * bool(cookie) + [f"Authorization: Bearer {key}"] * bool(key)
