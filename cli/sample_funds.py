"""The year of funds of the sample banner: provided by finance, one payment made, one requested (OT-5a, OT-7.2)."""

import asyncio
from datetime import date

from cli.sample_banner import BANNER_PACK, COMMISSION, FINANCE, FIRST
from cli.sample_contracts import AGREED, WELL
from cli.sample_office import Office

OFFICER, FINANCE_OFFICER = f"{COMMISSION}-officer", f"{FINANCE}-officer"


async def funds_of_year(office: Office, today: date) -> None:
    """The funds stand ready as the plan prints them."""
    await office.press(OFFICER, "/fund-years", {"commission": COMMISSION, "year": str(today.year)})
    case = f"funds.{BANNER_PACK}.{COMMISSION}.{today.year}"
    budget = {"number": "示例下达第1号", "issued_on": date(today.year, 1, 1).isoformat()}
    await office.answer_on_page(FINANCE_OFFICER, "record_budget", case=case, form=budget, scan="经费下达文件")
    await office.came_to(case, "fund_running")


async def payments_asked_for(office: Office, contract: str, today: date) -> None:
    """Costs of patients are paid; a reward under a contract waits for the commission."""
    await asyncio.gather(_paid(office, today), _requested(office, contract))


async def _paid(office: Office, today: date) -> None:
    case = await office.press(WELL.hr, "/fund-payments", {"kind": "patients", "employer": FIRST, "contract": ""})
    await _asked(office, case, "18000", "专家门诊患者挂号费补贴，见名单（示例）。")
    await office.answer(OFFICER, "pass_payment", case=case, form={"go_on": "", "reason": "", "projects": ""})
    paid = {"from_funds": "18000", "paid_on": today.isoformat(), "voucher": "示例凭证第1号"}
    await office.answer(FINANCE_OFFICER, "pay_funds", case=case, form=paid)


async def _requested(office: Office, contract: str) -> None:
    wish = {"kind": "reward", "employer": FIRST, "contract": contract}
    case = await office.press(WELL.hr, "/fund-payments", wish)
    await _asked(office, case, "60000", "合同第五条：半年到岗后拨付支持资金的两成（示例）。")


async def _asked(office: Office, case: str, yuan: str, basis: str) -> None:
    form = {"yuan": yuan, "basis": basis, "title": "", "attachment": ""}
    await office.answer(WELL.hr, "request_funds", case=case, form=form)
    await office.answer(WELL.leader, "approve", case=case, words=AGREED)
