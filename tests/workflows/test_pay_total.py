"""The yearly pay total before four bureaus, and what is paid within it (DQ-3.4.2a to c, DQ-3.4.3a, COR-23)."""

import asyncio
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select, text

from db.engine.cases import FindingRow
from db.engine.damage import Damage
from db.engine.post import LetterRow
from db.engine.tasks import DecisionRow, InboxRow, TaskRow
from db.pay import ApprovedTotal, Payment, PaymentVerdict, PoolInflow, payments_of
from policies.engine.pack import Pack
from policies.engine.refusals import OwnCase
from services.engine.decisions import Answer, SignInNeeded
from services.engine.permissions import NotForYou
from services.field_problems import FactsRefused
from services.forms.pay import PaymentsWait
from services.months import period_of
from services.pay import PayYear
from services.pay_hand import Hand, PaymentUnknown, PayYearSettled, TotalExceeded
from services.payment_checks import PaymentSettled, RecordedByYou
from services.payments import MethodNotInForce, TotalNotApproved
from tests.builders.county import BUREAU, FINANCE, GROUP, HOSPITAL, HRSS, INSURANCE, appoint, dismiss, settle_bureaus
from tests.workflows.filings import OFFICERS, opinion, put_in_force, start_method, submit_method
from tests.workflows.office import Office
from tests.workflows.pay_totals import (
    BASIS,
    FIGURES,
    SMALL,
    approved,
    paid,
    pay,
    pay_case_of,
    pay_opinion,
    receive,
    sender,
    settle,
    settle_questions,
    start_pay,
    submit_total,
)
from tests.workflows.terms import filed_term, in_service
from tests.workflows.year_ends import opener

REASON = "人均水平须以财政核定数为准"


@pytest.fixture
async def office(office: Office) -> Office:
    await settle_bureaus(office.record)
    return office


async def standing(office: Office, case: str) -> PayYear:
    found = await office.pay.totals.standing("dq-a", GROUP, int(case.rpartition(".")[2]))
    assert found is not None
    return found


async def this_year(office: Office) -> int:
    await office.tell_time()
    return office.clock.instant.year


async def served(office: Office, pack: Pack) -> str:
    """The doctor serves, and the method is in force; the case of this year's approved small total."""
    await in_service(office, await filed_term(office, pack))
    await put_in_force(office)
    return await approved(office, await this_year(office), SMALL)


async def test_as_34_as_35_the_total_is_computed_and_stands_once_all_four_have_agreed(office: Office) -> None:
    case = await start_pay(office, 2040)
    assert case == pay_case_of(2040)
    await settle_questions(office, case)
    await submit_total(office, case, FIGURES)
    for bureau in (BUREAU, HRSS, INSURANCE):
        await pay_opinion(office, bureau, "approve_total", case=case)
    assert (await office.case(case)).stage == "pay_total_approval"
    assert not await office.rows(select(ApprovedTotal))
    await office.days_pass(2)
    await pay_opinion(office, FINANCE, "approve_total", case=case)
    await office.stands(case, "pay_distributing")
    (total,) = await office.rows(select(ApprovedTotal))
    assert (total.yuan, total.approved_on, total.provisional) == (Decimal("1552000.00"), date(2040, 3, 7), True)
    (found,) = await office.rows(select(FindingRow).where(FindingRow.rule == "DQ-3.4.2b"))
    assert found.finding["figures"]["parts_yuan"] == {"dq-h1": "1200000", "dq-h2": "352000"}
    assert len(found.finding["inputs"]["facts"]["senders"][0]["months"]) == 12
    (said,) = await office.rows(select(FindingRow).where(FindingRow.rule == "DQ-3.4.2a"))
    assert said.finding["figures"] == {"per": "group", "heads_leave": "yes"}
    assert [one.person for one in await office.letters("outcome", what="pay_total_approved")] == ["p-coordinator"]
    assert await office.damage() == []


async def test_cor_23_nothing_is_worked_out_before_the_bureau_has_said_what_the_text_leaves_open(
    office: Office,
) -> None:
    case = await start_pay(office, 2040)
    await office.answer("pay_virtual_scope", "p-bureau-officer", "per_group", "按集团发放", case=case)
    await office.days_pass(30)
    assert not await office.open_tasks("pay_total_draft")
    assert (await office.case(case)).stage == "pay_questions"
    await office.answer("pay_heads_leave", "p-bureau-officer", "heads_stay", "另有文件", case=case)
    await office.open_task("pay_total_draft", "p-coordinator", case=case)


async def test_a_return_goes_back_to_the_group_and_then_before_all_four_again(office: Office) -> None:
    case = await start_pay(office, 2040)
    await settle_questions(office, case)
    await submit_total(office, case, FIGURES)
    await pay_opinion(office, HRSS, "approve_total", case=case)
    await pay_opinion(office, FINANCE, "return", REASON, case=case)
    await office.stands(case, "pay_total_revising")
    await submit_total(office, case, SMALL, again=True)
    asked = select(TaskRow.refs).where(TaskRow.status == "open", TaskRow.name.like("pay_total_approval%"))
    await office.stands(case, "pay_total_approval")
    assert [refs["submission"] for refs in await office.rows(asked)] == ["2"] * 4
    for bureau in OFFICERS:
        await pay_opinion(office, bureau, "approve_total", case=case)
    await office.stands(case, "pay_distributing")
    assert [(row.submission, row.yuan) for row in await office.rows(select(ApprovedTotal))] == [(2, 1000)]
    given = await office.rows(select(DecisionRow.choice).where(DecisionRow.case_id == case))
    assert (given.count("approve_total"), given.count("return")) == (5, 1)


async def test_money_is_a_grave_matter_and_needs_a_signed_in_session(office: Office) -> None:
    case = await start_pay(office, 2040)
    await settle_questions(office, case)
    await submit_total(office, case, FIGURES)
    task, revision = await office.asked("pay_total_approval", "p-finance", case=case)
    with pytest.raises(SignInNeeded):
        await office.decisions.answer(Answer("forwarded", task.id, "p-finance", revision, "approve_total"))


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"months": [""] + ["1"] * 11}, "senders-0-m1", "missing"),
        ({"months": ["1"] * 11}, "senders-0-months", "months_missing"),
        ({"months": ["-1"] + ["1"] * 11}, "senders-0-m1", "headcount_wrong"),
        ({"per_capita": ""}, "senders-0-per_capita", "missing"),
        ({"per_capita": "0"}, "senders-0-per_capita", "yuan_wrong"),
        ({"per_capita": "NaN"}, "senders-0-per_capita", "type_wrong"),
        ({"institution": "nowhere"}, "senders-0-institution", "institution_unknown"),
    ],
)
async def test_what_is_not_known_is_asked_and_never_taken_as_nothing(
    office: Office, change: dict[str, object], field: str, code: str
) -> None:
    case = await start_pay(office, 2040)
    await settle_questions(office, case)
    form = {"senders": [sender(HOSPITAL, [1] * 12, "1000") | change]}
    with pytest.raises(FactsRefused) as refused:
        await submit_total(office, case, form)
    assert (field, code) in [(one.field, one.code) for one in refused.value.problems]


async def test_as_27_nothing_is_paid_while_three_of_four_have_filed_the_method(office: Office, dq_a: Pack) -> None:
    await in_service(office, await filed_term(office, dq_a))
    case = await approved(office, await this_year(office), SMALL)
    await start_method(office)
    await submit_method(office)
    for bureau in (BUREAU, HRSS, INSURANCE):
        await opinion(office, bureau, "file_method")
    with pytest.raises(MethodNotInForce) as refused:
        await pay(office, case, "500")
    assert refused.value.facts["missing"] == "德清县财政局"
    assert not await office.rows(select(Payment))
    await opinion(office, FINANCE, "file_method")
    await office.stands("method.dq-a.dq-jt1.sent-down.1", "in_force")
    assert (await pay(office, case, "500")).state == "recorded"


async def test_dq_3_4_2c_nothing_is_paid_before_the_total_is_approved(office: Office, dq_a: Pack) -> None:
    await in_service(office, await filed_term(office, dq_a))
    await put_in_force(office)
    case = await start_pay(office, await this_year(office))
    await settle_questions(office, case)
    await submit_total(office, case, SMALL)
    with pytest.raises(TotalNotApproved):
        await pay(office, case, "1")


async def test_dq_3_4_2c_two_payments_at_the_same_moment_never_exceed_the_total(office: Office, dq_a: Pack) -> None:
    case = await served(office, dq_a)
    answers = await asyncio.gather(*(pay(office, case, "600") for _ in range(4)), return_exceptions=True)
    assert [type(one).__name__ for one in answers].count("Done") == 1
    assert [type(one) for one in answers if isinstance(one, Exception)] == [TotalExceeded] * 3
    with pytest.raises(TotalExceeded) as refused:
        await pay(office, case, "400.01")
    assert refused.value.facts == {"left": "400.00", "over": "0.01"}
    await pay(office, case, "400")
    async with office.record() as session:
        payments = await payments_of(session, case)
    assert [payments.paid, payments.waiting] == [0, 1000]


async def test_a_payment_is_taken_back_whole_and_stays_on_record(office: Office, dq_a: Pack) -> None:
    case = await served(office, dq_a)
    await pay(office, case, "900", request="twice")
    assert (await pay(office, case, "900", request="twice")).again
    (first,) = await office.rows(select(Payment))
    with pytest.raises(PaymentUnknown):
        await office.pay.payments.take_back(case, first.id, "未确认的不能冲销", by="p-coordinator", request="back-1")
    await settle(office, case)
    with pytest.raises(FactsRefused):
        await office.pay.payments.take_back(case, first.id, " ", by="p-coordinator", request="back-0")
    await office.pay.payments.take_back(case, first.id, "金额有误", by="p-coordinator", request="back-2")
    with pytest.raises(PaymentUnknown):
        await office.pay.payments.take_back(case, first.id, "再次", by="p-coordinator", request="back-3")
    with pytest.raises(TotalExceeded):
        await pay(office, case, "1000")
    await settle(office, case, "sent_back", words="金额无误")
    await office.pay.payments.take_back(case, first.id, "确有误", by="p-coordinator", request="back-4")
    await settle(office, case)
    await pay(office, case, "1000")
    rows = await office.rows(select(Payment).order_by(Payment.id))
    assert [Decimal(row.total) for row in rows] == [900, -900, -900, 1000]
    await office.seen(select(Payment).where(Payment.id == rows[-1].id, Payment.state == "in_file"))
    assert await office.damage() == []


async def test_def_12_only_what_a_second_person_confirms_is_paid(office: Office, dq_a: Pack) -> None:
    case = await served(office, dq_a)
    await pay(office, case, "600")
    stands = await standing(office, case)
    assert [stands.paid, stands.waiting, stands.left] == [0, 600, 400]
    with pytest.raises(RecordedByYou):
        await settle(office, case, by="p-coordinator")
    for stranger in ("p-finance", "p-bureau-officer", "p-bureau-leader", "p-h1-head", "p-committee"):
        with pytest.raises(NotForYou):
            await settle(office, case, by=stranger)
    with pytest.raises(NotForYou):
        await settle(office, case, "withdrawn", words="误录")
    await settle(office, case)
    stands = await standing(office, case)
    assert [stands.paid, stands.waiting, stands.left] == [600, 0, 400]
    await office.seen(select(PaymentVerdict).where(PaymentVerdict.state == "in_file"))
    assert [one.person for one in await office.letters("outcome", what="payment_waits")] == ["p-group-deputy"]
    assert [one.person for one in await office.letters("outcome", what="payment_confirmed")] == ["p-coordinator"]
    lines = [json.loads(body) for body in await office.file_of(case)]
    assert [(one["event"], one["actor"]) for one in lines if one["event"] == "pay_confirmed"] == [
        ("pay_confirmed", "p-group-deputy")
    ]
    assert await office.damage() == []


async def test_def_12_what_is_sent_back_or_withdrawn_sets_its_sum_free_and_keeps_its_reason(
    office: Office, dq_a: Pack
) -> None:
    case = await served(office, dq_a)
    await pay(office, case, "1000")
    with pytest.raises(FactsRefused):
        await settle(office, case, "sent_back", words=" ")
    await settle(office, case, "sent_back", words="与考核结果不符")
    await pay(office, case, "900")
    await settle(office, case, "withdrawn", by="p-coordinator", words="月份有误")
    await pay(office, case, "1000")
    rows = await office.rows(select(PaymentVerdict).order_by(PaymentVerdict.payment))
    assert [(row.verdict, row.words) for row in rows] == [("sent_back", "与考核结果不符"), ("withdrawn", "月份有误")]
    await office.rests(case)
    assert [one.person for one in await office.letters("outcome", what="payment_sent_back")] == ["p-coordinator"]
    hand = Hand(case, "p-group-deputy", "late", "")
    with pytest.raises(PaymentSettled):
        await office.pay.checks.settle(hand, rows[0].payment, "confirmed")


async def test_dq_3_4_2c_a_payment_above_a_total_that_was_lowered_is_refused_at_the_confirmation(
    office: Office, dq_a: Pack
) -> None:
    case = await served(office, dq_a)
    await pay(office, case, "600")
    await office.answer("pay_distribution", "p-coordinator", "correct_total", "人数减少", case=case)
    await submit_total(office, case, {"senders": [sender(HOSPITAL, [1] * 12, "500")]})
    for bureau in OFFICERS:
        await pay_opinion(office, bureau, "approve_total", case=case)
    await office.stands(case, "pay_distributing")
    with pytest.raises(TotalExceeded) as refused:
        await settle(office, case)
    assert refused.value.facts == {"left": "500.00", "over": "100.00"}
    with pytest.raises(PaymentsWait):
        await office.answer("pay_distribution", "p-coordinator", "settle_pay_year", case=case)
    await settle(office, case, "sent_back", words="超出现核定总量")
    await office.answer("pay_distribution", "p-coordinator", "settle_pay_year", case=case)
    await office.stands(case, "pay_year_settled")
    assert await office.damage() == []


async def test_cor_06_where_the_group_has_no_second_person_the_bureaus_leader_is_asked(
    office: Office, dq_a: Pack
) -> None:
    case = await served(office, dq_a)
    await dismiss(office.record, "R-39", GROUP)
    await pay(office, case, "600")
    await office.seen(select(Payment).where(Payment.state == "in_file"))
    assert [one.person for one in await office.letters("outcome", what="payment_waits")] == ["p-bureau-leader"]
    await settle(office, case, by="p-bureau-leader")
    assert (await standing(office, case)).paid == 600


async def test_def_12_who_is_paid_does_not_confirm(office: Office, dq_a: Pack) -> None:
    case = await served(office, dq_a)
    await appoint(office.record, "p-doctor", "R-07", GROUP)
    await pay(office, case, "600")
    with pytest.raises(OwnCase):
        await settle(office, case, by="p-doctor")


@pytest.mark.parametrize("verdicts", [("confirmed", "confirmed"), ("confirmed", "sent_back")])
async def test_two_verdicts_at_the_same_moment_are_one(office: Office, dq_a: Pack, verdicts: tuple[str, str]) -> None:
    case = await served(office, dq_a)
    await appoint(office.record, "p-h2-hr", "R-07", GROUP)
    await pay(office, case, "600")
    desk, given = office.pay.checks, zip(("p-group-deputy", "p-h2-hr"), verdicts, strict=True)
    (payment,) = await office.rows(select(Payment.id))
    acts = (desk.settle(Hand(case, person, office.request(), "x"), payment, verdict) for person, verdict in given)
    answers = await asyncio.gather(*acts, return_exceptions=True)
    assert sorted(type(one).__name__ for one in answers) == ["Done", "PaymentSettled"]
    assert len(await office.rows(select(PaymentVerdict))) == 1


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"person": "p-doctor-2"}, "not_served_then"),
        ({"months": "2040-01"}, "not_served_then"),
        ({"months": "2039-12"}, "year_other"),
        ({"yuan": "-1"}, "yuan_wrong"),
        ({"yuan": "1.005"}, "yuan_wrong"),
    ],
)
async def test_only_who_served_in_those_months_is_paid(
    office: Office, dq_a: Pack, wrong: dict[str, str], code: str
) -> None:
    case = await served(office, dq_a)
    with pytest.raises(FactsRefused) as refused:
        await pay(office, case, **{"yuan": "1", **wrong})
    assert code in {one.code for one in refused.value.problems}


async def test_def_12_nobody_pays_themselves(office: Office, dq_a: Pack) -> None:
    case = await served(office, dq_a)
    with pytest.raises(OwnCase):
        await pay(office, case, "1", person="p-coordinator")


async def test_what_a_person_is_paid_is_sealed_and_in_no_letter_file_or_history(office: Office, dq_a: Pack) -> None:
    case = await served(office, dq_a)
    await pay(office, case, "777.77")
    (row,) = await office.rows(select(Payment))
    assert json.loads(row.content)["lines"] == [{"person": "p-doctor", "yuan": "777.77", "covered": ""}]
    await office.seen(select(Payment).where(Payment.state == "in_file"))
    async with office.record() as session:
        dump = str((await session.execute(text("SELECT encode(content, 'escape'), payment.* FROM payment"))).all())
    letters = [f"{one.details}" for one in await office.rows(select(LetterRow))]
    history = json.dumps((await office.workflow(case).fetch_history()).to_json_dict())
    for told in (dump, *letters, *await office.file_of(case), history):
        assert "777.77" not in told
    assert BASIS not in dump


async def test_figures_that_have_changed_go_before_all_four_and_the_old_total_stands_until_then(
    office: Office, dq_a: Pack
) -> None:
    case = await served(office, dq_a)
    await office.answer("pay_distribution", "p-coordinator", "correct_total", "年终决算", case=case)
    await office.stands(case, "pay_total_drafting")
    await paid(office, case, "1000")
    await submit_total(office, case, {"senders": [sender(HOSPITAL, [2] * 12, "1000")]})
    with pytest.raises(TotalExceeded):
        await pay(office, case, "1")
    for bureau in OFFICERS:
        await pay_opinion(office, bureau, "approve_total", case=case)
    await office.stands(case, "pay_distributing")
    await paid(office, case, "1000")
    await office.answer("pay_distribution", "p-coordinator", "correct_total", "再核", case=case)
    await office.answer("pay_total_draft", "p-coordinator", "drop", "无变化", case=case)
    await office.stands(case, "pay_distributing")
    assert [row.yuan for row in await office.rows(select(ApprovedTotal).order_by(ApprovedTotal.submission))] == [
        1000,
        2000,
    ]
    await office.answer("pay_distribution", "p-coordinator", "settle_pay_year", case=case)
    await office.stands(case, "pay_year_settled")
    with pytest.raises(PayYearSettled):
        await pay(office, case, "1")
    states = await office.rows(select(Payment.state))
    assert states == ["in_file"] * 2
    assert await office.damage() == []


async def test_the_group_may_drop_it_and_a_second_start_finds_the_first(office: Office) -> None:
    case = await start_pay(office, 2040)
    await settle_questions(office, case)
    await office.answer("pay_total_draft", "p-coordinator", "drop", "本年度无派遣人员", case=case)
    await office.stands(case, "dropped")
    assert await start_pay(office, 2040) == case
    with pytest.raises(FactsRefused):
        await start_pay(office, 2050)


async def test_dq_3_4_3a_the_pool_keeps_its_inflows_by_source(office: Office) -> None:
    case = await approved(office, 2040)
    await receive(office, case, "500000.00")
    await receive(office, case, "1000", source="self_raised", place=HOSPITAL)
    with pytest.raises(FactsRefused, match="institution"):
        await receive(office, case, "1000", source="self_raised")
    with pytest.raises(FactsRefused, match="source"):
        await receive(office, case, "1000", source="elsewhere")
    for source in ("tiered_care", "self_raised"):
        await office.seen(select(PoolInflow).where(PoolInflow.source == source, PoolInflow.state == "in_file"))
    # One transition may enter both; the line of the second comes with its own word.
    waiting = select(func.count()).select_from(InboxRow).where(InboxRow.state == "pending")
    await office.seen(waiting.having(func.count() == 0))
    events = [json.loads(body)["event"] for body in await office.file_of(case)]
    assert events.count("pay_recorded") == 2
    assert await office.damage() == []


async def test_a_payment_that_was_altered_beside_its_file_is_found(office: Office, dq_a: Pack) -> None:
    case = await served(office, dq_a)
    await pay(office, case, "10")
    await office.seen(select(Payment).where(Payment.state == "in_file"))
    async with office.record.begin() as session:
        await session.execute(text("UPDATE payment SET period = '2040-01/2040-01'"))
    (found,) = await office.damage()
    assert replace(found, which="") == Damage("payment", case, which="", how="altered")


def test_a_period_is_whole_months_of_one_year() -> None:
    period = period_of("2040-11", "2040-12")
    assert (period.first_day, period.last_day) == (date(2040, 11, 1), date(2040, 12, 31))
    for first, last in (("2040-12", "2041-01"), ("2040-05", "2040-04"), ("x", "2040-04")):
        with pytest.raises(FactsRefused):
            period_of(first, last)


async def test_the_calendar_opens_a_total_for_every_group_whose_bureaus_are_registered(office: Office) -> None:
    await office.tell_time()
    assert await opener(office).open_pay_totals("dq-a", office.clock.now()) == [pay_case_of(2040)]
    assert await opener(office).open_pay_totals("dq-a", office.clock.now()) == []
    await office.open_task("pay_virtual_scope", "p-bureau-officer", case=pay_case_of(2040))
