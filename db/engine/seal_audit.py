"""Walking the register of seals: is it whole, and does every case still stand where a seal saw it stand."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine.cases import CaseFile, EventRow
from db.engine.damage import Damage
from db.engine.evidence_chain import START
from db.engine.seals import Seal, SealLine, Stand, Unsealed, holds
from vault.keyring import Keyring

# Seals in one query, of five hundred cases each at most.
AT_A_TIME = 20


class Seen(NamedTuple):
    """A line of a seal; `there` is the case and `found` the hash of that line of its file, None for what is gone."""

    seal: int
    case_id: str
    events: int
    head: bytes
    there: str | None
    found: bytes | None


@dataclass
class Register:
    """The register as it was found. `known` are seals that somebody has on paper: number and code."""

    session: AsyncSession
    keyring: Keyring
    known: Mapping[int, str] = field(default_factory=dict)
    seals: int = 0
    last: Seal | None = None

    async def damages(self) -> AsyncIterator[Damage]:
        """What is wrong with the seals, and with the cases by what the seals say of them; each case once."""
        previous, contradicted = START, dict[str, Damage]()
        missed = dict(self.known)
        async for seal, lines in self._entries():
            expected = self.last.number + 1 if self.last else 1
            if seal.number != expected:
                yield Damage("seal_missing", seal=expected, number=seal.number - 1)
            elif seal.previous != previous:
                yield Damage("seal_altered", seal=seal.number, at=seal.at)
            stands = [Stand(line.case_id, line.events, line.head) for line in lines]
            if not holds(seal, stands, self.keyring):
                yield Damage("seal_altered", seal=seal.number, at=seal.at)
            else:
                contradicted.update(_contradicted(seal, lines))
            if missed.get(seal.number) == seal.code:
                del missed[seal.number]
            previous, self.last, self.seals = seal.mac, seal, self.seals + 1
        async for damage in self._ends():
            yield damage
        for number in sorted(missed):
            yield Damage("seal_unknown", seal=number, which=missed[number])
        for case_id in sorted(contradicted):
            yield contradicted[case_id]

    async def _entries(self) -> AsyncIterator[tuple[Seal, Sequence[Seen]]]:
        after = 0
        while True:
            query = select(Seal).where(Seal.number > after).order_by(Seal.number).limit(AT_A_TIME)
            seals = (await self.session.scalars(query)).all()
            if not seals:
                return
            found = await self.session.execute(_LINES.where(SealLine.seal.between(seals[0].number, seals[-1].number)))
            lines: dict[int, list[Seen]] = {}
            for line in map(Seen._make, found):
                lines.setdefault(line.seal, []).append(line)
            for seal in seals:
                yield seal, lines.get(seal.number, [])
            after = seals[-1].number
            self.session.expunge_all()

    async def _ends(self) -> AsyncIterator[Damage]:
        """Lines of seals that are cut off, and cases that were deleted while they waited for their first seal."""
        last = self.last.number if self.last else 0
        named = await self.session.scalar(select(func.max(SealLine.seal))) or 0
        if named > last:
            yield Damage("seal_missing", seal=last + 1, number=named)
        there = select(CaseFile.id).where(CaseFile.id == Unsealed.case_id).exists()
        query = select(Unsealed.case_id).where(~there).distinct().order_by(Unsealed.case_id)
        for case_id in await self.session.scalars(query):
            yield Damage("gone", case_id)

    async def unsealed(self) -> Sequence[str]:
        """Cases that no seal knows as they stand, though none waits to be sealed; an honest record has none."""
        waits = select(Unsealed.case_id).where(Unsealed.case_id == CaseFile.id).exists()
        seen = select(SealLine.case_id).where(
            SealLine.case_id == CaseFile.id,
            SealLine.events == CaseFile.events,
            SealLine.head == func.coalesce(CaseFile.file_head, START),
        )
        query = select(CaseFile.id).where(~waits, ~seen.exists()).order_by(CaseFile.id)
        return (await self.session.scalars(query)).all()

    async def waiting(self) -> int:
        """How many cases wait for the next seal."""
        return await self.session.scalar(select(func.count(Unsealed.case_id.distinct()))) or 0


_LINES = (
    select(
        SealLine.seal,
        SealLine.case_id,
        SealLine.events,
        SealLine.head,
        CaseFile.id.label("there"),
        EventRow.mac.label("found"),
    )
    .outerjoin(CaseFile, CaseFile.id == SealLine.case_id)
    .outerjoin(EventRow, (EventRow.case_id == SealLine.case_id) & (EventRow.number == SealLine.events))
)


def _contradicted(seal: Seal, lines: Sequence[Seen]) -> dict[str, Damage]:
    """Cases that do not stand where this seal saw them."""
    found = {line.case_id: _contradiction(line, seal.at) for line in lines}
    return {case_id: damage for case_id, damage in found.items() if damage}


def _contradiction(line: Seen, at: datetime) -> Damage | None:
    if line.there is None:
        what = "gone"
    elif line.events and line.found is None:
        what = "cut_off"
    elif line.events and line.found != line.head:
        what = "replaced"
    else:
        return None
    return Damage(what, line.case_id, line.events, seal=line.seal, at=at)
