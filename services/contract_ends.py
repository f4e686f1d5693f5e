"""The desk at which a party raises a ground to end a flexible-talent contract, and where each such matter stands
(OT-6.3h to OT-6.3k; policy.md 3.14, stages 9 to 11).
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.contract_ends import CANNOT_CONTINUE, CAUSES, KINDS, STOPS, TERMINATION, matter_case, under_way
from activities.engine.delivery import Delivery
from db.contract_ends import ContractEndKind
from db.engine.almanac import Almanac
from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.clock import Clock
from db.engine.opening import open_case
from db.engine.packs import PackShelf
from db.engine.tasks import InboxRow, TaskRow
from db.talent_contracts import TalentContract
from policies.engine.calendar import CHINA
from policies.engine.pack import Pack
from policies.engine.pack_parts import Clause
from policies.engine.refusals import Refusal
from policies.engine.words import Words
from services.demand import Started
from services.end_clock import EndClock, end_clock
from services.end_wishes import BY_EMPLOYER, BY_EXPERT, Wish, bound_since
from services.engine.acts import CaseUnknown
from services.engine.decisions import PAGE
from services.engine.notices import Brought, bring, keep, kept_before
from services.engine.permissions import NotForYou, Right, Viewer, visible_to
from services.engine.places import Places

SIGNED, STATED = "signed", "ground_stated"


class ContractNotRunning(Refusal):
    """The contract is not signed yet, or has ended: there is nothing to end."""


@dataclass(frozen=True)
class Contract:
    """What the sheet shows of a contract, and which grounds the reader may raise, each with its clause."""

    case: str
    number: str
    employer: Words
    first_day: date | None
    last_day: date | None
    grounds: tuple[tuple[str, Clause], ...]
    kinds: tuple[str, ...]
    causes: tuple[tuple[str, Clause], ...]
    stops: tuple[str, ...]
    own: bool


@dataclass(frozen=True)
class EndPath:
    """Where a termination stands. payments: what the employer decided of new payments, None while it has not."""

    case: str
    contract: str
    number: str
    employer: Words
    clause: Clause
    kind: str
    stage: Words
    closed: bool
    payments: Words | None
    clock: EndClock


class EndDesk:
    """Raises grounds and reads where they stand."""

    def __init__(
        self,
        sessions: Sessions,
        delivery: Delivery,
        *,
        clock: Clock,
        shelf: PackShelf,
        almanac: Almanac,
        places: Places,
    ) -> None:
        """A desk over the record."""
        self._sessions, self._delivery, self._clock = sessions, delivery, clock
        self._shelf, self._almanac, self._places = shelf, almanac, places

    async def contract(self, case_id: str, viewer: Viewer) -> Contract:
        """A contract and what the viewer may raise of it. Raises CaseUnknown, NotForYou, ContractNotRunning."""
        async with self._sessions() as session:
            case, row = await _running(session, case_id)
        own, pack = _is_expert(viewer, case), await self._shelf.pack(case.pack, case.pack_version)
        grounds = BY_EXPERT if own else BY_EMPLOYER
        places = await self._places.now()
        return Contract(
            case_id,
            row.number,
            places.name(row.employer),
            row.first_day,
            row.last_day,
            tuple((each, pack.clauses[f"OT-6.3{each}"]) for each in grounds),
            KINDS,
            () if own else tuple((each, pack.clauses[f"OT-6.3{each}"]) for each in CAUSES),
            () if own else STOPS,
            own=own,
        )

    async def raise_end(self, case_id: str, wish: Wish, *, viewer: Viewer, request: str) -> Started:
        """A new matter; a second click, or a matter that is open already, is the one that there is.

        Raises CaseUnknown, NotForYou, ContractNotRunning, FactsRefused.
        """
        async with self._sessions.begin() as session:
            known = await kept_before(session, request, name=STATED, by=viewer.person)
            kept = known or await self._raised(session, case_id, wish, viewer=viewer, request=request)
        if isinstance(kept, str):
            return Started(kept, created=False)
        started = Started(kept.case_id, created=known is None, under_way=await self._delivery.start(kept.case_id))
        await bring(self._delivery, kept, again=known is not None)
        return started

    async def _raised(
        self, session: AsyncSession, case_id: str, wish: Wish, *, viewer: Viewer, request: str
    ) -> InboxRow | str:
        """What was stated in the new case; the id of the case in which the same matter is open already."""
        contract, row = await _running(session, case_id, alone=True)
        today, expert = self._today(), _is_expert(viewer, contract)
        matter = wish.checked(by=viewer.person, expert=expert, since=min(bound_since(row), today), today=today)
        if known := await under_way(session, case_id, matter):
            return known
        pack = await self._shelf.pack(contract.pack, contract.pack_version)
        new = await matter_case(session, contract, matter, pack=pack, today=today, key=request)
        opened, _ = await open_case(session, new, at=self._clock.now())
        if matter.lifecycle == CANNOT_CONTINUE:
            session.add(ContractEndKind(case_id=opened, kind=matter.kind))
        await session.flush()
        return await keep(
            session, Brought(request, opened, STATED, {}, viewer.person, wish.words, PAGE), at=self._clock.now()
        )

    async def path(self, case_id: str, viewer: Viewer) -> EndPath:
        """Where a termination stands and until when what is due. Raises CaseUnknown for whom it does not concern."""
        query = select(CaseFile).where(CaseFile.id == case_id, CaseFile.lifecycle == TERMINATION, visible_to(viewer))
        calendar, places = await self._almanac.calendar(), await self._places.now()
        async with self._sessions() as session:
            case = await session.scalar(query)
            if case is None:
                raise CaseUnknown(case=case_id)
            pack = await self._shelf.pack(case.pack, case.pack_version)
            contract = await session.get(TalentContract, case.facts["contract"])
            today = self._today()
            clock = await end_clock(session, case_id, case.facts, pack=pack, calendar=calendar, today=today)
            payments = await _payments(session, case_id, pack)
        stages = {stage.name: stage.label for stage in pack.stages}
        return EndPath(
            case_id,
            case.facts["contract"],
            contract.number if contract else "",
            places.name(case.facts["employer"]),
            pack.clauses[f"OT-6.3{case.facts['ground']}"],
            case.facts.get("kind", ""),
            stages.get(case.stage, Words(case.stage, case.stage)),
            case.state == "closed",
            payments,
            clock,
        )

    def _today(self) -> date:
        return self._clock.now().astimezone(CHINA).date()


async def _running(session: AsyncSession, case_id: str, *, alone: bool = False) -> tuple[CaseFile, TalentContract]:
    """The contract and its row, as long as it runs; `alone` holds it until the transaction ends."""
    case = await session.get(CaseFile, case_id, with_for_update=alone or None)
    row = await session.get(TalentContract, case_id)
    if case is None or row is None:
        raise CaseUnknown(case=case_id)
    if row.state != SIGNED:
        raise ContractNotRunning(case=case_id)
    return case, row


def _is_expert(viewer: Viewer, contract: CaseFile) -> bool:
    """Whether it is the expert who raises it, else the employer's HR or leader. Raises NotForYou for anybody else."""
    if viewer.person == contract.subject:
        return True
    if not viewer.may(Right.END_TALENT, [contract.facts["employer"]]):
        raise NotForYou(right=Right.END_TALENT.value)
    return False


async def _payments(session: AsyncSession, case: str, pack: Pack) -> Words | None:
    query = select(TaskRow.outcome).where(TaskRow.case_id == case, TaskRow.name == "hold_payments")
    outcome = await session.scalar(query)
    return pack.choices[outcome].label if outcome else None
