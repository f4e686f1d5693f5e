"""What a request for talent funds writes: asked for, split between funds and own cost, paid (OT-5c, OT-7.2, OT-N2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.engine.scene import EffectFunction, Scene
from activities.findings import keep_finding
from activities.talent_funds import names_of
from db.engine.cases import CaseFile
from db.engine.people import Institution
from db.engine.tasks import TaskRow
from db.talent_assessments import TalentAssessment
from db.talent_contracts import TalentContract, TalentSession
from db.talent_funds import (
    FUND_PAYMENT,
    GRANTED,
    PAID,
    RECORDED,
    REFUSED,
    REQUESTED,
    FundPayment,
    alone,
    payments_of_year,
    shares_of,
)
from policies.engine.finding import Finding
from policies.engine.pack import Pack
from policies.talent.files import FileFacts, Reached, file_is_complete
from policies.talent.funds import BalanceFacts, funds_balance
from policies.talent.payments import (
    Assessment,
    CostFacts,
    OwnRewardFacts,
    PaymentFacts,
    PetitionFacts,
    Project,
    ProjectsFacts,
    PurposeFacts,
    cost_is_split,
    highest_applies,
    own_reward_is_open,
    payment_may_go,
    petition_is_decided,
    purpose_is_open,
)

PAYMENT_TASKS = (
    "fund_request",
    "fund_request_approval",
    "fund_check",
    "fund_held",
    "fund_paying",
    "petition_decision",
)
REWARD, PATIENTS, OWN_REWARD, PETITION = "reward", "patients", "own_reward", "petition"
# The place of each purpose in the list of the plan.
PURPOSES = (REWARD, PATIENTS)
HIGHEST, APART, CHANGED = "highest", "apart", "changed"
WAN = Decimal(10000)
FEN = Decimal("0.01")
MATTERS = ("ContractTermination", "ContractRescission", "ContractCannotContinue")
ASSESSMENT = "AnnualTalentAssessment"
SIGNED = ("signed", "ended")
Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Split:
    """How a payment of now would be borne, with what the rules have found; None for what is not known yet."""

    findings: tuple[Finding, ...]
    from_funds: Decimal | None
    own_cost: Decimal | None


async def split_of(
    session: AsyncSession, case: str, facts: Facts, yuan: Decimal, pack: Pack, *, projects: str
) -> Split:
    """Balance and highest bound what comes from the funds. projects: what the commission has said of several projects
    whose terms the text does not settle, "" for nothing.
    """
    balance = await balance_of(session, facts["fund"], facts["employer"], pack, without=case)
    left = cast("Decimal | None", balance.figures.get("balance"))
    findings = [balance]
    if facts["kind"] == REWARD:
        found, bound = await _bound(session, facts, pack, projects)
        findings.append(found)
        left = None if left is None or bound is None else min(left, bound)
    cost = cost_is_split(CostFacts(left, yuan / WAN), pack)
    findings.append(cost)
    if "from_funds" not in cost.figures:
        return Split(tuple(findings), None, None)
    parts = [cast("Decimal", cost.figures[name]) * WAN for name in ("from_funds", "own_cost")]
    return Split(tuple(findings), parts[0].quantize(FEN), parts[1].quantize(FEN))


async def balance_of(session: AsyncSession, fund: str, hospital: str, pack: Pack, *, without: str = "") -> Finding:
    """What is left of a hospital's year; without: the case whose own request is not counted."""
    year = await session.get_one(CaseFile, fund)
    share = (await shares_of(session, fund)).get(hospital)
    rows = [one for one in await payments_of_year(session, fund, hospital) if one.case_id != without]
    paid = tuple((one.from_funds or Decimal(0)) / WAN for one in rows if one.state == PAID)
    asked = tuple(one.yuan / WAN for one in rows if one.state == REQUESTED)
    name = names_of(year.facts, pack)[hospital]
    return funds_balance(BalanceFacts(name, share.wan_yuan if share else None, paid, asked), pack)


async def _bound(session: AsyncSession, facts: Facts, pack: Pack, projects: str) -> tuple[Finding, Decimal | None]:
    """What the person may still have: of the highest of several projects, else of the contract itself (OT-N2)."""
    query = select(TalentContract, Institution.name).join(Institution, Institution.code == TalentContract.employer)
    query = query.where(TalentContract.person == facts["person"], TalentContract.state.in_(SIGNED))
    rows = (await session.execute(query.order_by(TalentContract.case_id))).all()
    known = [(row, name) for row, name in rows if row.fund_yuan is not None]
    found = highest_applies(ProjectsFacts("person", tuple(_project(row, name) for row, name in known)), pack)
    settled = found.outcome or projects
    if len(known) < len(rows) or not settled:
        return found, None
    if settled == HIGHEST:
        return found, cast("Decimal", found.figures["highest"]) - await _paid_to(session, facts, everywhere=True)
    own = next(row.fund_yuan for row, _ in known if row.case_id == facts["contract"])
    return found, (own or Decimal(0)) / WAN - await _paid_to(session, facts, everywhere=False)


def _project(row: TalentContract, name: str) -> Project:
    return Project(name, cast("Decimal", row.fund_yuan) / WAN, cast("date", row.first_day), cast("date", row.last_day))


async def _paid_to(session: AsyncSession, facts: Facts, *, everywhere: bool) -> Decimal:
    """What the person has had from the funds, of one contract or of all, in ten thousand yuan."""
    query = select(FundPayment.from_funds).where(FundPayment.person == facts["person"], FundPayment.state == PAID)
    query = query.where(FundPayment.kind == REWARD)
    rows = await session.scalars(query if everywhere else query.where(FundPayment.contract == facts["contract"]))
    return sum((amount or Decimal(0) for amount in rows), Decimal(0)) / WAN


async def gate_of(session: AsyncSession, facts: Facts, pack: Pack, *, go_on: bool, reason: str) -> tuple[Finding, ...]:
    """File, result and open grounds behind a payment to talent (OT-6.2a, G-11); none for costs of patients."""
    if facts["kind"] != REWARD:
        return ()
    contract = str(facts["contract"])
    file = file_is_complete(await _file(session, contract), pack)
    beside = CaseFile.facts["contract"].astext == contract
    matters = exists().where(beside, CaseFile.lifecycle.in_(MATTERS), CaseFile.state != "closed")
    gate = PaymentFacts(
        file.outcome == "complete",
        await _assessment(session, contract),
        bool(await session.scalar(select(matters))),
        "pay" if go_on else "",
        reason,
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
    return query.order_by(CaseFile.started_at.desc(), CaseFile.id.desc())


async def _assessment(session: AsyncSession, contract: str) -> Assessment:
    latest = await session.scalar(_assessments(contract).limit(1))
    if latest is None:
        return "none_due"
    if latest.state != "closed":
        return "pending"
    row = await session.get(TalentAssessment, latest.id)
    return cast("Assessment", row.result) if row and row.result else "none_due"


async def request_payment(scene: Scene, refs: Mapping[str, str]) -> str:
    """The employer's leader has approved: the request stands, and counts as waiting."""
    facts, form = scene.case.facts, await scene.form_of(refs["request"])
    row = await scene.session.get(FundPayment, scene.case.id)
    if row is None:
        row = FundPayment(case_id=scene.case.id, kind=facts["kind"], hospital=facts["employer"], voucher="")
        row.fund, row.contract, row.person = facts["fund"] or None, facts["contract"] or None, facts["person"] or None
        row.year, row.at = int(facts["year"]), scene.at
        scene.session.add(row)
    row.yuan, row.state = Decimal(str(form["yuan"])).quantize(FEN), REQUESTED
    row.settled_by = refs["approval"]
    if row.kind in PURPOSES:
        purpose = scene.pack.parameters["fund_purposes"].listed[PURPOSES.index(row.kind)]
        keep_finding(scene, purpose_is_open(PurposeFacts(purpose), scene.pack))
    if row.kind == OWN_REWARD:
        row.state, row.from_funds, row.own_cost = RECORDED, Decimal(0), row.yuan
        keep_finding(scene, own_reward_is_open(OwnRewardFacts(str(form["title"])), scene.pack), person=row.person)
    scene.name_row(FUND_PAYMENT, FUND_PAYMENT.content_of(row))
    return ""


async def keep_check(scene: Scene, refs: Mapping[str, str]) -> str:
    """The commission has passed it: what its decision rested on stays."""
    form, facts = await scene.form_of(refs["request"]), scene.case.facts
    gate = await gate_of(
        scene.session, facts, scene.pack, go_on=bool(form.get("go_on")), reason=str(form.get("reason", ""))
    )
    for finding in gate:
        keep_finding(scene, finding, person=facts["person"] or None)
    return ""


async def pay_funds(scene: Scene, refs: Mapping[str, str]) -> str:
    """Finance has paid: "paid", or "changed" where the balance no longer bears what was stated."""
    facts, form = scene.case.facts, await scene.form_of(refs["request"])
    await scene.alone_with(alone(facts["fund"], facts["employer"]))
    if facts["person"]:
        # The highest of several projects is held across hospitals (OT-N2).
        await scene.alone_with(f"talent.funds.{facts['person']}")
    checked = await scene.form_of(refs["check"])
    row = await scene.session.get_one(FundPayment, scene.case.id)
    projects = str(checked.get("projects", ""))
    split = await split_of(scene.session, scene.case.id, facts, row.yuan, scene.pack, projects=projects)
    year = await scene.session.get_one(CaseFile, facts["fund"])
    if split.from_funds != Decimal(str(form["from_funds"])).quantize(FEN) or year.state == "closed":
        return CHANGED
    for finding in split.findings:
        keep_finding(scene, finding, person=facts["person"] or None)
    row.from_funds, row.own_cost, row.state = split.from_funds, split.own_cost, PAID
    row.paid_on, row.voucher, row.settled_by = (
        date.fromisoformat(form["paid_on"]),
        str(form["voucher"]),
        refs["request"],
    )
    scene.name_row(FUND_PAYMENT, FUND_PAYMENT.content_of(row))
    return PAID


async def end_request(scene: Scene, refs: Mapping[str, str]) -> str:
    """A request that was refused, returned or given up waits no more; a petition has its answer."""
    row = await scene.session.get(FundPayment, scene.case.id)
    if row is None:
        return ""
    row.state, row.settled_by = refs["state"], refs["request"]
    if row.kind == PETITION and refs["state"] in (GRANTED, REFUSED) and refs.get("decided"):
        form = await scene.form_of(refs["request"])
        answer = PetitionFacts("granted" if row.state == GRANTED else "refused", str(form["document"]))
        keep_finding(scene, petition_is_decided(answer, scene.pack), person=row.person)
    scene.name_row(FUND_PAYMENT, FUND_PAYMENT.content_of(row))
    return ""


EFFECTS: Mapping[str, EffectFunction] = {
    one.__name__: one for one in (request_payment, keep_check, pay_funds, end_request)
}
