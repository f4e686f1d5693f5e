"""The funds of a year: set as the plan prints them, adjusted and floated within a fifth, settled (OT-5a, b, OT-N1)."""

import json
from typing import cast

import pytest
from sqlalchemy import func, select

from db.talent_funds import FundPayment, alone
from services.engine.decisions import Asked
from services.field_problems import FactsRefused
from services.forms import READERS
from services.forms.funds import FundsBelowPaid
from services.talent_funds import FundOrder
from tests.builders.banner import COMMISSION, EMPLOYER, FINANCE, settle_banner
from tests.workflows import fund_payments as pay
from tests.workflows import fund_years as funds
from tests.workflows.contract_ends import banner_pack
from tests.workflows.office import Office
from tests.workflows.talent_life import OFFICER


@pytest.fixture
async def banner(office: Office) -> Office:
    await settle_banner(office.record)
    return office


async def refused(office: Office, case: str, *amounts: str, choice: str = "propose_adjustment") -> dict[str, str]:
    """The code of each field that keeps a proposal from being made."""
    with pytest.raises(FactsRefused) as blocked:
        await funds.proposed(office, case, *amounts, choice=choice)
    return {problem.field: problem.code for problem in blocked.value.problems}


async def events(office: Office, case: str) -> list[str]:
    return [json.loads(body)["event"] for body in await office.file_of(case)]


async def test_a_year_of_funds_is_set_adjusted_floated_and_settled(banner: Office) -> None:
    """OT-5a, OT-5b: 100 + 100 + 100 as the plan prints them; nothing holds before finance has approved it."""
    case = await funds.funded(banner)
    assert await funds.shares(banner, case) == ("100", "100", "100")
    await funds.proposed(banner, case, "120", "90", "90")
    await banner.open_task("fund_change_approval", funds.FINANCE_OFFICER, case=case)
    assert await funds.shares(banner, case) == ("100", "100", "100")
    await funds.approved(banner, case)
    assert await funds.shares(banner, case) == ("120", "90", "90")
    await funds.proposed(banner, case, "80", "110", "110")
    await funds.approved(banner, case, "return", "理由不足")
    assert await funds.shares(banner, case) == ("120", "90", "90")
    assert await funds.settled(banner, case) == "fund_year_settled"
    assert {"fund_budget_set", "funds_changed", "fund_change_returned", "fund_year_over"} <= set(
        await events(banner, case)
    )
    letters = await banner.letters("outcome", what="funds_changed")
    assert {one.person for one in letters} == {f"o-h{n}-{who}" for n in (1, 2, 3) for who in ("hr", "leader")}
    assert not await banner.damage()


async def test_as74_each_hospital_stays_between_80_and_120_both_included(banner: Office) -> None:
    case = await funds.funded(banner)
    assert await refused(banner, case, "79.9", "110", "110.1") == {"hospital_1": "funds_outside"}
    assert await refused(banner, case, "90", "89.9", "120.1") == {"hospital_3": "funds_outside"}
    await funds.proposed(banner, case, "80", "100", "120")
    await funds.approved(banner, case)
    assert await funds.shares(banner, case) == ("80", "100", "120")


async def test_as75_an_adjustment_adds_up_to_the_fixed_total(banner: Office) -> None:
    case = await funds.funded(banner)
    with pytest.raises(FactsRefused) as blocked:
        await funds.proposed(banner, case, "120", "100", "100")
    (problem,) = blocked.value.problems
    assert (problem.code, dict(problem.values)) == ("funds_total", {"total": "320", "fixed": "300"})
    assert await funds.shares(banner, case) == ("100", "100", "100")


async def test_g14_a_float_never_multiplies_with_an_adjustment(banner: Office) -> None:
    """1.2 x 1.2 is 144: refused, for adjustment and float share one window."""
    case = await funds.funded(banner)
    await funds.proposed(banner, case, "120", "90", "90")
    await funds.approved(banner, case)
    assert await refused(banner, case, "144", "90", "90", choice="propose_float") == {"hospital_1": "funds_outside"}


@pytest.mark.parametrize(
    ("choice", "holds"), [("funds_fixed", ("100", "100", "100")), ("funds_on_top", ("120", "110", "100"))]
)
async def test_g14_a_float_above_the_total_is_asked_with_both_readings_and_holds_only_as_settled(
    banner: Office, choice: str, holds: tuple[str, ...]
) -> None:
    case = await funds.funded(banner)
    await funds.proposed(banner, case, "120", "110", "100", choice="propose_float")
    task = await banner.open_task("float_above_total", "o-leader", case=case)
    assert set(task.choices) == {"funds_fixed", "funds_on_top"}
    assert await funds.shares(banner, case) == ("100", "100", "100")
    await funds.above_settled(banner, case, choice)
    if choice == "funds_on_top":
        await funds.approved(banner, case)
    await banner.stands(case, "fund_running")
    assert await funds.shares(banner, case) == holds


async def test_g14_silence_about_the_total_lets_nothing_hold(banner: Office) -> None:
    case = await funds.funded(banner)
    await funds.proposed(banner, case, "120", "110", "100", choice="propose_float")
    await banner.open_task("float_above_total", "o-leader", case=case)
    await banner.days_pass(60)
    await banner.stands(case, "fund_changing")
    assert await funds.shares(banner, case) == ("100", "100", "100")


async def test_a_float_within_the_total_needs_no_question(banner: Office) -> None:
    case = await funds.funded(banner)
    await funds.proposed(banner, case, "110", "80", "100", choice="propose_float")
    await funds.approved(banner, case)
    assert await funds.shares(banner, case) == ("110", "80", "100")


async def test_a_year_is_begun_once_and_only_for_a_commission_with_its_three_hospitals(banner: Office) -> None:
    desk, year = funds.fund_desk(banner), banner.clock.instant.year
    first = await desk.start(FundOrder(COMMISSION, year), by=OFFICER)
    again = await desk.start(FundOrder(COMMISSION, year), by=OFFICER)
    assert (again.case_id, first.created, again.created) == (first.case_id, True, False)
    for order in (FundOrder(FINANCE, year), FundOrder(COMMISSION, year + 30)):
        with pytest.raises(FactsRefused):
            await desk.start(order, by=OFFICER)


async def test_finance_may_say_that_there_are_no_funds(banner: Office) -> None:
    case = await funds.begun(banner)
    await banner.answer("fund_budget", funds.FINANCE_OFFICER, "give_up", "本年度未安排", case=case)
    await banner.stands(case, "fund_year_dropped")


async def paid_to(office: Office, yuan: str) -> None:
    """So much is paid to the first hospital."""
    case = await pay.requested(office, yuan, kind="patients")
    await pay.passed(office, case)
    await pay.paid(office, case, yuan)


async def test_ot5b_no_hospital_is_given_less_than_it_has_been_paid(banner: Office) -> None:
    case = await funds.funded(banner)
    await paid_to(banner, "950000")
    for choice in ("propose_adjustment", "propose_float"):
        with pytest.raises(FactsRefused) as blocked:
            await funds.proposed(banner, case, "94.99", "100", "105.01", choice=choice)
        (problem,) = blocked.value.problems
        told = problem.field, problem.code, dict(problem.values)
        assert told == ("hospital_1", "funds_below_paid", {"paid": "95"})
    await funds.proposed(banner, case, "95", "100", "105")
    await funds.approved(banner, case)
    assert await funds.shares(banner, case) == ("95", "100", "105")


async def test_ot5b_a_share_that_does_not_bear_what_is_requested_is_warned_of(banner: Office) -> None:
    case = await funds.funded(banner)
    await paid_to(banner, "500000")
    await pay.requested(banner, "450000", kind="patients")
    await funds.proposed(banner, case, "90", "105", "105")
    task = await banner.open_task("fund_change_approval", funds.FINANCE_OFFICER, case=case)
    year, pack = await banner.case(case), await banner_pack(banner)
    async with banner.record() as session:
        shown = await READERS["fund_change_read"](session, Asked.of(task, year, pack, now=task.opened_at))
    found = cast("list[dict[str, str]]", shown["found"])
    assert [one["outcome"] for one in found] == ["kept", "below_requested"]
    await funds.approved(banner, case)
    assert await funds.shares(banner, case) == ("90", "105", "105")


async def test_ot5b_what_a_payment_has_overtaken_is_not_approved(banner: Office) -> None:
    case = await funds.funded(banner)
    await funds.proposed(banner, case, "80", "110", "110")
    await banner.open_task("fund_change_approval", funds.FINANCE_OFFICER, case=case)
    await paid_to(banner, "850000")
    with pytest.raises(FundsBelowPaid):
        await funds.approved(banner, case)
    await funds.approved(banner, case, "return", "已拨付85万元")
    assert await funds.shares(banner, case) == ("100", "100", "100")


async def test_ot5b_a_payment_in_the_moment_of_the_approval_keeps_the_change_from_holding(banner: Office) -> None:
    """The answer is kept, and before the case hears of it a payment is written."""
    case = await funds.funded(banner)
    await funds.proposed(banner, case, "80", "110", "110")
    await banner.open_task("fund_change_approval", funds.FINANCE_OFFICER, case=case)
    request = await pay.requested(banner, "850000", kind="patients")
    await pay.passed(banner, request)
    async with banner.record.begin() as session:
        # Held as a payment under way holds it: the change waits for its end and then finds the money paid.
        lock = func.pg_advisory_xact_lock(func.hashtextextended(alone(case, EMPLOYER), 0))
        await session.execute(select(lock))
        await banner.say("fund_change_approval", funds.FINANCE_OFFICER, "approve", case=case)
        row = await session.get_one(FundPayment, request)
        row.state, row.from_funds = "paid", row.yuan
    await banner.stands(case, "fund_running")
    assert await funds.shares(banner, case) == ("100", "100", "100")
    assert "fund_change_overtaken" in await events(banner, case)
