"""Payments out of the talent funds: file, result, balance, own cost, several projects (OT-5c, OT-7.2, OT-N2)."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine.cases import CaseFile
from db.talent_assessments import TalentAssessment
from db.talent_contracts import TalentContract
from services.field_problems import FactsRefused
from services.forms.funds import FundRequestsWait
from services.fund_payments import FundsNotOpen, PaymentOrder
from tests.builders.banner import EMPLOYER, SECOND_EMPLOYER, settle_banner
from tests.workflows import fund_payments as pay
from tests.workflows import fund_years as funds
from tests.workflows.office import Office
from tests.workflows.talent_life import HR, OFFICER, ended

BESIDE = "beside.1"


@pytest.fixture
async def banner(office: Office) -> Office:
    await settle_banner(office.record)
    return office


async def problems(office: Office, case: str, **form: str) -> dict[str, str]:
    """The code of each field that keeps a check from passing."""
    with pytest.raises(FactsRefused) as blocked:
        await pay.passed(office, case, **form)
    return {problem.field: problem.code for problem in blocked.value.problems}


async def beside(session: AsyncSession, contract: str, lifecycle: str, *, state: str) -> CaseFile:
    """A matter of the contract as the record has it; no workflow runs it."""
    source = await session.get_one(CaseFile, contract)
    columns = {column.key: getattr(source, column.key) for column in CaseFile.__table__.columns}
    columns |= {"id": BESIDE, "business_key": BESIDE, "lifecycle": lifecycle, "state": state, "open_key": None}
    return CaseFile(**{**columns, "facts": {**source.facts, "contract": contract}})


async def test_as77_two_projects_in_two_hospitals_have_the_highest_funds_and_not_the_sum(banner: Office) -> None:
    """就高不叠加: 20 and 30 give 30; what lies above is the second employer's own cost."""
    first = await pay.contracted(banner, "20")
    second = await pay.contracted(banner, "30", serial=2, employer=SECOND_EMPLOYER)
    await funds.funded(banner)
    case = await pay.requested(banner, "200000", contract=first)
    await pay.passed(banner, case)
    row = await pay.paid(banner, case, "200000")
    assert (row.from_funds, row.own_cost) == (Decimal(200000), Decimal(0))
    case = await pay.requested(banner, "300000", contract=second, employer=SECOND_EMPLOYER)
    await pay.passed(banner, case)
    with pytest.raises(FactsRefused) as blocked:
        await pay.paid(banner, case, "300000")
    assert dict(blocked.value.problems[0].values) == {"from_funds": "100000.00", "own_cost": "200000.00"}
    row = await pay.paid(banner, case, "100000")
    assert (row.from_funds, row.own_cost) == (Decimal(100000), Decimal(200000))
    assert not [one for one in await banner.damage() if one.what in ("fund_payment", "fund_share")]


async def test_projects_whose_terms_overlap_in_part_are_settled_by_the_commission(banner: Office) -> None:
    """OT-N2: the text knows one term only; without an answer nothing passes."""
    first = await pay.contracted(banner, "20")
    second = await pay.contracted(banner, "30", serial=2, employer=SECOND_EMPLOYER)
    async with banner.record.begin() as session:
        of_second = update(TalentContract).where(TalentContract.case_id == second)
        await session.execute(of_second.values(first_day=date(2040, 6, 1)))
    await funds.funded(banner)
    case = await pay.requested(banner, "200000", contract=first)
    assert await problems(banner, case) == {"projects": "projects_ask"}
    await pay.passed(banner, case, projects="apart")
    assert (await pay.paid(banner, case, "200000")).own_cost == 0


async def test_cor23_costs_of_patients_draw_on_the_same_funds_and_the_rest_is_own_cost(banner: Office) -> None:
    """OT-5c: 1,000,000 for the hospital; 900,000 to patients leave 100,000 of 200,000 for the talent, to the fen."""
    contract = await pay.contracted(banner, "50")
    await funds.funded(banner)
    case = await pay.requested(banner, "900000.01", kind="patients")
    await pay.passed(banner, case)
    assert (await pay.paid(banner, case, "900000.01")).kind == "patients"
    case = await pay.requested(banner, "200000", contract=contract)
    await pay.passed(banner, case)
    row = await pay.paid(banner, case, "99999.99")
    assert (row.from_funds, row.own_cost) == (Decimal("99999.99"), Decimal("100000.01"))


async def test_only_two_purposes_draw_on_the_funds(banner: Office) -> None:
    await funds.funded(banner)
    with pytest.raises(FactsRefused):
        await pay.payment_desk(banner).start(PaymentOrder("building", EMPLOYER), by=HR)


async def test_g11_an_open_ground_holds_nothing_by_itself_and_a_person_decides(banner: Office) -> None:
    contract = await pay.contracted(banner, "30")
    await funds.funded(banner)
    async with banner.record.begin() as session:
        session.add(await beside(session, contract, "ContractTermination", state="open"))
    case = await pay.requested(banner, "1000", contract=contract)
    assert await problems(banner, case) == {"go_on": "payment_asks"}
    assert await problems(banner, case, go_on="yes") == {"reason": "missing"}
    await banner.answer("fund_check", OFFICER, "hold_payment", "事由待核实", case=case)
    await banner.stands(case, "payment_held")
    await banner.days_pass(30)
    await banner.stands(case, "payment_held")
    await banner.answer("fund_held", OFFICER, "check_again", "已核实", case=case)
    await pay.passed(banner, case, go_on="yes", reason="已完成的工作应予支付")
    assert (await pay.paid(banner, case, "1000")).from_funds == 1000


async def test_g11_an_unqualified_result_asks_and_stops_nothing_by_itself(banner: Office) -> None:
    """OT-6.1g: the grade bears on allowances, the text has no formula."""
    contract = await pay.contracted(banner, "30")
    await funds.funded(banner)
    async with banner.record.begin() as session:
        session.add(await beside(session, contract, "AnnualTalentAssessment", state="closed"))
        await session.flush()
        days = {"first_day": date(2040, 1, 1), "last_day": date(2040, 12, 31)}
        points = {"sheet": 1, "least": Decimal(50), "most": Decimal(50)}
        session.add(TalentAssessment(case_id=BESIDE, contract=contract, result="unqualified", **days, **points))
    case = await pay.requested(banner, "1000", contract=contract)
    found = await problems(banner, case)
    assert found == {"go_on": "payment_asks"}


async def test_an_incomplete_file_is_a_soft_gate_that_takes_a_reason(banner: Office) -> None:
    """OT-6.2a: the signed contract is not on file."""
    contract = await pay.contracted(banner, "30")
    async with banner.record.begin() as session:
        await session.execute(update(TalentContract).where(TalentContract.case_id == contract).values(number=""))
    await funds.funded(banner)
    case = await pay.requested(banner, "1000", contract=contract)
    assert await problems(banner, case) == {"reason": "file_incomplete"}
    await pay.passed(banner, case, reason=pay.WHY)
    assert (await pay.paid(banner, case, "1000")).from_funds == 1000


async def test_no_request_before_the_funds_are_on_record_and_no_settlement_while_one_waits(banner: Office) -> None:
    contract = await pay.contracted(banner, "30")
    with pytest.raises(FundsNotOpen):
        await pay.payment_desk(banner).start(PaymentOrder("reward", EMPLOYER, contract), by=HR)
    year = await funds.funded(banner)
    case = await pay.requested(banner, "1000", contract=contract)
    with pytest.raises(FundRequestsWait):
        await funds.settled(banner, year)
    await banner.answer("fund_check", OFFICER, "refuse_payment", "不予支持", case=case)
    assert await ended(banner, case) == "payment_refused"
    assert await funds.settled(banner, year) == "fund_year_settled"


async def test_two_payments_that_cross_never_overdraw_a_hospital(banner: Office) -> None:
    """What finance states is held against the balance of the moment it is paid."""
    await funds.funded(banner)
    cases = [await pay.requested(banner, "600000", kind="patients") for _ in range(2)]
    for case in cases:
        await pay.passed(banner, case)
    await pay.paid(banner, cases[0], "600000")
    row = await pay.paid(banner, cases[1], "400000")
    assert (row.from_funds, row.own_cost) == (Decimal(400000), Decimal(200000))


async def test_own_rewards_and_petitions_are_recorded_beside_the_funds(banner: Office) -> None:
    """OT-N3 from the employer's own money, OT-N4 by way of the commission with the number of the decision."""
    contract = await pay.contracted(banner, "30")
    reward = await pay.requested(banner, "5000", kind="own_reward", contract=contract, title="市级重点学科")
    assert await ended(banner, reward) == "reward_recorded"
    assert (await pay.payment(banner, reward)).own_cost == 5000
    petition = await pay.requested(banner, "500000", kind="petition")
    form = {"document": "", "decided_on": "2040-03-01", "attachment": ""}
    with pytest.raises(FactsRefused):
        await banner.answer("petition_decision", OFFICER, "grant_petition", form=form, case=petition)
    form["document"] = "旗委常委会纪要〔2040〕1号"
    await banner.answer("petition_decision", OFFICER, "grant_petition", form=form, case=petition)
    assert await ended(banner, petition) == "petition_granted"
    assert (await pay.payment(banner, petition)).state == "granted"
