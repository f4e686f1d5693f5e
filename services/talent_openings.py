"""The desk for flexible-talent contracts that were running before the system was there (COR-17).

A sheet is looked at first and confirmed then; every row gets a result and the good ones begin, a wrong one stops
nothing but itself. Nothing is decided by it: filing, signature and figures in the sheet are stated facts, marked as
imported wherever they are shown or counted. The commission imports, with whom the contracts were filed (OT-4a).
"""

import base64
import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from activities.engine.delivery import Delivery
from activities.talent_contracts import CONTRACT_TASKS, LIFECYCLE
from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.clock import Clock
from db.engine.opening import NewCase, OneOpenCase, next_serial, open_case
from db.engine.packs import PackShelf
from db.engine.people import Institution, Person
from db.opening_terms import TAKEN_BACK, OpeningSheet
from db.talent_openings import TALENT_OPENING, TalentOpening, known_contract
from policies.engine.calendar import CHINA
from policies.engine.pack import Pack
from policies.engine.refusals import OwnCase, ReasonMissing, Refusal
from policies.engine.words import Words
from services.contract_numbers import contract_with_number
from services.engine.acts import CaseUnknown, Done
from services.engine.decisions import PAGE
from services.engine.notices import Brought, bring, keep, kept_before
from services.engine.permissions import Right, Viewer, ensure
from services.engine.places import Places
from services.facts import CREATED, REFUSED, UNCHANGED, RowResult
from services.field_problems import FieldProblem
from services.imports import imported
from services.opening_balances import Seen, SheetNotSeen
from services.programmes import pack_with
from services.sheets import SheetRow, read_sheet
from services.talent_contracts import ASKS, FINANCE
from services.talent_opening_rows import HEADINGS, StatedContract, stated_contract
from services.talent_openings_stand import may_be_taken_back
from workflows.talent.gates import GATES
from workflows.talent.opening import NOTICE

# What two rows of one contract need not agree in.
OF_IMPORT = ("case_id", "sheet", "sheet_row", "imported_by", "imported_at")


class ContractOpeningStands(Refusal):
    """Only an imported contract that runs, and of which nothing has been decided since, is taken back."""


@dataclass(frozen=True)
class ContractOpeningLine:
    """One imported contract on the list; `taken_back`: it was withdrawn; `may_take_back`: the reader still may."""

    case: str
    name: str
    employer: Words
    number: str
    first_day: date
    last_day: date
    as_of: date
    imported_at: datetime
    taken_back: bool
    may_take_back: bool


@dataclass(frozen=True)
class _Hand:
    """Who imports which sheet when, by which pack; reach: the institutions for which they may."""

    by: str
    sheet: str
    at: datetime
    pack: Pack
    reach: frozenset[str]

    @property
    def today(self) -> date:
        """The local day of the import."""
        return self.at.astimezone(CHINA).date()


class ContractOpeningDesk:
    """Takes sheets of contracts that are running."""

    def __init__(
        self, sessions: Sessions, delivery: Delivery, *, clock: Clock, shelf: PackShelf, places: Places
    ) -> None:
        """A desk over the record."""
        self._sessions, self._delivery = sessions, delivery
        self._clock, self._shelf, self._places = clock, shelf, places

    async def look(self, viewer: Viewer, content: bytes) -> Seen:
        """Judge every row and begin nothing; the sheet is kept to be confirmed.

        Raises SheetUnreadable, SheetTooLarge, SheetColumnsWrong, SheetEmpty, NotForYou.
        """
        ensure(viewer, Right.OPEN_CONTRACTS)
        digest = hashlib.sha256(content).hexdigest()
        seen = await self._taken(viewer, digest, content, try_only=True)
        kept = base64.b64encode(content).decode()
        row = {"sha256": digest, "uploaded_by": viewer.person, "content": kept, "uploaded_at": self._clock.now()}
        async with self._sessions.begin() as session:
            await session.execute(insert(OpeningSheet).values(row).on_conflict_do_nothing())
        return seen

    async def confirm(self, viewer: Viewer, sheet: str) -> Seen:
        """Begin the contracts of the good rows, each once however often it is confirmed.

        Raises SheetNotSeen, NotForYou.
        """
        ensure(viewer, Right.OPEN_CONTRACTS)
        async with self._sessions() as session:
            kept = await session.get(OpeningSheet, (sheet, viewer.person))
        if kept is None:
            raise SheetNotSeen(sheet=sheet[:12])
        seen = await self._taken(viewer, sheet, base64.b64decode(kept.content), try_only=False)
        for row in seen.imported.rows:
            if row.result.outcome == CREATED:
                await self._delivery.start(row.result.key)
        return seen

    async def lines(self, viewer: Viewer) -> list[ContractOpeningLine]:
        """Contracts that were imported within the viewer's reach, the newest first."""
        ensure(viewer, Right.OPEN_CONTRACTS)
        places, reach = await self._places.now(), viewer.reached_for(Right.OPEN_CONTRACTS)
        open_ = (CaseFile.state != "closed") & may_be_taken_back()
        query = select(TalentOpening, Person.name, CaseFile.outcome, open_.label("open"))
        query = query.join(Person, Person.id == TalentOpening.person)
        query = query.join(CaseFile, CaseFile.id == TalentOpening.case_id)
        query = query.where(TalentOpening.employer.in_(reach)).order_by(TalentOpening.imported_at.desc())
        async with self._sessions() as session:
            rows = (await session.execute(query.limit(500))).all()
        return [
            ContractOpeningLine(
                row.case_id,
                name,
                places.name(row.employer),
                row.number,
                row.first_day,
                row.last_day,
                row.as_of,
                row.imported_at,
                outcome == TAKEN_BACK,
                may and row.person != viewer.person,
            )
            for row, name, outcome, may in rows
        ]

    async def take_back(self, case_id: str, viewer: Viewer, *, reason: str, request: str) -> Done:
        """End a wrongly imported contract as withdrawn, so that it may be imported anew; a second click is the same.

        Raises CaseUnknown, NotForYou, OwnCase, ReasonMissing, ContractOpeningStands.
        """
        if not reason.strip():
            raise ReasonMissing(case=case_id)
        async with self._sessions.begin() as session:
            opening = await session.get(TalentOpening, case_id)
            if opening is None:
                raise CaseUnknown(case=case_id)
            ensure(viewer, Right.OPEN_CONTRACTS, [opening.employer])
            if opening.person == viewer.person:
                raise OwnCase(case=case_id)
            known = await kept_before(session, request, name=NOTICE, by=viewer.person)
            running = select(CaseFile.id).where(CaseFile.id == case_id, CaseFile.state != "closed", may_be_taken_back())
            if known is None and await session.scalar(running) is None:
                raise ContractOpeningStands(case=case_id)
            brought = Brought(request, case_id, NOTICE, {}, viewer.person, reason.strip(), PAGE)
            kept = known or await keep(session, brought, at=self._clock.now())
        return await bring(self._delivery, kept, again=known is not None)

    async def _taken(self, viewer: Viewer, digest: str, content: bytes, *, try_only: bool) -> Seen:
        sheet, pack = read_sheet(content, HEADINGS), await pack_with(self._shelf, ASKS)
        hand = _Hand(viewer.person, digest, self._clock.now(), pack, viewer.reached_for(Right.OPEN_CONTRACTS))
        async with self._sessions() as session:
            results = [await _row(session, row, hand) for row in sheet.rows]
            if try_only:
                await session.rollback()
            else:
                kept = await session.get_one(OpeningSheet, (digest, viewer.person))
                kept.confirmed_at = kept.confirmed_at or hand.at
                await session.commit()
        written = {row.number: _written(row) for row in sheet.rows}
        return Seen(digest, imported(sheet, results, tried=try_only), written)


async def _row(session: AsyncSession, row: SheetRow, hand: _Hand) -> RowResult:
    facts, problems = await stated_contract(session, row, hand.pack, today=hand.today, reach=hand.reach, by=hand.by)
    if facts is None:
        return RowResult(REFUSED, problems=problems)
    if used := await _number_used(session, facts, hand):
        return RowResult(REFUSED, problems=(used,))
    key, _ = await known_contract(session, facts.texts["employer"], facts.texts["person"], facts.days["first_day"])
    case = await _case(session, facts, hand, key=key)
    try:
        case_id, created = await open_case(session, case, at=hand.at)
    except OneOpenCase:
        return RowResult(REFUSED, problems=(FieldProblem("person", "contract_under_way"),))
    opening = _opening(facts, hand, case_id=case_id, row=row.number)
    if not created:
        kept = await session.get_one(TalentOpening, case_id)
        stated = (column.key for column in TALENT_OPENING.content if column.key not in OF_IMPORT)
        if any(getattr(kept, name) != getattr(opening, name) for name in stated):
            return RowResult(REFUSED, case_id, (FieldProblem("person", "contract_opening_differs"),))
        return RowResult(UNCHANGED, case_id)
    session.add(opening)
    await session.flush()
    return RowResult(CREATED, case_id)


async def _number_used(session: AsyncSession, facts: StatedContract, hand: _Hand) -> FieldProblem | None:
    """A number names one contract of an employer (COR-10); where another has it: a row of this sheet, or a case."""
    number, person = facts.text("number"), facts.text("person")
    known = await contract_with_number(session, facts.text("employer"), number, person=person)
    opening = await session.get(TalentOpening, known) if known else None
    if opening and (opening.sheet, opening.imported_at) == (hand.sheet, hand.at):
        return FieldProblem("number", "contract_number_twice", (("row", str(opening.sheet_row)),))
    return FieldProblem("number", "contract_number_used", (("case", known),)) if known else None


async def _case(session: AsyncSession, facts: StatedContract, hand: _Hand, *, key: str) -> NewCase:
    """A contract that is in force from its first transition; what of the row shapes its path goes with it."""
    finance = await session.scalar(select(Institution.code).where(Institution.kind == FINANCE).limit(1))
    employer, person, year = facts.texts["employer"], facts.texts["person"], str(hand.today.year)
    scope = f"talent.{hand.pack.id}.{year}"
    gates = [name for name, said in zip(GATES, ("consent_service", "authority_basis"), strict=True) if facts.text(said)]
    shaping = {
        "signatories": ",".join(facts.with_others),
        "imported_gates": " ".join(gates),
        "imported_authority": facts.text("authority_basis"),
        "imported_learned_on": facts.learned_on.isoformat() if facts.learned_on else "",
        "imported_question": facts.question,
        "imported_backdated": "yes" if facts.days["signed_on"] > facts.days["first_day"] else "",
    }
    return NewCase(
        id=f"{scope}.{await next_serial(session, scope)}",
        key=key,
        open_key=f"talent:{hand.pack.programme}:{employer}:{person}",
        lifecycle=LIFECYCLE,
        pack=hand.pack,
        tasks=CONTRACT_TASKS,
        facts={
            "person": person,
            "employer": employer,
            "commission": facts.commission,
            "finance": finance or "",
            "year": year,
            "imported": facts.days["as_of"].isoformat(),
            "imported_on": hand.today.isoformat(),
            **{name: value for name, value in shaping.items() if value},
        },
        institution=employer,
        subject=person,
        started_by=hand.by,
    )


def _opening(facts: StatedContract, hand: _Hand, *, case_id: str, row: int) -> TalentOpening:
    """The facts as the record keeps them, to a hundredth."""
    words = ("person", "employer", "department", "talent_class", "form", "mode", "number", "unit", "filing_number")
    gates = ("consent_service", "consent_basis", "authority_basis", "authority_number")
    days = ("signed_on", "first_day", "last_day", "filed_on", "as_of", "consented_on", "authority_from")
    exact = {name: facts.numbers[name] for name in ("agreed", "fund_yuan", "worked")}
    return TalentOpening(
        case_id=case_id,
        with_others=",".join(facts.with_others),
        periods=[dict(one) for one in facts.periods],
        **{name: facts.text(name) for name in (*words, *gates)},
        **{name: facts.days.get(name) for name in days},
        **exact,
        excused=facts.numbers.get("excused", 0),
        learned_on=facts.learned_on,
        worked_before=facts.numbers.get("worked_before"),
        paid_yuan=facts.numbers.get("paid_yuan"),
        past_results=facts.text("past_results") or None,
        words=facts.text("words") or None,
        sheet=hand.sheet,
        sheet_row=row,
        imported_by=hand.by,
        imported_at=hand.at,
    )


def _written(row: SheetRow) -> str:
    """A row in short, as it stands in the sheet: who, where, which contract, up to when it is summed up."""
    days = [row.days["as_of"].isoformat()] if "as_of" in row.days else []
    said = [row.texts.get(name, "") for name in ("person", "employer", "number")]
    return " · ".join(part for part in (*said, *days) if part)
