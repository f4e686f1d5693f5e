"""What a request for talent funds writes: asked for, split between funds and own cost, paid (OT-5c, OT-7.2, OT-N2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, ROUND_UP, Decimal
from fractions import Fraction
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.engine.scene import EffectFunction, Scene
from activities.findings import keep_finding
from activities.payment_gate import REWARD, gate_of, is_stopped
from activities.talent_funds import WAN, names_of, spent_of
from activities.talent_teams import MemberOf, member_projects, team_of
from db.engine.cases import CaseFile
from db.engine.people import Institution
from db.talent_contracts import TalentContract
from db.talent_funds import (
    FUND_PAYMENT,
    GRANTED,
    PAID,
    RECORDED,
    REFUSED,
    REQUESTED,
    FundPayment,
    alone,
    shares_of,
)
from db.talent_openings import TalentOpening
from policies.engine.finding import Finding
from policies.engine.pack import Pack
from policies.talent.funds import BalanceFacts, funds_balance
from policies.talent.payments import (
    CostFacts,
    OwnRewardFacts,
    PetitionFacts,
    Project,
    ProjectsFacts,
    PurposeFacts,
    Role,
    cost_is_split,
    highest_applies,
    own_reward_is_open,
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
PATIENTS, OWN_REWARD, PETITION = "patients", "own_reward", "petition"
# The place of each purpose in the list of the plan.
PURPOSES = (REWARD, PATIENTS)
HIGHEST, EACH, APART, CHANGED = "highest", "highest_each", "apart", "changed"
FEN = Decimal("0.01")
_FEN_OF_WAN = Decimal("0.000001")
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
    paid, asked = await spent_of(session, fund, hospital, without=without)
    name = names_of(year.facts, pack)[hospital]
    return funds_balance(BalanceFacts(name, share.wan_yuan if share else None, paid, asked), pack)


async def _bound(session: AsyncSession, facts: Facts, pack: Pack, projects: str) -> tuple[Finding, Decimal | None]:
    """What the person may still have: of the highest of several projects, and never more than the contract itself says
    (OT-N2). Projects in which the person is a core member of somebody else's team are asked about.
    """
    query = select(TalentContract, Institution.name).join(Institution, Institution.code == TalentContract.employer)
    # What was dropped before it was signed, or wrongly imported, is no project.
    query = query.where(TalentContract.person == facts["person"], TalentContract.first_day.is_not(None))
    query = query.where(TalentContract.state.in_(SIGNED))
    rows = (await session.execute(query.order_by(TalentContract.case_id))).all()
    known = [(row, name) for row, name in rows if row.fund_yuan is not None]
    as_member = await member_projects(session, facts["person"])
    leads = any([await team_of(session, row.case_id) for row, _ in known])
    role: Role = "core_member" if as_member else "team_leader" if leads else "person"
    found = highest_applies(
        ProjectsFacts(role, (*(_project(row, name) for row, name in known), *(one.project for one in as_member))), pack
    )
    settled = found.outcome or projects
    own = next((row.fund_yuan for row, _ in known if row.case_id == facts["contract"]), None)
    if len(known) < len(rows) or not settled or own is None:
        return found, None
    left = own / WAN - await _paid_to(session, facts, everywhere=False)
    if settled not in (HIGHEST, EACH):
        return found, left
    if settled == EACH and "highest_each" not in found.figures:
        return found, None
    by_member = await _paid_to_teams(session, as_member, shared=settled == EACH)
    # Exact to the fen and never above what it is: a share among people need not come out even.
    exact = Fraction(cast("Fraction", found.figures["highest_each" if settled == EACH else "highest"]))
    highest = (Decimal(exact.numerator) / exact.denominator).quantize(_FEN_OF_WAN, ROUND_DOWN)
    return found, min(left, highest - await _paid_to(session, facts, everywhere=True) - by_member)


def _project(row: TalentContract, name: str) -> Project:
    return Project(name, cast("Decimal", row.fund_yuan) / WAN, cast("date", row.first_day), cast("date", row.last_day))


async def _paid_to(session: AsyncSession, facts: Facts, *, everywhere: bool) -> Decimal:
    """What the person has had from the funds, of one contract or of all, in ten thousand yuan; with what a sheet stated
    of an imported contract (COR-17). What it did not state is said on the page of whoever checks.
    """
    query = select(FundPayment.from_funds).where(FundPayment.person == facts["person"], FundPayment.state == PAID)
    query = query.where(FundPayment.kind == REWARD)
    before = select(TalentOpening.paid_yuan).join(TalentContract, TalentContract.case_id == TalentOpening.case_id)
    before = before.where(TalentOpening.person == facts["person"], TalentContract.first_day.is_not(None))
    if not everywhere:
        query = query.where(FundPayment.contract == facts["contract"])
        before = before.where(TalentOpening.case_id == facts["contract"])
    paid = [*await session.scalars(query), *await session.scalars(before)]
    return sum((amount or Decimal(0) for amount in paid), Decimal(0)) / WAN


async def _paid_to_teams(session: AsyncSession, teams: Sequence[MemberOf], *, shared: bool) -> Decimal:
    """What teams have had in which the person is a core member: whole, or shared among their people."""
    total = Decimal(0)
    for one in teams:
        query = select(FundPayment.from_funds).where(FundPayment.contract == one.contract, FundPayment.state == PAID)
        query = query.where(FundPayment.kind == REWARD)
        paid = sum((each or Decimal(0) for each in await session.scalars(query)), Decimal(0)) / WAN
        total += (paid / one.project.people).quantize(_FEN_OF_WAN, ROUND_UP) if shared else paid
    return total


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
    if await is_stopped(scene.session, facts):
        # Benefits were stopped while finance had the request before it (OT-6.3f).
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
