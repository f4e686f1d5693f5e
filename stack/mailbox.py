"""A mailbox for trying things out: an SMTP server that keeps every letter in a Maildir, and the Maildir's reader.

It runs as a process of its own: `python -m stack.mailbox --port N --folder DIR`. Recipients `bounce+…@…` are refused
for good (550) and `later+…@…` for now (451), so that failures can be tried.
"""

import argparse
import asyncio
import email.policy
import itertools
import os
import re
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from stack.ports import LOOPBACK

SIZE_LIMIT = 30_000_000
MESSAGE_ID = re.compile(r"[0-9]+\.[0-9]+_[0-9]+")
PLAIN_LINK = re.compile(r"https?://[^\s<>\"'\u0080-\U0010ffff]+")


class NoSuchMessage(Exception):
    """The mailbox holds no letter of this id."""


@dataclass(frozen=True)
class Message:
    """A letter as its reader sees it. `date` carries the sender's offset; `links` are in order, each once."""

    id: str
    subject: str
    sender: str
    to: tuple[str, ...]
    date: datetime | None
    text: str
    html: str
    ics: str
    links: tuple[str, ...]


class Mailbox:
    """Reads the Maildir that the catcher fills."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "new"

    def messages(self, limit: int = 100) -> list[Message]:
        """The newest letters, newest first."""
        names = sorted((path.name for path in self._folder.glob("*")), key=_arrival, reverse=True)
        return [self.message(name) for name in names[:limit]]

    def message(self, message_id: str) -> Message:
        """One letter. Raises NoSuchMessage, also for an id that could not be one."""
        if MESSAGE_ID.fullmatch(message_id) is None:
            raise NoSuchMessage(message_id)
        try:
            content = (self._folder / message_id).read_bytes()
        except FileNotFoundError:
            raise NoSuchMessage(message_id) from None
        return _as_read(message_id, message_from_bytes(content, policy=email.policy.default))


class Recipients:
    """Accepts recipients, and refuses those whose address asks for it."""

    async def handle_RCPT(  # noqa: N802  # the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Accept the recipient, or refuse it as its address asks for."""
        if address.startswith("bounce+"):
            return "550 5.1.1 no such mailbox"
        if address.startswith("later+"):
            return "451 4.2.1 mailbox busy, try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"


class Catcher(Recipients):
    """Accepts letters from aiosmtpd and has each on disk before it says 250."""

    def __init__(self, folder: Path, *, now_ns: Callable[[], int] = time.time_ns) -> None:
        self._folder = folder
        self._now_ns = now_ns
        self._count = itertools.count()
        for part in ("tmp", "new", "cur"):
            (folder / part).mkdir(mode=0o700, parents=True, exist_ok=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # likewise
        """Keep the letter."""
        name = f"{self._now_ns()}.{os.getpid()}_{next(self._count)}"
        recipients = "".join(f"Delivered-To: {address}\r\n" for address in envelope.rcpt_tos)
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        await asyncio.to_thread(self._keep, name, recipients.encode() + content)
        return "250 OK"

    def _keep(self, name: str, content: bytes) -> None:
        unfinished, kept = self._folder / "tmp" / name, self._folder / "new" / name
        with unfinished.open("wb") as letter:
            letter.write(content)
            letter.flush()
            os.fsync(letter.fileno())
        unfinished.replace(kept)
        folder = os.open(kept.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


async def listen(folder: Path, port: int) -> asyncio.Server:
    """Open the mailbox on 127.0.0.1."""
    catcher = Catcher(folder)

    def connection() -> SMTP:
        return SMTP(catcher, data_size_limit=SIZE_LIMIT, enable_SMTPUTF8=True, hostname="mailbox.localhost")

    return await asyncio.get_running_loop().create_server(connection, LOOPBACK, port)


def _as_read(message_id: str, letter: EmailMessage) -> Message:
    html = _part(letter, "text/html")
    text = _part(letter, "text/plain")
    to = letter.get_all("Delivered-To") or letter.get_all("To") or []
    return Message(
        id=message_id,
        subject=str(letter.get("Subject", "")),
        sender=str(letter.get("From", "")),
        to=tuple(str(address) for address in to),
        date=_sent(letter),
        text=text,
        html=html,
        ics=_part(letter, "text/calendar"),
        links=tuple(dict.fromkeys([*_hrefs(html), *PLAIN_LINK.findall(text)])),
    )


def _part(letter: EmailMessage, kind: str) -> str:
    for part in letter.walk():
        if part.get_content_type() == kind:
            return str(part.get_content())
    return ""


def _sent(letter: EmailMessage) -> datetime | None:
    with suppress(TypeError, ValueError):
        return parsedate_to_datetime(str(letter["Date"]))
    return None


def _hrefs(html: str) -> list[str]:
    found = _Links()
    found.feed(html)
    return found.links


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        target = dict(attrs).get("href") if tag == "a" else None
        if target is not None and target.startswith(("http://", "https://")):
            self.links.append(target)


def _arrival(name: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"[0-9]+", name))


async def _serve(folder: Path, port: int) -> None:
    ended = asyncio.Event()
    for ending in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(ending, ended.set)
    server = await listen(folder, port)
    await ended.wait()
    server.close()


def main() -> None:
    """Run the mailbox until SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m stack.mailbox")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    given = parser.parse_args()
    asyncio.run(_serve(given.folder, given.port))


if __name__ == "__main__":
    main()
