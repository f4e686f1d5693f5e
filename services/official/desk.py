"""The desk at which documents are printed, given their official facts, and taken back signed and sealed (COR-10)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine.base import Sessions
from db.engine.clock import Clock
from db.engine.packs import PackShelf
from db.engine.tasks import Evidence
from db.evaluation import frozen
from policies.engine.refusals import Refusal
from policies.engine.words import Words
from services.engine import said
from services.engine.acts import CaseUnknown
from services.engine.case_rows import gather
from services.engine.permissions import NotForYou, Right, Viewer
from services.engine.places import Places
from services.engine.reading import Standing
from services.office_words import MARKS
from services.official import approval, kept
from services.official.catalogue import FORMS
from services.official.kept import Entry, Place, Stated
from services.official.model import Clause, Document, Fact
from services.official.pdf import Press
from services.official.reading import Reading, Sheet, day, moment
from services.official.word import word
from vault.keyring import Keyring


@dataclass(frozen=True)
class Listed:
    """One document on the list: its key in addresses, its title, whose it is, its 文号, how many scans came back."""

    key: str
    title: Words
    issuer: Words
    number: str
    scans: int


@dataclass(frozen=True)
class Paperwork:
    """The documents of a case that its reader may print."""

    case: str
    lifecycle: str
    documents: tuple[Listed, ...]


@dataclass(frozen=True)
class Opened:
    """One document with what was recorded for it, the newest first. `at` is the instant for which it was written.

    may_keep: whether the viewer may record more. may_scan: whether they may open the scans.
    """

    case: str
    key: str
    title: Words
    document: Document
    entries: tuple[Entry, ...]
    at: datetime
    may_keep: bool
    may_scan: bool


@dataclass(frozen=True)
class _Found:
    """One document as it was written for its reader. `open`: nothing that it holds is kept from them."""

    place: Place
    sheet: Sheet
    title: Words
    open: bool


class FileLocked(Refusal):
    """The file was archived and takes nothing more."""


class DocumentDesk:
    """Prints and keeps documents."""

    def __init__(
        self, sessions: Sessions, keyring: Keyring, *, shelf: PackShelf, clock: Clock, places: Places, press: Press
    ) -> None:
        """A desk over the record."""
        self._sessions, self._keyring, self._press = sessions, keyring, press
        self._shelf, self._clock, self._places = shelf, clock, places

    async def listed(self, case_id: str, viewer: Viewer) -> Paperwork:
        """Every document of a case that this person may read. Raises CaseUnknown."""
        async with self._sessions() as session:
            reading = await self._reading(session, case_id, viewer)
            sheets = [approval.NAME + task.removeprefix(reading.case.id) for task in reading.found.tasks]
            found = [await _found(reading, key) for key in (*FORMS, *sheets)]
            listed = [await _listed(reading, each) for each in found if each]
        return Paperwork(case_id, reading.case.lifecycle, tuple(listed))

    async def opened(self, case_id: str, key: str, viewer: Viewer) -> Opened:
        """One document. Raises CaseUnknown for one that is not there or not for this person."""
        async with self._sessions() as session:
            reading = await self._reading(session, case_id, viewer)
            found = await _known(reading, key)
            entries = await kept.entries(reading, key)
        document = _document(reading, found, entries[0] if entries else None)
        may_keep = _may_keep(reading, found)
        may_scan = found.open or may_keep
        return Opened(case_id, key, found.title, document, tuple(entries), reading.now, may_keep, may_scan)

    async def pdf(self, case_id: str, key: str, viewer: Viewer) -> bytes:
        """The document as PDF. Raises CaseUnknown or FontsMissing."""
        opened = await self.opened(case_id, key, viewer)
        return await self._press.pdf(opened.document, at=opened.at)

    async def word(self, case_id: str, key: str, viewer: Viewer) -> bytes:
        """The document as docx. Raises CaseUnknown."""
        opened = await self.opened(case_id, key, viewer)
        return word(opened.document, at=opened.at)

    async def keep(self, case_id: str, key: str, viewer: Viewer, stated: Stated) -> bool:
        """Record official facts, a scan, or both, with a line in the case's file; False for a second click.

        Raises CaseUnknown, NotForYou, FileLocked, IssuedInFuture, ScanUnfit, or FormIncomplete where nothing new is
        stated.
        """
        async with self._sessions.begin() as session:
            reading = await self._reading(session, case_id, viewer)
            found = await _known(reading, key)
            if not _may_keep(reading, found):
                raise NotForYou(right=Right.KEEP_DOCUMENTS.value)
            if await _locked(reading):
                raise FileLocked(case=case_id)
            if await kept.again(reading, found.place, stated.request):
                return False
            kept.ensure_new(stated, await kept.entries(reading, key), now=reading.now)
            return await kept.write(reading, found.place, stated, keyring=self._keyring)

    async def scan(self, case_id: str, key: str, digest: str, viewer: Viewer) -> tuple[str, bytes]:
        """(media type, content) of a scan that came back for this document. Raises CaseUnknown."""
        opened = await self.opened(case_id, key, viewer)
        if not opened.may_scan or digest not in {entry.evidence for entry in opened.entries if entry.evidence}:
            raise CaseUnknown(case=case_id)
        async with self._sessions() as session:
            row = await session.get_one(Evidence, digest)
        return row.media_type, row.content

    async def _reading(self, session: AsyncSession, case_id: str, viewer: Viewer) -> Reading:
        found = await gather(session, case_id, viewer, before=0)
        pack = await self._shelf.pack(found.case.pack, found.case.pack_version)
        sat = {seat.task_id for seat, _ in found.seats if seat.person == viewer.person}
        standing = Standing.of(viewer, found.case, found.tasks.values(), sat)
        places, now = await self._places.now(), self._clock.now()
        return Reading(session, found, pack, places, viewer, standing, now)


async def _known(reading: Reading, key: str) -> _Found:
    found = await _found(reading, key)
    if found is None:
        raise CaseUnknown(case=reading.case.id)
    return found


async def _found(reading: Reading, key: str) -> _Found | None:
    """The document under a key, unless there is none or it is not for this reader."""
    name, _, local = key.partition(".")
    if name == approval.NAME:
        return await _approval(reading, key, f"{reading.case.id}.{local}")
    form = FORMS.get(key)
    if form is None or form.lifecycle != reading.case.lifecycle:
        return None
    if not (reading.whole or (form.both_sides and Right.FINDINGS in reading.standing.rights)):
        return None
    sheet = await form.write(reading)
    if sheet is None:
        return None
    title = reading.pack.documents.get(name, Words(name, name))
    return _Found(Place(key, name, "", sheet.issuer), sheet, title, open=True)


async def _approval(reading: Reading, key: str, task_id: str) -> _Found | None:
    task = reading.found.tasks.get(task_id)
    if task is None:
        return None
    sheet = await approval.approval(reading, task)
    reads = (reading.standing.reads(reading.pack, task, each.row) for each in reading.answers(task))
    place = Place(key, approval.NAME, task_id, sheet.issuer)
    return _Found(place, sheet, sheet.title or Words(key, key), open=reading.names and all(reads))


async def _listed(reading: Reading, found: _Found) -> Listed:
    entries = await kept.entries(reading, found.place.key)
    number, scans = entries[0].number if entries else "", sum(bool(each.evidence) for each in entries)
    return Listed(found.place.key, found.title, reading.places.name(found.place.issuer), number, scans)


async def _locked(reading: Reading) -> bool:
    """An archived file takes nothing more, unless a matter about it is open (stage 14, EXC-11)."""
    archived = any(task.status == "settled" for task in reading.tasks("archive_term"))
    if not archived or reading.case.state != "closed":
        return False
    return not await reading.session.scalar(select(frozen(reading.case.id)))


def _may_keep(reading: Reading, found: _Found) -> bool:
    """The HR officer of whoever issues it, or of a body above, in another's case; only of a file that has begun."""
    reached = reading.viewer.may(Right.KEEP_DOCUMENTS, [found.place.issuer])
    return reached and reading.case.subject != reading.viewer.person and reading.case.events > 0


def _document(reading: Reading, found: _Found, last: Entry | None) -> Document:
    pack, sheet = reading.pack, found.sheet
    clause = said.clause(pack, sheet.rule)
    rest = Clause(clause.rule, clause.path, clause.quote, MARKS.get(clause.mark, ""), clause.source.zh)
    draft = "；依据文本为征求意见稿" if said.programme(pack).draft else ""
    official = (
        Fact("文号", last.number if last else ""),
        Fact("签发人", last.signed_by if last else ""),
        Fact("印发日期", day(last.issued_on) if last else ""),
        Fact("来文文号", last.incoming if last else ""),
    )
    foot = (
        f"系统编号：{reading.case.id}/{found.place.key}（不是文号）",
        f"{moment(reading.now)}打印；规则：{pack.title.zh} {pack.version}{draft}",
    )
    parts = (rest, *sheet.parts) if sheet.rule else sheet.parts
    return Document(found.title.zh, reading.place(sheet.issuer), official, parts, foot)
