"""What stands behind a payment to talent: file, result, and matters about the end of its contract (OT-6.2a, G-11)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine.cases import CaseFile
from db.engine.tasks import DecisionRow, TaskRow
from db.talent_assessments import TalentAssessment
from db.talent_contracts import TalentContract, TalentSession
from policies.engine.calendar import CHINA
from policies.engine.finding import Finding
from policies.engine.pack import Pack
from policies.talent.files import FileFacts, Reached, file_is_complete
from policies.talent.payments import Assessment, PaymentFacts, payment_may_go

MATTERS = ("ContractTermination", "ContractRescission", "ContractCannotContinue")
ASSESSMENT, NOT_HELD = "AnnualTalentAssessment", "assessment_not_held"
# Questions in which people decide about payments, and the answer that stops benefits (OT-6.3f).
ABOUT_PAYMENTS = ("hold_payments", "stop_benefits")
STOPPED, RESCINDED, CANNOT_CONTINUE = "benefits_stopped", "rescinded", "ContractCannotContinue"
REPORTED, ABOUT_FALSIFICATION = "report_falsification", ("falsification_hold", "falsification_decision")
WITHOUT_EFFECT = ("falsification_dismissed", "falsification_no_effect")
REWARD = "reward"
Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Decided:
    """What somebody decided of payments in a matter: the answer's code, and the local day of the decision."""

    choice: str
    on: date


@dataclass(frozen=True)
class Matter:
    """A matter about the end of a contract. since: the local day on which it was opened; outcome: "" while it is open.

    rules: of its ground, e.g. OT-6.3g.
    """

    case: str
    lifecycle: str
    rules: tuple[str, ...]
    since: date
    stage: str
    outcome: str
    decided: tuple[Decided, ...]

    @property
    def stopped(self) -> bool:
        """Whether somebody has stopped benefits and funding after a rescission (OT-6.3f)."""
        return any(one.choice == STOPPED for one in self.decided)

    @property
    def bears_on_payments(self) -> bool:
        """Open, or a rescission: what becomes of a payment is then for a person to say (G-11)."""
        return not self.outcome or self.outcome == RESCINDED


async def matters_of(session: AsyncSession, contract: str) -> tuple[Matter, ...]:
    """The matters of a contract that bear on its payments, the oldest first."""
    beside = CaseFile.facts["contract"].astext == contract, CaseFile.lifecycle.in_(MATTERS)
    cases = (await session.scalars(select(CaseFile).where(*beside).order_by(CaseFile.started_at, CaseFile.id))).all()
    query = select(DecisionRow).join(TaskRow, TaskRow.id == DecisionRow.task_id)
    query = query.where(DecisionRow.case_id.in_([one.id for one in cases]), TaskRow.name.in_(ABOUT_PAYMENTS))
    decided = (await session.scalars(query.order_by(DecisionRow.decided_at))).all()
    found = [_matter(case, [one for one in decided if one.case_id == case.id]) for case in cases]
    return (*(one for one in found if one.bears_on_payments), *await _falsified(session, contract))


async def _falsified(session: AsyncSession, contract: str) -> list[Matter]:
    """OT-E3: falsification reported in an assessment, unless it was dismissed or found without effect on payments."""
    beside = CaseFile.lifecycle == ASSESSMENT, CaseFile.facts["contract"].astext == contract
    cases = {one.id: one for one in await session.scalars(select(CaseFile).where(*beside).order_by(CaseFile.id))}
    query = select(DecisionRow, TaskRow.name).join(TaskRow, TaskRow.id == DecisionRow.task_id)
    query = query.where(DecisionRow.case_id.in_(list(cases))).order_by(DecisionRow.decided_at)
    found: dict[str, Matter] = {}
    for decision, task in (await session.execute(query)).all():
        case = cases[decision.case_id]
        said = Decided(decision.choice, decision.decided_on)
        if decision.choice == REPORTED:
            rules, stage = ("OT-E3",), case.stage
            found[case.id] = Matter(case.id, case.lifecycle, rules, decision.decided_on, stage, "", (said,))
        elif task in ABOUT_FALSIFICATION and case.id in found:
            known = found[case.id]
            found[case.id] = replace(known, decided=(*known.decided, said))
    return [one for one in found.values() if not any(each.choice in WITHOUT_EFFECT for each in one.decided)]


def _matter(case: CaseFile, decided: Sequence[DecisionRow]) -> Matter:
    rule = "OT-6.2b" if case.lifecycle == CANNOT_CONTINUE else f"OT-6.3{case.facts.get('ground', '')}"
    return Matter(
        case.id,
        case.lifecycle,
        (rule,),
        case.started_at.astimezone(CHINA).date(),
        case.stage,
        str(case.outcome or "") if case.state == "closed" else "",
        tuple(Decided(one.choice, one.decided_on) for one in decided),
    )


async def is_stopped(session: AsyncSession, facts: Facts) -> bool:
    """Whether benefits and funding of the contract were stopped; costs of patients are none of them (OT-6.3f)."""
    if facts["kind"] != REWARD:
        return False
    return any(one.stopped for one in await matters_of(session, str(facts["contract"])))


async def gate_of(session: AsyncSession, facts: Facts, pack: Pack, *, go_on: bool, reason: str) -> tuple[Finding, ...]:
    """File, result and matters behind a payment to talent; none of it concerns costs of patients."""
    if facts["kind"] != REWARD:
        return ()
    contract = str(facts["contract"])
    file = file_is_complete(await _file(session, contract), pack)
    matters = await matters_of(session, contract)
    gate = PaymentFacts(
        file.outcome == "complete",
        await _assessment(session, contract),
        open_ground=bool(matters),
        hold="pay" if go_on else "",
        reason=reason,
        stopped=any(one.stopped for one in matters),
    )
    return file, payment_may_go(gate, pack)


async def _file(session: AsyncSession, contract: str) -> FileFacts:
    """What lies in the evaluation file, by what the record has of the contract."""
    row = await session.get_one(TalentContract, contract)
    asked = select(TaskRow.outcome).where(TaskRow.case_id == contract, TaskRow.name == "talent_check_in")
    check_ins = list(await session.scalars(asked))
    assessments = list(await session.scalars(_assessments(contract)))
    worked = await session.scalar(select(exists().where(TalentSession.case_id == contract)))
    held = {
        "推荐申报表": row.state != "nominated",
        "备案表": row.state != "nominated",
        "合同书": bool(row.number),
        "季度小结": any(check_ins),
        "到岗记录": bool(worked),
        "年度考核表": any(one.state == "closed" for one in assessments),
    }
    reached: Reached = "assessed" if assessments else "executing" if check_ins else "signed"
    return FileFacts(reached, tuple(name for name, is_held in held.items() if is_held))


def _assessments(contract: str) -> Any:
    query = select(CaseFile).where(CaseFile.lifecycle == ASSESSMENT, CaseFile.facts["contract"].astext == contract)
    query = query.where(CaseFile.outcome != NOT_HELD)
    return query.order_by(CaseFile.started_at.desc(), CaseFile.id.desc())


async def _assessment(session: AsyncSession, contract: str) -> Assessment:
    latest = await session.scalar(_assessments(contract).limit(1))
    if latest is None:
        return "none_due"
    if latest.state != "closed":
        return "pending"
    row = await session.get(TalentAssessment, latest.id)
    return cast("Assessment", row.result) if row and row.result else "none_due"
