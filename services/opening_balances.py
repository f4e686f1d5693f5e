"""The desk for opening balances: a sheet of terms under way is looked at first and confirmed then (COR-17).

Every row gets a result and the good ones begin. Nothing is decided by it: a grade, an absence or a filing that stands
in the sheet is a stated fact, marked as imported wherever it is shown or counted.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from activities.engine.delivery import Delivery
from db.engine.almanac import Almanac
from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.clock import Clock
from db.engine.opening import OneOpenCase, next_serial, open_case
from db.engine.packs import PackShelf
from db.engine.people import Person
from db.evaluation import Grade
from db.opening_terms import TAKEN_BACK, OpeningSheet, OpeningTerm, known_opening
from db.segments import BEFORE
from policies.engine.pack import Pack
from policies.engine.refusals import OwnCase, ReasonMissing, Refusal
from policies.engine.words import Words
from services.county_words import PROGRAMMES
from services.engine.acts import CaseUnknown, Done
from services.engine.decisions import PAGE
from services.engine.notices import Brought, bring, keep, kept_before
from services.engine.permissions import Right, Viewer, ensure
from services.engine.places import Places
from services.facts import CREATED, REFUSED, UNCHANGED, RowResult
from services.field_problems import FieldProblem
from services.imports import Imported, ImportedRow
from services.opening_cases import Import, opening_of, term_of
from services.opening_rows import HEADINGS, STAGES, Stated, stated
from services.sheets import SheetRow, read_sheet
from workflows.term.taken_back import NOTICE

# What two rows of one term must agree in.
STATED = (
    "sending",
    "receiving",
    "specialty",
    "mode",
    "completed_on",
    "stage",
    "filing_number",
    "paused_days",
    "half_days",
    "absence_times",
    "absence_days",
    "mentor",
    "targets",
    "past_grade",
)


class OpeningStands(Refusal):
    """Only an imported term that has not ended, and of which no grade has been decided, is taken back."""


class SheetNotSeen(Refusal):
    """Only a sheet that the same person has uploaded and looked at is confirmed."""


@dataclass(frozen=True)
class Seen:
    """A sheet that was judged: its hash, by which it is confirmed, a result for each row, and what each row says."""

    sheet: str
    imported: Imported
    written: Mapping[int, str]


@dataclass(frozen=True)
class OpeningLine:
    """One imported term on the list; `taken_back`: it was withdrawn; `may_take_back`: the reader still may."""

    case: str
    programme: str
    name: str
    sending: Words
    receiving: Words
    started_on: date
    stage: str
    imported_at: datetime
    taken_back: bool
    may_take_back: bool


class OpeningDesk:
    """Takes sheets of terms that are under way."""

    def __init__(
        self, sessions: Sessions, delivery: Delivery, *, clock: Clock, shelf: PackShelf, places: Places
    ) -> None:
        """A desk over the record."""
        self._sessions, self._delivery = sessions, delivery
        self._clock, self._shelf, self._places = clock, shelf, places
        self._almanac = Almanac(sessions, clock)

    async def look(self, viewer: Viewer, content: bytes) -> Seen:
        """Judge every row and begin nothing; the sheet is kept to be confirmed.

        Raises SheetUnreadable, SheetTooLarge, SheetColumnsWrong, SheetEmpty, NotForYou.
        """
        ensure(viewer, Right.OPEN_BALANCES)
        digest = hashlib.sha256(content).hexdigest()
        seen = await self._taken(viewer, digest, content, try_only=True)
        kept = base64.b64encode(content).decode()
        row = {"sha256": digest, "uploaded_by": viewer.person, "content": kept, "uploaded_at": self._clock.now()}
        async with self._sessions.begin() as session:
            await session.execute(insert(OpeningSheet).values(row).on_conflict_do_nothing())
        return seen

    async def confirm(self, viewer: Viewer, sheet: str) -> Seen:
        """Begin the terms of the good rows, each once however often it is confirmed. Raises SheetNotSeen, NotForYou."""
        ensure(viewer, Right.OPEN_BALANCES)
        async with self._sessions() as session:
            kept = await session.get(OpeningSheet, (sheet, viewer.person))
        if kept is None:
            raise SheetNotSeen(sheet=sheet[:12])
        seen = await self._taken(viewer, sheet, base64.b64decode(kept.content), try_only=False)
        for row in seen.imported.rows:
            if row.result.outcome == CREATED:
                await self._delivery.start(row.result.key)
        return seen

    async def lines(self, viewer: Viewer) -> list[OpeningLine]:
        """Terms that were imported in the viewer's groups, the newest first."""
        ensure(viewer, Right.OPEN_BALANCES)
        places, reach = await self._places.now(), viewer.reached_for(Right.OPEN_BALANCES)
        open_ = (CaseFile.state != "closed") & _may_be_taken_back()
        query = select(OpeningTerm, Person.name, CaseFile.programme, CaseFile.outcome, open_.label("open"))
        query = query.join(Person, Person.id == OpeningTerm.person)
        query = query.join(CaseFile, CaseFile.id == OpeningTerm.case_id)
        query = query.where(OpeningTerm.receiving.in_(reach)).order_by(OpeningTerm.imported_at.desc())
        async with self._sessions() as session:
            rows = (await session.execute(query.limit(500))).all()
        return [
            OpeningLine(
                row.case_id,
                PROGRAMMES[programme],
                name,
                places.name(row.sending),
                places.name(row.receiving),
                row.started_on,
                STAGES[row.stage],
                row.imported_at,
                outcome == TAKEN_BACK,
                open_ and row.person != viewer.person,
            )
            for row, name, programme, outcome, open_ in rows
        ]

    async def take_back(self, case_id: str, viewer: Viewer, *, reason: str, request: str) -> Done:
        """End a wrongly imported term as withdrawn, so that it may be imported anew; a second click is the same.

        Raises CaseUnknown, NotForYou, OwnCase, ReasonMissing, OpeningStands.
        """
        if not reason.strip():
            raise ReasonMissing(case=case_id)
        async with self._sessions.begin() as session:
            opening = await session.get(OpeningTerm, case_id)
            if opening is None:
                raise CaseUnknown(case=case_id)
            ensure(viewer, Right.OPEN_BALANCES, [opening.receiving])
            if opening.person == viewer.person:
                raise OwnCase(case=case_id)
            known = await kept_before(session, request, name=NOTICE, by=viewer.person)
            running = select(CaseFile.id).where(
                CaseFile.id == case_id, CaseFile.state != "closed", _may_be_taken_back()
            )
            if known is None and await session.scalar(running) is None:
                raise OpeningStands(case=case_id)
            brought = Brought(request, case_id, NOTICE, {}, viewer.person, reason.strip(), PAGE)
            kept = known or await keep(session, brought, at=self._clock.now())
        return await bring(self._delivery, kept, again=known is not None)

    async def _taken(self, viewer: Viewer, digest: str, content: bytes, *, try_only: bool) -> Seen:
        sheet = read_sheet(content, HEADINGS)
        packs = await self._shelf.by_programme()
        hand = Import(
            viewer.person,
            digest,
            await self._almanac.calendar(),
            self._clock.now(),
            viewer.reached_for(Right.OPEN_BALANCES),
        )
        async with self._sessions() as session:
            results = [await self._row(session, row, packs, hand) for row in sheet.rows]
            if try_only:
                await session.rollback()
            else:
                await _mark(session, hand)
                await session.commit()
        rows = zip(sheet.rows, results, strict=True)
        found = tuple(ImportedRow(row.number, result) for row, result in rows)
        written = {row.number: _written(row) for row in sheet.rows}
        return Seen(digest, Imported(try_only, dict(sheet.columns), found), written)

    async def _row(self, session: AsyncSession, row: SheetRow, packs: Mapping[str, Pack], hand: Import) -> RowResult:
        facts, problems = await stated(session, row, packs, today=hand.today, reach=hand.reach)
        if facts is None:
            return RowResult(REFUSED, problems=problems)
        key, _ = await known_opening(session, facts.pack.id, facts.person, facts.started_on)
        serial = await next_serial(session, f"opening.{facts.pack.id}")
        case = term_of(facts, hand, case_id=f"term.{facts.pack.id}.opening.{serial}", key=key)
        try:
            case_id, created = await open_case(session, case, at=hand.at)
        except OneOpenCase:
            return RowResult(REFUSED, problems=(FieldProblem("person", "open_case_known"),))
        if not created:
            return await _known(session, facts, hand, case_id=case_id, row=row.number)
        session.add(opening_of(facts, hand, case_id=case_id, row=row.number))
        await session.flush()
        return RowResult(CREATED, case_id)


def _may_be_taken_back() -> ColumnElement[bool]:
    """Whether nobody has decided on the grade of the term of a row of case files, and it does not go on elsewhere."""
    later = aliased(CaseFile)
    goes_on = exists().where(func.split_part(later.facts[BEFORE].astext, " ", 1) == CaseFile.id)
    return ~exists().where(Grade.case_id == CaseFile.id, Grade.state != "open") & ~goes_on


async def _known(session: AsyncSession, facts: Stated, hand: Import, *, case_id: str, row: int) -> RowResult:
    """The same term once more: the same facts change nothing, other facts are refused and never lost in silence."""
    kept, anew = await session.get_one(OpeningTerm, case_id), opening_of(facts, hand, case_id=case_id, row=row)
    if any(getattr(kept, name) != getattr(anew, name) for name in STATED):
        return RowResult(REFUSED, case_id, (FieldProblem("person", "opening_differs"),))
    return RowResult(UNCHANGED, case_id)


def _written(row: SheetRow) -> str:
    """A row in short, as it stands in the sheet: who, where, since when, at which stage."""
    days = [row.days["started_on"].isoformat()] if "started_on" in row.days else []
    said = [row.texts.get(name, "") for name in ("person", "receiving")]
    return " · ".join(part for part in (*said, *days, row.texts.get("stage", "")) if part)


async def _mark(session: AsyncSession, hand: Import) -> None:
    kept = await session.get_one(OpeningSheet, (hand.sheet, hand.by))
    kept.confirmed_at = kept.confirmed_at or hand.at
