"""The file of a case: numbered lines, each sealed to the one before with a keyed hash, and a seal over the last.

The database refuses to change or delete a line. What it cannot refuse, an owner of the database, is found by
`verify`: every line is recomputed, the numbers have no gap, the last line is the one that the case's own seal
names, every decision still says what its line said, and every scan has its own hash. HMAC-SHA-256 (RFC 2104) under
the chain key, which the database does not hold.
"""

import hashlib
import json
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine.cases import CaseFile, EventRow
from db.engine.tasks import DecisionRow, Evidence
from vault.cipher import keyed_hash, same
from vault.keyring import Keyring, KeyUnknown, Purpose

START = b""


def canonical(body: Mapping[str, object]) -> str:
    """One text for one meaning: sorted keys, no spaces, no floats, Chinese as it is."""
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def words_digest(keyring: Keyring, words: str | None, form: Mapping[str, object]) -> str:
    """What a line keeps of a decision's words and form, so that altering them later shows."""
    key = keyring.current(Purpose.CHAIN)
    return f"{key.id}:{keyed_hash(key, (words or '').encode(), canonical(form).encode()).hex()}"


def append(
    case: CaseFile, bodies: Iterable[Mapping[str, object]], *, at: datetime, keyring: Keyring
) -> list[dict[str, object]]:
    """The rows that put these lines at the end of the case's file; the case's count, head and seal move with them."""
    key = keyring.current(Purpose.CHAIN)
    rows: list[dict[str, object]] = []
    head = case.file_head or START
    for body in bodies:
        case.events += 1
        text = canonical(body)
        mac = keyed_hash(key, case.id.encode(), str(case.events).encode(), _instant(at), text.encode(), head)
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
class Damage:
    """Where a file is not as it was written: the case, the line's number (0 for the file as a whole), and what is
    wrong.
    """

    case_id: str
    number: int
    what: str


async def verify(session: AsyncSession, keyring: Keyring) -> AsyncIterator[Damage]:
    """Every damage in every file, on a session that has read nothing yet. An untouched record yields nothing.

    All is read as of one instant: a case that goes on meanwhile is no damage.
    """
    await session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
    for case_id in await session.scalars(select(CaseFile.id).order_by(CaseFile.id)):
        case = await session.get_one(CaseFile, case_id)
        async for damage in _verify_case(session, case, keyring):
            yield damage
        session.expunge_all()


async def _verify_case(session: AsyncSession, case: CaseFile, keyring: Keyring) -> AsyncIterator[Damage]:
    head, number = START, 0
    told: dict[str, Mapping[str, Any]] = {}
    for row in await session.scalars(select(EventRow).where(EventRow.case_id == case.id).order_by(EventRow.number)):
        number += 1
        if row.number != number:
            yield Damage(case.id, number, "missing")
            number = row.number
        if row.previous != head or not _holds(row, keyring):
            yield Damage(case.id, row.number, "altered")
        head = row.mac
        body = json.loads(row.body)
        if "words" in body:
            told[body["request"]] = body
    if number != case.events or head != (case.file_head or START) or not _seal_holds(case, keyring):
        yield Damage(case.id, 0, "end_of_file")
    async for what in _rewritten(session, case.id, told, keyring):
        yield Damage(case.id, 0, what)


async def _rewritten(
    session: AsyncSession, case_id: str, told: dict[str, Mapping[str, Any]], keyring: Keyring
) -> AsyncIterator[str]:
    """Decisions and scans that are not as the lines have them, lines without their decision."""
    for decision in await session.scalars(select(DecisionRow).where(DecisionRow.case_id == case_id)):
        line = told.pop(decision.request, {})
        if not _digest_holds(str(line.get("words", "")), decision, keyring) or not _says(line, decision):
            yield f"decision {decision.request}"
    for request in told:
        yield f"decision {request}"
    for scan in await session.scalars(select(Evidence).where(Evidence.case_id == case_id)):
        if hashlib.sha256(scan.content).hexdigest() != scan.sha256:
            yield f"scan {scan.sha256}"


def _holds(row: EventRow, keyring: Keyring) -> bool:
    try:
        key = keyring.key(Purpose.CHAIN, row.key_id)
    except KeyUnknown:
        return False
    parts = (row.case_id.encode(), str(row.number).encode(), _instant(row.at), row.body.encode(), row.previous)
    return same(keyed_hash(key, *parts), row.mac)


def _seal_holds(case: CaseFile, keyring: Keyring) -> bool:
    if case.file_seal is None:
        return case.events == 0
    key_id, _, seal = case.file_seal.partition(b":")
    try:
        key = keyring.key(Purpose.CHAIN, key_id.decode(errors="replace"))
    except KeyUnknown:
        return False
    return same(keyed_hash(key, case.id.encode(), str(case.events).encode(), case.file_head or START), seal)


def _says(line: Mapping[str, Any], decision: DecisionRow) -> bool:
    """Whether a decision still is what its line says: who, as what, on what, when, how, and what was chosen."""
    refs = line.get("refs", {})
    written = (
        *(line.get(name) for name in ("task", "actor", "role", "revision", "channel", "decided_on", "due", "late")),
        *(line.get(name) for name in ("recorded_by", "checked_by", "evidence", "minutes", "received_at")),
        *(refs.get(name) for name in ("choice", "step")),
    )
    return written == (
        *(decision.task_id, decision.person, decision.role, decision.revision, decision.channel),
        *(decision.decided_on.isoformat(), instant(decision.due_at), decision.late),
        *(decision.recorded_by, decision.checked_by, decision.evidence, decision.minutes),
        instant(decision.received_at),
        *(decision.choice, str(decision.step)),
    )


def instant(at: datetime | None) -> str:
    """An instant as a line keeps it: ISO 8601 in UTC, "" for none."""
    return at.astimezone(UTC).isoformat() if at else ""


def _digest_holds(digest: str, decision: DecisionRow, keyring: Keyring) -> bool:
    key_id, _, expected = digest.partition(":")
    try:
        key = keyring.key(Purpose.CHAIN, key_id)
    except KeyUnknown:
        return False
    found = keyed_hash(key, (decision.words or "").encode(), canonical(decision.form).encode()).hex()
    return same(found.encode(), expected.encode())


def _instant(at: datetime) -> bytes:
    return str(int(at.timestamp() * 1_000_000)).encode()
