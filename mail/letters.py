"""A letter as the bytes that go to an SMTP server (design 7)."""

from __future__ import annotations

from base64 import encodebytes
from email.header import Header
from email.headerregistry import Address
from email.policy import SMTP
from email.utils import format_datetime
from functools import lru_cache

from mail.deadline_entry import deadline_entry
from mail.facts import Kind, Letter, LetterIncomplete, ensure_complete
from mail.wording import Words, worded

__all__ = ["Kind", "Letter", "LetterIncomplete", "compose"]

# A calendar entry helps before the deadline; after it, it would only put yesterday into somebody's diary.
WITH_ENTRY = (Kind.TASK, Kind.REMINDER)

CRLF = "\r\n"


def compose(letter: Letter, *, mail_from: str, domain: str) -> bytes:
    """The whole message (RFC 5322), ready for SMTP; the same facts give the same bytes, so that a retry is one letter.

    Raises LetterIncomplete naming kind and missing facts, LanguageUnknown for a language we do not write, ValueError
    for a header value that holds a line break.
    """
    ensure_complete(letter)
    words = worded(letter)
    headers = [
        _addressed("From", letter.organisation, mail_from),
        _addressed("To", letter.name, letter.mail_to),
        _said("Subject", words.subject),
        *_plain_headers(letter, domain=domain),
    ]
    body = _multipart("mixed", [_alternatives(words), *_entries(letter, domain=domain)])
    return ("".join(headers) + body).encode("ascii")


@lru_cache(maxsize=4096)
def _addressed(header: str, name: str, address: str) -> str:
    """A header with one mailbox; made once for the many letters of one person."""
    return str(SMTP.fold(*SMTP.header_store_parse(header, Address(name, addr_spec=address))))


def _said(header: str, words: str) -> str:
    """A header of words, folded and in encoded words (RFC 2047) where it is not ASCII.

    The newer way of the standard library, which the addresses take, gives the same and needs a millisecond more.
    """
    return f"{header}: {Header(words, header_name=header).encode(linesep=CRLF)}{CRLF}"


def _plain_headers(letter: Letter, *, domain: str) -> list[str]:
    """The headers whose values are our own ASCII; parsing them as the standard library does costs a millisecond."""
    follows = f"<{letter.first_letter}@{domain}>"
    lines = [
        f"Date: {format_datetime(letter.written_at)}",
        f"Message-ID: <{letter.id}@{domain}>",
        *([f"In-Reply-To: {follows}", f"References: {follows}"] if letter.first_letter else []),
        f"Content-Language: {letter.language}",
        # RFC 3834: no holiday notice should answer a machine; the second header says the same to Exchange.
        "Auto-Submitted: auto-generated",
        "X-Auto-Response-Suppress: OOF, AutoReply",
        "MIME-Version: 1.0",
    ]
    return [line + CRLF for line in lines]


def _alternatives(words: Words) -> str:
    return _multipart("alternative", [_part(words.text, "text/plain"), _part(words.html, "text/html")])


def _entries(letter: Letter, *, domain: str) -> list[str]:
    if letter.kind not in WITH_ENTRY or letter.due is None:
        return []
    entry = deadline_entry(letter, due=letter.due, domain=domain)
    attached = f'Content-Disposition: attachment; filename="deadline.ics"{CRLF}'
    return [attached + _part(entry, "text/calendar; method=PUBLISH")]


def _part(text: str, content_type: str) -> str:
    # RFC 2046 4.1.1: the canonical line end of text is CRLF, also inside base64.
    canonical = CRLF.join(text.splitlines()) + CRLF
    base64 = encodebytes(canonical.encode()).decode("ascii").replace("\n", CRLF)
    return CRLF.join(
        [f'Content-Type: {content_type}; charset="utf-8"', "Content-Transfer-Encoding: base64", "", base64]
    )


def _multipart(kind: str, parts: list[str]) -> str:
    """Parts between boundaries (RFC 2046 5.1); no line of base64 holds an underscore, so none can be a boundary."""
    boundary = f"=_{kind}"
    between = "".join(f"--{boundary}{CRLF}{part}{CRLF}" for part in parts)
    return f'Content-Type: multipart/{kind}; boundary="{boundary}"{CRLF}{CRLF}{between}--{boundary}--{CRLF}'
