"""A group's pay total before the four bureaus and what is paid within it: shared by tests and by the recorder."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from db.pay import WAITING, payments_of
from services.engine.acts import Done
from services.months import period_of
from services.pay import PayOrder
from services.pay_hand import Hand
from services.payments import Inflow, PayLine, PaymentOrder
from tests.builders.county import BUREAU, FINANCE, GROUP, HOSPITAL, HRSS, OTHER_HOSPITAL
from tests.workflows.filings import OFFICERS
from tests.workflows.office import Office

DEPUTY = "p-group-deputy"
BASIS = "2040年第三季度绩效考核结果"


def pay_case_of(year: int) -> str:
    return f"pay.dq-a.{GROUP}.{year}"


def sender(place: str, months: Sequence[str | int], per_capita: str, *, basis: str = "final") -> dict[str, Any]:
    return {"institution": place, "months": list(map(str, months)), "per_capita": per_capita, "basis": basis}


# AS-34: 12.5 people at 96,000 yuan and 4.0 at 88,000; the first average is that of AS-35's kind.
FIGURES = {
    "senders": [
        sender(HOSPITAL, [10] * 6 + [15] * 6, "96000"),
        sender(OTHER_HOSPITAL, [4] * 12, "88000"),
    ]
}
SMALL = {"senders": [sender(HOSPITAL, [1] * 12, "1000")]}


async def start_pay(office: Office, year: int) -> str:
    return (await office.pay.totals.start(PayOrder("dq-a", GROUP, year), by="test")).case_id


async def settle_questions(office: Office, case: str) -> None:
    await office.answer("pay_virtual_scope", "p-bureau-officer", "per_group", "按集团发放", case=case)
    await office.answer("pay_heads_leave", "p-bureau-officer", "heads_leave", "避免重复计算", case=case)


async def submit_total(office: Office, case: str, form: dict[str, Any], *, again: bool = False) -> None:
    name = "pay_total_revision" if again else "pay_total_draft"
    await office.answer(name, "p-coordinator", "submit_total", form=form, case=case)


async def pay_opinion(office: Office, bureau: str, choice: str, words: str = "", *, case: str) -> None:
    name = "pay_total_approval_health" if bureau == BUREAU else "pay_total_approval"
    await office.answer(name, OFFICERS[bureau], choice, words, case=case)


async def approved(office: Office, year: int, form: dict[str, Any] | None = None) -> str:
    """A total of this year to which all four have agreed; its case."""
    case = await start_pay(office, year)
    await settle_questions(office, case)
    await submit_total(office, case, form or FIGURES)
    for bureau in OFFICERS:
        await pay_opinion(office, bureau, "approve_total", case=case)
    await office.stands(case, "pay_distributing")
    return case


async def pay(
    office: Office, case: str, yuan: str, *, person: str = "p-doctor", months: str = "", request: str = ""
) -> Done:
    """The coordinator pays one person for the month of today, or for others."""
    await office.tell_time()
    month = months or f"{office.clock.instant:%Y-%m}"
    order = PaymentOrder(period_of(month, month), (PayLine(person, Decimal(yuan)),), BASIS)
    return await office.pay.payments.pay(case, order, by="p-coordinator", request=request or office.request())


async def settle(office: Office, case: str, verdict: str = "confirmed", *, by: str = DEPUTY, words: str = "") -> Done:
    """Somebody settles the oldest payment that waits; by default the leader in charge of the group confirms it."""
    async with office.record() as session:
        waiting = [one.payment.id for one in (await payments_of(session, case)).all if one.standing == WAITING]
    await office.tell_time()
    return await office.pay.checks.settle(Hand(case, by, office.request(), words), waiting[0], verdict)


async def paid(office: Office, case: str, yuan: str) -> None:
    """One person records a payment, another confirms it."""
    await pay(office, case, yuan)
    await settle(office, case)


async def live_through_pay(office: Office, *, reason: str) -> None:
    """A year that is returned, approved, corrected and settled, and one that the group drops."""
    await office.tell_time()
    year = office.clock.instant.year
    case = await start_pay(office, year)
    await settle_questions(office, case)
    await submit_total(office, case, SMALL)
    await pay_opinion(office, HRSS, "approve_total", case=case)
    await pay_opinion(office, FINANCE, "return", reason, case=case)
    await submit_total(office, case, SMALL, again=True)
    for bureau in OFFICERS:
        await pay_opinion(office, bureau, "approve_total", case=case)
    await office.stands(case, "pay_distributing")
    await receive(office, case, "500")
    await office.answer("pay_distribution", "p-coordinator", "correct_total", reason, case=case)
    await receive(office, case, "500")
    await submit_total(office, case, FIGURES)
    for bureau in OFFICERS:
        await pay_opinion(office, bureau, "approve_total", case=case)
    await office.answer("pay_distribution", "p-coordinator", "settle_pay_year", reason, case=case)
    await office.stands(case, "pay_year_settled")
    other = await start_pay(office, year - 1)
    await settle_questions(office, other)
    await office.answer("pay_total_draft", "p-coordinator", "drop", reason, case=other)
    await office.stands(other, "dropped")


async def receive(office: Office, case: str, yuan: str, *, source: str = "tiered_care", place: str = "") -> Done:
    await office.tell_time()
    inflow = Inflow(source, place or None, office.clock.instant.date(), Decimal(yuan), "拨款凭证")
    return await office.pay.payments.receive(case, inflow, by="p-coordinator", request=office.request())
