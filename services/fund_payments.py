"""The desk at which an employer begins a request for talent funds (OT-7.2; COR-23)."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.engine.delivery import Delivery
from activities.payment_gate import REWARD
from activities.talent_payments import OWN_REWARD, PATIENTS, PAYMENT_TASKS, PETITION, SIGNED
from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.clock import Clock
from db.engine.opening import NewCase, next_serial, open_case
from db.engine.packs import PackShelf
from db.engine.people import Institution
from db.talent_contracts import TalentContract
from db.talent_funds import PAYMENT, YEAR
from policies.engine.calendar import CHINA
from policies.engine.pack import Pack
from policies.engine.refusals import Refusal
from services.demand import Started
from services.engine.permissions import Right, Viewer, ensure
from services.field_problems import FactsRefused, FieldProblem
from services.programmes import pack_with

ASKS = "fund_request"
KINDS = (REWARD, PATIENTS, OWN_REWARD, PETITION)
# Rewards and costs of patients draw on the funds, the two others stand beside them.
FUNDED, OF_CONTRACT = (REWARD, PATIENTS), (REWARD, OWN_REWARD)
RUNNING = ("fund_running", "fund_changing")


class FundsNotOpen(Refusal):
    """The funds of this year are not on record, or the year is settled."""


@dataclass(frozen=True)
class PaymentOrder:
    """The facts of a request: kind, hospital, contract ("" for patients or a petition without one).

    number: the client's own serial, so that a second start is the first.
    """

    kind: str
    employer: str
    contract: str = ""
    number: str = ""


class FundPaymentDesk:
    """Starts requests."""

    def __init__(self, sessions: Sessions, delivery: Delivery, *, clock: Clock, shelf: PackShelf) -> None:
        """A desk over the record."""
        self._sessions, self._delivery, self._clock, self._shelf = sessions, delivery, clock, shelf

    async def start(self, order: PaymentOrder, *, by: str, viewer: Viewer | None = None) -> Started:
        """A new request; the same number again is answered with the first.

        A viewer is held to the right to request at the employer. Raises FactsRefused, NotForYou, FundsNotOpen.
        """
        if viewer is not None:
            ensure(viewer, Right.REQUEST_FUNDS, [order.employer])
        pack = await pack_with(self._shelf, ASKS)
        async with self._sessions.begin() as session:
            case = await self._case(session, order, pack, by)
            case_id, created = await open_case(session, case, at=self._clock.now())
        return Started(case_id, created, under_way=await self._delivery.start(case_id))

    async def _case(self, session: AsyncSession, order: PaymentOrder, pack: Pack, by: str) -> NewCase:
        year = str(self._clock.now().astimezone(CHINA).year)
        employer = await session.get(Institution, order.employer)
        contract = await session.get(TalentContract, order.contract) if order.contract else None
        problems = [] if order.kind in KINDS else [FieldProblem("kind", "choice_unknown", (("choices", ""),))]
        if order.kind in OF_CONTRACT and not order.contract:
            problems.append(FieldProblem("contract", "missing"))
        elif order.contract and not _is_signed_by(contract, order.employer):
            problems.append(FieldProblem("contract", "contract_unfit"))
        if employer is None or employer.parent is None:
            problems.append(FieldProblem("employer", "institution_unknown"))
        if problems or employer is None:
            raise FactsRefused(tuple(problems))
        fund = await _running(session, employer, year)
        if fund is None and order.kind in FUNDED:
            raise FundsNotOpen(year=year)
        scope = f"payment.{pack.id}.{year}"
        return NewCase(
            id=f"{scope}.{await next_serial(session, scope)}",
            lifecycle=PAYMENT,
            pack=pack,
            tasks=PAYMENT_TASKS,
            facts={
                "kind": order.kind,
                "contract": order.contract,
                "person": contract.person if contract else "",
                "employer": employer.code,
                "commission": str(employer.parent),
                "finance": fund.facts["finance"] if fund else "",
                "fund": fund.id if fund and order.kind in FUNDED else "",
                "year": year,
            },
            key=f"{scope}.{order.employer}.{order.number}" if order.number else "",
            institution=employer.code,
            subject=contract.person if contract else None,
            started_by=by,
        )


def _is_signed_by(contract: TalentContract | None, employer: str) -> bool:
    """Whether it is a contract of this hospital that was signed; a dropped nomination has ended without one."""
    if contract is None or contract.first_day is None:
        return False
    return contract.employer == employer and contract.state in SIGNED


async def _running(session: AsyncSession, employer: Institution, year: str) -> CaseFile | None:
    """The year of funds of the commission above a hospital, while it is open."""
    query = select(CaseFile).where(CaseFile.lifecycle == YEAR, CaseFile.institution == employer.parent)
    query = query.where(CaseFile.facts["year"].astext == year, CaseFile.stage.in_(RUNNING), CaseFile.state != "closed")
    case = await session.scalar(query)
    hospitals = [value for name, value in case.facts.items() if name.startswith("hospital_")] if case else []
    return case if employer.code in hospitals else None
