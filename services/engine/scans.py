"""Scans of signed sheets and minutes: looked at for what they are, kept once by their hash."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

import puremagic
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine.tasks import Evidence
from policies.engine.refusals import Refusal

LARGEST = 10 * 1024 * 1024
TAKEN = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}


class ScanUnfit(Refusal):
    """The scan is not a PDF, JPEG or PNG, or is larger than 10 MB."""


class ProofMissing(Refusal):
    """A decision on paper or in a meeting needs its scan: signature and seal, or the minutes."""


@dataclass(frozen=True)
class Scan:
    """An uploaded file."""

    name: str
    content: bytes


def kind_of(scan: Scan | None) -> str:
    """The media type that the content itself shows. Raises ProofMissing or ScanUnfit."""
    if scan is None or not scan.content:
        raise ProofMissing
    if len(scan.content) > LARGEST:
        raise ScanUnfit(reason="size")
    try:
        found = puremagic.from_string(scan.content[:4096], mime=True)
    except puremagic.PureError:
        found = ""
    if found not in TAKEN:
        raise ScanUnfit(reason="kind")
    return found


async def keep(session: AsyncSession, scan: Scan | None, kind: str, *, case: str, person: str, at: datetime) -> str:
    """Store a scan of this kind for a case; its SHA-256, under which the same scan is stored once."""
    if scan is None:
        raise ProofMissing
    digest = hashlib.sha256(scan.content).hexdigest()
    row = {
        "sha256": digest,
        "case_id": case,
        "name": f"{digest[:12]}{TAKEN[kind]}",
        "media_type": kind,
        "content": scan.content,
        "uploaded_by": person,
        "uploaded_at": at,
    }
    await session.execute(insert(Evidence).values(row).on_conflict_do_nothing())
    return digest
