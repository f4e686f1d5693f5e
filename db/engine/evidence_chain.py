"""The file of a case: numbered lines, each sealed to the one before with a keyed hash, and a seal over the last.

The database refuses to change or delete a line. What it cannot refuse, an owner of the database, is found by `audit`,
which computes all of it again. HMAC-SHA-256 (RFC 2104) under the chain key, which the database does not hold.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from db.engine.cases import CaseFile
from vault.cipher import keyed_hash, same
from vault.keyring import Keyring, KeyUnknown, Purpose

START = b""
# In the first line of a file, its form. From 2 on every row that `row_proof` knows is named in a line of its case.
FORM = "form"
ROWS_ARE_NAMED = 2


def canonical(body: Mapping[str, object]) -> str:
    """One text for one meaning: sorted keys, no spaces, no floats, Chinese as it is."""
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def words_digest(keyring: Keyring, words: str | None, form: Mapping[str, object]) -> str:
    """What a line keeps of a decision's words and form, so that altering them later shows."""
    key = keyring.current(Purpose.CHAIN)
    return f"{key.id}:{keyed_hash(key, (words or '').encode(), canonical(form).encode()).hex()}"


def words_hold(digest: str, words: str | None, form: Mapping[str, object], keyring: Keyring) -> bool:
    """Whether words and form still are those of which a line has this digest."""
    key_id, _, expected = digest.partition(":")
    try:
        key = keyring.key(Purpose.CHAIN, key_id)
    except KeyUnknown:
        return False
    return same(keyed_hash(key, (words or "").encode(), canonical(form).encode()).hex().encode(), expected.encode())


def append(
    case: CaseFile, bodies: Iterable[Mapping[str, object]], *, at: datetime, keyring: Keyring
) -> list[dict[str, object]]:
    """The rows that put these lines at the end of the case's file; the case's count, head and seal move with them."""
    key = keyring.current(Purpose.CHAIN)
    rows: list[dict[str, object]] = []
    head = case.file_head or START
    for body in bodies:
        text = canonical(body if case.events else {**body, FORM: ROWS_ARE_NAMED})
        case.events += 1
        mac = keyed_hash(key, *_written(case.id, case.events, at, text, head))
        rows.append(
            {
                "case_id": case.id,
                "number": case.events,
                "at": at,
                "body": text,
                "previous": head,
                "mac": mac,
                "key_id": key.id,
            }
        )
        head = mac
    case.file_head = head
    case.file_seal = key.id.encode() + b":" + keyed_hash(key, case.id.encode(), str(case.events).encode(), head)
    return rows


@dataclass(frozen=True)
class FileLine:
    """A line as it stands in the record."""

    case_id: str
    number: int
    at: datetime
    body: str
    previous: bytes
    mac: bytes
    key_id: str

    def holds(self, keyring: Keyring) -> bool:
        """Whether the line is as it was written."""
        try:
            key = keyring.key(Purpose.CHAIN, self.key_id)
        except KeyUnknown:
            return False
        return same(keyed_hash(key, *_written(self.case_id, self.number, self.at, self.body, self.previous)), self.mac)


def end_holds(case_id: str, events: int, head: bytes, *, seal: bytes | None, keyring: Keyring) -> bool:
    """Whether the case's own seal says that its file ends with this line."""
    if seal is None:
        return events == 0
    key_id, _, expected = seal.partition(b":")
    try:
        key = keyring.key(Purpose.CHAIN, key_id.decode(errors="replace"))
    except KeyUnknown:
        return False
    return same(keyed_hash(key, case_id.encode(), str(events).encode(), head), expected)


def instant(at: datetime | None) -> str:
    """An instant as a line keeps it: ISO 8601 in UTC, "" for none."""
    return at.astimezone(UTC).isoformat() if at else ""


def microseconds(at: datetime) -> bytes:
    """An instant as it is hashed: microseconds since 1970, as the database keeps it."""
    return str(int(at.timestamp() * 1_000_000)).encode()


def _written(case_id: str, number: int, at: datetime, body: str, previous: bytes) -> tuple[bytes, ...]:
    return (case_id.encode(), str(number).encode(), microseconds(at), body.encode(), previous)
