"""The register of seals: how far every case had come, written down every few seconds and chained with a keyed hash.

A case's own chain proves its lines as long as the case is there. The register proves that it was there, and how long
its file was: who deletes a case with all its rows, or sets it back to an earlier state, contradicts a seal. The
database refuses to change a seal; a seal that was changed or removed all the same breaks the chain.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, delete, func, insert, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from db.engine.base import Row
from db.engine.cases import CaseFile
from db.engine.evidence_chain import START, canonical, microseconds
from vault.cipher import keyed_hash, same
from vault.keyring import Keyring, KeyUnknown, Purpose

BATCH = 500
CODE_BYTES, CODE_GROUP = 6, 4


class Seal(Row):
    """One entry of the register: at this instant the cases of its lines stood so. Numbers begin at 1, without gaps."""

    __tablename__ = "seal"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    previous: Mapped[bytes] = mapped_column(LargeBinary)
    mac: Mapped[bytes] = mapped_column(LargeBinary)
    key_id: Mapped[str]

    @property
    def code(self) -> str:
        """Twelve hexadecimal figures of the seal, for paper: 3f9a-0c41-77de."""
        return code_of(self.mac)


class SealLine(Row):
    """How far one case had come: the number of its last line and that line's hash; 0 and nothing for an empty file.

    No foreign key to the case: the line has to outlive it.
    """

    __tablename__ = "seal_line"
    __table_args__ = (Index("ix_seal_line_seal", "seal"),)

    case_id: Mapped[str] = mapped_column(primary_key=True)
    seal: Mapped[int] = mapped_column(ForeignKey("seal.number"), primary_key=True, autoincrement=False)
    events: Mapped[int]
    head: Mapped[bytes] = mapped_column(LargeBinary)


class Unsealed(Row):
    """A case that was opened (`seq` 0) or written (`seq` of the transition) and waits for the next seal."""

    __tablename__ = "unsealed"

    case_id: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


@dataclass(frozen=True)
class Stand:
    """How far a case has come."""

    case_id: str
    events: int
    head: bytes


@dataclass(frozen=True)
class Made:
    """A seal that has been made. `vanished` are cases that waited for it and are no longer there."""

    seal: Seal
    cases: int
    more: bool
    vanished: tuple[str, ...] = ()


async def seal_next(session: AsyncSession, keyring: Keyring, *, at: datetime) -> Made | None:
    """Seal the cases that wait, five hundred marks at most; None when nothing waits or somebody else is sealing.

    The caller owns the transaction. Cases and marks are read as of one instant, and only the marks that were read are
    taken away: what is written meanwhile waits for the next seal.
    """
    if not await session.scalar(select(func.pg_try_advisory_xact_lock(func.hashtextextended("seals", 0)))):
        return None
    waiting = (await session.execute(_WAITING)).all()
    if not waiting:
        return None
    stands = {row.case_id: Stand(row.case_id, row.events or 0, row.file_head or START) for row in waiting}
    last = (await session.execute(select(Seal.number, Seal.mac).order_by(Seal.number.desc()).limit(1))).first()
    number, previous = (last.number + 1, last.mac) if last else (1, START)
    key = keyring.current(Purpose.CHAIN)
    mac = keyed_hash(key, *_sealed(number, at, previous, stands.values()))
    seal = Seal(number=number, at=at, previous=previous, mac=mac, key_id=key.id)
    session.add(seal)
    await session.flush()
    lines = [
        {"case_id": stand.case_id, "seal": number, "events": stand.events, "head": stand.head}
        for stand in stands.values()
    ]
    await session.execute(insert(SealLine), lines)
    marks = [(row.case_id, row.seq) for row in waiting]
    await session.execute(delete(Unsealed).where(tuple_(Unsealed.case_id, Unsealed.seq).in_(marks)))
    vanished = tuple(sorted({row.case_id for row in waiting if row.id is None}))
    return Made(seal, len(stands), more=len(waiting) == BATCH, vanished=vanished)


_WAITING = (
    select(Unsealed.case_id, Unsealed.seq, CaseFile.id, CaseFile.events, CaseFile.file_head)
    .outerjoin(CaseFile, CaseFile.id == Unsealed.case_id)
    .order_by(Unsealed.case_id, Unsealed.seq)
    .limit(BATCH)
)


def holds(seal: Seal, stands: Iterable[Stand], keyring: Keyring) -> bool:
    """Whether a seal is as it was made, over these cases."""
    try:
        key = keyring.key(Purpose.CHAIN, seal.key_id)
    except KeyUnknown:
        return False
    return same(keyed_hash(key, *_sealed(seal.number, seal.at, seal.previous, stands)), seal.mac)


def code_of(mac: bytes) -> str:
    """Twelve hexadecimal figures in groups, short enough to be written down by hand."""
    plain = mac[:CODE_BYTES].hex()
    return "-".join(plain[start : start + CODE_GROUP] for start in range(0, len(plain), CODE_GROUP))


def _sealed(number: int, at: datetime, previous: bytes, stands: Iterable[Stand]) -> tuple[bytes, ...]:
    cases = {stand.case_id: [stand.events, stand.head.hex()] for stand in stands}
    return (b"seal", str(number).encode(), microseconds(at), canonical(cases).encode(), previous)
