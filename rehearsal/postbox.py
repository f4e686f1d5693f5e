"""The letters of a rehearsal, caught by a real SMTP server and kept in memory."""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message

from aiosmtpd.smtp import SMTP, Envelope, Session

from stack.mailbox import SIZE_LIMIT, Recipients
from stack.ports import LOOPBACK

LINK = re.compile(r"https?://[^/\s]+(/(?:d|s)/[^\s<>\"]+)")


@dataclass(frozen=True)
class Caught:
    """One letter that was handed over: its own id, to which address it went, and the path of its button, if any."""

    letter: str
    to: str
    link: str


class Postbox(Recipients):
    """Takes letters from aiosmtpd; those of `bounce+…` and `later+…` are refused as in the mailbox of `pinyong up`."""

    def __init__(self) -> None:
        self._caught: list[tuple[str, Message]] = []
        self._read = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # the library's
        """Keep the letter."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        letter = message_from_bytes(content)
        self._caught.extend((address, letter) for address in envelope.rcpt_tos)
        return "250 OK"

    def fresh(self) -> Iterator[Caught]:
        """The letters that have come since this was last asked."""
        unread, self._read = self._caught[self._read :], len(self._caught)
        for to, letter in unread:
            found = LINK.search(_plain(letter))
            yield Caught(_letter_id(letter), to, found[1] if found else "")

    def letters(self) -> list[tuple[str, str]]:
        """Id and everything readable of all letters in the order of their coming; one that came twice is here twice."""
        return [(_letter_id(letter), _readable(letter)) for _, letter in self._caught]


async def listen(postbox: Postbox, port: int) -> asyncio.Server:
    """Open the postbox on 127.0.0.1."""

    def connection() -> SMTP:
        return SMTP(postbox, data_size_limit=SIZE_LIMIT, enable_SMTPUTF8=True, hostname="rehearsal.localhost")

    return await asyncio.get_running_loop().create_server(connection, LOOPBACK, port)


def _letter_id(letter: Message) -> str:
    return str(letter["Message-ID"]).strip("<>").rpartition("@")[0]


def _readable(letter: Message) -> str:
    """Subject, both bodies and what is attached as text."""
    subject = str(make_header(decode_header(str(letter["Subject"]))))
    return "\n".join([subject, *(_text(part) for part in letter.walk() if part.get_content_maintype() == "text")])


def _text(part: Message) -> str:
    body = part.get_payload(decode=True)
    return body.decode() if isinstance(body, bytes) else ""


def _plain(letter: Message) -> str:
    for part in letter.walk():
        if part.get_content_type() == "text/plain":
            return _text(part)
    return ""
