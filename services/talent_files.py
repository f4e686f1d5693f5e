"""The files that prove sessions and force majeure: kept before what names them, read by who may read the contract."""

from sqlalchemy import ColumnElement, select

from db.engine.base import Sessions
from db.engine.clock import Clock
from db.engine.tasks import Evidence
from db.talent_contracts import TalentContract, TalentExcuse, TalentSession
from services.attendance_book import Keeper
from services.engine import scans
from services.engine.acts import CaseUnknown
from services.engine.permissions import Viewer
from services.engine.scans import Scan
from services.talent_hosts import ensure_keeps, keeps_sessions
from services.talent_views import one_reached, opens


class TalentFileDesk:
    """Keeps and gives evidence."""

    def __init__(self, sessions: Sessions, *, clock: Clock) -> None:
        """A desk over the record."""
        self._sessions, self._clock = sessions, clock

    async def keep(self, case_id: str, scan: Scan, *, keeper: Keeper) -> str:
        """Keep a file for a contract; its hash, by which a session or a claim names it.

        Raises CaseUnknown, NotForYou and ScanUnfit.
        """
        kind = scans.kind_of(scan)
        async with self._sessions.begin() as session:
            contract = await session.get(TalentContract, case_id)
            if contract is None:
                raise CaseUnknown(case=case_id)
            await ensure_keeps(session, keeper, contract)
            return await scans.keep(session, scan, kind, case=case_id, person=keeper.by, at=self._clock.now())

    async def file(self, case_id: str, digest: str, viewer: Viewer) -> tuple[str, bytes]:
        """(media type, content) of what proves a session or, for who reads it all, a claim. Raises CaseUnknown."""
        async with self._sessions() as session:
            case, contract, _ = await one_reached(session, case_id, viewer)
            keeps = contract is not None and await keeps_sessions(session, viewer, contract)
            if not (keeps or opens(viewer, case)):
                raise CaseUnknown(case=case_id)
            named = [await session.scalar(select(TalentSession.key).where(*_proves(TalentSession, case_id, digest)))]
            if opens(viewer, case):
                named.append(
                    await session.scalar(select(TalentExcuse.id).where(*_proves(TalentExcuse, case_id, digest)))
                )
            if not digest or not any(named):
                raise CaseUnknown(case=case_id)
            kept = await session.get_one(Evidence, digest)
            return kept.media_type, kept.content


def _proves(
    row: type[TalentSession] | type[TalentExcuse], case_id: str, digest: str
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return row.case_id == case_id, row.evidence == digest
