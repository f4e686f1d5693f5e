"""Payments out of the talent funds: file, result, balance, own cost, several projects (OT-5c, OT-7.2, OT-N2)."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import update

from db.engine.cases import CaseFile
from db.talent_assessments import TalentAssessment
from db.talent_contracts import TalentContract
from services.end_wishes import CauseWish
from services.field_problems import FactsRefused
from services.forms.funds import FundRequestsWait
from services.fund_payments import FundsNotOpen, PaymentOrder
from tests.builders.banner import EMPLOYER, SECOND_EMPLOYER, settle_banner
from tests.workflows import fund_payments as pay
from tests.workflows import fund_years as funds
from tests.workflows.conftest import OpenCounty
from tests.workflows.contract_ends import decided, opened_banner, raised_by, verified
from tests.workflows.office import Office
from tests.workflows.talent_life import HR, OFFICER, ended


@pytest.fixture
async def banner(office: Office) -> Office:
    await settle_banner(office.record)
    return office


async def problems(office: Office, case: str, **form: str) -> dict[str, str]:
    """The code of each field that keeps a check from passing."""
    with pytest.raises(FactsRefused) as blocked:
        await pay.passed(office, case, **form)
    return {problem.field: problem.code for problem in blocked.value.problems}


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
        session.add(await pay.beside(session, contract, "ContractTermination", state="open"))
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
        session.add(await pay.beside(session, contract, "AnnualTalentAssessment", state="closed"))
        await session.flush()
        days = {"first_day": date(2040, 1, 1), "last_day": date(2040, 12, 31)}
        points = {"sheet": 1, "least": Decimal(50), "most": Decimal(50)}
        session.add(TalentAssessment(case_id=pay.BESIDE, contract=contract, result="unqualified", **days, **points))
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


async def test_a_core_member_with_a_contract_of_their_own_is_asked_about_and_every_reading_has_its_bound(
    banner: Office,
) -> None:
    """OT-N2 names persons and team leaders. Own 15, the team's 40 among four: 40 - 30 paid, 15 - 7.5, or 15."""
    own = await pay.contracted(banner, "15")
    team = await pay.contracted(banner, "40", serial=2, employer=SECOND_EMPLOYER)
    async with banner.record.begin() as session:
        await session.execute(update(TalentContract).where(TalentContract.case_id == team).values(person="o-expert-2"))
        await session.execute(
            update(CaseFile).where(CaseFile.id == team).values(facts=CaseFile.facts.op("||")({"person": "o-expert-2"}))
        )
    await pay.teamed(banner, team, "罗景行", "张一", "张二")
    await funds.funded(banner)
    case = await pay.requested(banner, "300000", contract=team, employer=SECOND_EMPLOYER)
    await pay.passed(banner, case)
    await pay.paid(banner, case, "300000")
    # Costs of patients beside the team's contract are no reward of the team.
    case = await pay.requested(banner, "20000", kind="patients", contract=team, employer=SECOND_EMPLOYER)
    await pay.passed(banner, case)
    await pay.paid(banner, case, "20000")
    for projects, from_funds in (("highest", "100000"), ("highest_each", "75000"), ("apart", "150000")):
        case = await pay.requested(banner, "200000", contract=own)
        assert await problems(banner, case) == {"projects": "projects_ask"}
        await pay.passed(banner, case, projects=projects)
        with pytest.raises(FactsRefused) as blocked:
            await pay.paid(banner, case, "200000")
        assert Decimal(dict(blocked.value.problems[0].values)["from_funds"]) == Decimal(from_funds), projects
        await banner.answer("fund_paying", funds.FINANCE_OFFICER, "return", "重新核对", case=case)
        await banner.answer("fund_check", OFFICER, "refuse_payment", "另行申请", case=case)
        assert await ended(banner, case) == "payment_refused"


async def test_a_contract_never_draws_more_than_it_says_itself(banner: Office) -> None:
    """OT-N2 bounds the sum of several projects; it raises none of them: 20 stay 20 beside a 30."""
    first = await pay.contracted(banner, "20")
    await pay.contracted(banner, "30", serial=2, employer=SECOND_EMPLOYER)
    await funds.funded(banner)
    case = await pay.requested(banner, "250000", contract=first)
    await pay.passed(banner, case)
    assert (await pay.paid(banner, case, "200000")).own_cost == 50000


async def test_cor17_what_an_imported_contract_was_paid_before_counts_against_its_own_amount(banner: Office) -> None:
    contract = await pay.contracted(banner, "20")
    await pay.imported(banner, contract, "150000")
    await funds.funded(banner)
    case = await pay.requested(banner, "100000", contract=contract)
    await pay.passed(banner, case)
    row = await pay.paid(banner, case, "50000")
    assert (row.from_funds, row.own_cost) == (Decimal(50000), Decimal(50000))


async def test_def_18_a_voucher_pays_once_in_a_hospital_and_year(banner: Office) -> None:
    await funds.funded(banner)
    first = await pay.requested(banner, "1000", kind="patients")
    await pay.passed(banner, first)
    await pay.paid(banner, first, "1000", voucher="记-7")
    case = await pay.requested(banner, "1000", kind="patients")
    await pay.passed(banner, case)
    with pytest.raises(FactsRefused) as blocked:
        await pay.paid(banner, case, "1000", voucher="记-7")
    (problem,) = blocked.value.problems
    assert (problem.field, problem.code, dict(problem.values)) == ("voucher", "voucher_used", {"case": first})
    await pay.paid(banner, case, "1000", voucher="记-8")
    other = await pay.requested(banner, "1000", kind="patients", employer=SECOND_EMPLOYER)
    await pay.passed(banner, other)
    await pay.paid(banner, other, "1000", voucher="记-7")


async def test_a_nomination_that_came_to_no_contract_is_no_project_and_draws_no_funds(banner: Office) -> None:
    contract = await pay.contracted(banner, "20")
    dropped = await pay.contracted(banner, "30", serial=2)
    async with banner.record.begin() as session:
        row = update(TalentContract).where(TalentContract.case_id == dropped)
        await session.execute(row.values(first_day=None, last_day=None, fund_yuan=None, state="ended"))
    await funds.funded(banner)
    with pytest.raises(FactsRefused):
        await pay.requested(banner, "1000", contract=dropped)
    case = await pay.requested(banner, "1000", contract=contract)
    await pay.passed(banner, case)
    assert (await pay.paid(banner, case, "1000")).own_cost == 0


async def test_ot63f_benefits_stopped_by_a_person_after_a_rescission_stop_the_payment_also_at_finance(
    open_county: OpenCounty,
) -> None:
    """What was passed before is not paid after; while nobody has stopped anything, a person decides (G-11)."""
    async with opened_banner(open_county) as (office, contract):
        async with office.record.begin() as session:
            row = update(TalentContract).where(TalentContract.case_id == contract)
            await session.execute(row.values(fund_yuan=300000, filed_on=date(2040, 1, 1)))
        await funds.funded(office)
        early, late = [await pay.requested(office, "1000", contract=contract) for _ in range(2)]
        await pay.passed(office, early)
        await office.open_task("fund_paying", funds.FINANCE_OFFICER, case=early)
        matter = await raised_by(office, contract, HR, CauseWish("c", "病历造假"))
        assert await problems(office, late) == {"go_on": "payment_asks"}
        await verified(office, matter)
        await office.answer("expert_reply", "o-expert", "nothing_to_add", case=matter)
        await decided(office, matter, "rescind")
        await office.answer("stop_benefits", HR, "benefits_stopped", "停发津贴和资助", case=matter)
        await office.stands(matter, "rescinding")
        assert await problems(office, late, go_on="yes", reason="已完成的工作") == {"go_on": "benefits_stopped"}
        with pytest.raises(FactsRefused) as blocked:
            await pay.paid(office, early, "1000")
        assert [one.code for one in blocked.value.problems] == ["benefits_stopped"]
        costs = await pay.requested(office, "500", kind="patients")
        await pay.passed(office, costs)
        assert (await pay.paid(office, costs, "500")).from_funds == 500
