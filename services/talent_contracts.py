"""The desk at which an employer begins to recruit an expert by a flexible-talent contract (OT-1.2, OT-4a)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.engine.delivery import Delivery
from activities.talent_contracts import CONTRACT_TASKS, LIFECYCLE
from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.clock import Clock
from db.engine.opening import NewCase, next_serial, open_case
from db.engine.packs import PackShelf
from db.engine.people import Institution, Person
from db.talent_contracts import TalentContract
from policies.engine.calendar import CHINA
from policies.engine.pack import Pack
from services.demand import Started
from services.engine.permissions import Right, Viewer, ensure
from services.field_problems import FactsRefused, FieldProblem
from services.programmes import pack_with

EMPLOYER, COMMISSION, FINANCE = "banner_public_hospital", "banner_health_commission", "banner_finance_bureau"
ASKS = "talent_need"


@dataclass(frozen=True)
class TalentOrder:
    """The facts of a start: which hospital, which expert. `number`: the client's own serial (COR-03).

    with_others: further hospitals that sign the contract; the first one leads, because the text does not say which of
    them pays, assesses and applies (OT-2.1b). renews: the contract of the same expert and hospital after which this one
    is to come, also while that one runs; the text knows no extension, so that it is a contract of its own.
    """

    employer: str
    person: str
    number: str = ""
    with_others: tuple[str, ...] = ()
    renews: str = ""


class TalentContractDesk:
    """Starts contracts."""

    def __init__(self, sessions: Sessions, delivery: Delivery, *, clock: Clock, shelf: PackShelf) -> None:
        """A desk over the record."""
        self._sessions, self._delivery, self._clock, self._shelf = sessions, delivery, clock, shelf

    async def start(self, order: TalentOrder, *, by: str, viewer: Viewer | None = None) -> Started:
        """A new case; the same number again is answered with the first (EXC-14).

        A viewer is held to the right to nominate at the employer. Raises FactsRefused, NotForYou and OneOpenCase.
        """
        pack = await pack_with(self._shelf, ASKS)
        if viewer is not None:
            ensure(viewer, Right.NOMINATE_TALENT, [order.employer])
        async with self._sessions.begin() as session:
            key = f"talent.{pack.id}.{order.number}" if order.number else ""
            known = await session.scalar(select(CaseFile.id).where(CaseFile.business_key == key)) if key else None
            if known:
                started = Started(known, created=False)
            else:
                case = await self._case(session, order, pack, key=key, by=by)
                started = Started(*await open_case(session, case, at=self._clock.now()))
        return replace(started, under_way=await self._delivery.start(started.case_id))

    async def _case(self, session: AsyncSession, order: TalentOrder, pack: Pack, *, key: str, by: str) -> NewCase:
        person, employer = await session.get(Person, order.person), await session.get(Institution, order.employer)
        problems = [] if person else [FieldProblem("person", "person_unknown")]
        commission = await session.get(Institution, employer.parent) if employer and employer.parent else None
        if employer is None or employer.kind != EMPLOYER:
            problems.append(FieldProblem("employer", "institution_unknown"))
        elif commission is None or commission.kind != COMMISSION:
            problems.append(FieldProblem("employer", "no_commission_above"))
        elif person and person.institution == employer.code:
            problems.append(FieldProblem("person", "own_staff"))
        problems += await others_wrong(session, order.employer, order.with_others, commission)
        if order.renews and not await _renews(session, order):
            problems.append(FieldProblem("renews", "not_renewed"))
        if problems or person is None or employer is None or commission is None:
            raise FactsRefused(tuple(problems))
        finance = await session.scalar(select(Institution.code).where(Institution.kind == FINANCE).limit(1))
        year = str(self._clock.now().astimezone(CHINA).year)
        scope = f"talent.{pack.id}.{year}"
        return NewCase(
            id=f"{scope}.{await next_serial(session, scope)}",
            lifecycle=LIFECYCLE,
            pack=pack,
            tasks=CONTRACT_TASKS,
            facts={
                "person": person.id,
                "employer": employer.code,
                "commission": commission.code,
                "finance": finance or "",
                "year": year,
                **({"signatories": ",".join(order.with_others)} if order.with_others else {}),
                **({"renews": order.renews} if order.renews else {}),
            },
            key=key,
            open_key=":".join(
                ["talent", pack.programme, employer.code, person.id, *([order.renews] if order.renews else [])]
            ),
            institution=employer.code,
            subject=person.id,
            started_by=by,
        )


async def others_wrong(
    session: AsyncSession, employer: str, with_others: Sequence[str], commission: Institution | None
) -> list[FieldProblem]:
    """Whether further hospitals are of the same commission, each once, and none is the one that leads (OT-2.1b)."""
    found = await session.scalars(select(Institution).where(Institution.code.in_(with_others)))
    known = {one.code for one in found if one.kind == EMPLOYER and commission and one.parent == commission.code}
    twice = len(set(with_others)) != len(with_others)
    wrong = twice or employer in with_others or not set(with_others) <= known
    return [FieldProblem("with_others", "other_hospital_wrong")] if wrong else []


async def _renews(session: AsyncSession, order: TalentOrder) -> bool:
    """Whether there is such a signed contract of the same expert and hospital."""
    before = await session.get(TalentContract, order.renews)
    return before is not None and before.signed_on is not None and _parties(before) == (order.employer, order.person)


def _parties(contract: TalentContract) -> tuple[str, str]:
    return contract.employer, contract.person
