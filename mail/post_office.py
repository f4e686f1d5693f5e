"""The way to an SMTP server: several letters over one connection, every answer a result and never an exception."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from aiosmtplib import (
    SMTP,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientRefused,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

SOON = timedelta(minutes=1)
# 421 says that the server is closing or wants fewer of us; a refused login or sender needs a person first.
LATER = timedelta(minutes=5)
MUCH_LATER = timedelta(minutes=15)

_CLOSING = 421
_PERMANENT = 500
_TOO_LARGE = 552
_REASON_LENGTH = 200
_ADDRESS = re.compile(r"[^\s<>,;:\"()]+@[^\s<>,;:\"()]+")


@dataclass(frozen=True)
class Accepted:
    """The server has taken the letter over (250)."""


@dataclass(frozen=True)
class TryAgain:
    """Not now: a 4xx, no connection, or an office that lets nobody in. Not before `after` has passed.

    reason is for the log and the monitor: the server's answer without any mail address.
    """

    reason: str
    after: timedelta


@dataclass(frozen=True)
class Refused:
    """Never: a 5xx about this letter or its addressee; reason as in TryAgain."""

    reason: str


Result = Accepted | TryAgain | Refused


@dataclass(frozen=True)
class PostOffice:
    """An SMTP server (RFC 5321). encryption is "none", "starttls" or "tls" (from the first byte, port 465)."""

    host: str
    port: int
    envelope_from: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    encryption: str = "none"
    timeout: timedelta = timedelta(seconds=20)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection that opens with its first letter, and again after a loss; it is closed politely at the end."""
        connection = Connection(self)
        try:
            yield connection
        finally:
            await connection.close()


class Connection:
    """One letter after the other to one post office; not to be shared by tasks that run at the same time."""

    def __init__(self, office: PostOffice) -> None:
        """Nothing is opened yet."""
        self._office = office
        self._smtp = _client(office)

    async def send(self, letter: bytes, to: str) -> Result:
        """Hand over one composed letter to one address and say what became of it."""
        refused = await self._opened()
        return refused or await self._handed_over(letter, to)

    async def close(self) -> None:
        """Take leave if the connection still stands; a server that is gone needs no leave."""
        if self._smtp.is_connected:
            try:
                await self._smtp.quit()
            except (SMTPException, OSError):
                self._smtp.close()

    async def _opened(self) -> TryAgain | None:
        if self._smtp.is_connected:
            return None
        self._smtp = _client(self._office)
        try:
            await self._smtp.connect()
        except SMTPResponseException as answer:
            self._smtp.close()
            return TryAgain(_said(answer), LATER if answer.code < _PERMANENT else MUCH_LATER)
        except (SMTPException, OSError) as loss:
            self._smtp.close()
            return TryAgain(type(loss).__name__, SOON)
        return None

    async def _handed_over(self, letter: bytes, to: str) -> Result:
        try:
            await self._smtp.sendmail(self._office.envelope_from, [to], letter)
        except SMTPRecipientsRefused as answers:
            return _judged(answers.recipients[0])
        except SMTPResponseException as answer:
            return _judged(answer)
        except SMTPNotSupported as unable:
            return Refused(type(unable).__name__)
        except (SMTPException, OSError) as loss:
            self._smtp.close()
            return TryAgain(type(loss).__name__, SOON)
        except ValueError:
            # The envelope may be half said by now, and the error's own words would name the address.
            self._smtp.close()
            return Refused("address not usable in SMTP")
        return Accepted()


def _client(office: PostOffice) -> SMTP:
    return SMTP(
        hostname=office.host,
        port=office.port,
        username=office.user,
        password=office.password,
        use_tls=office.encryption == "tls",
        start_tls=office.encryption == "starttls",
        timeout=office.timeout.total_seconds(),
    )


def _judged(answer: SMTPResponseException) -> Result:
    if isinstance(answer, SMTPSenderRefused) and answer.code != _TOO_LARGE:
        # Not this letter's fault: with another sender or login every one of them would be taken.
        return TryAgain(_said(answer), SOON if answer.code < _PERMANENT else MUCH_LATER)
    if answer.code >= _PERMANENT:
        return Refused(_said(answer))
    return TryAgain(_said(answer), LATER if answer.code == _CLOSING else SOON)


def _said(answer: SMTPResponseException | SMTPRecipientRefused) -> str:
    return _ADDRESS.sub("<…>", f"{answer.code} {answer.message}")[:_REASON_LENGTH]
