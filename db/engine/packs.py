"""The shelf of pack versions: each stored once, parsed once a process."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from db.engine.base import Sessions, at_once
from db.engine.cases import PackVersion
from db.engine.clock import Clock
from policies.engine.pack import Pack, parse_pack
from policies.engine.refusals import Refusal


class StartingUp(Refusal):
    """No rules are stored yet: the first worker has still to start. Nothing was done; it may be asked again soon."""


class PackChanged(Exception):
    """A pack text was changed without a new version; the stored one is what running cases carry."""


class PackShelf:
    """Reads stored, immutable pack versions."""

    def __init__(self, sessions: Sessions) -> None:
        """A shelf over the record."""
        self._reading = at_once(sessions)
        self._parsed: dict[tuple[str, str], Pack] = {}

    async def pack(self, pack_id: str, version: str, *, through: AsyncConnection | None = None) -> Pack:
        """The pack of a version that a case carries.

        Who holds a connection already gives it: to wait for a second of the same pool may be to wait for each other.
        """
        known = self._parsed.get((pack_id, version))
        if known is None:
            text = await (self._text(pack_id, version) if through is None else _text(through, pack_id, version))
            known = self._parsed[pack_id, version] = parse_pack(text, file=f"{pack_id} {version}")
        return known

    async def _text(self, pack_id: str, version: str) -> str:
        async with self._reading() as session:
            return await _text(session, pack_id, version)

    async def current(self, pack_id: str, *, through: AsyncConnection | None = None) -> Pack:
        """The version loaded last, for new cases; StartingUp before the first worker has stored any."""
        if through is None:
            async with self._reading() as session:
                version = await _newest(session, pack_id)
        else:
            version = await _newest(through, pack_id)
        if version is None:
            raise StartingUp(pack=pack_id)
        return await self.pack(pack_id, version, through=through)

    async def by_programme(self) -> Mapping[str, Pack]:
        """The version of each pack that was loaded last, by its programme; StartingUp before any is stored."""
        async with self._reading() as session:
            ids = (await session.scalars(select(PackVersion.id).distinct().order_by(PackVersion.id))).all()
        if not ids:
            raise StartingUp(pack="")
        packs = [await self.current(pack_id) for pack_id in ids]
        return {pack.programme: pack for pack in packs}


async def _newest(record: AsyncConnection | AsyncSession, pack_id: str) -> str | None:
    query = select(PackVersion.version).where(PackVersion.id == pack_id)
    query = query.order_by(PackVersion.loaded_at.desc(), PackVersion.version.desc()).limit(1)
    found: str | None = (await record.execute(query)).scalar()
    return found


async def _text(record: AsyncConnection | AsyncSession, pack_id: str, version: str) -> str:
    query = select(PackVersion.text).where(PackVersion.id == pack_id, PackVersion.version == version)
    return (await record.execute(query)).scalar_one()


async def shelve(session: AsyncSession, pack: Pack, clock: Clock) -> bool:
    """Store a version once; True when it is new. PackChanged when the same version has another text."""
    stored = await session.get(PackVersion, (pack.id, pack.version))
    if stored and stored.sha256 != pack.sha256:
        raise PackChanged(pack.id, pack.version)
    if stored:
        return False
    row = {"id": pack.id, "version": pack.version, "sha256": pack.sha256, "text": pack.text, "loaded_at": clock.now()}
    await session.execute(insert(PackVersion).values(row).on_conflict_do_nothing())
    return True
