"""The desk at which flexible-talent contracts are read (OT-6.2a, OT-6.3g; policy.md 6).

The employer reads its own, the commission and who audits below it all of them, an expert their own. A hospital that
only signs with another reads the contract and its working time, but neither the file nor what the lead wrote down. A
department head sees the sessions of the contracts for which they are named, and nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ARRAY, Select, Text, cast, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.talent_contracts import LIFECYCLE
from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.clock import Clock
from db.engine.packs import PackShelf
from db.engine.people import Person, RoleHolding
from db.talent_contracts import TalentContract, TalentPeriod, TalentTrained
from db.talent_openings import TalentOpening
from policies.engine.calendar import CHINA
from policies.engine.words import Words
from services.engine import said
from services.engine.acts import CaseUnknown
from services.engine.permissions import Right, Viewer
from services.engine.places import PlaceMap, Places
from services.talent_contracts import EMPLOYER
from services.talent_hosts import TalentHostDesk, hosts_of, keeps_sessions, named_now
from services.talent_outlook import Outlook, Standing, Supposed, outlook_of, standing_of
from services.talent_record import (
    ExcuseLine,
    FigureLine,
    SessionLine,
    excuses_of,
    figures_of,
    periods_of,
    sessions_of,
)
from services.talent_trained import trained_under

EXPERT = "R-21"
RUNS = ("signed", "ended")
# The fact of a case that names the hospitals that sign with the one that leads.
SIGNATORIES = "signatories"
Reached = tuple[CaseFile, TalentContract | None, Person]


@dataclass(frozen=True)
class ContractLine:
    """One contract: whose, where, how it stands. `contract` is None before a nomination.

    opens: the reader may read all of it; signs: their hospital signs it with the one that leads, so that they read the
    contract and its working time; who has neither keeps its sessions. figure: the last judgement of its working time;
    standing: its share as it stands, on the list of contracts that run. imported: it was running before the system was
    there (COR-17).
    """

    case: str
    expert: str
    unit: Words
    employer: Words
    contract: TalentContract | None
    stage: Words
    opens: bool
    signs: bool = False
    figure: FigureLine | None = None
    standing: Standing | None = None
    imported: bool = False

    @property
    def reads(self) -> bool:
        """Whether they may read the contract itself, and not its sessions alone."""
        return self.opens or self.signs

    @property
    def runs(self) -> bool:
        """Whether there is, or was, a term in which working time is delivered."""
        return self.contract is not None and self.contract.state in RUNS and self.contract.first_day is not None


@dataclass(frozen=True)
class Candidate:
    """An expert whom a hospital may recruit, and the unit to which they belong."""

    person: str
    name: str
    unit: Words
    title: str


@dataclass(frozen=True)
class Board:
    """The contracts within a reader's reach; the hospitals for which they may recruit, others that may sign with them,
    and whom.
    """

    lines: tuple[ContractLine, ...]
    employers: tuple[tuple[str, Words], ...] = ()
    others: tuple[tuple[str, Words], ...] = ()
    experts: tuple[Candidate, ...] = ()


@dataclass(frozen=True)
class Host:
    """The head of the department who keeps the sessions, "" for nobody; whom the reader may name instead."""

    person: str
    name: str
    heads: tuple[tuple[str, str], ...]
    may_name: bool


@dataclass(frozen=True)
class ContractRecord:
    """One contract as its reader may see it; for who only records sessions, nothing beyond them.

    may_record, may_claim, may_renew, may_end: sessions, force majeure, a contract after this one, once there is a term,
    and a ground to end it. opening: what was stated of a contract that ran before the system was there (COR-17).
    """

    line: ContractLine
    title: str
    commission: Words
    sessions: tuple[SessionLine, ...]
    may_record: bool
    may_claim: bool = False
    may_renew: bool = False
    may_end: bool = False
    periods: Sequence[TalentPeriod] = ()
    excuses: tuple[ExcuseLine, ...] = ()
    figures: tuple[FigureLine, ...] = ()
    outlook: Outlook | None = None
    with_others: tuple[Words, ...] = ()
    host: Host | None = None
    opening: TalentOpening | None = None
    trained: Sequence[TalentTrained] = ()


class TalentViewDesk:
    """Reads contracts."""

    def __init__(self, sessions: Sessions, *, clock: Clock, shelf: PackShelf, places: Places) -> None:
        """A desk over the record."""
        self._sessions, self._clock, self._shelf, self._places = sessions, clock, shelf, places

    async def board(self, viewer: Viewer) -> Board:
        """Every contract within reach, those under way first, the newest first."""
        places = await self._places.now()
        async with self._sessions() as session:
            query = _reached(viewer).order_by(CaseFile.state.desc(), CaseFile.started_at.desc())
            rows = await _rows(session, query)
            lines = [await self._line(session, row, viewer, places) for row in rows]
            figures = await figures_of(session, [one.case for one in lines if one.reads], last_only=True)
            last = [
                replace(
                    one,
                    figure=next(iter(figures.get(one.case, ())), None),
                    standing=await self._standing(session, row) if one.reads and one.runs else None,
                )
                for one, row in zip(lines, rows, strict=True)
            ]
            employers = _employers(viewer, places)
            experts = await self._experts(session, [code for code, _ in employers], places) if employers else ()
        return Board(tuple(last), employers, _others(employers, places), experts)

    async def contract(self, case_id: str, viewer: Viewer, supposed: Supposed | None = None) -> ContractRecord:
        """One contract. Raises CaseUnknown for who may not even record its sessions."""
        places = await self._places.now()
        async with self._sessions() as session:
            row = await one_reached(session, case_id, viewer)
            case, contract, expert = row
            line = await self._line(session, row, viewer, places)
            keeps = contract is not None and await keeps_sessions(session, viewer, contract)
            record = ContractRecord(
                line,
                expert.professional_title or "",
                places.name(case.facts["commission"]),
                await sessions_of(session, case_id),
                with_others=tuple(places.name(code) for code in _signatories(case)),
                may_record=keeps and line.runs and viewer.person != expert.id,
            )
            if not line.reads:
                return record
            figures = tuple((await figures_of(session, [case_id]))[case_id])
            return replace(
                record,
                line=replace(line, figure=next(iter(figures), None)),
                sessions=record.sessions if line.opens else tuple(one.bare for one in record.sessions),
                may_claim=record.may_record and line.opens,
                may_end=case.subject == viewer.person or viewer.may(Right.END_TALENT, [case.institution or ""]),
                may_renew=line.runs and viewer.may(Right.NOMINATE_TALENT, [case.institution or ""]),
                periods=await periods_of(session, case_id),
                excuses=tuple(one if line.opens else one.bare for one in await excuses_of(session, case_id)),
                opening=await session.get(TalentOpening, case_id) if line.opens else None,
                figures=figures,
                outlook=await self._outlook(session, case, contract, supposed or Supposed()) if line.runs else None,
                trained=await trained_under(session, [case_id]) if line.opens else (),
                host=await self._host(session, contract, viewer) if line.opens and contract else None,
            )

    async def _host(self, session: AsyncSession, contract: TalentContract, viewer: Viewer) -> Host:
        named = (await hosts_of(session, [contract.case_id])).get(contract.case_id, "")
        person = await session.get(Person, named) if named else None
        may_name = viewer.may(Right.NOMINATE_TALENT, [contract.employer]) and contract.state != "ended"
        heads = await TalentHostDesk(self._sessions, clock=self._clock).heads(session, contract) if may_name else ()
        return Host(named, person.name if person else "", heads, may_name=may_name)

    async def _outlook(
        self, session: AsyncSession, case: CaseFile, contract: TalentContract | None, supposed: Supposed
    ) -> Outlook | None:
        if contract is None:
            return None
        pack = await self._shelf.pack(case.pack, case.pack_version, through=await session.connection())
        today = self._clock.now().astimezone(CHINA).date()
        return await outlook_of(session, contract, pack, supposed, today=today)

    async def _standing(self, session: AsyncSession, row: Reached) -> Standing | None:
        case, contract, _ = row
        if contract is None:
            return None
        pack = await self._shelf.pack(case.pack, case.pack_version, through=await session.connection())
        return await standing_of(session, contract, pack, today=self._clock.now().astimezone(CHINA).date())

    async def _line(self, session: AsyncSession, row: Reached, viewer: Viewer, places: PlaceMap) -> ContractLine:
        case, contract, expert = row
        pack = await self._shelf.pack(case.pack, case.pack_version, through=await session.connection())
        unit, employer = places.name(expert.institution), places.name(case.institution)
        stage = said.stage(pack, case.outcome or case.stage)
        imported = "imported" in case.facts
        ways = opens(viewer, case), signs(viewer, case)
        return ContractLine(case.id, expert.name, unit, employer, contract, stage, *ways, imported=imported)

    async def _experts(
        self, session: AsyncSession, employers: Sequence[str], places: PlaceMap
    ) -> tuple[Candidate, ...]:
        today = self._clock.now().astimezone(CHINA).date()
        still = or_(RoleHolding.held_until.is_(None), RoleHolding.held_until > today)
        held = select(RoleHolding.person).where(RoleHolding.role == EXPERT, RoleHolding.held_from <= today, still)
        query = select(Person).where(Person.id.in_(held), Person.institution.not_in(employers))
        found = await session.scalars(query.order_by(Person.name, Person.id))
        return tuple(
            Candidate(one.id, one.name, places.name(one.institution), one.professional_title or "") for one in found
        )


async def one_reached(session: AsyncSession, case_id: str, viewer: Viewer) -> Reached:
    """A contract that is the viewer's to read or to record. Raises CaseUnknown."""
    found = await _rows(session, _reached(viewer).where(CaseFile.id == case_id))
    if not found:
        raise CaseUnknown(case=case_id)
    return found[0]


async def _rows(session: AsyncSession, query: Select[CaseFile, TalentContract, Person]) -> list[Reached]:
    return [(case, contract, expert) for case, contract, expert in await session.execute(query)]


def _reached(viewer: Viewer) -> Select[CaseFile, TalentContract, Person]:
    """Their own, those at institutions whose findings they read, those that theirs signs with another, and running ones
    whose sessions they keep.
    """
    query = select(CaseFile, TalentContract, Person).join(Person, Person.id == CaseFile.subject)
    query = query.outerjoin(TalentContract, TalentContract.case_id == CaseFile.id)
    opened = or_(CaseFile.subject == viewer.person, CaseFile.institution.in_(viewer.reached_for(Right.FINDINGS)))
    signed = func.string_to_array(CaseFile.facts[SIGNATORIES].astext, ",").op("&&")(
        cast(sorted(viewer.reached_for(Right.SEE_SIGNED)), ARRAY(Text))
    )
    kept = CaseFile.institution.in_(viewer.reached_for(Right.KEEP_SESSIONS))
    own = CaseFile.institution.in_(viewer.reached_for(Right.KEEP_OWN_SESSIONS)) & named_now(viewer.person, CaseFile.id)
    runs = TalentContract.state.in_(RUNS)
    return query.where(CaseFile.lifecycle == LIFECYCLE, or_(opened, signed, runs & or_(kept, own)))


def opens(viewer: Viewer, case: CaseFile) -> bool:
    """Whether they may read all of it, and not its sessions alone."""
    return case.subject == viewer.person or viewer.may(Right.FINDINGS, [case.institution or ""])


def signs(viewer: Viewer, case: CaseFile) -> bool:
    """Whether a hospital of theirs signs the contract with the one that leads (OT-2.1b)."""
    return bool(viewer.reached_for(Right.SEE_SIGNED) & set(_signatories(case)))


def _signatories(case: CaseFile) -> tuple[str, ...]:
    return tuple(code for code in str(case.facts.get(SIGNATORIES, "")).split(",") if code)


def _employers(viewer: Viewer, places: PlaceMap) -> tuple[tuple[str, Words], ...]:
    """The public hospitals for which the viewer may recruit."""
    own = [places.places[code] for code in sorted(viewer.reached_for(Right.NOMINATE_TALENT)) if code in places.places]
    return tuple((one.code, one.name) for one in own if one.kind == EMPLOYER)


def _others(employers: Sequence[tuple[str, Words]], places: PlaceMap) -> tuple[tuple[str, Words], ...]:
    """The other public hospitals of the same commission."""
    own = {code for code, _ in employers}
    above = {places.places[code].parent for code in own}
    found = [one for one in places.places.values() if one.kind == EMPLOYER and one.parent in above - {None}]
    return tuple((one.code, one.name) for one in found if one.code not in own)
