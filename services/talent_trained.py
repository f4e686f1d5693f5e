"""The desk at which an employer reports a local physician as trained under a flexible-talent contract (OT-1.3a)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.engine.delivery import Delivery
from db.engine.base import Sessions
from db.engine.cases import CaseFile
from db.engine.clock import Clock
from db.talent_contracts import TalentContract, TalentTrained
from policies.engine.calendar import CHINA
from services.engine.decisions import PAGE
from services.engine.notices import Brought, bring, keep, kept_before
from services.engine.permissions import Right, Viewer, ensure
from services.field_problems import FactsRefused, FieldProblem

REPORTED, CONFIRM = "trained_reported", "confirm_trained"
LONGEST_NAME, LONGEST = 100, 2000


@dataclass(frozen=True)
class TrainedReport:
    """Who was trained under which contract, the local day from which they work by themselves, and the grounds."""

    contract: str
    name: str
    day: date
    words: str


class TalentTrainedDesk:
    """Keeps reports."""

    def __init__(self, sessions: Sessions, delivery: Delivery, *, clock: Clock) -> None:
        """A desk over the record."""
        self._sessions, self._delivery, self._clock = sessions, delivery, clock

    async def report(self, report: TrainedReport, *, viewer: Viewer, request: str) -> str:
        """Keep a report; the employer's leader is asked. Its id, the same for the same request.

        Raises FactsRefused and NotForYou, and NotCounted where the contract has closed.
        """
        now = self._clock.now()
        async with self._sessions.begin() as session:
            contract = await session.get(TalentContract, report.contract)
            if contract:
                ensure(viewer, Right.KEEP_SESSIONS, [contract.employer])
            problems = await self._problems(session, report, contract)
            if problems:
                raise FactsRefused(tuple(problems))
            known = await kept_before(session, f"{REPORTED}-{request}", name=REPORTED, by=viewer.person)
            if known is None:
                row = TalentTrained(id=request, case_id=report.contract, day=report.day, name=report.name.strip())
                row.words, row.recorded_by, row.recorded_at = report.words.strip(), viewer.person, now
                session.add(row)
            brought = Brought(
                f"{REPORTED}-{request}", report.contract, REPORTED, {"trained": request}, viewer.person, "", PAGE
            )
            notice = known or await keep(session, brought, at=now)
        await bring(self._delivery, notice, again=known is not None)
        return request

    async def _problems(
        self, session: AsyncSession, report: TrainedReport, contract: TalentContract | None
    ) -> list[FieldProblem]:
        case = await session.get(CaseFile, report.contract)
        # A contract that was begun before there was this question does not know how to ask it.
        if case is None or contract is None or contract.first_day is None or CONFIRM not in case.shapes:
            return [FieldProblem("contract", "contract_unknown")]
        problems = []
        today = self._clock.now().astimezone(CHINA).date()
        if not contract.first_day <= report.day <= today:
            problems.append(FieldProblem("day", "outside_contract" if report.day <= today else "date_future"))
        for name, limit in (("name", LONGEST_NAME), ("words", LONGEST)):
            written = str(getattr(report, name)).strip()
            if not written:
                problems.append(FieldProblem(name, "missing"))
            elif len(written) > limit:
                problems.append(FieldProblem(name, "too_long", (("limit", str(limit)),)))
        return problems


async def trained_under(session: AsyncSession, cases: Sequence[str]) -> Sequence[TalentTrained]:
    """Every report under these contracts, the latest first."""
    query = select(TalentTrained).where(TalentTrained.case_id.in_(cases))
    return (await session.scalars(query.order_by(TalentTrained.day.desc(), TalentTrained.id))).all()
