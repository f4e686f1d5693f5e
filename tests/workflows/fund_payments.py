"""Payments out of the talent funds as employer, commission and finance live them: for tests and the recorder."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine.cases import CaseFile
from db.engine.packs import PackShelf
from db.engine.tasks import DecisionRow, TaskRow
from db.talent_contracts import TalentContract
from db.talent_funds import FundPayment
from db.talent_openings import TalentOpening
from policies.engine.pack import Pack
from services.fund_payments import FundPaymentDesk, PaymentOrder
from tests.builders.banner import EMPLOYER, settle_banner, settle_contract
from tests.workflows.contract_ends import banner_pack
from tests.workflows.fund_years import FINANCE_OFFICER, funded
from tests.workflows.office import Office
from tests.workflows.talent_life import HR, OFFICER, ended

WHY = "档案随后补齐"
BESIDE = "beside.1"


def payment_desk(office: Office) -> FundPaymentDesk:
    return FundPaymentDesk(office.record, office.delivery, clock=office.clock, shelf=PackShelf(office.record))


async def contracted(office: Office, wan_yuan: str, *, serial: int = 1, employer: str = EMPLOYER) -> str:
    """A signed contract of the expert, a year of 2040 and 2041, with so much support."""
    case = await settle_contract(office.record, await banner_pack(office), serial=serial)
    fund = Decimal(wan_yuan) * 10000
    async with office.record.begin() as session:
        row = update(TalentContract).where(TalentContract.case_id == case)
        await session.execute(row.values(fund_yuan=fund, employer=employer, filed_on=date(2040, 1, 1)))
    return case


async def imported(office: Office, contract: str, paid_yuan: str | None) -> None:
    """Let a sheet have stated the contract, with what had been paid of it before."""
    words = dict.fromkeys(("with_others", "talent_class", "form", "mode", "filing_number", "authority_number"), "")
    words |= dict.fromkeys(("consent_service", "consent_basis", "authority_basis", "sheet"), "")
    async with office.record.begin() as session:
        row = await session.get_one(TalentContract, contract)
        same = ("person", "employer", "department", "number", "first_day", "last_day", "unit", "agreed", "fund_yuan")
        stated: dict[str, Any] = {name: getattr(row, name) for name in same}
        paid = None if paid_yuan is None else Decimal(paid_yuan)
        days = {"signed_on": row.first_day, "filed_on": row.filed_on, "as_of": date(2040, 2, 1)}
        amounts: dict[str, Any] = {"worked": Decimal(0), "excused": Decimal(0), "periods": [], "paid_yuan": paid}
        by: dict[str, Any] = {"sheet_row": 2, "imported_by": HR, "imported_at": office.clock.now(), "in_file": True}
        session.add(TalentOpening(case_id=contract, **stated, **words, **days, **amounts, **by))


async def teamed(office: Office, contract: str, *core: str) -> None:
    """Let the nomination of a contract name core members; the record has it as the commission would have read it."""
    opened = office.clock.now()
    task = f"{contract}.t0"
    members = [{"name": name, "title": "associate_senior"} for name in core]
    told = {
        "key": "nomination",
        "step": 0,
        "step_name": "write",
        "role": "R-19",
        "revision": 1,
        "choices": [],
        "refs": {},
    }
    given = {"revision": 1, "step": 0, "role": "R-19", "choice": "nominate_talent", "channel": "page", "late": False}
    async with office.record.begin() as session:
        name = {"name": "talent_nomination", "status": "settled"}
        session.add(TaskRow(id=task, case_id=contract, opened_at=opened, **name, **told))
        await session.flush()
        days = {"decided_on": opened.date(), "received_at": opened, "decided_at": opened}
        said = {"request": f"{contract}.nomination", "person": HR, "form": {"members": members}, "words": ""}
        session.add(DecisionRow(case_id=contract, task_id=task, **given, **days, **said))


async def beside(session: AsyncSession, contract: str, lifecycle: str, *, state: str, **facts: str) -> CaseFile:
    """A matter of the contract as the record has it; no workflow runs it."""
    source = await session.get_one(CaseFile, contract)
    columns = {column.key: getattr(source, column.key) for column in CaseFile.__table__.columns}
    columns |= {"id": BESIDE, "business_key": BESIDE, "lifecycle": lifecycle, "state": state, "open_key": None}
    return CaseFile(**{**columns, "facts": {**source.facts, "contract": contract, **facts}})


async def requested(
    office: Office, yuan: str, *, kind: str = "reward", contract: str = "", employer: str = EMPLOYER, title: str = ""
) -> str:
    """A request that the employer's leader has approved."""
    await office.tell_time()
    case = (await payment_desk(office).start(PaymentOrder(kind, employer, contract), by="test")).case_id
    await written(office, case, yuan, title=title, employer=employer)
    return case


async def written(office: Office, case: str, yuan: str, *, title: str = "", employer: str = EMPLOYER) -> None:
    officer, leader = f"o-{employer.removeprefix('ot-')}-hr", f"o-{employer.removeprefix('ot-')}-leader"
    form = {"yuan": yuan, "basis": "合同第五条", "title": title, "attachment": ""}
    await office.answer("fund_request", officer, "request_funds", form=form, case=case)
    await office.answer("fund_request_approval", leader, "approve", case=case)


async def passed(office: Office, case: str, **otherwise: Any) -> None:
    form = {"go_on": "", "reason": "", "projects": "", **otherwise}
    await office.answer("fund_check", OFFICER, "pass_payment", form=form, case=case)


async def paid(office: Office, case: str, from_funds: str, *, voucher: str = "") -> FundPayment:
    form = {"from_funds": from_funds, "paid_on": "2040-03-05", "voucher": voucher or f"记-{case}"}
    await office.answer("fund_paying", FINANCE_OFFICER, "pay_funds", form=form, case=case)
    assert await ended(office, case) == "payment_paid"
    return await payment(office, case)


async def payment(office: Office, case: str) -> FundPayment:
    row: FundPayment = await office.seen(select(FundPayment).where(FundPayment.case_id == case))
    return row


async def live_through_payments(office: Office, _pack: Pack) -> None:
    """A payment on every detour, one refused, one given up, an own reward, a petition with each answer."""
    await settle_banner(office.record)
    contract = await contracted(office, "30")
    await funded(office)
    case = await requested(office, "1000", contract=contract)
    await office.answer("fund_check", OFFICER, "return", "请补充依据", case=case)
    await written(office, case, "900")
    await office.answer("fund_check", OFFICER, "hold_payment", "待核实", case=case)
    await office.answer("fund_held", OFFICER, "check_again", "已核实", case=case)
    await passed(office, case)
    await office.answer("fund_paying", FINANCE_OFFICER, "return", "请再核对", case=case)
    await passed(office, case)
    await paid(office, case, "900")
    refused = await requested(office, "1000", kind="patients")
    await office.answer("fund_check", OFFICER, "refuse_payment", "不属规定用途", case=refused)
    await ended(office, refused)
    dropped = (await payment_desk(office).start(PaymentOrder("patients", EMPLOYER), by="test")).case_id
    await office.answer("fund_request", HR, "give_up", "不再申请", case=dropped)
    await ended(office, dropped)
    reward = await requested(office, "5000", kind="own_reward", contract=contract, title="市级重点学科")
    await ended(office, reward)
    for answer in ("grant_petition", "refuse_petition"):
        petition = await requested(office, "500000", kind="petition")
        form = {"document": "旗委常委会纪要〔2040〕1号", "decided_on": "2040-03-01", "attachment": ""}
        await office.answer("petition_decision", OFFICER, answer, "经研究", form=form, case=petition)
        await ended(office, petition)
