"""A year of funds as commission, finance and hospitals live it: shared by tests and by the recorder."""

from typing import Any

from sqlalchemy import select

from db.engine.cases import CaseFile
from db.engine.packs import PackShelf
from db.talent_funds import shares_of
from policies.engine.pack import Pack
from services.talent_funds import FundOrder, FundYearDesk
from tests.builders.banner import COMMISSION, EMPLOYER, SECOND_EMPLOYER, THIRD_EMPLOYER, settle_banner
from tests.workflows.office import Office
from tests.workflows.talent_life import COMMISSION_LEADER, OFFICER, scanned

FINANCE_OFFICER = "o-finance"
HOSPITALS = (EMPLOYER, SECOND_EMPLOYER, THIRD_EMPLOYER)
PLACES = ("hospital_1", "hospital_2", "hospital_3")
REASON = "按当年引才实际"


def fund_desk(office: Office) -> FundYearDesk:
    return FundYearDesk(office.record, office.delivery, clock=office.clock, shelf=PackShelf(office.record))


async def begun(office: Office, *, year: int = 0) -> str:
    """A year that waits for finance."""
    await office.tell_time()
    return (await fund_desk(office).start(FundOrder(COMMISSION, year or office.clock.instant.year), by="test")).case_id


async def funded(office: Office, *, year: int = 0) -> str:
    """A year whose funds stand ready: a hundred for each hospital."""
    case = await begun(office, year=year)
    scan = await scanned(office, "fund_budget", FINANCE_OFFICER, case)
    form = {"number": "鄂旗财社〔2040〕1号", "issued_on": "2040-02-01", "attachment": scan}
    await office.answer("fund_budget", FINANCE_OFFICER, "record_budget", form=form, case=case)
    await office.stands(case, "fund_running")
    return case


async def proposed(office: Office, case: str, *amounts: str, choice: str = "propose_adjustment") -> None:
    form: dict[str, Any] = dict(zip(PLACES, amounts, strict=True))
    await office.answer("fund_running", OFFICER, choice, REASON, form=form, case=case)


async def approved(office: Office, case: str, choice: str = "approve", words: str = "") -> None:
    await office.answer("fund_change_approval", FINANCE_OFFICER, choice, words, case=case)
    await office.stands(case, "fund_running")


async def above_settled(office: Office, case: str, choice: str) -> None:
    await office.answer("float_above_total", COMMISSION_LEADER, choice, "经集体研究", case=case)


async def shares(office: Office, case: str) -> tuple[str, ...]:
    """What each hospital has now, in ten thousand yuan."""
    async with office.record() as session:
        held = await shares_of(session, case)
    return tuple(f"{held[hospital].wan_yuan.normalize():f}" for hospital in HOSPITALS)


async def settled(office: Office, case: str) -> str:
    await office.answer("fund_running", OFFICER, "settle_funds", "年度结束", case=case)
    return str(await office.seen(select(CaseFile.outcome).where(CaseFile.id == case, CaseFile.state == "closed")))


async def live_through_fund_years(office: Office, _pack: Pack) -> None:
    """A year that is adjusted, floated in both readings of the total and settled, and one without funds."""
    await settle_banner(office.record)
    case = await funded(office)
    await proposed(office, case, "120", "90", "90")
    await approved(office, case)
    await proposed(office, case, "110", "95", "95")
    await approved(office, case, "return", REASON)
    for choice in ("funds_fixed", "funds_on_top"):
        await proposed(office, case, "120", "110", "100", choice="propose_float")
        await above_settled(office, case, choice)
    await approved(office, case)
    await settled(office, case)
    other = await begun(office, year=office.clock.instant.year - 1)
    await office.answer("fund_budget", FINANCE_OFFICER, "give_up", REASON, case=other)
    await office.stands(other, "fund_year_dropped")
