"""What offices have given to a document, as it was recorded: read, and written with a line in the case's file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from activities.engine.aside import write_aside
from db.engine.official import OFFICIAL, OfficialRecord
from db.engine.people import Person
from policies.engine.calendar import CHINA
from policies.engine.refusals import FormIncomplete, Refusal
from services.engine import scans
from services.engine.permissions import REACH, NotForYou, Right
from services.engine.scans import Scan
from services.official.reading import Reading
from vault.keyring import Keyring

RECORDED, RETURNED = "document_recorded", "scan_returned"


class IssuedInFuture(Refusal):
    """A document cannot have been issued on a day that has not come."""


@dataclass(frozen=True)
class Stated:
    """What an office has given to a document, as somebody records it. `request` is made with the page."""

    request: str
    number: str = ""
    signed_by: str = ""
    issued_on: date | None = None
    incoming: str = ""
    scan: Scan | None = None

    @property
    def facts(self) -> tuple[object, ...]:
        """The facts without the scan."""
        return (self.number, self.signed_by, self.issued_on, self.incoming)


@dataclass(frozen=True)
class Entry:
    """One recording: who, when, what. `name` is "" for a reader who may not know it; `evidence` a scan's hash or ""."""

    name: str
    at: datetime
    number: str
    signed_by: str
    issued_on: date | None
    incoming: str
    evidence: str

    @property
    def facts(self) -> tuple[object, ...]:
        """The facts without the scan."""
        return (self.number, self.signed_by, self.issued_on, self.incoming)


@dataclass(frozen=True)
class Place:
    """Which document is recorded: its key in the case, its form's name, the task it is about or "", whose it is."""

    key: str
    name: str
    task: str
    issuer: str


async def entries(reading: Reading, key: str) -> list[Entry]:
    """What was recorded for a document, the newest first."""
    query = select(OfficialRecord, Person.name).join(Person, Person.id == OfficialRecord.recorded_by)
    query = query.where(OfficialRecord.case_id == reading.case.id, OfficialRecord.document == key)
    rows = await reading.session.execute(query.order_by(OfficialRecord.recorded_at.desc(), OfficialRecord.id))
    return [_entry(row, name if reading.names else "") for row, name in rows]


def _entry(row: OfficialRecord, name: str) -> Entry:
    return Entry(
        name,
        row.recorded_at,
        row.number,
        row.signed_by or "",
        row.issued_on,
        row.incoming,
        row.evidence or "",
    )


def ensure_new(stated: Stated, known: Sequence[Entry], *, now: datetime) -> None:
    """Refuse what says nothing new, or a day that has not come. Raises FormIncomplete or IssuedInFuture."""
    if stated.issued_on and stated.issued_on > now.astimezone(CHINA).date():
        raise IssuedInFuture
    before = known[0].facts if known else Stated("").facts
    if stated.scan is None and stated.facts == before:
        raise FormIncomplete


async def again(reading: Reading, place: Place, request: str) -> bool:
    """Whether this request was kept before. Raises NotForYou for the request of another recording."""
    first = await reading.session.get(OfficialRecord, request)
    if first is None:
        return False
    if (first.case_id, first.document, first.recorded_by) != (reading.case.id, place.key, reading.viewer.person):
        raise NotForYou(right=Right.KEEP_DOCUMENTS.value)
    return True


async def write(reading: Reading, place: Place, stated: Stated, *, keyring: Keyring) -> bool:
    """Keep the recording and say so in the file; False where a second click was faster. The caller owns the
    transaction. Raises ScanUnfit.
    """
    row = await _row(reading, place, stated)
    kept = insert(OfficialRecord).values(row).on_conflict_do_nothing().returning(OfficialRecord.id)
    if await reading.session.scalar(kept) is None:
        return False
    body = _line(reading, place, str(row["evidence"] or ""))
    await write_aside(reading.session, reading.case.id, body, named=(OFFICIAL, row), at=reading.now, keyring=keyring)
    return True


async def _row(reading: Reading, place: Place, stated: Stated) -> dict[str, object]:
    evidence, person = None, reading.viewer.person
    if stated.scan:
        kind = scans.kind_of(stated.scan)
        case, at = reading.case.id, reading.now
        evidence = await scans.keep(reading.session, stated.scan, kind, case=case, person=person, at=at)
    return {
        "id": stated.request,
        "case_id": reading.case.id,
        "document": place.key,
        "number": stated.number,
        "signed_by": stated.signed_by or None,
        "issued_on": stated.issued_on,
        "incoming": stated.incoming,
        "evidence": evidence,
        "recorded_by": person,
        "recorded_at": reading.now,
    }


def _line(reading: Reading, place: Place, evidence: str) -> dict[str, object]:
    """Number and signer stand in the row that the line names; the line holds ids."""
    giving = (
        held
        for held in reading.viewer.roles
        if Right.KEEP_DOCUMENTS in REACH[held.role][1] and place.issuer in held.reaches
    )
    held = next(giving)
    body: dict[str, object] = {
        "event": RETURNED if evidence else RECORDED,
        "actor": reading.viewer.person,
        "role": held.role,
        "institution": held.institution,
        "channel": "page",
        "refs": {"document": place.name, "sheet": place.key},
    }
    if place.task:
        body["task"] = place.task
    if evidence:
        body["evidence"] = evidence
    return body
